"""What an export says of itself: station, period, when it was made, what its columns mean."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.series.table import ZONE, columns_of
from analytics.series.wanted import Step, Wanted
from contracts.quantities import QUANTITIES
from contracts.texts import Translate, mark

TEXTS = Path(__file__).parents[1] / "texts"
STEP_NAMES: dict[Step, str] = {"raw": mark("原始读数"), "hour": mark("按小时"), "day": mark("按日")}
COLUMN_TEXTS = {
    "station": mark("园区或基地的编码"),
    "device": mark("设备的编码"),
    "sensor": mark("传感器的编码"),
    "quantity": mark("测量的量"),
    "unit": mark("单位（UCUM 编码）"),
    "position_m": mark("离地高度，地下为负。［米］"),
    "time": mark("测量时间；按小时、按日时为该段的起点（北京时间）"),
    "value": mark("数值，单位见 unit 列"),
    "quality": mark("质量标志（QARTOD）：1 好，2 未检，3 可疑，4 不合格，9 缺测"),
    "count": mark("该段内的读数个数"),
    "min": mark("最小值"),
    "max": mark("最大值"),
    "mean": mark("算术平均值"),
    "sum": mark("合计；只对降雨量等累加的量有意义"),
    "first": mark("该段内最早的读数"),
    "last": mark("该段内最晚的读数"),
}


def about_lines(
    wanted: Wanted, made_at: datetime, language: str, translate: Translate
) -> list[tuple[str, str]]:
    """Heading and content of each line, in the chosen language."""
    name = wanted.name_en if language == "en" else wanted.name_zh
    lines = [
        (translate(mark("园区/基地")), f"{name} ({wanted.station})"),
        (translate(mark("起")), _shown(wanted.start)),
        (translate(mark("止（不含）")), _shown(wanted.end)),
        (translate(mark("步长")), translate(STEP_NAMES[wanted.step])),
        (translate(mark("传感器数")), str(len(wanted.sensors))),
        (translate(mark("生成时间")), _shown(made_at)),
        (translate(mark("时区")), translate(mark("所有时间均为北京时间（UTC+08:00）"))),
    ]
    lines += [(column, translate(COLUMN_TEXTS[column])) for column in columns_of(wanted.step)]
    for key in dict.fromkeys(sensor.quantity for sensor in wanted.sensors):
        quantity = QUANTITIES.get(key)
        if quantity:
            label = quantity.en if language == "en" else quantity.zh
            lines.append((key, f"{label} [{quantity.symbol}]"))
    return lines


def about_keys(wanted: Wanted, made_at: datetime) -> dict[str, str]:
    """The same for programs: stable keys, times in ISO 8601."""
    return {
        "station": wanted.station,
        "name_zh": wanted.name_zh,
        "name_en": wanted.name_en,
        "from": wanted.start.isoformat(),
        "to": wanted.end.isoformat(),
        "step": wanted.step,
        "made_at": made_at.isoformat(),
    }


def _shown(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(ZONE)).isoformat(sep=" ", timespec="seconds")
