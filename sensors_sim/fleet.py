"""The synthetic fleet: at every station a weather station and a soil probe."""

from collections.abc import Iterator
from datetime import datetime

from sensors_sim import signals
from sensors_sim.posting import Posting

_WEATHER = ("air_temperature", "relative_humidity", "rainfall", "wind_speed", "global_radiation")
_SOIL = {
    "soil_moisture_10cm": "soil_moisture",
    "soil_moisture_30cm": "soil_moisture",
    "soil_temperature_10cm": "soil_temperature",
    "soil_temperature_30cm": "soil_temperature",
}


def fleet_postings(seed: int, station: str, moment: datetime, stamp: datetime) -> Iterator[Posting]:
    """What the two devices of a station post; the same for the same seed, station and moment."""
    weather = {
        "air_temperature": signals.air_temperature(seed, station, moment),
        "relative_humidity": signals.relative_humidity(seed, station, moment),
        "rainfall": signals.rainfall(seed, station, moment),
        "wind_speed": signals.wind_speed(seed, station, moment),
        "global_radiation": signals.global_radiation(seed, station, moment),
    }
    yield Posting(station, "weather-1", stamp, _rounded(weather), {key: key for key in _WEATHER})
    soil = {
        f"{what}_{round(depth_m * 100)}cm": signal(seed, station, moment, depth_m)
        for what, signal in (
            ("soil_moisture", signals.soil_moisture),
            ("soil_temperature", signals.soil_temperature),
        )
        for depth_m in (0.1, 0.3)
    }
    yield Posting(station, "soil-1", stamp, _rounded(soil), _SOIL)


def _rounded(values: dict[str, float]) -> dict[str, float]:
    """As fine as a field instrument tells it."""
    return {sensor: round(value, 2) for sensor, value in values.items()}
