"""Reading a message with something odd in it, member by member, and saying what is odd."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.readings import MAX_READINGS_PER_MESSAGE, RejectReason
from gateway.as_given import as_given, as_json
from gateway.checks import Landed, RefusalError, canonical, finite_number, read_json
from gateway.inbox import Message
from gateway.instant import BadTimeError, instant_us
from gateway.registry import KnownDevice, KnownSensor
from gateway.rejection import Rejection

_EXAMPLE = '{"sensor": "air_temperature", "value": 21.4}'


@dataclass(frozen=True, slots=True)
class _Member:
    """One reading as given, unchecked; `time` is its own, else its batch's, else None.

    `is_list`: not one reading, but what should have been a list of them.
    """

    place: str
    raw: Any
    time: Any
    alone: bool
    is_list: bool = False


def decode_carefully(
    message: Message, device: KnownDevice, rejections: list[Rejection]
) -> Iterator[Landed]:
    """Sensor id, time and value of each sound reading; the others are appended to `rejections`."""
    try:
        members = _members(read_json(message.payload))
    except RefusalError as refusal:
        rejections.append(Rejection(refusal.reason, refusal.code, refusal.parameters))
        return
    for member in members:
        try:
            yield _landed(member, device, message.arrived_us)
        except RefusalError as refusal:
            rejections.append(_rejection(member, refusal))


def _rejection(member: _Member, refusal: RefusalError) -> Rejection:
    code = member.raw.get("sensor") if isinstance(member.raw, dict) else None
    return Rejection(
        refusal.reason,
        refusal.code,
        refusal.parameters,
        sensor_code=code if isinstance(code, str) else None,
        place=member.place,
        member=None if member.alone else as_json(member.raw).encode(errors="replace"),
    )


def _members(content: Any) -> list[_Member]:
    """The readings of a message, each with the place it stands at."""
    parts = content if isinstance(content, list) else [content]
    if not parts:
        raise RefusalError(RejectReason.MALFORMED, "array_empty", {})
    members: list[_Member] = []
    for number, part in enumerate(parts):
        place = f"[{number}]" if isinstance(content, list) else ""
        members.extend(_members_of(part, place))
    if len(members) > MAX_READINGS_PER_MESSAGE:
        parameters = {"given": len(members), "most": MAX_READINGS_PER_MESSAGE}
        raise RefusalError(RejectReason.TOO_LARGE, "too_many_readings", parameters)
    return members


def _members_of(part: Any, place: str) -> list[_Member]:
    if not isinstance(part, dict) or "readings" not in part:
        time = part.get("time") if isinstance(part, dict) else None
        return [_Member(place, part, time, alone=not place)]
    readings = part["readings"]
    if not isinstance(readings, list) or not readings:
        return [_Member(f"{place}readings", readings, None, alone=not place, is_list=True)]
    shared = part.get("time")
    return [
        _Member(
            f"{place}readings[{number}]",
            raw,
            raw["time"] if isinstance(raw, dict) and raw.get("time") is not None else shared,
            alone=False,
        )
        for number, raw in enumerate(readings)
    ]


def _landed(member: _Member, device: KnownDevice, arrived_us: int) -> Landed:
    raw = member.raw
    if member.is_list:
        raise _malformed("not_a_list_of_readings", raw)
    if not isinstance(raw, dict):
        raise _malformed("not_an_object", raw, example=_EXAMPLE)
    sensor = _sensor(raw, device)
    value = canonical(finite_number(raw.get("value")), raw.get("unit"), sensor)
    if member.time is None:
        return sensor.id, arrived_us, value
    try:
        return sensor.id, instant_us(member.time, arrived_us), value
    except BadTimeError as error:
        raise RefusalError(RejectReason.BAD_TIME, error.code, error.parameters) from None


def _malformed(code: str, raw: Any, **parameters: Any) -> RefusalError:
    return RefusalError(RejectReason.MALFORMED, code, {"given": as_given(raw), **parameters})


def _sensor(raw: dict[str, Any], device: KnownDevice) -> KnownSensor:
    code = raw.get("sensor")
    if code is None:
        raise RefusalError(RejectReason.MALFORMED, "sensor_missing", {})
    if not isinstance(code, str):
        raise _malformed("sensor_not_text", code)
    sensor = device.sensors.get(code)
    if sensor is None:
        parameters = {"given": as_given(code), "known": sorted(device.sensors)}
        raise RefusalError(RejectReason.UNKNOWN_SENSOR, "unknown_sensor", parameters)
    return sensor
