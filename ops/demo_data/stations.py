"""Stations, devices and sensors of the demo, as plain data; every name is invented.

The glasshouse is where the real replay is shown; the other stations get a synthetic fleet. The
county of the national park is not known from the plan and is invented too.
"""

from dataclasses import dataclass

from ops.demo_data.figures import COUNTIES, DEMO_BASES


@dataclass(frozen=True, slots=True)
class DemoSensor:
    """One quantity at one place; `code` is what the device calls it."""

    code: str
    quantity: str
    position_m: float | None = None
    label_zh: str = ""
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class DemoDevice:
    """What posts under one topic, every `report_interval_s` seconds."""

    code: str
    name_zh: str
    name_en: str
    report_interval_s: int
    sensors: tuple[DemoSensor, ...]


@dataclass(frozen=True, slots=True)
class DemoStation:
    """A park or base; `grade` is "national", "provincial" or "city"."""

    code: str
    kind: str
    grade: str
    name_zh: str
    name_en: str
    county_code: str
    devices: tuple[DemoDevice, ...]


def _plain(*quantities: str, position_m: float | None = None) -> tuple[DemoSensor, ...]:
    return tuple(DemoSensor(quantity, quantity, position_m) for quantity in quantities)


GLASSHOUSE_CODE = "glasshouse"
_GLASSHOUSE_INTERVAL_S = 300
_FLEET_INTERVAL_S = 60
_HOURLY_S = 3600


def _glasshouse_device(code: str, name_zh: str, name_en: str, *sensors: DemoSensor) -> DemoDevice:
    return DemoDevice(code, name_zh, name_en, _GLASSHOUSE_INTERVAL_S, sensors)


_GLASSHOUSE_DEVICES = (
    _glasshouse_device(
        "climate-1", "一号温室气候站", "Climate station 1",
        *_plain("air_temperature", "relative_humidity", "dew_point",
                "vapour_pressure_deficit", "absolute_humidity"),
    ),
    _glasshouse_device("co2-1", "二氧化碳仪", "CO₂ meter", *_plain("co2_concentration")),
    _glasshouse_device("par-1", "光合有效辐射计", "PAR meter", *_plain("par")),
    _glasshouse_device(
        "soil-1", "基质墒情仪", "Substrate probe",
        *_plain("soil_moisture", "soil_temperature", "soil_conductivity", position_m=-0.15),
    ),
    _glasshouse_device(
        "vents-1", "天窗控制器", "Vent controller",
        DemoSensor("vent_windward", "vent_opening", None, "迎风窗", "Windward vent"),
        DemoSensor("vent_leeward", "vent_opening", None, "背风窗", "Leeward vent"),
    ),
    DemoDevice(  # the glasshouse had its outdoor weather once an hour
        "weather-1", "室外气象站", "Outdoor weather station", _HOURLY_S, (
        *_plain("air_temperature", "relative_humidity", "global_radiation", "wind_speed",
                "wind_direction", "rainfall", "air_pressure", position_m=2.0),
    )),
)  # fmt: skip

_WEATHER = DemoDevice(
    "weather-1", "田间气象站", "Field weather station", _FLEET_INTERVAL_S,
    _plain("air_temperature", "relative_humidity", "rainfall", "wind_speed",
           "global_radiation", position_m=2.0),
)  # fmt: skip
_SOIL = DemoDevice(
    "soil-1", "土壤墒情仪", "Soil probe", _FLEET_INTERVAL_S,
    tuple(
        DemoSensor(f"{quantity}_{depth_cm}cm", quantity, -depth_cm / 100,
                   f"{depth_cm} 厘米", f"{depth_cm} cm")
        for quantity in ("soil_moisture", "soil_temperature")
        for depth_cm in (10, 30)
    ),
)  # fmt: skip

_PARKS = (
    DemoStation(
        GLASSHOUSE_CODE, "park", "provincial", "示例智能温室园区", "Example Smart Glasshouse Park",
        "341323", _GLASSHOUSE_DEVICES,
    ),
    DemoStation("park-national", "park", "national", "示例国家级农业科技园",
                "Example National Park", "341302", (_WEATHER, _SOIL)),
    DemoStation("park-yongqiao", "park", "provincial", "示例一号园", "Example Park 1",
                "341302", (_WEATHER, _SOIL)),
    DemoStation("park-sixian", "park", "provincial", "示例二号园", "Example Park 2",
                "341324", (_WEATHER, _SOIL)),
)  # fmt: skip

_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


def _bases() -> tuple[DemoStation, ...]:
    counties = [
        county for county, count in zip(COUNTIES, DEMO_BASES, strict=True) for _ in range(count)
    ]
    return tuple(
        DemoStation(
            f"base-{number}", "base", "city", f"示例{_NUMERALS[number - 1]}号基地",
            f"Example Base {number}", county,
            (_WEATHER, _SOIL),
        )
        for number, county in enumerate(counties, start=1)
    )  # fmt: skip


STATIONS: tuple[DemoStation, ...] = (*_PARKS, *_bases())
PARK_MANAGER_STATIONS = (GLASSHOUSE_CODE, "base-7", "base-8", "base-9")
"""What the demo login `park` looks after: the park and the bases of one county."""
