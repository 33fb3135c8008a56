"""Telemetry messages in, readings and rejections out. Pure: no clock, no network, no database.

Nearly all messages are right, and are read by a typed decoder in one short loop. A message with
anything odd in it is read again, member by member, by `gateway.careful`, so that what is wrong
never takes what is right with it. Devices that speak another language are read by `gateway.codecs`.

A reading without any time takes that of its arrival, so it alone cannot be told from a new one when
the broker sends it again after a break: devices that shall never be counted twice send the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from contracts.readings import (
    MAX_PAYLOAD_BYTES,
    MAX_READINGS_PER_MESSAGE,
    ReadingMessage,
    RejectReason,
)
from contracts.topics import (
    ForeignTopic,
    TelemetryTopic,
    TopicError,
    parse_foreign,
    parse_telemetry,
)
from gateway.as_given import as_given
from gateway.careful import decode_carefully
from gateway.checks import Landed
from gateway.codecs.mapping import OWN_TOPIC_CODECS, decode_by_profile
from gateway.inbox import Message
from gateway.instant import BadTimeError, instant_us
from gateway.registry import KnownDevice, Registry
from gateway.rejection import Rejection


class _Incoming(msgspec.Struct, frozen=True, gc=False):
    """A single reading and a batch in one, so that one decoder reads both."""

    readings: list[ReadingMessage] | None = None
    sensor: str | None = None
    value: float | None = None
    time: str | float | None = None
    unit: str | None = None


_ONE = msgspec.json.Decoder(_Incoming)
_MANY = msgspec.json.Decoder(list[_Incoming])


@dataclass(slots=True)
class Decoded:
    """What one message holds: three lists of one length, and what was refused of it.

    Attributes
    ----------
    times_us : microseconds since 1970-01-01 UTC
    values : in the canonical unit of the sensor's quantity
    """

    sensor_ids: list[int] = field(default_factory=list)
    times_us: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


class _OddError(Exception):
    """Something in the message needs the careful way."""


def decode(message: Message, registry: Registry) -> Decoded:
    """Readings and rejections of one message; raises nothing, whatever the bytes."""
    device = registry.by_topic.get(message.topic)
    if device is None:
        return _decode_foreign(message, registry)
    if message.size > MAX_PAYLOAD_BYTES:
        return Decoded(rejections=[_too_large(message)])
    if device.profile is not None and device.profile.codec in OWN_TOPIC_CODECS:
        return _decode_by_profile(message, device)
    try:
        return _decode_quickly(message, device)
    except (_OddError, BadTimeError, msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        decoded = Decoded()
        return _with(decoded, decode_carefully(message, device, decoded.rejections))


def _with(decoded: Decoded, landed: Iterable[Landed]) -> Decoded:
    for sensor_id, time_us, value in landed:
        decoded.sensor_ids.append(sensor_id)
        decoded.times_us.append(time_us)
        decoded.values.append(value)
    return decoded


def _decode_by_profile(message: Message, device: KnownDevice) -> Decoded:
    decoded = Decoded()
    if device.profile is None:
        return decoded
    landed = decode_by_profile(message, device, device.profile, decoded.rejections)
    return _with(decoded, landed)


def _decode_foreign(message: Message, registry: Registry) -> Decoded:
    """What is posted under no topic of ours; events without readings are left out knowingly."""
    topic = parse_foreign(message.topic)
    if topic is not None and not topic.carries_readings:
        return Decoded()
    if message.size > MAX_PAYLOAD_BYTES:
        return Decoded(rejections=[_too_large(message)])
    if topic is None:
        return Decoded(rejections=[_whole_refusal(message, registry)])
    device = registry.foreign_device(topic)
    if device is None:
        return Decoded(rejections=[_unknown_foreign(topic)])
    return _decode_by_profile(message, device)


def _decode_quickly(message: Message, device: KnownDevice) -> Decoded:
    payload = message.payload
    if not payload.isascii():
        payload.decode()  # the decoder does not look at texts that it skips
    decoded = Decoded()
    is_array = payload.lstrip()[:1] == b"["
    parts = _MANY.decode(payload) if is_array else [_ONE.decode(payload)]
    if not parts:
        raise _OddError
    for part in parts:
        if part.readings is None:
            if part.sensor is None or part.value is None:
                raise _OddError
            alone = ReadingMessage(part.sensor, part.value, None, part.unit)
            _append_readings([alone], part.time, message.arrived_us, device, decoded)
        elif part.readings and part.sensor is None and part.value is None:
            _append_readings(part.readings, part.time, message.arrived_us, device, decoded)
        else:
            raise _OddError
    if len(decoded.values) > MAX_READINGS_PER_MESSAGE:
        raise _OddError
    return decoded


def _append_readings(
    readings: list[ReadingMessage],
    batch_time: str | float | None,
    arrived_us: int,
    device: KnownDevice,
    decoded: Decoded,
) -> None:
    """The hot loop: about 5 million readings a minute pass here, so it does the least it can."""
    shared_us = arrived_us if batch_time is None else instant_us(batch_time, arrived_us)
    sensors = device.sensors
    for reading in readings:
        sensor = sensors.get(reading.sensor)
        if sensor is None:
            raise _OddError
        unit = reading.unit
        value = reading.value
        if (unit is not None and unit != sensor.unit) or not (
            sensor.lowest <= value <= sensor.highest
        ):
            raise _OddError
        time = reading.time
        decoded.sensor_ids.append(sensor.id)
        decoded.times_us.append(shared_us if time is None else instant_us(time, arrived_us))
        decoded.values.append(value)


def _too_large(message: Message) -> Rejection:
    parameters = {"given": message.size, "most": MAX_PAYLOAD_BYTES}
    return Rejection(RejectReason.TOO_LARGE, "payload_too_large", parameters)


def _unknown_foreign(topic: ForeignTopic) -> Rejection:
    parameters = {"given": as_given(topic.external_ids[0]), "codec": topic.codec}
    return Rejection(RejectReason.UNKNOWN_DEVICE, "unknown_external_device", parameters)


def _whole_refusal(message: Message, registry: Registry) -> Rejection:
    try:
        topic = parse_telemetry(message.topic)
    except TopicError as error:
        parameters = {"given": as_given(error.given), "wanted": error.wanted}
        return Rejection(RejectReason.BAD_TOPIC, error.code, parameters)
    return _unknown_device(topic, registry)


def _unknown_device(topic: TelemetryTopic, registry: Registry) -> Rejection:
    reason = RejectReason.UNKNOWN_DEVICE
    if topic.station not in registry.stations:
        return Rejection(reason, "unknown_station", {"given": as_given(topic.station)})
    known = sorted(code for of, code in registry.devices if of == topic.station)
    given = as_given(topic.device)
    parameters = {"given": given, "station": topic.station, "known": known}
    return Rejection(reason, "unknown_device", parameters)
