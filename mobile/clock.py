"""The time as the app uses it; injected, so that tests choose it."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Now = Callable[[], datetime]


def city_zone() -> tzinfo:
    """Asia/Shanghai; a fixed +08:00 on a phone that lacks time zone data."""
    try:
        return ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=8), "+08:00")


CITY = city_zone()


def city_now() -> datetime:
    """The present moment by the phone's clock, in the city's time."""
    return datetime.now(CITY)
