"""An operator's correction of one reading: deleted, written again, its hour marked."""

from datetime import datetime

from psycopg import Connection

from contracts.sql_files import beside

_SQL = beside(__file__)


def correct_reading(
    connection: Connection, sensor_id: int, time: datetime, value: float | None
) -> None:
    """Put another value in place of a reading, or none; in the caller's transaction.

    As `tepai_jobs`. The hour is marked, so rollups and flags follow; the newest reading's tile does
    when the device reports next.
    """
    wanted = {"sensor_id": sensor_id, "time": time, "value": value}
    connection.execute(_SQL["delete_flag"], wanted)
    connection.execute(_SQL["delete_reading"], wanted)
    if value is not None:
        connection.execute(_SQL["insert_reading"], wanted)
    connection.execute(_SQL["mark_hour_due"], wanted)
