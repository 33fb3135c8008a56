"""The telemetry message (design §6): what a device posts, what the gateway makes of it.

A payload is one JSON object or an array of them. An object is either a single reading or a batch
whose members may leave out the time and take the batch's:

    {"sensor": "air_temperature", "value": 21.4, "unit": "Cel", "time": "2026-11-23T08:00:00+08:00"}
    {"time": 1795392000, "readings": [{"sensor": "air_temperature", "value": 21.4}, ...]}

msgspec, not pydantic: it decodes a backlog of messages in one call (docs/decisions/0004).
"""

from datetime import datetime
from enum import StrEnum

import msgspec

MAX_PAYLOAD_BYTES = 256 * 1024
MAX_READINGS_PER_MESSAGE = 5_000


class ReadingMessage(msgspec.Struct, frozen=True, gc=False):
    """One reading as a device sends it.

    Attributes
    ----------
    sensor : code of the sensor within its device (registry: `sensor.code`)
    value : a JSON number, in `unit`
    time : ISO 8601 with an offset, or seconds since 1970 (UTC); if absent the batch's, else arrival
    unit : UCUM code; the quantity's own unit if absent
    """

    sensor: str
    value: float
    time: str | float | None = None
    unit: str | None = None


class BatchMessage(msgspec.Struct, frozen=True, gc=False):
    """Many readings under one time."""

    readings: list[ReadingMessage]
    time: str | float | None = None


class Quality(StrEnum):
    """QARTOD flags (ioos_qc 3.0.0); `code` is what `reading.quality` holds."""

    GOOD = "good"
    UNKNOWN = "unknown"
    SUSPECT = "suspect"
    FAIL = "fail"
    MISSING = "missing"

    @property
    def code(self) -> int:
        """The number stored."""
        return {"good": 1, "unknown": 2, "suspect": 3, "fail": 4, "missing": 9}[self.value]


class RejectReason(StrEnum):
    """Why a reading, or a whole message, was kept aside in `reading_rejected`."""

    BAD_TOPIC = "bad_topic"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    UNKNOWN_DEVICE = "unknown_device"
    UNKNOWN_SENSOR = "unknown_sensor"
    WRONG_UNIT = "wrong_unit"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    BAD_TIME = "bad_time"
    CONFLICTING_VALUE = "conflicting_value"


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A reading that passed: the registry's sensor, canonical unit, aware time."""

    sensor_id: int
    time: datetime
    value: float
    quality: int = 1
