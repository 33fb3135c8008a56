"""Reading a message with something odd in it, member by member, and saying what is odd."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contracts.quantities import accepted_units, to_canonical
from contracts.readings import MAX_READINGS_PER_MESSAGE, RejectReason
from gateway.as_given import as_given, as_json
from gateway.inbox import Message
from gateway.instant import BadTimeError, instant_us
from gateway.registry import KnownDevice, KnownSensor
from gateway.rejection import Rejection
from gateway.unreadable import why_unreadable

Landed = tuple[int, int, float]
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


class _RefusalError(Exception):
    def __init__(self, reason: RejectReason, code: str, parameters: dict[str, Any]) -> None:
        super().__init__(code)
        self.reason = reason
        self.code = code
        self.parameters = parameters


def decode_carefully(
    message: Message, device: KnownDevice, rejections: list[Rejection]
) -> Iterator[Landed]:
    """Sensor id, time and value of each sound reading; the others are appended to `rejections`."""
    try:
        members = _members(_parse(message.payload))
    except _RefusalError as refusal:
        rejections.append(Rejection(refusal.reason, refusal.code, refusal.parameters))
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
        refusal.code,
        refusal.parameters,
        sensor_code=code if isinstance(code, str) else None,
        place=member.place,
        member=None if member.alone else as_json(member.raw).encode(errors="replace"),
    )


def _parse(payload: bytes) -> Any:
    """The JSON value; unlike the quick decoder it lets NaN through, to be named as such later."""
    try:
        return json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        code, parameters = why_unreadable(error)
    raise _RefusalError(RejectReason.MALFORMED, code, parameters)


def _members(content: Any) -> list[_Member]:
    """The readings of a message, each with the place it stands at."""
    parts = content if isinstance(content, list) else [content]
    if not parts:
        raise _RefusalError(RejectReason.MALFORMED, "array_empty", {})
    members: list[_Member] = []
    for number, part in enumerate(parts):
        place = f"[{number}]" if isinstance(content, list) else ""
        members.extend(_members_of(part, place))
    if len(members) > MAX_READINGS_PER_MESSAGE:
        parameters = {"given": len(members), "most": MAX_READINGS_PER_MESSAGE}
        raise _RefusalError(RejectReason.TOO_LARGE, "too_many_readings", parameters)
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
    value = _canonical(_number(raw), raw.get("unit"), sensor)
    if member.time is None:
        return sensor.id, arrived_us, value
    try:
        return sensor.id, instant_us(member.time, arrived_us), value
    except BadTimeError as error:
        raise _RefusalError(RejectReason.BAD_TIME, error.code, error.parameters) from None


def _malformed(code: str, raw: Any, **parameters: Any) -> _RefusalError:
    return _RefusalError(RejectReason.MALFORMED, code, {"given": as_given(raw), **parameters})


def _sensor(raw: dict[str, Any], device: KnownDevice) -> KnownSensor:
    code = raw.get("sensor")
    if code is None:
        raise _RefusalError(RejectReason.MALFORMED, "sensor_missing", {})
    if not isinstance(code, str):
        raise _malformed("sensor_not_text", code)
    sensor = device.sensors.get(code)
    if sensor is None:
        parameters = {"given": as_given(code), "known": sorted(device.sensors)}
        raise _RefusalError(RejectReason.UNKNOWN_SENSOR, "unknown_sensor", parameters)
    return sensor


def _number(raw: dict[str, Any]) -> float:
    value = raw.get("value")
    if value is None:
        raise _RefusalError(RejectReason.NOT_A_NUMBER, "value_missing", {})
    given = {"given": as_given(value)}
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _RefusalError(RejectReason.NOT_A_NUMBER, "value_not_number", given)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _RefusalError(RejectReason.NOT_A_NUMBER, "value_not_finite", given)
    return number


def _canonical(value: float, unit: Any, sensor: KnownSensor) -> float:
    quantity = sensor.quantity
    accepted = accepted_units(quantity)
    if unit is not None and unit not in accepted:
        raise _RefusalError(
            RejectReason.WRONG_UNIT,
            "unit_not_accepted",
            {"quantity": quantity.key, "given": as_given(unit), "accepted": list(accepted)},
        )
    canonical = to_canonical(quantity, value, unit)
    if not sensor.lowest <= canonical <= sensor.highest:
        raise _outside_range(value, unit, canonical, sensor)
    return canonical


def _outside_range(
    value: float, unit: str | None, canonical: float, sensor: KnownSensor
) -> _RefusalError:
    parameters = {
        "quantity": sensor.quantity.key,
        "given": value,
        "unit": sensor.unit,
        "lowest": sensor.lowest,
        "highest": sensor.highest,
    }
    if unit in (None, sensor.unit):
        return _RefusalError(RejectReason.OUT_OF_RANGE, "value_outside_range", parameters)
    # Twelve digits: what the conversion adds behind them is no measurement.
    parameters |= {"given_unit": unit, "converted": float(f"{canonical:.12g}")}
    return _RefusalError(RejectReason.OUT_OF_RANGE, "converted_outside_range", parameters)
