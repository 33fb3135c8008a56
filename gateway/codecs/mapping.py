"""From a device's fields to its sensors: the one place where factor, unit, range and time count."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.readings import MAX_READINGS_PER_MESSAGE, RejectReason
from gateway.as_given import as_given, as_json
from gateway.checks import Landed, RefusalError, canonical, finite_number, read_json
from gateway.codecs import chirpstack, scaled_integers, senml, tasmota, things_stack
from gateway.codecs.item import Item
from gateway.inbox import Message
from gateway.instant import BadTimeError, instant_us
from gateway.profile import Profile, ProfileField
from gateway.registry import KnownDevice, KnownSensor
from gateway.rejection import Rejection, storable_text

Codec = Callable[[Any, int], Iterator[Item]]

CODECS: Mapping[str, Codec] = {
    "senml": senml.items,
    "chirpstack": chirpstack.items,
    "things_stack": things_stack.items,
    "tasmota": tasmota.items,
    "scaled_integers": scaled_integers.items,
}
# These post under the device's own topic; the others under those of their network.
OWN_TOPIC_CODECS = frozenset({"senml", "scaled_integers"})
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def decode_by_profile(
    message: Message, device: KnownDevice, profile: Profile, rejections: list[Rejection]
) -> Iterator[Landed]:
    """Sensor id, time and value of each sound reading; the others are appended to `rejections`.

    Fields that the profile does not name are left out; a message of which nothing is left is
    refused.
    """
    try:
        found = _mapped(message, device, profile)
    except RefusalError as refusal:
        rejections.append(Rejection(refusal.reason, refusal.code, refusal.parameters))
        return
    for item, meaning in found:
        try:
            yield _landed(item, meaning, device, profile, message.arrived_us)
        except RefusalError as refusal:
            rejections.append(_rejection(item, refusal))


def _mapped(
    message: Message, device: KnownDevice, profile: Profile
) -> list[tuple[Item, ProfileField]]:
    """What the profile names of the message."""
    content = read_json(message.payload)
    prefix = device.external_id if profile.codec == "senml" else None
    found: list[tuple[Item, ProfileField]] = []
    names: dict[str, None] = {}
    for item in CODECS[profile.codec](content, message.arrived_us):
        names[item.field] = None
        meaning = _meaning(item, profile, prefix)
        if meaning is not None:
            found.append((item, meaning))
    if len(found) > MAX_READINGS_PER_MESSAGE:
        parameters = {"given": len(found), "most": MAX_READINGS_PER_MESSAGE}
        raise RefusalError(RejectReason.TOO_LARGE, "too_many_readings", parameters)
    if not found:
        listed = {"found": [*names], "known": sorted(profile.fields), "profile": profile.code}
        raise RefusalError(RejectReason.UNKNOWN_SENSOR, "no_field_known", listed)
    return found


def _meaning(item: Item, profile: Profile, prefix: str | None) -> ProfileField | None:
    for name in (item.narrower, item.field):
        if name is None:
            continue
        meaning = profile.fields.get(name) or profile.fields.get(_local(name, prefix))
        if meaning is not None:
            return meaning
    return None


def _local(name: str, prefix: str | None) -> str:
    """The name without the device's own, so that one profile serves many devices."""
    if prefix is None or not name.startswith(prefix):
        return name
    return name[len(prefix) :].lstrip(":/.")


def _landed(
    item: Item, meaning: ProfileField, device: KnownDevice, profile: Profile, arrived_us: int
) -> Landed:
    sensor = _sensor(meaning, device)
    number = finite_number(_plain(item.value, as_text=meaning.text))
    if profile.codec == "scaled_integers" and not number.is_integer():
        given = {"given": as_given(item.value)}
        raise RefusalError(RejectReason.NOT_A_NUMBER, "value_not_integer", given)
    unit = meaning.unit if item.unit is None else item.unit
    value = canonical(meaning.scaled(number), unit, sensor)
    if item.time is None:
        if item.must_have_time:
            raise RefusalError(RejectReason.BAD_TIME, "time_missing", {})
        return sensor.id, arrived_us, value
    try:
        return sensor.id, instant_us(item.time, arrived_us, profile.zone), value
    except BadTimeError as error:
        raise RefusalError(RejectReason.BAD_TIME, error.code, error.parameters) from None


def _sensor(meaning: ProfileField, device: KnownDevice) -> KnownSensor:
    sensor = device.sensors.get(meaning.sensor)
    if sensor is None:
        parameters = {"given": as_given(meaning.sensor), "known": sorted(device.sensors)}
        raise RefusalError(RejectReason.UNKNOWN_SENSOR, "unknown_sensor", parameters)
    if meaning.quantity is not None and meaning.quantity != sensor.quantity.key:
        parameters = {
            "sensor": sensor.code,
            "given": meaning.quantity,
            "quantity": sensor.quantity.key,
        }
        raise RefusalError(RejectReason.UNKNOWN_SENSOR, "sensor_of_other_quantity", parameters)
    return sensor


def _plain(value: Any, *, as_text: bool) -> Any:
    """The value, read from its text where the profile says that it comes as one."""
    if as_text and isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    return value


def _rejection(item: Item, refusal: RefusalError) -> Rejection:
    return Rejection(
        refusal.reason,
        refusal.code,
        refusal.parameters,
        sensor_code=item.field,
        place=storable_text(item.place),  # it holds names that the device gave
        member=as_json({"field": item.field, "value": item.value, "time": item.time}).encode(
            errors="replace"
        ),
        key=item.place,
    )
