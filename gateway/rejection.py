"""A reading, or a whole message, that cannot be kept as a reading: what, why, and its bytes."""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from contracts.readings import RejectReason
from contracts.topics import TopicError, parse_foreign, parse_telemetry
from gateway.inbox import Message
from gateway.registry import Registry

KEPT_BYTES = 64 * 1024
# All rows of one message together keep no more of its raw bytes than this.
KEPT_BYTES_PER_MESSAGE = 256 * 1024
_LONGEST_TEXT = 500
_LONGEST_LIST = 20
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why something was refused.

    Attributes
    ----------
    detail_code : key of `contracts.rejections.REJECTION_TEXTS`
    parameters : what was given and what would be right: texts, numbers, lists of texts
    sensor_code : as given by the device, where it gave one
    place : where in the message, as "readings[3]"
    member : the refused part as JSON, where it is one of several
    key : tells rejections of one message apart that have no place of their own
    """

    reason: RejectReason
    detail_code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    sensor_code: str | None = None
    place: str = ""
    member: bytes | None = None
    key: str = ""

    def detail(self) -> dict[str, Any]:
        """Code, parameters and place as the database can hold them."""
        return {
            "code": self.detail_code,
            "parameters": {name: _storable(value) for name, value in self.parameters.items()},
            "place": self.place,
        }


def rejected_rows(
    message: Message, rejections: Iterable[Rejection], registry: Registry
) -> Iterator[dict[str, Any]]:
    """Parameters of `insert_rejected` for what was refused of one message."""
    head = message.payload[:KEPT_BYTES]
    day = message.arrived_us // _DAY_US
    whole = hashlib.sha256(f"{message.topic}\0{message.size}\0{day}\0".encode() + head).digest()
    station_id = _station_id(message.topic, registry)
    kept = 0
    for rejection in rejections:
        payload = head
        if rejection.member is not None and kept + len(head) > KEPT_BYTES_PER_MESSAGE:
            payload = rejection.member[:1024]
        kept += len(payload)
        yield {
            "arrived_us": message.arrived_us,
            "topic": storable_text(message.topic),
            "payload": payload,
            "payload_bytes": message.size,
            "reason": str(rejection.reason),
            "detail": Jsonb(rejection.detail()),
            "sensor_code": rejection.sensor_code and storable_text(rejection.sensor_code)[:63],
            "station_id": station_id,
            "redelivery_key": hashlib.sha256(
                whole + f"{rejection.place}{rejection.key}".encode(errors="replace")
            ).digest(),
        }


def storable_text(text: str) -> str:
    """The text as the database can hold it: no NUL, no lone surrogate, not endless."""
    clean = text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return clean if len(clean) <= _LONGEST_TEXT else clean[: _LONGEST_TEXT - 1] + "…"


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no word for it
    if isinstance(value, list):
        shown = [storable_text(str(one)) for one in value[:_LONGEST_LIST]]
        return shown if len(value) <= _LONGEST_LIST else [*shown, "…"]
    return value


def _station_id(topic: str, registry: Registry) -> object:
    foreign = parse_foreign(topic)
    if foreign is not None:
        device = registry.foreign_device(foreign)
        return None if device is None else device.station_id
    try:
        return registry.stations.get(parse_telemetry(topic).station)
    except TopicError:
        return None
