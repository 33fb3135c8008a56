"""Quality control of what came in: flags set, values never altered, rollups marked again."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from psycopg import Connection

from analytics.quality import GOOD, quality_flags
from contracts.quality_limits import LONGEST_GAP_S, QUALITY_LIMITS, QualityLimits
from contracts.sql_files import beside
from server.jobs.ledger import Period, take_lock

JOB = "quality"
_SQL = beside(__file__, "quality.sql")
_HOUR = timedelta(hours=1)
_GAP = timedelta(seconds=LONGEST_GAP_S)
_NOT_SOUND = (4, 9)


@dataclass(frozen=True, slots=True)
class Checked:
    """How many hours were looked at, and how many readings changed their quality."""

    hours: int
    changed: int


class _Stored(NamedTuple):
    time: datetime
    value: float
    quality: int
    quality_before: int | None
    quality_set: int | None
    tests: list[str] | None

    @property
    def given(self) -> int:
        """The quality without what this job made of it."""
        ours = self.quality_before is not None and self.quality == self.quality_set
        return self.quality_before if ours and self.quality_before is not None else self.quality


class _Said(NamedTuple):
    reading: _Stored
    quality: int
    tests: list[str]


def check_quality_due(connection: Connection, most: int = 500, turns: int | None = None) -> Checked:
    """Check the readings around every hour that is due.

    Parameters
    ----------
    connection
        As `tepai_jobs`, in no transaction.
    most
        Hours in one transaction.
    turns
        Transactions at most; all that are needed if not given.
    """
    hours = changed = 0
    for _ in itertools.count() if turns is None else range(turns):
        some = _check_some(connection, most)
        hours, changed = hours + some.hours, changed + some.changed
        if some.hours < most:
            break
    return Checked(hours, changed)


def _check_some(connection: Connection, most: int) -> Checked:
    """One transaction's worth; marks are read first and cleared last, where they have not moved.

    Flags depend on values and on what ingest said, never on flags: checking again changes nothing.
    Locks are taken in the gateway's order, newest readings before marks.
    """
    with connection.transaction():
        if not take_lock(connection, JOB):
            return Checked(0, 0)
        due = connection.execute(_SQL["select_quality_due"], {"most": most}).fetchall()
        if not due:
            return Checked(0, 0)
        changed: list[tuple[int, _Said]] = []
        for (sensor_id, quantity), rows in itertools.groupby(
            sorted(due, key=lambda row: (row[0], row[1])), key=lambda row: (row[0], row[3])
        ):
            limits = QUALITY_LIMITS.get(quantity)
            if limits is None:
                continue
            for target in merged_targets([row[1] for row in rows], limits):
                said = _check_target(connection, sensor_id, target, limits)
                changed.extend((sensor_id, one) for one in said)
        if changed:
            _tell_others(connection, changed)
        connection.execute(
            _SQL["clear_quality_due"],
            {
                "sensor_ids": [row[0] for row in due],
                "hours": [row[1] for row in due],
                "marked": [row[2] for row in due],
            },
        )
    return Checked(len(due), len(changed))


def merged_targets(hours: Iterable[datetime], limits: QualityLimits) -> list[Period]:
    """The spans whose flags the given hours can decide, oldest first, none touching another."""
    reach = timedelta(seconds=limits.reach_s)
    spans: list[Period] = []
    for hour in sorted(hours):
        start, end = hour - _GAP, hour + _HOUR + reach
        if spans and start <= spans[-1].end:
            spans[-1] = Period(spans[-1].start, end)
        else:
            spans.append(Period(start, end))
    return spans


def _check_target(
    connection: Connection, sensor_id: int, target: Period, limits: QualityLimits
) -> list[_Said]:
    """Set the flags of one sensor in a span; the readings whose quality changed."""
    start = target.start - timedelta(seconds=limits.reach_s)
    wanted = {"sensor_id": sensor_id, "start": start, "end": target.end + _GAP}
    rows = connection.execute(_SQL["select_readings_to_check"], wanted).fetchall()
    stored = [_Stored(*row) for row in rows]
    said = [one for one in judge(stored, limits) if target.start <= one.reading.time < target.end]
    news = [
        one
        for one in said
        if one.quality != one.reading.quality or one.tests != (one.reading.tests or [])
    ]
    if news:
        connection.execute(_SQL["delete_flags"], {"sensor_id": sensor_id, "times": _times(news)})
        connection.execute(_SQL["insert_flags"], _flag_columns(sensor_id, news))
        connection.execute(
            _SQL["update_qualities"],
            {**wanted, "times": _times(news), "qualities": [one.quality for one in news]},
        )
    return [one for one in news if one.quality != one.reading.quality]


def judge(stored: Sequence[_Stored], limits: QualityLimits) -> list[_Said]:
    """What is to be said of each reading; one that failed otherwise is left as it is."""
    tested = [reading for reading in stored if reading.given not in _NOT_SOUND]
    said = [_Said(one, one.given, []) for one in stored if one.given in _NOT_SOUND]
    if tested:
        times = pd.DatetimeIndex(pd.to_datetime([one.time for one in tested], utc=True))
        flags = quality_flags(times, np.array([one.value for one in tested]), limits)
        for place, (one, level) in enumerate(zip(tested, flags.worst.tolist(), strict=True)):
            if level == GOOD:
                said.append(_Said(one, one.given, []))
            else:
                said.append(_Said(one, max(level, one.given), flags.tests_of(place)))
    return said


def _times(said: Sequence[_Said]) -> list[datetime]:
    return [one.reading.time for one in said]


def _flag_columns(sensor_id: int, said: Sequence[_Said]) -> dict[str, Any]:
    flagged = [one for one in said if one.tests]
    return {
        "sensor_id": sensor_id,
        "flagged": _times(flagged),
        "before": [one.reading.given for one in flagged],
        "set": [one.quality for one in flagged],
        "tests": [",".join(one.tests) for one in flagged],
    }


def _tell_others(connection: Connection, changed: Sequence[tuple[int, _Said]]) -> None:
    """Bring the newest readings and the marks of the rollups in line."""
    sensors = sorted({sensor_id for sensor_id, _ in changed})
    connection.execute(_SQL["update_latest_qualities"], {"sensor_ids": sensors})
    hours = {
        (sensor_id, one.reading.time.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
        for sensor_id, one in changed
        if (one.quality in _NOT_SOUND) != (one.reading.quality in _NOT_SOUND)
    }
    if hours:
        connection.execute(
            _SQL["mark_rollups_again"],
            {"sensor_ids": [one[0] for one in hours], "hours": [one[1] for one in hours]},
        )
