"""MQTT topics: `tepai/v1/{station}/{device}/telemetry`, and those of foreign networks."""

import re
from dataclasses import dataclass

ROOT = "tepai/v1"
TELEMETRY = "telemetry"
TELEMETRY_FILTER = f"{ROOT}/+/+/{TELEMETRY}"
CHIRPSTACK_FILTER = "application/+/device/+/event/up"
THINGS_STACK_FILTER = "v3/+/devices/+/up"
TASMOTA_FILTER = "tele/+/SENSOR"
READING_FILTERS = (TELEMETRY_FILTER, CHIRPSTACK_FILTER, THINGS_STACK_FILTER, TASMOTA_FILTER)
SHARED_READING_FILTERS = tuple(f"$share/gateway/{name}" for name in READING_FILTERS)

# What MQTT allows and a person can read aloud; `+`, `#`, `/` and NUL would break the topic.
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class TopicError(ValueError):
    """A topic that does not follow the scheme; `code` is a key of `REJECTION_TEXTS`."""

    def __init__(self, code: str, given: str, wanted: str) -> None:
        """Keep what was given and what would be right."""
        super().__init__(f"{given!r}: want {wanted}")
        self.code = code
        self.given = given
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class TelemetryTopic:
    """Where readings of one device are posted; both codes are those of the registry."""

    station: str
    device: str

    def __post_init__(self) -> None:
        """Refuse codes that a topic cannot carry."""
        for problem, value in (
            ("station_code_malformed", self.station),
            ("device_code_malformed", self.device),
        ):
            if not CODE.fullmatch(value):
                wanted = "1 to 63 of a-z, 0-9, '-' and '_', not first '-' or '_'"
                raise TopicError(problem, value, wanted)

    def __str__(self) -> str:
        """The topic as published."""
        return f"{ROOT}/{self.station}/{self.device}/{TELEMETRY}"


def parse_telemetry(topic: str) -> TelemetryTopic:
    """Station and device of a telemetry topic.

    Raises
    ------
    TopicError
        If the topic is of another scheme or its codes are malformed.
    """
    parts = topic.split("/")
    if len(parts) != 5 or "/".join(parts[:2]) != ROOT or parts[4] != TELEMETRY:
        raise TopicError("topic_malformed", topic, f"{ROOT}/<station>/<device>/{TELEMETRY}")
    return TelemetryTopic(parts[2], parts[3])


@dataclass(frozen=True, slots=True)
class ForeignTopic:
    """Where a foreign network posts what it knows of one device.

    Attributes
    ----------
    codec : as in `device_profile.codec`
    external_ids : what `device.external_id` may hold for the device, the fullest first
    carries_readings : false for events of another kind (joins, acknowledgements, states)
    """

    codec: str
    external_ids: tuple[str, ...]
    carries_readings: bool


def parse_foreign(topic: str) -> ForeignTopic | None:
    """Network, device and kind of event of a foreign topic; None for any other topic."""
    match topic.split("/"):
        case ["application", _, "device", device, "event", event] if device:
            return ForeignTopic("chirpstack", (device.lower(),), event == "up")
        case ["v3", application, "devices", device, *event] if device and event:
            ids = (f"{application}/{device}", device)
            return ForeignTopic("things_stack", ids, event == ["up"])
        case ["tele", device, event] if device:
            return ForeignTopic("tasmota", (device,), event == "SENSOR")
    return None
