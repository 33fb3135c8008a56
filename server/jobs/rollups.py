"""Rollups by hour and day, recomputed whole for the hours that the gateway marked."""

import itertools

from psycopg import Connection

from contracts.sql_files import beside
from server.jobs.ledger import Period, take_lock

JOB = "rollups"
LONGEST_GAP_S = 7200  # beyond it nobody knows what was in between (docs/decisions/0012)
_SQL = beside(__file__)


def roll_up_due(connection: Connection, most: int = 1000, turns: int | None = None) -> int:
    """Recompute every marked hour and its day; how many hours.

    Parameters
    ----------
    connection
        As `tepai_jobs`, in no transaction.
    most
        Hours in one transaction.
    turns
        Transactions at most; all that are needed if not given.
    """
    done = 0
    for _ in itertools.count() if turns is None else range(turns):
        count = _roll_up_some(connection, most)
        done += count
        if count < most:
            break
    return done


def _roll_up_some(connection: Connection, most: int) -> int:
    """One transaction's worth, in statements of which each sees what was committed before it.

    The marks are read first and the readings after: whatever made a mark is seen. They are
    cleared last, and only where they have not moved: a reading that comes in between moves its
    mark. The lock keeps a second process from computing a day out of hours we are at.
    """
    with connection.transaction():
        if not take_lock(connection, JOB):
            return 0
        due = connection.execute(_SQL["select_rollups_due"], {"most": most}).fetchall()
        if not due:
            return 0
        kept = [row for row in due if not row[3]]
        wanted = {
            "sensor_ids": [row[0] for row in kept],
            "hours": [row[1] for row in kept],
            "longest_gap_s": LONGEST_GAP_S,
        }
        for step in (
            "upsert_hours",
            "delete_empty_hours",
            "upsert_days",
            "delete_empty_days",
        ):
            connection.execute(_SQL[step], wanted)
        marks = {
            "sensor_ids": [row[0] for row in due],
            "hours": [row[1] for row in due],
            "marked": [row[2] for row in due],
        }
        connection.execute(_SQL["clear_rollups_due"], marks)
    return len(due)


def mark_differing(connection: Connection, period: Period) -> int:
    """Mark the hours of a finished day whose rollup differs from its readings; how many.

    A safety net under the gateway's marks, for readings that came in another way.
    """
    wanted = {"start": period.start, "end": period.end}
    return connection.execute(_SQL["mark_differing_hours"], wanted).rowcount
