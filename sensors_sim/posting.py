"""What a device posts at one moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts.quantities import QUANTITIES
from contracts.topics import TelemetryTopic


@dataclass(frozen=True, slots=True)
class Posting:
    """A batch of one device.

    Attributes
    ----------
    time : of all its readings, with offset
    values : sensor code -> value, in the canonical unit of its quantity
    quantities : sensor code -> key of its quantity
    """

    station: str
    device: str
    time: datetime
    values: Mapping[str, float]
    quantities: Mapping[str, str]

    @property
    def topic(self) -> str:
        """Where it is posted."""
        return str(TelemetryTopic(self.station, self.device))

    @property
    def payload(self) -> bytes:
        """The batch as JSON (contracts.readings)."""
        readings = [
            {"sensor": sensor, "value": value, "unit": QUANTITIES[self.quantities[sensor]].unit}
            for sensor, value in self.values.items()
        ]
        content = {"time": self.time.isoformat(), "readings": readings}
        return json.dumps(content, separators=(",", ":")).encode()
