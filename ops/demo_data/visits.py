"""Visits: households again and again, by two correspondents, and the organisations assisted."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from contracts.codes import SERVICE_MODES, SERVICE_TYPES
from ops.demo_data.dice import Dice
from ops.demo_data.rows import Draft, Household
from ops.demo_data.subjects import Charge

_SUMMARIES = (
    "查看田间长势，指导病虫害防治", "指导整地施肥，讲解用药安全", "检查大棚温湿度，调整通风",
    "了解种植计划，推荐适宜品种", "现场示范修剪与疏果", "指导收获、晾晒与贮藏",
    "走访了解困难，约定下次服务", "讲解惠农政策与保险",
)  # fmt: skip
_MODES = (*SERVICE_MODES, None)
_MODE_WEIGHTS = (30, 25, 35, 10)
_DAYS = (0.5, 1.0, 1.5, 2.0)
_DAY_WEIGHTS = (45, 40, 5, 10)
_PER_VISIT = (1, 2, 3, 4)
_PER_VISIT_WEIGHTS = (30, 35, 20, 15)
_VISITS_A_YEAR = (8, 17)
_MODEL_HOUSEHOLDS = 6


def mode_of(dice: Dice) -> str | None:
    """One of the three working modes, now and then left empty."""
    return dice.weighted(_MODES, _MODE_WEIGHTS)


def visit_values(
    dice: Dice, day: date, village: str, households: list[str], organisations: list[str]
) -> dict[str, Any]:
    """A filled visit form."""
    return {
        "occurred_on": day.isoformat(),
        "village": village,
        "households": households,
        "organisations": organisations,
        "service_types": dice.some_of(tuple(SERVICE_TYPES), dice.between(1, 3)),
        "service_mode": mode_of(dice),
        "service_days": dice.weighted(_DAYS, _DAY_WEIGHTS),
        "summary": dice.one_of(_SUMMARIES),
    }


def visits(dice: Dice, charge: Charge) -> Iterator[Draft]:
    """One correspondent's visits over all years; each visited household comes up at least once."""
    person = charge.correspondent
    waiting = dice.shuffled(charge.visited)
    models = charge.visited[:_MODEL_HOUSEHOLDS]
    shared = charge.shared
    days = [
        dice.day_of(year) for year in person.years for _ in range(dice.between(*_VISITS_A_YEAR))
    ]
    calls = _organisation_calls(dice, charge, len(days))
    place = 0
    while place < len(days) or waiting:
        day = days[place] if place < len(days) else dice.day_of(dice.one_of(person.years))
        guests = _whom(dice, charge, waiting, models, shared)
        values = visit_values(
            dice, day, guests[0].village_code, _ids(guests), calls.get(place, [])
        )  # fmt: skip
        yield Draft("visit", person, values)
        place += 1
    for organisation in charge.organisations:
        day = dice.day_of(dice.one_of(person.years))
        village = dice.one_of(person.villages)
        yield Draft("visit", person, visit_values(dice, day, village, [], [str(organisation.id)]))


def _whom(
    dice: Dice,
    charge: Charge,
    waiting: list[Household],
    models: list[Household],
    shared: list[Household],
) -> list[Household]:
    """The households of one visit: new ones first, model households often, a neighbour's now."""
    guests: dict[Household, None] = {}
    for _ in range(dice.weighted(_PER_VISIT, _PER_VISIT_WEIGHTS)):
        chance = dice.chance()
        if waiting and chance < 0.55:
            guests[waiting.pop()] = None
        elif shared and chance > 0.88:
            guests[dice.one_of(shared)] = None
        elif chance > 0.7:
            guests[dice.one_of(models)] = None
        else:
            guests[dice.one_of(charge.visited)] = None
    return list(guests)


def _organisation_calls(dice: Dice, charge: Charge, visits_made: int) -> dict[int, list[str]]:
    """On which ordinary visits an organisation was assisted too, one's own or the neighbour's."""
    calls: dict[int, list[str]] = {}
    neighbours = charge.neighbour.organisations if charge.neighbour else []
    known = charge.organisations + neighbours[:1]
    for organisation in known:
        for _ in range(dice.between(0, 3)):
            on_visit = calls.setdefault(dice.between(0, visits_made - 1), [])
            if str(organisation.id) not in on_visit:
                on_visit.append(str(organisation.id))
    return calls


def _ids(households: list[Household]) -> list[str]:
    return [str(household.id) for household in households]
