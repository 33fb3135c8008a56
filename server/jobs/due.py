"""Each job as the scheduler calls it: its own connection, one log line when it did something."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg

from server.alerts.silent import check_silent
from server.jobs.ledger import Period, finished_days, run_missed
from server.jobs.partitions import ensure_partitions
from server.jobs.quality import check_quality_due
from server.jobs.retention import run_retention_of
from server.jobs.rollups import mark_differing, roll_up_due

CHECKED_DAYS = 35
TURNS = 10  # so that a process told to stop is never long at it
_log = logging.getLogger("server.jobs")


def run_rollups(connection: psycopg.Connection, turns: int | None = TURNS) -> None:
    """Recompute what the gateway marked; of a large backlog a few seconds' worth."""
    begun = time.monotonic()
    if hours := roll_up_due(connection, turns=turns):
        _log.info("rollups: %d hours in %.2f s", hours, time.monotonic() - begun)


def run_silent(connection: psycopg.Connection) -> None:
    """Look for devices that stopped reporting."""
    with connection.transaction():
        change = check_silent(connection, datetime.now(UTC))
    if any(change):
        _log.info("station_silent: %d alerts opened, %d closed", change.opened, change.closed)


def run_partitions(connection: psycopg.Connection) -> None:
    """Make the months that are missing; once a day, for today alone."""

    def work(connection: psycopg.Connection, period: Period) -> int:
        made = ensure_partitions(connection, period.end.date())
        if made:
            _log.info("partitions: %d made", made)
        return made

    run_missed(connection, "partitions", finished_days(datetime.now(UTC), 1), work)


def run_rollup_check(connection: psycopg.Connection) -> None:
    """Compare the rollups of each finished day with its readings, days missed included."""

    def work(connection: psycopg.Connection, period: Period) -> int:
        marked = mark_differing(connection, period)
        if marked:
            _log.info("rollup_check: %d hours of %s differ", marked, period.start.date())
        return marked

    run_missed(connection, "rollup_check", finished_days(datetime.now(UTC), CHECKED_DAYS), work)


def run_quality(connection: psycopg.Connection, turns: int | None = TURNS) -> None:
    """Flag the readings around the hours that were rolled up."""
    begun = time.monotonic()
    checked = check_quality_due(connection, turns=turns)
    if checked.changed:
        spent = time.monotonic() - begun
        _log.info(
            "quality: %d flags changed around %d hours, %.2f s",
            checked.changed,
            checked.hours,
            spent,
        )


def run_retention(connection: psycopg.Connection) -> None:
    """Drop what is older than it shall be kept; once a day."""
    run_retention_of(connection, datetime.now(UTC))


def run_all_rollups(connection: psycopg.Connection) -> None:
    """Recompute all that is marked, however much."""
    run_rollups(connection, turns=None)


def run_all_quality(connection: psycopg.Connection) -> None:
    """Check all that is due, and recompute the rollups of what it flagged."""
    run_quality(connection, turns=None)
    run_rollups(connection, turns=None)


Job = Callable[[psycopg.Connection], None]
ONCE: tuple[Job, ...] = (
    run_partitions,
    run_rollup_check,
    run_all_rollups,
    run_all_quality,
    run_silent,
)
# Every job with its seconds between two runs.
JOBS: tuple[tuple[Job, int], ...] = (
    (run_partitions, 600),
    (run_rollup_check, 600),
    (run_rollups, 10),
    (run_quality, 30),
    (run_silent, 15),
    (run_retention, 1800),
)


class Runner:
    """Runs jobs, each on a connection of its own; a database that is away is waited for."""

    def __init__(self, conninfo: str) -> None:
        """Nothing is opened yet."""
        self._conninfo = conninfo
        self._said_at: float | None = None

    def run(self, job: Job) -> bool:
        """Whether the job ran; without a database it will at its next turn."""
        try:
            with psycopg.connect(self._conninfo, autocommit=True, connect_timeout=5) as connection:
                job(connection)
        except psycopg.OperationalError as error:
            self._say_waiting(error)
            return False
        if self._said_at is not None:
            self._said_at = None
            _log.info("the database is back")
        return True

    def _say_waiting(self, error: psycopg.OperationalError) -> None:
        now = time.monotonic()
        if self._said_at is None or now - self._said_at >= 10:
            self._said_at = now
            _log.warning("waiting for the database: %s", str(error).strip())
