"""What people call sensors, devices and stations, in their language."""

from typing import Protocol

from contracts.quantities import QUANTITIES
from contracts.texts import Translate, mark
from server.stations.overview import SensorNow

STATES = {
    "online": mark("在线"),
    "partly": mark("部分离线"),
    "silent": mark("离线"),
    "never": mark("从未上报"),
    "retired": mark("已停用"),
}
STATE_BADGES = {"online": "good", "partly": "warn", "silent": "bad", "never": "", "retired": ""}
GRADE_NAMES = {
    "national": mark("国家级"),
    "provincial": mark("省级"),
    "city": mark("市级"),
}


class _Named(Protocol):
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def name_of(named: _Named, language: str) -> str:
    """The name of a station or device."""
    return named.name_en if language == "en" else named.name_zh


def quantity_name(key: str, language: str) -> str:
    """The name of a quantity; its key if the glossary does not hold it."""
    quantity = QUANTITIES.get(key)
    if quantity is None:
        return key
    return quantity.en if language == "en" else quantity.zh


def place_name(sensor: SensorNow, language: str, translate: Translate) -> str:
    """The sensor's own label, else its height or depth, else nothing."""
    label = sensor.label_en if language == "en" else sensor.label_zh
    if label or not sensor.position_m:
        return label
    if sensor.position_m < 0:
        return translate("地下 %(cm)s 厘米") % {"cm": f"{-100 * sensor.position_m:g}"}
    return translate("高 %(m)s 米") % {"m": f"{sensor.position_m:g}"}
