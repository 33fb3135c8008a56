"""Monthly partitions of `reading` on plain PostgreSQL; TimescaleDB has none of ours."""

from datetime import date

from psycopg import Connection

from contracts.sql_files import beside

MONTHS_BACK = 25
MONTHS_AHEAD = 3
_SQL = beside(__file__)


def ensure_partitions(connection: Connection, today: date) -> int:
    """Make the missing partitions from 25 months back to 3 ahead; how many were made.

    The caller holds the transaction, as `tepai_jobs`.
    """
    made = 0
    for offset in range(-MONTHS_BACK, MONTHS_AHEAD + 1):
        years, month = divmod(today.year * 12 + today.month - 1 + offset, 12)
        row = connection.execute(
            _SQL["ensure_reading_partition"], {"month": date(years, month + 1, 1)}
        ).fetchone()
        made += bool(row and row[0])
    return made
