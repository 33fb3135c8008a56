"""Reading a message with something odd in it, member by member, and saying what is odd."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.quantities import accepted_units, to_canonical
from contracts.readings import MAX_READINGS_PER_MESSAGE, RejectReason
from gateway.inbox import Message
from gateway.instant import BadTimeError, instant_us
from gateway.registry import KnownDevice, KnownSensor
from gateway.rejection import Rejection

Landed = tuple[int, int, float]
_OBJECT = "an object"


@dataclass(frozen=True, slots=True)
class _Member:
    """One reading as given, unchecked; `time` is its own, else its batch's, else None."""

    place: str
    raw: Any
    time: Any
    alone: bool
    wanted: str = _OBJECT


class _RefusalError(Exception):
    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def decode_carefully(
    message: Message, device: KnownDevice, rejections: list[Rejection]
) -> Iterator[Landed]:
    """Sensor id, time and value of each sound reading; the others are appended to `rejections`."""
    try:
        members = _members(_parse(message.payload))
    except _RefusalError as refusal:
        rejections.append(Rejection(refusal.reason, str(refusal)))
        return
    for member in members:
        try:
            yield _landed(member, device, message.arrived_us)
        except _RefusalError as refusal:
            rejections.append(_rejection(member, refusal))


def _rejection(member: _Member, refusal: _RefusalError) -> Rejection:
    code = member.raw.get("sensor") if isinstance(member.raw, dict) else None
    return Rejection(
        refusal.reason,
        f"{member.place}: {refusal}" if member.place else str(refusal),
        sensor_code=code if isinstance(code, str) else None,
        place=member.place,
        member=None if member.alone else _as_json(member.raw).encode(errors="replace"),
    )


def _parse(payload: bytes) -> Any:
    """The JSON value; unlike the quick decoder it lets NaN through, to be named as such later."""
    try:
        return json.loads(payload.decode())
    except UnicodeDecodeError as error:
        words = f"not UTF-8: {error.reason} at byte {error.start}"
    except RecursionError:
        words = "nested too deeply; want an object, or an array of objects"
    except ValueError as error:
        words = f"not JSON: {error}"
    raise _RefusalError(RejectReason.MALFORMED, words)


def _members(content: Any) -> list[_Member]:
    """The readings of a message, each with the place it stands at."""
    parts = content if isinstance(content, list) else [content]
    if not parts:
        raise _RefusalError(RejectReason.MALFORMED, "an empty array; want at least one reading")
    members: list[_Member] = []
    for number, part in enumerate(parts):
        place = f"[{number}]" if isinstance(content, list) else ""
        members.extend(_members_of(part, place))
    if len(members) > MAX_READINGS_PER_MESSAGE:
        raise _RefusalError(
            RejectReason.TOO_LARGE,
            f"{len(members)} readings; want at most {MAX_READINGS_PER_MESSAGE} in one message",
        )
    return members


def _members_of(part: Any, place: str) -> list[_Member]:
    if not isinstance(part, dict) or "readings" not in part:
        time = part.get("time") if isinstance(part, dict) else None
        return [_Member(place, part, time, alone=not place)]
    readings = part["readings"]
    if not isinstance(readings, list) or not readings:
        wanted = "a list of at least one reading"
        return [_Member(f"{place}readings", readings, None, alone=not place, wanted=wanted)]
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
    if not isinstance(raw, dict) or member.wanted != _OBJECT:
        words = f"{_shown(raw)} is given; want {member.wanted}"
        raise _RefusalError(RejectReason.MALFORMED, words)
    sensor = _sensor(raw, device)
    value = _canonical(_number(raw), raw.get("unit"), sensor)
    if member.time is None:
        return sensor.id, arrived_us, value
    try:
        return sensor.id, instant_us(member.time, arrived_us), value
    except BadTimeError as error:
        raise _RefusalError(RejectReason.BAD_TIME, str(error)) from None


def _sensor(raw: dict[str, Any], device: KnownDevice) -> KnownSensor:
    code = raw.get("sensor")
    if not isinstance(code, str):
        raise _RefusalError(
            RejectReason.MALFORMED, f"sensor is {_shown(code)}; want its code as text"
        )
    sensor = device.sensors.get(code)
    if sensor is None:
        known = ", ".join(sorted(device.sensors)) or "none"
        raise _RefusalError(
            RejectReason.UNKNOWN_SENSOR, f"the device has no sensor {_shown(code)}; it has {known}"
        )
    return sensor


def _number(raw: dict[str, Any]) -> float:
    value = raw.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _RefusalError(
            RejectReason.NOT_A_NUMBER, f"value is {_shown(value)}; want a JSON number"
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _RefusalError(
            RejectReason.NOT_A_NUMBER, f"value is {_shown(value)}; want a finite JSON number"
        )
    return number


def _canonical(value: float, unit: Any, sensor: KnownSensor) -> float:
    quantity = sensor.quantity
    accepted = accepted_units(quantity)
    if unit is not None and unit not in accepted:
        raise _RefusalError(
            RejectReason.WRONG_UNIT,
            f"{quantity.key} in {_shown(unit)}; want one of {', '.join(accepted)}",
        )
    canonical = to_canonical(quantity, value, unit)
    if not sensor.lowest <= canonical <= sensor.highest:
        given = f"{value:g}" if unit in (None, quantity.unit) else f"{value:g} {unit}"
        raise _RefusalError(
            RejectReason.OUT_OF_RANGE,
            f"{quantity.key} of {given} is outside"
            f" {sensor.lowest:g} to {sensor.highest:g} {quantity.unit}",
        )
    return canonical


def _shown(value: Any) -> str:
    """The value as JSON, cut short."""
    if value is None:
        return "missing"
    text = _as_json(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "a deeply nested value"
