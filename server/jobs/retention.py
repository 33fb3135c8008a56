"""Retention: readings and rollups older than the table `retention` keeps them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.errors import LockNotAvailable

from contracts.sql_files import beside
from server.jobs import rollups
from server.jobs.ledger import finished_days, is_finished, run_period, take_lock

JOB = "retention"
_SQL = beside(__file__, "retention.sql")
_ZONE = ZoneInfo("Asia/Shanghai")
_log = logging.getLogger("server.jobs")


class Limits(NamedTuple):
    """How long the readings of one quantity's sensors are kept, in days; null for ever."""

    quantity: str
    sensor_ids: list[int]
    raw_days: int | None
    hourly_days: int | None
    daily_days: int | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """What went, or in a dry run would go.

    Attributes
    ----------
    parts : partitions or chunks, dropped whole
    readings : deleted one by one, for quantities with shorter limits
    rollups : of hours and days
    """

    parts: list[str]
    readings: int
    rollups: int


class BusyError(Exception):
    """The rollups, or a second process, are at work: to be tried again at the next turn."""


def run_retention_of(connection: Connection, now: datetime) -> bool:
    """Do what the ledger lacks for the last finished day; whether it was done."""
    period = finished_days(now, 1)[-1]
    if is_finished(connection, JOB, period):
        return False
    try:
        plan = apply_retention(connection, now, dry_run=True)
        _log.info(
            "retention: about to drop %d parts (%s) and %d readings",
            len(plan.parts), ", ".join(plan.parts) or "-", plan.readings,
        )  # fmt: skip
        done = apply_retention(connection, now)
    except (BusyError, LockNotAvailable):
        _log.info("retention: readings are in use; tried again later")
        return False
    _log.info(
        "retention: %d parts, %d readings, %d rollups dropped",
        len(done.parts), done.readings, done.rollups,
    )  # fmt: skip
    touched = len(done.parts) + done.readings + done.rollups
    return run_period(connection, JOB, period, lambda *_: touched)


def apply_retention(
    connection: Connection, now: datetime, *, dry_run: bool = False, most: int = 10_000
) -> Dropped:
    """Drop whole parts that no quantity needs, then delete what single quantities need no more.

    Nothing from the oldest hour on that still waits for its rollup is touched. Parts go first, so
    that few readings are left to delete one by one.

    Parameters
    ----------
    connection
        As `tepai_jobs`, in no transaction; each batch has one of its own.
    most
        Rows in one batch.

    Raises
    ------
    BusyError
        If the rollups are being computed: with readings gone half-way they would come out wrong.
    """
    with connection.transaction():
        limits = [Limits(*row) for row in connection.execute(_SQL["select_limits"]).fetchall()]
    parts, dropped_before = _drop_parts(connection, limits, now, dry_run=dry_run)
    readings = rolled = 0
    for one in limits:
        readings += _delete_raw(connection, one, now, dropped_before, most, dry_run=dry_run)
        if not dry_run:
            rolled += _delete_rollups(connection, one, now, most)
    return Dropped(parts, readings, rolled)


def _drop_parts(
    connection: Connection, limits: Sequence[Limits], now: datetime, *, dry_run: bool
) -> tuple[list[str], datetime | None]:
    """The parts dropped, and the moment before which all readings may go."""
    days = [one.raw_days for one in limits if one.raw_days is not None]
    if not days or len(days) < len(limits):
        return [], None  # no sensors, or a quantity that is kept for ever
    with connection.transaction():
        _hold_rollups(connection)
        before = _cutoff(connection, now, max(days))
        if not dry_run:
            connection.execute(_SQL["note_dropped"], {"quantity": None, "before": before})
        wanted = {"before": before, "dry_run": dry_run}
        parts = [row[0] for row in connection.execute(_SQL["drop_parts"], wanted).fetchall()]
    return parts, before


def _delete_raw(
    connection: Connection,
    limits: Limits,
    now: datetime,
    dropped_before: datetime | None,
    most: int,
    *,
    dry_run: bool,
) -> int:
    """Readings of one quantity that whole parts could not take along."""
    if limits.raw_days is None:
        return 0
    with connection.transaction():
        _hold_rollups(connection)
        before = _cutoff(connection, now, limits.raw_days)
        if dropped_before is not None and before <= dropped_before:
            return 0
        wanted = {"sensor_ids": limits.sensor_ids, "before": before, "most": most}
        if dry_run:
            row = connection.execute(_SQL["count_old_readings"], wanted).fetchone()
            return int(row[0]) if row else 0
        # Told first: from here on no rollup of these hours is computed from what is left.
        noted = {"quantity": limits.quantity, "before": before}
        connection.execute(_SQL["note_dropped"], noted)
    return _in_batches(connection, "delete_old_readings", wanted)


def _delete_rollups(connection: Connection, limits: Limits, now: datetime, most: int) -> int:
    """Flags go with their readings, uncounted; then hours and days."""
    deleted = 0
    for query, days in (
        ("delete_old_flags", limits.raw_days),
        ("delete_old_hours", limits.hourly_days),
        ("delete_old_days", limits.daily_days),
    ):
        if days is not None:
            before = _cutoff(connection, now, days)
            wanted = {"sensor_ids": limits.sensor_ids, "before": before, "most": most}
            gone = _in_batches(connection, query, wanted)
            deleted += gone if query != "delete_old_flags" else 0
    return deleted


def _in_batches(connection: Connection, query: str, wanted: dict[str, object]) -> int:
    deleted = 0
    while True:
        with connection.transaction():
            count = connection.execute(_SQL[query], wanted).rowcount
        deleted += count
        if count < int(str(wanted["most"])):
            return deleted


def _cutoff(connection: Connection, now: datetime, days: int) -> datetime:
    """The midnight of Shanghai so many days ago, or before the oldest hour not yet rolled up."""
    cutoff = _midnight(now) - timedelta(days=days)
    row = connection.execute(_SQL["select_oldest_mark"]).fetchone()
    oldest: datetime | None = row[0] if row else None
    return min(cutoff, _midnight(oldest)) if oldest is not None else cutoff


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _hold_rollups(connection: Connection) -> None:
    if not take_lock(connection, JOB) or not take_lock(connection, rollups.JOB):
        raise BusyError
