"""Demo bases: ten, two of them reported twice, two reports that do not count."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from ops.demo_data.dice import Dice
from ops.demo_data.figures import YEARS
from ops.demo_data.rows import Draft, PlacedStation
from ops.demo_data.subjects import Charge
from ops.demo_data.visits import mode_of


def bases(
    dice: Dice, stations: Sequence[PlacedStation], charges: Sequence[Charge]
) -> Iterator[Draft]:
    """The establishment of every base, spread over the years."""
    built = [placed for placed in stations if placed.station.kind == "base"]
    for number, placed in enumerate(built):
        year = YEARS[number % len(YEARS)]
        reporter = _reporter(dice, charges, placed.station.county_code, year)
        day = date(year, dice.between(3, 10), dice.between(1, 20))
        yield Draft("base", reporter.correspondent, _values(dice, reporter, placed, day))
        other = reporter.neighbour or reporter
        if number in (2, 7):
            again = _values(dice, other, placed, day + timedelta(days=5))
            yield Draft("base", other.correspondent, again)
        elif number in (4, 5):
            elsewhen = _values(dice, other, placed, date(2024, 11, 5 + number))
            status = "returned" if number == 4 else "submitted"
            yield Draft("base", other.correspondent, elsewhen, status=status)


def _reporter(dice: Dice, charges: Sequence[Charge], county: str, year: int) -> Charge:
    return dice.one_of(
        [
            charge
            for charge in charges
            if charge.correspondent.county_code == county and year in charge.correspondent.years
        ]
    )


def _values(dice: Dice, charge: Charge, placed: PlacedStation, day: date) -> dict[str, Any]:
    return {
        "occurred_on": day.isoformat(),
        "village": charge.correspondent.villages[0],
        "station": str(placed.id),
        "area_mu": float(dice.between(12, 120) * 5),
        "service_mode": mode_of(dice),
    }
