"""The time that a device gives, as microseconds since 1970-01-01 UTC."""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from gateway.as_given import as_given

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND_US = 1_000_000
FUTURE_US = 5 * 60 * _SECOND_US
PAST_US = 2 * 366 * 86_400 * _SECOND_US
# As seconds this is the year 5138; as milliseconds, 1973: nobody means the former.
_SURELY_MILLISECONDS = 1e11
_EXAMPLE = "2026-11-23T08:00:00+08:00"


class BadTimeError(ValueError):
    """A time that cannot be meant; `code` and `parameters` say why (contracts.rejections)."""

    def __init__(self, code: str, given: Any, **parameters: Any) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = {"given": as_given(given), **parameters}


def instant_us(given: Any, arrived_us: int, zone: tzinfo | None = None) -> int:
    """The instant, to the microsecond.

    Parameters
    ----------
    given
        ISO 8601 text with an offset, or seconds since 1970 (UTC).
    arrived_us
        When the message came; the instant lies at most 2 years before and 5 minutes after.
    zone
        Where a text without an offset is at home; without a zone such a text is refused.

    Raises
    ------
    BadTimeError
        If it is neither, or lies outside.
    """
    if isinstance(given, str):
        us = _from_text(given, zone)
    elif isinstance(given, bool) or not isinstance(given, int | float):
        raise BadTimeError("time_neither_text_nor_number", given)
    else:
        us = _from_number(given)
    if us > arrived_us + FUTURE_US:
        ahead_s, most_s = (us - arrived_us) / _SECOND_US, FUTURE_US / _SECOND_US
        raise BadTimeError("time_in_future", given, ahead_s=ahead_s, most_s=most_s)
    if us < arrived_us - PAST_US:
        ago_s, most_s = (arrived_us - us) / _SECOND_US, PAST_US / _SECOND_US
        raise BadTimeError("time_too_old", given, ago_s=ago_s, most_s=most_s)
    return us


def _from_text(given: str, zone: tzinfo | None) -> int:
    try:
        moment = datetime.fromisoformat(given)
    except (ValueError, OverflowError):
        raise BadTimeError("time_not_iso", given, example=_EXAMPLE) from None
    if moment.tzinfo is None:
        if zone is None:
            raise BadTimeError("time_without_offset", given)
        moment = moment.replace(tzinfo=zone)
    return (moment - _EPOCH) // _MICROSECOND


def _from_number(given: float) -> int:
    if isinstance(given, float) and not math.isfinite(given):
        raise BadTimeError("time_not_finite", given)
    if abs(given) > _SURELY_MILLISECONDS:
        raise BadTimeError("time_in_milliseconds", given)
    return round(given * _SECOND_US)
