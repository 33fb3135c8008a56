"""One sensor's readings over a span of time: raw, by hour or by day."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from contracts.problems import FieldProblem, Invalid, NotFound, Problem
from contracts.quantities import QUANTITIES
from contracts.sql_files import beside
from contracts.texts import mark
from server.db.pool import DictConnection, rows

Step = Literal["raw", "hour", "day"]
MOST_POINTS = 20_000
RAW_UP_TO = timedelta(days=2)
HOURS_UP_TO = timedelta(days=60)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_STEPS: tuple[Step, ...] = ("raw", "hour", "day")
_QUERIES = {"raw": "select_raw", "hour": "select_hours", "day": "select_days"}
_SQL = beside(__file__)
# In a URL a plus sign means a space unless it is escaped; "…T08:00:00 08:00" can mean only one.
_LOST_PLUS = re.compile(r"(T[^ ]+) (\d\d:?\d\d)$")

RawPoint = tuple[datetime, float, int]
RollupPoint = tuple[datetime, float, float, float, int]


class TooManyPoints(Problem):
    """A span that holds more points than one answer may."""

    code = "readings.too_many_points"
    status = 422
    title = mark("此时间段超过 %(maximum)s 个点，请缩短时间段或改用 step=auto")


@dataclass(frozen=True, slots=True)
class SensorOut:
    """Which sensor a series is of."""

    id: int
    code: str
    position_m: float | None
    label_zh: str
    label_en: str
    device: str
    station: str


@dataclass(frozen=True, slots=True)
class Series:
    """A sensor's points, oldest first.

    Attributes
    ----------
    unit : UCUM code of the values
    points : raw [time, value, quality]; hour and day [start, mean, min, max, count]
    """

    sensor: SensorOut
    quantity: str
    unit: str
    step: Step
    points: list[RawPoint] | list[RollupPoint]


def read_series(
    connection: DictConnection, sensor_id: int, start: datetime, end: datetime, step: Step | None
) -> Series:
    """Points in [start, end); without a step the finest that the span and the cap allow.

    Raises
    ------
    NotFound
        If there is no such sensor for this actor.
    TooManyPoints
        If the span holds more than `MOST_POINTS` of the step.
    """
    found = rows(connection, _SQL["select_sensor"], {"sensor_id": sensor_id})
    if not found:
        raise NotFound
    sensor = found[0]
    quantity = sensor.pop("quantity")
    steps = (step,) if step else _STEPS[_STEPS.index(fitting_step(start, end)) :]
    for tried in steps:
        wanted = {"sensor_id": sensor_id, "start": start, "end": end, "most": MOST_POINTS + 1}
        found = rows(connection, _SQL[_QUERIES[tried]], wanted)
        if len(found) <= MOST_POINTS:
            points: Any = [tuple(row.values()) for row in found]
            return Series(SensorOut(**sensor), quantity, unit_of(quantity), tried, points)
    raise TooManyPoints(maximum=f"{MOST_POINTS:,}")


def fitting_step(start: datetime, end: datetime) -> Step:
    """The step that suits the length of a span."""
    span = end - start
    if span <= RAW_UP_TO:
        return "raw"
    return "hour" if span <= HOURS_UP_TO else "day"


def unit_of(quantity: str) -> str:
    """The UCUM code of a quantity; empty if the glossary does not hold it."""
    return QUANTITIES[quantity].unit if quantity in QUANTITIES else ""


def read_span(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The moments that two texts name; by default the last 24 hours.

    Raises
    ------
    Invalid
        If one is no time with an offset, lies outside 2000 to 2100, or they are not in order.
    """
    until = _moment("to", end, now) if end else now
    since = _moment("from", start, now) if start else until - timedelta(days=1)
    if since >= until:
        raise Invalid(
            FieldProblem(
                "from",
                "not_together",
                since.isoformat(),
                {"other": "to", "other_value": until.isoformat(), "rule": "from < to"},
            )
        )
    return since, until


def _moment(field: str, text: str, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", text.strip()))
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        example = now.replace(microsecond=0).isoformat()
        raise Invalid(FieldProblem(field, "not_time", text, {"example": example}))
    if moment < EARLIEST:
        raise Invalid(FieldProblem(field, "too_long_ago", text, {"minimum": EARLIEST.isoformat()}))
    if moment > LATEST:
        raise Invalid(FieldProblem(field, "in_future", text, {"maximum": LATEST.isoformat()}))
    return moment
