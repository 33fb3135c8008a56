"""Records that were returned, rejected or not looked at yet, with much that is nowhere else."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from ops.demo_data.dice import Dice
from ops.demo_data.figures import YEARS
from ops.demo_data.incomes import line_values
from ops.demo_data.promotions import promotion_values
from ops.demo_data.rows import DemoData, Draft
from ops.demo_data.subjects import Charge
from ops.demo_data.technicians import new_technician, technician_values
from ops.demo_data.trainings import new_session, report_values
from ops.demo_data.visits import visit_values

_STATUSES = ("submitted", "returned", "rejected")
_WEIGHTS = (45, 25, 30)

Values = dict[str, Any]


def uncounted(dice: Dice, data: DemoData, charges: Sequence[Charge]) -> Iterator[Draft]:
    """About one record in twenty; none of them may change a figure."""
    for charge in charges:
        for form, make, chance in _KINDS:
            if dice.chance() < chance:
                yield _draft(dice, charge, form, make(dice, data, charge))
        for ghost in charge.ghost_items:
            values = promotion_values(dice, charge, ghost, charge.ghosts[:1])
            yield _draft(dice, charge, "promotion", values)
        for organisation in charge.ghost_organisations:
            day = dice.day_of(dice.one_of(charge.correspondent.years))
            village = charge.correspondent.villages[0]
            values = visit_values(dice, day, village, [], [str(organisation.id)])
            yield _draft(dice, charge, "visit", values)


def _draft(dice: Dice, charge: Charge, form: str, values: Values) -> Draft:
    status = dice.weighted(_STATUSES, _WEIGHTS)
    year = int(values["occurred_on"][:4])
    if status == "submitted" and year < YEARS[-1] and dice.chance() < 0.7:
        # What waits for review is mostly recent.
        day = date(YEARS[-1], dice.between(11, 12), dice.between(1, 28))
        values = values | {"occurred_on": day.isoformat()}
    return Draft(form, charge.correspondent, values, status)


def _visit(dice: Dice, data: DemoData, charge: Charge) -> Values:
    del data
    day = dice.day_of(dice.one_of(charge.correspondent.years))
    guests = dice.some_of(charge.ghosts, 1) + dice.some_of(charge.visited, dice.between(0, 2))
    ids = [str(household.id) for household in guests]
    return visit_values(dice, day, guests[0].village_code, ids, [])


def _training(dice: Dice, data: DemoData, charge: Charge) -> Values:
    del data
    session = new_session(dice, charge, dice.between(8, 40))
    # A code of its own, so that it is none of the sessions that count.
    code = f"WS{dice.between(1, 9999):04d}"
    return report_values(dice, session, charge, session.attendance, code)


def _promotion(dice: Dice, data: DemoData, charge: Charge) -> Values:
    del data
    return promotion_values(dice, charge, dice.one_of(charge.items), charge.ghosts)


def _income(dice: Dice, data: DemoData, charge: Charge) -> Values:
    del data
    return line_values(dice, charge, dice.one_of(charge.ghosts))


def _technician(dice: Dice, data: DemoData, charge: Charge) -> Values:
    return technician_values(dice, charge, new_technician(dice, data, charge))


_KINDS: tuple[tuple[str, Callable[[Dice, DemoData, Charge], Values], float], ...] = (
    ("visit", _visit, 0.95),
    ("visit", _visit, 0.95),
    ("visit", _visit, 0.6),
    ("training", _training, 0.12),
    ("promotion", _promotion, 0.8),
    ("income", _income, 0.8),
    ("technician", _technician, 0.3),
)
