"""Readings as columns: the bytes of a binary COPY, and what else a commit needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_POSTGRES_EPOCH_US = 946_684_800_000_000  # 2000-01-01 UTC
_HOUR_US = 3_600_000_000
# PostgreSQL 18, COPY, "Binary Format": signature, flags, header extension; trailer of -1.
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_TUPLE = np.dtype(
    [
        ("fields", ">i2"),
        ("sensor_len", ">i4"), ("sensor", ">i4"),
        ("time_len", ">i4"), ("time", ">i8"),
        ("value_len", ">i4"), ("value", ">f8"),
        ("quality_len", ">i4"), ("quality", ">i2"),
    ]
)  # fmt: skip
_GOOD = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings by column, all of one length; times in microseconds since 1970 (UTC)."""

    sensor_ids: NDArray[np.int32]
    times_us: NDArray[np.int64]
    values: NDArray[np.float64]

    @classmethod
    def of(
        cls, sensor_ids: Sequence[int], times_us: Sequence[int], values: Sequence[float]
    ) -> "Rows":
        """Rows of plain lists."""
        return cls(
            np.array(sensor_ids, np.int32),
            np.array(times_us, np.int64),
            np.array(values, np.float64),
        )

    def __len__(self) -> int:
        """How many readings."""
        return len(self.values)

    def without(self, places: Sequence[int]) -> "Rows":
        """The rows less those at the places."""
        if not places:
            return self
        keep = np.ones(len(self), bool)
        keep[list(places)] = False
        return Rows(self.sensor_ids[keep], self.times_us[keep], self.values[keep])

    def as_copy(self) -> bytes:
        """The rows as COPY takes them in binary format."""
        tuples = np.empty(len(self), _TUPLE)
        tuples["fields"] = 4
        tuples["sensor_len"], tuples["sensor"] = 4, self.sensor_ids
        tuples["time_len"], tuples["time"] = 8, self.times_us - _POSTGRES_EPOCH_US
        tuples["value_len"], tuples["value"] = 8, self.values
        tuples["quality_len"], tuples["quality"] = 2, _GOOD
        return _HEADER + tuples.tobytes() + _TRAILER

    def newest(self) -> dict[str, list[Any]]:
        """Parameters of `upsert_latest`: each sensor's newest reading; of equals the first."""
        order = np.lexsort((-np.arange(len(self)), self.times_us, self.sensor_ids))
        sensors = self.sensor_ids[order]
        last = np.append(sensors[1:] != sensors[:-1], True) if len(self) else np.array([], bool)
        chosen = order[last]
        return {
            "sensor_ids": self.sensor_ids[chosen].tolist(),
            "times_us": self.times_us[chosen].tolist(),
            "values": self.values[chosen].tolist(),
        }

    def hours(self) -> dict[str, list[int]]:
        """Parameters of `mark_rollups_due`: each hour touched of each sensor."""
        # One number per pair sorts many times quicker than pairs; hours need 20 bits until 2089.
        keys = np.unique(self.sensor_ids.astype(np.int64) << 32 | self.times_us // _HOUR_US)
        return {
            "sensor_ids": (keys >> 32).tolist(),
            "hour_numbers": (keys & 0xFFFF_FFFF).tolist(),
        }
