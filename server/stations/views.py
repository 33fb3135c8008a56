"""What the dashboard and the list show of a station, in the reader's language."""

from dataclasses import dataclass
from typing import Any

from contracts.quantities import QUANTITIES, Quantity
from contracts.texts import Translate, mark
from server.stations.names import name_of, place_name, quantity_name
from server.stations.overview import DeviceNow, SensorNow, StationNow

# What a glance at a station should tell first.
_KEY_QUANTITIES = (
    "air_temperature",
    "relative_humidity",
    "soil_moisture",
    "co2_concentration",
    "rainfall",
    "par",
    "soil_temperature",
)
_ON_A_CARD = 4
# What the scripts of the dashboard say.
SCRIPT_TEXTS = {
    "live": mark("实时"),
    "connecting": mark("正在连接…"),
    "reconnecting": mark("连接中断，正在重连…"),
    "ended": mark("登录已结束，请重新登录"),
    "just_now": mark("刚刚"),
    "no_data": mark("此时间段没有数据"),
    "failed": mark("数据暂时取不到，稍后自动重试"),
    "summary": mark("%(name)s：最低 %(min)s，最高 %(max)s，最新 %(last)s %(unit)s(%(time)s)"),
    "summary_sum": mark("%(name)s：合计 %(sum)s %(unit)s，最新 %(last)s(%(time)s)"),
    "time": mark("时间"),
    "show_table": mark("以表格显示"),
    "show_chart": mark("以曲线显示"),
    "table_caption": mark("%(name)s(%(unit)s)，最新 %(rows)s 行"),
    "today": mark("今日 %(min)s – %(max)s"),
    "today_sum": mark("今日合计 %(sum)s"),
    "flagged_count": mark("有 %(count)s 个读数带质量标记，见图上标记点"),
    "quality_2": mark("质量未知"),
    "quality_3": mark("可疑读数"),
    "quality_4": mark("错误读数，不计入统计"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One sensor's newest value."""

    sensor: SensorNow
    name: str
    place: str
    symbol: str
    decimals: int
    daily: str
    stale: bool
    device_code: str

    def shown(self, value: float | None) -> str:
        """A value with as many digits as the quantity is worth."""
        return "–" if value is None else shown_value(value, self.decimals)


@dataclass(frozen=True, slots=True)
class Group:
    """The sensors of one quantity: one chart."""

    key: str
    name: str
    symbol: str
    decimals: int
    daily: str
    low: float | None
    high: float | None
    sensors: list[dict[str, Any]]


def shown_value(value: float, decimals: int) -> str:
    """The number rounded, without a minus before nothing but zeros."""
    rounded = round(value, decimals) + 0.0
    return f"{rounded:,.{decimals}f}"


def tiles(station: StationNow, language: str, translate: Translate) -> list[Tile]:
    """A tile for each sensor in use, by device."""
    return [
        _tile(device, sensor, language, translate)
        for device in station.devices
        if device.state != "retired"
        for sensor in device.sensors
    ]


def key_tiles(station: StationNow, language: str, translate: Translate) -> list[Tile]:
    """The few values for a card of the list: one for each of the foremost quantities."""
    chosen: dict[str, Tile] = {}
    for tile in tiles(station, language, translate):
        if tile.sensor.time is not None:
            chosen.setdefault(tile.sensor.quantity, tile)
    wanted = [key for key in _KEY_QUANTITIES if key in chosen]
    wanted += [key for key in chosen if key not in wanted]
    return [chosen[key] for key in wanted[:_ON_A_CARD]]


def groups(station: StationNow, language: str, translate: Translate) -> list[Group]:
    """One chart for each quantity that the station measures, in the glossary's order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for device in station.devices:
        for sensor in device.sensors:
            found.setdefault(sensor.quantity, []).append(
                {
                    "id": sensor.id,
                    "name": _series_name(device, sensor, language, translate),
                    "interval": device.report_interval_s,
                }
            )
    order = list(QUANTITIES)
    keys = sorted(found, key=lambda key: order.index(key) if key in order else len(order))
    return [_group(key, found[key], language) for key in keys]


def _group(key: str, sensors: list[dict[str, Any]], language: str) -> Group:
    quantity = QUANTITIES.get(key)
    low, high = quantity.valid if quantity else (None, None)
    symbol, decimals = _symbol(quantity), _decimals(quantity)
    daily = quantity.daily if quantity else "mean"
    return Group(key, quantity_name(key, language), symbol, decimals, daily, low, high, sensors)


def _tile(device: DeviceNow, sensor: SensorNow, language: str, translate: Translate) -> Tile:
    quantity = QUANTITIES.get(sensor.quantity)
    return Tile(
        sensor=sensor,
        name=quantity_name(sensor.quantity, language),
        place=_series_name(device, sensor, language, translate),
        symbol=_symbol(quantity),
        decimals=_decimals(quantity),
        daily=quantity.daily if quantity else "mean",
        stale=device.state == "silent",
        device_code=device.code,
    )


def _series_name(device: DeviceNow, sensor: SensorNow, language: str, translate: Translate) -> str:
    place = place_name(sensor, language, translate)
    device_name = name_of(device, language)
    return f"{device_name} · {place}" if place else device_name


def _symbol(quantity: Quantity | None) -> str:
    return quantity.symbol if quantity else ""


def _decimals(quantity: Quantity | None) -> int:
    return quantity.decimals if quantity else 2
