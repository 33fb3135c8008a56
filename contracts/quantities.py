"""The glossary of measured quantities: one name and one unit each, from topic to chart.

Codes are UCUM (checked with @lhncbc/ucum-lhc 7.1.10). `valid` is what the quantity can
physically be, as wide as a sound sensor may report in the open or under glass; a value outside
is rejected, not flagged. Narrower limits are quality control and depend on place and season.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.texts import mark


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measured quantity.

    Attributes
    ----------
    key : name everywhere: topic, column, API, chart
    zh, en : name for people
    unit : canonical unit, UCUM code
    symbol : the unit as people write it
    valid : lowest and highest value that can be true, both included, in `unit`
    decimals : digits after the point worth showing
    daily : how a day is told in one number: "mean" or "sum"
    source : where limits and unit come from
    """

    key: str
    zh: str
    en: str
    unit: str
    symbol: str
    valid: tuple[float, float]
    decimals: int
    daily: str
    source: str


_WMO = "WMO-No. 8 (2018), vol. I, annex 1.A, widened for glasshouses"
_DEFINITION = "by definition"
_PROBE = "range of common soil probes (domain notes, payload samples)"

_ALL = (
    Quantity("air_temperature", mark("气温"), "Air temperature", "Cel", "°C", (-60, 80), 1, "mean", _WMO),
    Quantity("relative_humidity", mark("相对湿度"), "Relative humidity", "%", "%", (0, 100), 0, "mean", _DEFINITION),
    Quantity("dew_point", mark("露点"), "Dew point", "Cel", "°C", (-80, 60), 1, "mean", _WMO),
    Quantity("vapour_pressure_deficit", mark("饱和水汽压差"), "Vapour pressure deficit", "kPa", "kPa", (0, 15), 2, "mean", "es(60 °C) less zero, FAO-56 eq. 11"),
    Quantity("absolute_humidity", mark("绝对湿度"), "Absolute humidity", "g/m3", "g/m³", (0, 200), 1, "mean", "saturation at 66 °C"),
    Quantity("air_pressure", mark("气压"), "Air pressure", "hPa", "hPa", (500, 1100), 1, "mean", _WMO),
    Quantity("rainfall", mark("降雨量"), "Rainfall", "mm", "mm", (0, 300), 1, "sum", "per report; WMO-No. 8"),
    Quantity("wind_speed", mark("风速"), "Wind speed", "m/s", "m/s", (0, 75), 1, "mean", _WMO),
    Quantity("wind_direction", mark("风向"), "Wind direction", "deg", "°", (0, 360), 0, "mean", _DEFINITION),
    Quantity("global_radiation", mark("太阳总辐射"), "Global radiation", "W/m2", "W/m²", (-10, 1800), 0, "mean", "solar constant 1361 W/m2 and cloud-edge peaks; night offset"),
    Quantity("par", mark("光合有效辐射"), "Photosynthetically active radiation", "umol/m2/s", "μmol/m²/s", (-5, 3500), 0, "mean", "about 2.1 umol/J of 1500 W/m2, plus lamps"),
    Quantity("illuminance", mark("光照度"), "Illuminance", "lx", "lx", (0, 200_000), 0, "mean", "full sun is about 120 klx"),
    Quantity("co2_concentration", mark("二氧化碳浓度"), "CO₂ concentration", "[ppm]", "ppm", (0, 10_000), 0, "mean", "range of NDIR sensors"),
    Quantity("soil_temperature", mark("土壤温度"), "Soil temperature", "Cel", "°C", (-40, 80), 1, "mean", _PROBE),
    Quantity("soil_moisture", mark("土壤体积含水率"), "Soil volumetric water content", "%", "%", (0, 100), 1, "mean", _DEFINITION),
    Quantity("soil_conductivity", mark("土壤电导率"), "Soil electrical conductivity", "uS/cm", "μS/cm", (0, 20_000), 0, "mean", _PROBE),
    Quantity("soil_ph", mark("土壤酸碱度"), "Soil pH", "[pH]", "pH", (0, 14), 1, "mean", _DEFINITION),
    Quantity("leaf_wetness", mark("叶面湿润度"), "Leaf wetness", "%", "%", (0, 100), 0, "mean", _DEFINITION),
    Quantity("vent_opening", mark("通风口开度"), "Vent opening", "%", "%", (0, 100), 0, "mean", _DEFINITION),
    Quantity("battery_voltage", mark("电池电压"), "Battery voltage", "V", "V", (0, 60), 2, "mean", "12 V to 48 V systems while charging"),
)  # fmt: skip

QUANTITIES: Mapping[str, Quantity] = {quantity.key: quantity for quantity in _ALL}


def _scaled(factor: float, offset: float = 0.0) -> Callable[[float], float]:
    return lambda value: value * factor + offset


# Canonical unit -> accepted unit -> conversion. `ms/cm` and `us/cm` are valid UCUM but mean
# milliseconds and microseconds per centimetre, so they stay out and are rejected as wrong units.
_CONVERSIONS: Mapping[str, Mapping[str, Callable[[float], float]]] = {
    "Cel": {"[degF]": lambda f: (f - 32) / 1.8, "K": _scaled(1, -273.15)},
    "%": {"1": _scaled(100), "m3/m3": _scaled(100), "%RH": _scaled(1), "%EL": _scaled(1)},
    "uS/cm": {"dS/m": _scaled(1000), "mS/cm": _scaled(1000), "S/m": _scaled(10_000)},
    "hPa": {
        "Pa": _scaled(0.01),
        "kPa": _scaled(10),
        "mbar": _scaled(1),
        "mm[Hg]": _scaled(1.33322),
        "[in_i'Hg]": _scaled(33.863788),
    },
    "kPa": {"hPa": _scaled(0.1), "Pa": _scaled(0.001)},
    "m/s": {"km/h": _scaled(1 / 3.6), "[mi_i]/h": _scaled(0.44704)},
    "mm": {"cm": _scaled(10), "[in_i]": _scaled(25.4)},
    "V": {"mV": _scaled(0.001)},
    "lx": {"klx": _scaled(1000)},
    "[pH]": {"pH": _scaled(1)},
    "[ppm]": {"umol/mol": _scaled(1)},
}


def accepted_units(quantity: Quantity) -> tuple[str, ...]:
    """The units a value of the quantity may arrive in, the canonical one first."""
    return (quantity.unit, *_CONVERSIONS.get(quantity.unit, {}))


def to_canonical(quantity: Quantity, value: float, unit: str | None) -> float:
    """The value in the quantity's own unit.

    Raises
    ------
    ValueError
        If the unit is none of `accepted_units`.
    """
    if unit is None or unit == quantity.unit:
        return value
    convert = _CONVERSIONS.get(quantity.unit, {}).get(unit)
    if convert is None:
        wanted = ", ".join(accepted_units(quantity))
        raise ValueError(f"{quantity.key}: the unit {unit!r} is none of {wanted}")
    return convert(value)
