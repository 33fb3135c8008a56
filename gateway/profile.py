"""Device profiles: which field of a foreign message is which sensor, and in what unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ProfileField:
    """What a field of a message means.

    Attributes
    ----------
    sensor : code of the device's sensor
    quantity : what that sensor must measure, a guard against a wrong mapping; None: any
    unit : UCUM code of `value * factor + offset`, where the message names none; None: canonical
    text : the number comes as text
    """

    sensor: str
    quantity: str | None = None
    unit: str | None = None
    factor: float = 1.0
    offset: float = 0.0
    text: bool = False

    def scaled(self, value: float) -> float:
        """The value times factor plus offset."""
        inverse = round(1 / self.factor) if 1e-9 < abs(self.factor) < 1 else 0
        # 3 * 0.1 is not 0.3, but 3 / 10 is.
        exact = inverse != 0 and 1 / inverse == self.factor
        return (value / inverse if exact else value * self.factor) + self.offset


@dataclass(frozen=True, slots=True)
class Profile:
    """How the messages of one kind of device are read.

    Attributes
    ----------
    codec : "senml", "chirpstack", "things_stack", "tasmota" or "scaled_integers"
    zone : where times without an offset are at home; None if the zone's name is unknown
    """

    code: str
    codec: str
    zone: ZoneInfo | None = None
    fields: Mapping[str, ProfileField] = field(default_factory=dict)


def profile_from(code: str, codec: str, zone: str, fields: Mapping[str, Any]) -> Profile:
    """The profile as the database holds it; its constraints have checked the fields' shape."""
    known_zone: ZoneInfo | None
    try:
        known_zone = ZoneInfo(zone)
    except (KeyError, OSError, ValueError):  # unknown; a folder; not a name at all
        known_zone = None
    return Profile(code, codec, known_zone, {name: _field(one) for name, one in fields.items()})


def _field(given: Mapping[str, Any]) -> ProfileField:
    return ProfileField(
        given["sensor"],
        given.get("quantity"),
        given.get("unit"),
        float(given.get("factor", 1)),
        float(given.get("offset", 0)),
        bool(given.get("text", False)),
    )
