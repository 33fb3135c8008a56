"""Income lines that come to the plan's gain to the cent, and those that must not be counted."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.forms import Income
from ops.demo_data.dice import Dice
from ops.demo_data.figures import INCOME_GAIN_YUAN, YEARS
from ops.demo_data.rows import Draft, Household
from ops.demo_data.subjects import Charge
from ops.demo_data.visits import mode_of
from server.records.facts import income_gain_yuan

# Invented but plausible: area [mu], yield [kg/mu], price [yuan/kg], cost [yuan/mu].
_CROPS: dict[str, tuple[tuple[int, int], int, float, int]] = {
    "wheat": ((8, 60), 430, 2.4, 520),
    "maize": ((8, 60), 480, 2.3, 540),
    "soybean": ((6, 40), 170, 5.2, 380),
    "peanut": ((3, 20), 280, 6.5, 760),
    "pear": ((2, 12), 2300, 1.9, 2100),
    "apple": ((2, 10), 1900, 3.4, 2600),
    "grape": ((1, 6), 1500, 5.1, 3900),
    "tomato": ((1, 5), 5200, 2.6, 7200),
    "pepper": ((1, 8), 2600, 2.8, 3300),
    "medicinal_plants": ((2, 15), 320, 14.0, 2200),
}
_WEIGHTS = (22, 18, 12, 8, 12, 5, 5, 7, 5, 6)
# The line that closes the sum has to look like any other.
_CLOSING_YUAN = (Decimal(2_000), Decimal(9_000))
_MOST_YUAN = Decimal(30_000)

Key = tuple[str, int, str]


def incomes(dice: Dice, charges: Sequence[Charge]) -> Iterator[Draft]:
    """Lines with a baseline whose valid ones sum up exactly; superseded ones and estimates too."""
    used: set[Key] = set()
    missing = INCOME_GAIN_YUAN
    for charge, household in _turns(dice, charges):
        values = _unused_line(dice, charge, household, used)
        gain = gain_yuan(values)
        closing = _closing_line(values, missing)
        closes = _CLOSING_YUAN[0] <= missing <= _CLOSING_YUAN[1] and _key(closing) not in used
        if closes:
            values, gain = closing, missing
        elif missing - gain < _CLOSING_YUAN[0] or gain > _MOST_YUAN:
            continue
        missing -= gain
        used.add(_key(values))
        yield from _typed(dice, charge, values)
        if closes:
            break
    yield from _estimates(dice, charges, used)


def _turns(dice: Dice, charges: Sequence[Charge]) -> Iterator[tuple[Charge, Household]]:
    """Who reports next and on whom, without end; first the households led in this way alone."""
    for charge in charges:
        for household in charge.income_only:
            yield charge, household
    while True:
        for charge in dice.shuffled(charges):
            yield charge, dice.one_of(charge.visited)


def _unused_line(
    dice: Dice, charge: Charge, household: Household, used: set[Key]
) -> dict[str, Any]:
    values = line_values(dice, charge, household)
    while _key(values) in used:
        values = line_values(dice, charge, dice.one_of(charge.visited))
    return values


def line_values(dice: Dice, charge: Charge, household: Household) -> dict[str, Any]:
    """A filled income form with a baseline; now and then a loss."""
    product = dice.weighted(tuple(_CROPS), _WEIGHTS)
    (least, most), yield_kg, price, cost = _CROPS[product]
    area = dice.between(least * 2, most * 2) / 2
    year = dice.one_of(charge.correspondent.years)
    return {
        # Late in the year, when the harvest is sold: see `_typed`.
        "occurred_on": date(year, dice.between(10, 12), dice.between(1, 28)).isoformat(),
        "village": household.village_code,
        "household": str(household.id),
        "product": product,
        "area_mu": area,
        "yield_kg_per_mu": round(yield_kg * dice.uniform(1.0, 1.22)),
        "price_yuan_per_kg": round(price * dice.uniform(0.98, 1.16), 2),
        "cost_yuan_per_mu": round(cost * dice.uniform(0.93, 1.03)),
        "baseline_year": 2020,
        "baseline_area_mu": area if dice.chance() < 0.85 else max(0.5, area - 1),
        "baseline_yield_kg_per_mu": round(yield_kg * dice.uniform(0.92, 1.05)),
        "baseline_price_yuan_per_kg": round(price * dice.uniform(0.94, 1.04), 2),
        "baseline_cost_yuan_per_mu": round(cost * dice.uniform(0.97, 1.04)),
        "service_mode": mode_of(dice),
    }


def gain_yuan(values: dict[str, Any]) -> Decimal:
    """The gain that the server will read from the form, in CNY."""
    return income_gain_yuan(Income.model_validate(values))[0]


def _closing_line(values: dict[str, Any], gain: Decimal) -> dict[str, Any]:
    """A form of the same household on one mu whose gain is exactly this, by its costs."""
    closing = values | {
        "product": "medicinal_plants",
        "area_mu": 1.0,
        "yield_kg_per_mu": 500,
        "price_yuan_per_kg": 20.0,
        "baseline_area_mu": 1.0,
        "baseline_yield_kg_per_mu": 300,
        "baseline_price_yuan_per_kg": 10.0,
    }
    free = {"cost_yuan_per_mu": 0, "baseline_cost_yuan_per_mu": 0}
    spent = gain_yuan(closing | free) - gain
    key = "cost_yuan_per_mu" if spent >= 0 else "baseline_cost_yuan_per_mu"
    return closing | free | {key: float(abs(spent))}


def _key(values: dict[str, Any]) -> Key:
    return values["household"], int(values["occurred_on"][:4]), values["product"]


def _typed(dice: Dice, charge: Charge, values: dict[str, Any]) -> Iterator[Draft]:
    """The line, and for some an earlier report of the same that it takes the place of."""
    person = charge.correspondent
    chance = dice.chance()
    if chance < 0.04:
        # A guess in summer, by this person or the neighbour.
        year = values["occurred_on"][:4]
        guesser = charge.neighbour if charge.neighbour and chance < 0.015 else charge
        day = f"{year}-{dice.between(6, 9):02d}-{dice.between(1, 28):02d}"
        # Some guesses are typed after the true line: the day of service decides, not the id.
        late = 170 if chance < 0.008 and int(year) < YEARS[-1] else None
        guess = values | {"occurred_on": day, "yield_kg_per_mu": values["yield_kg_per_mu"] + 60}
        yield Draft("income", guesser.correspondent, guess, captured_days_later=late)
    elif chance < 0.05:
        # Twice on one day: the later id counts.
        mistyped = values | {"cost_yuan_per_mu": values["cost_yuan_per_mu"] + 300}
        yield Draft("income", person, mistyped, captured_days_later=0)
        yield Draft("income", person, values, captured_days_later=1)
        return
    yield Draft("income", person, values)


def _estimates(dice: Dice, charges: Sequence[Charge], used: set[Key]) -> Iterator[Draft]:
    """Verified lines without a baseline: kept and shown apart, outside the total."""
    for charge in charges:
        if dice.chance() < 0.7:
            values = _unused_line(dice, charge, dice.one_of(charge.visited), used)
            used.add(_key(values))
            lacking = {name: None for name in values if name.startswith("baseline_")}
            yield Draft("income", charge.correspondent, values | lacking)
