"""The registry of devices speaks the glossary's and the topics' language."""

import pytest

from contracts.quantities import QUANTITIES
from contracts.topics import TelemetryTopic
from ops.demo_data.stations import GLASSHOUSE_CODE, STATIONS, DemoStation


@pytest.mark.parametrize("station", STATIONS, ids=lambda station: station.code)
def test_devices_have_topics_and_known_quantities(station: DemoStation) -> None:
    for device in station.devices:
        TelemetryTopic(station.code, device.code)
        codes = [sensor.code for sensor in device.sensors]
        assert len(set(codes)) == len(codes)
        assert all(sensor.quantity in QUANTITIES for sensor in device.sensors)


def test_the_glasshouse_has_the_devices_of_the_replay() -> None:
    (glasshouse,) = (one for one in STATIONS if one.code == GLASSHOUSE_CODE)
    assert {device.code for device in glasshouse.devices} == {
        "climate-1", "co2-1", "par-1", "soil-1", "vents-1", "weather-1",
    }  # fmt: skip
    # Its outdoor weather is hourly (its SOURCES.md): at 300 s it would count as silent.
    hourly = {device.code for device in glasshouse.devices if device.report_interval_s == 3600}
    assert hourly == {"weather-1"}


def test_codes_and_names_are_not_used_twice() -> None:
    assert len({station.code for station in STATIONS}) == len(STATIONS) == 14
    assert len({station.name_zh for station in STATIONS}) == len(STATIONS)
