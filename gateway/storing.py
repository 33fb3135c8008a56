"""One transaction: readings, latest, marks for the rollups, rejections, and word to listeners."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import psycopg
from psycopg.errors import UniqueViolation

from contracts.readings import RejectReason
from contracts.sql_files import beside
from gateway.decode import Decoded
from gateway.inbox import Message
from gateway.registry import Registry
from gateway.rejection import Rejection, rejected_rows
from gateway.rows import Rows

_SQL = beside(__file__)
COPY_READINGS = _SQL["copy_readings"]
# A notification carries at most 8,000 bytes; an id in JSON takes 40.
_IDS_PER_NOTICE = 150
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a transaction did; a reading that was there already counts as neither.

    Attributes
    ----------
    refused : parameters of `insert_rejected` of each rejection, kept there before or not
    """

    readings: int
    refused: Sequence[Mapping[str, Any]] = ()

    @property
    def rejected(self) -> int:
        """How many readings and messages were rejected."""
        return len(self.refused)

    def by_reason(self) -> Counter[str]:
        """How many of them for each reason."""
        return Counter(row["reason"] for row in self.refused)


def store(
    connection: psycopg.Connection,
    messages: Sequence[Message],
    decoded: Sequence[Decoded],
    registry: Registry,
) -> Stored:
    """Write a batch in one transaction and return when it is committed.

    Tries the quick way first, which a key that stands there already makes fail as a whole; then
    the same again through a private table, where repeats and conflicts are told apart.
    """
    rows = _all_rows(decoded)
    try:
        with connection.transaction():
            _copy(connection, COPY_READINGS, rows)
            return _finish(connection, messages, decoded, rows, {}, registry)
    except UniqueViolation:
        pass
    with connection.transaction():
        conflicts, new = _merge(connection, rows)
        rejections = _conflict_rejections(rows, conflicts, decoded, registry)
        sound = rows.without(list(conflicts))
        done = _finish(connection, messages, decoded, sound, rejections, registry)
        return replace(done, readings=new)


def _all_rows(decoded: Sequence[Decoded]) -> Rows:
    sensor_ids: list[int] = []
    times_us: list[int] = []
    values: list[float] = []
    for one in decoded:
        sensor_ids += one.sensor_ids
        times_us += one.times_us
        values += one.values
    return Rows.of(sensor_ids, times_us, values)


def _copy(connection: psycopg.Connection, statement: str, rows: Rows) -> None:
    if not len(rows):
        return
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rows.as_copy())


def _merge(connection: psycopg.Connection, rows: Rows) -> tuple[dict[int, float], int]:
    """Insert what is new; places of rows that contradict a kept value, with it, and how many."""
    connection.execute(_SQL["create_staged_reading"])
    _copy(connection, _SQL["copy_staged_readings"], rows)
    inserted = connection.execute(_SQL["insert_staged_readings"]).rowcount
    return dict(connection.execute(_SQL["select_conflicts"]).fetchall()), inserted


def _finish(
    connection: psycopg.Connection,
    messages: Sequence[Message],
    decoded: Sequence[Decoded],
    rows: Rows,
    more_rejections: dict[int, list[Rejection]],
    registry: Registry,
) -> Stored:
    refused: list[dict[str, Any]] = []
    for number, (message, one) in enumerate(zip(messages, decoded, strict=True)):
        if one.rejections or number in more_rejections:
            rejections = [*one.rejections, *more_rejections.get(number, [])]
            refused.extend(rejected_rows(message, rejections, registry))
    if refused:
        with connection.cursor() as cursor:
            cursor.executemany(_SQL["insert_rejected"], refused)
    stations = {row["station_id"] for row in refused} - {None}
    if len(rows):
        newest = rows.newest()
        connection.execute(_SQL["upsert_latest"], newest)
        connection.execute(_SQL["mark_rollups_due"], rows.hours())
        stations |= {registry.station_of[sensor_id] for sensor_id in newest["sensor_ids"]}
    _notify(connection, sorted(map(str, stations)))
    return Stored(len(rows), refused)


def _notify(connection: psycopg.Connection, station_ids: Sequence[str]) -> None:
    for start in range(0, len(station_ids), _IDS_PER_NOTICE):
        part = station_ids[start : start + _IDS_PER_NOTICE]
        connection.execute(_SQL["notify_reading"], {"station_ids": json.dumps(part)})


def _conflict_rejections(
    rows: Rows, conflicts: dict[int, float], decoded: Sequence[Decoded], registry: Registry
) -> dict[int, list[Rejection]]:
    """Rejections by number of the message that each contradicting row came in."""
    ends = list(accumulate(len(one.values) for one in decoded))
    found: dict[int, list[Rejection]] = {}
    for place, kept in conflicts.items():
        sensor_id, time_us = int(rows.sensor_ids[place]), int(rows.times_us[place])
        value = float(rows.values[place])
        code = registry.sensor_codes[sensor_id]
        member = {"sensor": code, "value": value, "time": time_us / 1e6}
        found.setdefault(bisect_right(ends, place), []).append(
            Rejection(
                RejectReason.CONFLICTING_VALUE,
                "value_conflicts",
                {
                    "sensor": code,
                    "measured_at": (_EPOCH + timedelta(microseconds=time_us)).isoformat(),
                    "given": value,
                    "kept": kept,
                },
                sensor_code=code,
                member=json.dumps(member).encode(),
                key=f"conflict {sensor_id} {time_us} {value!r}",
            )
        )
    return found
