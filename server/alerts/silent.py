"""The check "station silent": a device that stopped reporting."""

from datetime import datetime
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from contracts.ids import new_id
from contracts.sql_files import beside

_SQL = beside(__file__)


class SilentChange(NamedTuple):
    """How many alerts a check opened and closed."""

    opened: int
    closed: int


def check_silent(connection: Connection, now: datetime) -> SilentChange:
    """Open an alert for each device silent for three of its intervals; close those that are over.

    The caller holds the transaction, as `tepai_jobs`.
    """
    closed = connection.execute(_SQL["close_silent"], {"now": now}).rowcount
    opened = 0
    with connection.cursor(row_factory=dict_row) as cursor:
        silent = cursor.execute(_SQL["select_newly_silent"], {"now": now}).fetchall()
    for device in silent:
        detail = {"last_reading_at": device["last_reading_at"].isoformat()}
        opened += connection.execute(
            _SQL["open_silent"],
            {
                "id": new_id(),
                "station_id": device["station_id"],
                "device_id": device["device_id"],
                "now": now,
                "detail": Jsonb(detail),
            },
        ).rowcount
    return SilentChange(opened, closed)
