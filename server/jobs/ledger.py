"""The ledger of finished periods: what was missed while nobody ran is done at the next start."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection

from contracts.sql_files import beside

_SQL = beside(__file__)
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end)."""

    start: datetime
    end: datetime


Work = Callable[[Connection, Period], int]


def finished_days(now: datetime, most: int) -> list[Period]:
    """The last `most` civil days (Asia/Shanghai) that are over, oldest first."""
    midnight = now.astimezone(_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [midnight - timedelta(days=back) for back in range(most, 0, -1)]
    return [Period(start, start + timedelta(days=1)) for start in starts]


def run_missed(connection: Connection, job: str, periods: Sequence[Period], work: Work) -> int:
    """Do the periods that the ledger lacks, each in a transaction of its own; how many.

    Parameters
    ----------
    connection
        As `tepai_jobs`, in no transaction.
    work
        Does one period in the transaction that it is given; the number of rows it touched.
    """
    if not periods:
        return 0
    with connection.transaction():
        rows = connection.execute(
            _SQL["select_finished_periods"], {"job": job, "since": periods[0].start}
        ).fetchall()
    finished = {row[0] for row in rows}
    missed = [period for period in periods if period.start not in finished]
    return sum(run_period(connection, job, period, work) for period in missed)


def is_finished(connection: Connection, job: str, period: Period) -> bool:
    """Whether the ledger holds the period."""
    wanted = {"job": job, "start": period.start}
    return connection.execute(_SQL["select_finished_period"], wanted).fetchone() is not None


def run_period(connection: Connection, job: str, period: Period, work: Work) -> bool:
    """Do one period with its ledger row, all or nothing; False if another process did or does."""
    with connection.transaction():
        started_at = datetime.now(UTC)
        if not take_lock(connection, job):
            return False
        if is_finished(connection, job, period):
            return False
        wanted = {"job": job, "start": period.start}
        rows_done = work(connection, period)
        connection.execute(
            _SQL["insert_finished_period"],
            {**wanted, "end": period.end, "started_at": started_at, "rows_done": rows_done},
        )
    return True


def take_lock(connection: Connection, job: str) -> bool:
    """Whether this transaction now is the only one at this job, in any process."""
    row = connection.execute(_SQL["try_lock"], {"job": job}).fetchone()
    return row is not None and bool(row[0])
