"""The time that a device gives, as microseconds since 1970-01-01 UTC."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND_US = 1_000_000
FUTURE_US = 5 * 60 * _SECOND_US
PAST_US = 2 * 366 * 86_400 * _SECOND_US
# As seconds this is the year 5138; as milliseconds, 1973: nobody means the former.
_SURELY_MILLISECONDS = 1e11


class BadTimeError(ValueError):
    """A time that cannot be meant; the text says what was given and what would be right."""


def instant_us(given: Any, arrived_us: int) -> int:
    """The instant, to the microsecond.

    Parameters
    ----------
    given
        ISO 8601 text with an offset, or seconds since 1970 (UTC).
    arrived_us
        When the message came; the instant lies at most 2 years before and 5 minutes after.

    Raises
    ------
    BadTimeError
        If it is neither, or lies outside.
    """
    if isinstance(given, str):
        us = _from_text(given)
    elif isinstance(given, bool) or not isinstance(given, int | float):
        raise BadTimeError(
            f"time {given!r:.60}: want ISO 8601 text with an offset, or seconds since 1970"
        )
    else:
        us = _from_number(given)
    if us > arrived_us + FUTURE_US:
        raise BadTimeError(
            f"time {given!r:.60} is {_span(us - arrived_us)} ahead of the clock of the gateway;"
            " want at most 5 minutes"
        )
    if us < arrived_us - PAST_US:
        raise BadTimeError(
            f"time {given!r:.60} is {_span(arrived_us - us)} ago; want at most 2 years"
        )
    return us


def _from_text(given: str) -> int:
    try:
        moment = datetime.fromisoformat(given)
    except (ValueError, OverflowError):
        raise BadTimeError(
            f"time {given!r:.60}: want ISO 8601 like 2026-11-23T08:00:00+08:00"
        ) from None
    if moment.tzinfo is None:
        raise BadTimeError(f"time {given!r:.60} has no offset from UTC; want e.g. +08:00 or Z")
    return (moment - _EPOCH) // _MICROSECOND


def _from_number(given: float) -> int:
    if isinstance(given, float) and not math.isfinite(given):
        raise BadTimeError(f"time {given!r}: want a finite number of seconds since 1970")
    if abs(given) > _SURELY_MILLISECONDS:
        raise BadTimeError(
            f"time {given!r:.60} looks like milliseconds or finer; want seconds since 1970"
        )
    return round(given * _SECOND_US)


def _span(us: int) -> str:
    seconds = us / _SECOND_US
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} d"
