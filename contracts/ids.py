"""Ids of records and subjects, made where the thing is first written down."""

import secrets
import time
from uuid import UUID

_VERSION = 0x7
_VARIANT = 0b10


def new_id(unix_ms: int | None = None) -> UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of time, then 74 random bits.

    Parameters
    ----------
    unix_ms
        Milliseconds since 1970-01-01 UTC; the clock of this machine if not given.

    Notes
    -----
    Two ids of one millisecond are in no order: order by a time column, never by id.
    """
    stamp = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    rand = secrets.randbits(74)
    value = (stamp & 0xFFFF_FFFF_FFFF) << 80
    value |= _VERSION << 76
    value |= (rand >> 62) << 64
    value |= _VARIANT << 62
    value |= rand & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)


def id_time_ms(id_: UUID) -> int:
    """The moment inside a UUIDv7, in milliseconds since 1970-01-01 UTC."""
    if id_.version != _VERSION:
        raise ValueError(f"{id_} is a UUID of version {id_.version}, not 7")
    return id_.int >> 80
