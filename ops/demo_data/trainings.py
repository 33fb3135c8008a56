"""Training sessions: taught alone or together, attendance as each teacher saw it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ops.demo_data.dice import Dice, split_evenly
from ops.demo_data.figures import PLAN_FIGURES
from ops.demo_data.rows import Draft
from ops.demo_data.subjects import Charge
from ops.demo_data.visits import mode_of

_SUBJECTS = (
    "小麦赤霉病防治培训", "玉米机收减损培训", "大豆高产栽培培训", "酥梨整形修剪培训",
    "设施番茄管理培训", "农药安全使用培训", "水肥一体化培训", "畜禽疫病防控培训",
    "农产品加工贮藏培训", "中药材种植培训",
)  # fmt: skip
_LEAST_ATTENDANCE = 4
_TOGETHER = 0.2


@dataclass(frozen=True, slots=True)
class Session:
    """One session as it truly was."""

    charge: Charge
    day: date
    village: str
    title: str
    attendance: int


def trainings(dice: Dice, charges: Sequence[Charge]) -> Iterator[Draft]:
    """All verified reports of exactly as many sessions, and people, as the plan says."""
    for number, session in enumerate(_sessions(dice, charges), start=1):
        together = session.charge.neighbour if dice.chance() < _TOGETHER else None
        code = f"PX{number:04d}" if together and dice.chance() < 0.5 else None
        yield Draft(
            "training", session.charge.correspondent,
            report_values(dice, session, session.charge, session.attendance, code),
        )  # fmt: skip
        if together is not None:
            yield from _other_reports(dice, session, together, code)
            if dice.chance() < 0.06:
                # Typed too high and turned down: it must not raise the attendance.
                values = report_values(dice, session, together, session.attendance + 40, code)
                yield Draft("training", together.correspondent, values, status="rejected")


def _other_reports(
    dice: Dice, session: Session, second: Charge, code: str | None
) -> Iterator[Draft]:
    """The same session from one or two further teachers, who counted as many people or fewer."""
    teachers = [second]
    third = second.neighbour
    if third is not None and third is not session.charge and dice.chance() < 0.15:
        teachers.append(third)
    for teacher in teachers:
        fewer = dice.between(1, session.attendance // 3) if dice.chance() < 0.5 else 0
        seen = session.attendance - fewer
        values = report_values(dice, session, teacher, seen, code)
        if code is None and dice.chance() < 0.5:
            # Typed with a blank: the key tells full and half width, case and blanks alike.
            values["title"] = values["title"].replace("培训", " 培训")
        elif code is not None:
            values["title"] = dice.one_of(_SUBJECTS)
        yield Draft("training", teacher.correspondent, values)


def report_values(
    dice: Dice, session: Session, teacher: Charge, attendance: int, code: str | None
) -> dict[str, Any]:
    """A filled training form; the households are the teacher's own among those who came."""
    names = 2 + dice.between(0, min(attendance - 2, 8))
    came = (teacher.trained_only + dice.some_of(teacher.visited, names))[:names]
    return {
        "occurred_on": session.day.isoformat(),
        "village": session.village,
        "title": session.title,
        "session_code": code,
        "attendance": attendance,
        "households": [str(household.id) for household in came],
        "service_mode": mode_of(dice),
        "service_days": dice.one_of((0.5, 1.0, 1.0)),
    }


def _sessions(dice: Dice, charges: Sequence[Charge]) -> Iterator[Session]:
    """The sessions, one of a day, village and subject only; two for each person, then by chance."""
    total = int(PLAN_FIGURES["training_sessions"])
    teachers = [charge for charge in charges for _ in range(2)]
    teachers += dice.some_of(list(charges), total - len(teachers))
    people = int(PLAN_FIGURES["trainee_person_times"]) - _LEAST_ATTENDANCE * total
    extra = split_evenly(people, [dice.uniform(0.1, 1) ** 1.5 for _ in teachers])
    held: set[tuple[date, str, str]] = set()
    for teacher, more in zip(teachers, extra, strict=True):
        session = new_session(dice, teacher, _LEAST_ATTENDANCE + more)
        while (session.day, session.village, session.title) in held:
            session = new_session(dice, teacher, session.attendance)
        held.add((session.day, session.village, session.title))
        yield session


def new_session(dice: Dice, teacher: Charge, attendance: int) -> Session:
    """A session of this teacher somewhere, some day."""
    person = teacher.correspondent
    return Session(
        teacher, dice.day_of(dice.one_of(person.years)), dice.one_of(person.villages),
        dice.one_of(_SUBJECTS), attendance,
    )  # fmt: skip
