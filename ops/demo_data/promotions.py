"""Technologies and varieties promoted: each at least once, many by several persons and again."""

from collections.abc import Iterator, Sequence
from typing import Any

from ops.demo_data.dice import Dice
from ops.demo_data.figures import COUNTIES
from ops.demo_data.rows import Draft, Household, Item
from ops.demo_data.subjects import Charge
from ops.demo_data.visits import mode_of

_FURTHER_ITEMS = (5, 10)
_TIMES = (1, 2, 3)
_TIMES_WEIGHTS = (65, 25, 10)


def promotions(dice: Dice, charges: Sequence[Charge]) -> Iterator[Draft]:
    """Every correspondent's own items, then others of the county, some in several years."""
    for county in COUNTIES:
        local = [charge for charge in charges if charge.correspondent.county_code == county]
        known = [item for charge in local for item in charge.items]
        for charge in local:
            further = dice.some_of(known, dice.between(*_FURTHER_ITEMS))
            items = list(dict.fromkeys(charge.items + further))
            yield from _promotions_of(dice, charge, items)


def _promotions_of(dice: Dice, charge: Charge, items: Sequence[Item]) -> Iterator[Draft]:
    # The first promotion names those households that are led in this way alone.
    adopting = charge.adopting_only
    for item in items:
        for _ in range(dice.weighted(_TIMES, _TIMES_WEIGHTS)):
            adopters = adopting + dice.some_of(charge.visited, dice.between(0, 3))
            adopting = []
            values = promotion_values(dice, charge, item, adopters)
            yield Draft("promotion", charge.correspondent, values)


def promotion_values(
    dice: Dice, charge: Charge, item: Item, adopters: Sequence[Household]
) -> dict[str, Any]:
    """A filled promotion form."""
    person = charge.correspondent
    return {
        "occurred_on": dice.day_of(dice.one_of(person.years)).isoformat(),
        "village": adopters[0].village_code if adopters else dice.one_of(person.villages),
        "item": str(item.id),
        "households": [str(household.id) for household in adopters],
        "area_mu": dice.between(1, 60) * 0.5 * max(1, len(adopters)),
        "service_mode": mode_of(dice),
        "service_days": dice.one_of((0.25, 0.5, 0.5, 1.0)),
    }
