"""How much of the past the simulator posts before it goes on live."""

from datetime import UTC, datetime, timedelta

import psycopg

from contracts.sql_files import beside

LONGEST = timedelta(hours=48)
_SQL = beside(__file__)


def newest_reading_at(superuser: str) -> datetime | None:
    """When the newest reading was taken; None while there is none."""
    with psycopg.connect(superuser) as connection:
        row = connection.execute(_SQL["select_newest_reading_at"]).fetchone()
        return row[0] if row else None


def missing_past(newest: datetime | None, now: datetime | None = None) -> timedelta:
    """The time without readings, in whole minutes: two days at first, later the pause since.

    Readings that are there stay alone: the live ones went by faster than the clock, so that the
    same hours posted again would run through them like a second curve.
    """
    if newest is None:
        return LONGEST
    pause = (now or datetime.now(UTC)) - newest
    return timedelta(minutes=max(0, min(LONGEST, pause) // timedelta(minutes=1)))
