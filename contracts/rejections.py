"""Why a reading was refused, as stored by the gateway and told by the server in two languages.

A stored detail is `{"code": ..., "parameters": {...}, "place": "readings[3]"}`. How a parameter is
shown follows from its name: `quantity` is a key of `QUANTITIES`, `unit` its canonical unit, what
ends in `_s` a span in seconds, what ends in `_at` an instant (ISO 8601). `given` is the value as it
stood in the message, as JSON, cut short.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from contracts.problems import in_words
from contracts.quantities import QUANTITIES
from contracts.texts import Translate, mark

REJECTION_TEXTS: Mapping[str, str] = {
    # The message as a whole.
    "payload_too_large": mark("消息有 %(given)s 字节，太大；一条消息最多 %(most)s 字节"),
    "too_many_readings": mark("消息有 %(given)s 个读数，太多；一条消息最多 %(most)s 个"),
    "topic_malformed": mark("主题 %(given)s 不对，应为 %(wanted)s"),
    "station_code_malformed": mark(
        "主题中的园区代码 %(given)s 不对，应为 1 至 63 个 a-z、0-9、“-”或“_”，不以“-”或“_”开头"
    ),
    "device_code_malformed": mark(
        "主题中的设备代码 %(given)s 不对，应为 1 至 63 个 a-z、0-9、“-”或“_”，不以“-”或“_”开头"
    ),
    "unknown_station": mark("园区 %(given)s 未登记；请登记，或更正主题"),
    "unknown_device": mark("设备 %(given)s 在园区 %(station)s 未登记或已停用；在用的有：%(known)s"),
    "unknown_external_device": mark(
        "没有在用的设备以 %(given)s 为外部标识、以 %(codec)s 为编码；请登记"
    ),
    # Its text.
    "payload_empty": mark("消息是空的，应有至少一个读数"),
    "not_utf8": mark("第 %(byte)s 字节起不是 UTF-8 文字：%(given)s；应为 UTF-8 编码的 JSON"),
    "nested_too_deeply": mark("JSON 嵌套太深，应为一个对象或对象的数组"),
    "number_too_long": mark("JSON 中有位数过多的整数，最多 %(most)s 位"),
    "not_json": mark("不是 JSON：第 %(line)s 行第 %(column)s 列的 “%(given)s” 有误"),
    "json_value_expected": mark(
        "不是 JSON：第 %(line)s 行第 %(column)s 列应为一个值，却是 “%(given)s”"
    ),
    "json_name_expected": mark(
        "不是 JSON：第 %(line)s 行第 %(column)s 列应为双引号中的名称，却是 “%(given)s”"
    ),
    "json_comma_expected": mark(
        "不是 JSON：第 %(line)s 行第 %(column)s 列应为逗号或结束括号，却是 “%(given)s”"
    ),
    "json_colon_expected": mark(
        "不是 JSON：第 %(line)s 行第 %(column)s 列应为冒号，却是 “%(given)s”"
    ),
    "json_text_unclosed": mark(
        "不是 JSON：第 %(line)s 行第 %(column)s 列的文字 “%(given)s” 没有结束的双引号"
    ),
    "json_control_character": mark(
        "不是 JSON：第 %(line)s 行第 %(column)s 列的文字中有控制字符 “%(given)s”，应写成转义"
    ),
    "json_escape_invalid": mark("不是 JSON：第 %(line)s 行第 %(column)s 列的转义 “%(given)s” 无效"),
    "json_cut_off": mark("JSON 不完整，在第 %(line)s 行第 %(column)s 列中断；消息可能被截断"),
    "json_followed_by_more": mark(
        "JSON 之后（第 %(line)s 行第 %(column)s 列）还有 “%(given)s”；应为一个对象或对象的数组"
    ),
    "array_empty": mark("数组是空的，应有至少一个读数"),
    # Messages of other kinds (gateway/codecs).
    "senml_not_a_pack": mark("%(given)s 应为至少有一个记录的 SenML 数组，如 %(example)s"),
    "senml_field_unknown": mark("SenML 字段 %(given)s 必须理解，网关却不认识；整条消息不收"),
    "senml_version_unknown": mark("SenML 版本 bver 的值 %(given)s 应为不大于 %(most)s 的整数"),
    "no_decoded_values": mark(
        "消息中没有解码后的值，%(wanted)s 应为非空的对象；请在网络服务器上设置解码器"
    ),
    "no_field_known": mark(
        "消息中没有设备配置 %(profile)s 所列的字段；消息有：%(found)s；配置有：%(known)s"
    ),
    "sensor_of_other_quantity": mark(
        "设备配置要求传感器 %(sensor)s 测 %(given)s，登记的却是%(quantity)s；请更正其一"
    ),
    "value_not_integer": mark("值 %(given)s 应为整数（设备配置为按比例放大的整数）"),
    "time_missing": mark(
        "历史数据缺少 timestamp，应为带时区的 ISO 8601 时间，或 1970 年以来的秒数"
    ),
    # One reading.
    "not_an_object": mark("%(given)s 应为一个对象，如 %(example)s"),
    "not_a_list_of_readings": mark("%(given)s 应为至少有一个读数的列表"),
    "sensor_missing": mark("缺少 sensor，应为传感器代码（文字）"),
    "sensor_not_text": mark("sensor 的值 %(given)s 应为传感器代码（文字）"),
    "unknown_sensor": mark("设备没有传感器 %(given)s，它有：%(known)s"),
    "value_missing": mark("缺少 value，应为 JSON 数字"),
    "value_not_number": mark("value 的值 %(given)s 应为 JSON 数字"),
    "value_not_finite": mark("value 的值 %(given)s 应为有限的 JSON 数字"),
    "unit_not_accepted": mark("%(quantity)s的单位 %(given)s 不对，可用：%(accepted)s"),
    "value_outside_range": mark(
        "%(quantity)s %(given)s %(unit)s 超出物理范围，应在 %(lowest)s 至 %(highest)s %(unit)s 之间"
    ),
    "converted_outside_range": mark(
        "%(quantity)s %(given)s %(given_unit)s 合 %(converted)s %(unit)s，超出物理范围，"
        "应在 %(lowest)s 至 %(highest)s %(unit)s 之间"
    ),
    "time_neither_text_nor_number": mark(
        "time 的值 %(given)s 应为带时区的 ISO 8601 时间，或 1970 年以来的秒数"
    ),
    "time_not_iso": mark("time 的值 %(given)s 应为 ISO 8601 时间，如 %(example)s"),
    "time_without_offset": mark("time 的值 %(given)s 没有时区，应加 +08:00 或 Z 等"),
    "time_not_finite": mark("time 的值 %(given)s 应为有限的数，即 1970 年以来的秒数"),
    "time_in_milliseconds": mark("time 的值 %(given)s 像是毫秒或更小单位，应为 1970 年以来的秒数"),
    "time_in_future": mark("time 的值 %(given)s 比网关时钟快 %(ahead_s)s，最多可快 %(most_s)s"),
    "time_too_old": mark("time 的值 %(given)s 是 %(ago_s)s前，最多可早 %(most_s)s"),
    "value_conflicts": mark(
        "%(sensor)s 在 %(measured_at)s 的值又报为 %(given)s，而已存的是 %(kept)s；"
        "同一传感器同一时刻应只有一个值"
    ),
    # What should never happen.
    "refused_by_database": mark("数据库拒绝保存（%(sqlstate)s:%(said)s），请联系管理员"),
    "decoding_failed": mark("网关读消息时出错（%(said)s），请联系管理员"),
}
_PLACED = mark("%(place)s：%(sentence)s")
_NONE = mark("无")
_MINUTES = mark("%(count)s 分钟")
_HOURS = mark("%(count)s 小时")
_DAYS = mark("%(count)s 天")
_YEARS = mark("%(count)s 年")
_DAY_S = 86_400
_CHINA = timezone(timedelta(hours=8))


def rejection_sentence(detail: Mapping[str, Any], translate: Translate) -> str:
    """What was given and what would be right, in the reader's language.

    A detail of another version of the gateway, whose code or parameters are not known here, is
    shown plainly.
    """
    code, parameters = str(detail.get("code", "")), detail.get("parameters")
    if not isinstance(parameters, Mapping):
        parameters = {}
    shown = {name: _shown(name, value, parameters, translate) for name, value in parameters.items()}
    try:
        sentence = translate(REJECTION_TEXTS[code]) % shown
    except KeyError:
        listed = ", ".join(f"{name}={value}" for name, value in shown.items())
        sentence = f"{code} ({listed})" if listed else code
    place = detail.get("place")
    return translate(_PLACED) % {"place": place, "sentence": sentence} if place else sentence


def printable(text: str) -> str:
    """The text with an escape for what is not printable.

    Direction marks and the like are not, so no text can change how the page around it reads.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def _shown(name: str, value: Any, all_of_them: Mapping[str, Any], translate: Translate) -> str:
    if isinstance(value, list):
        return (
            str(in_words([printable(str(one)) for one in value], translate))
            if value
            else translate(_NONE)
        )
    if isinstance(value, int | float):
        return _span(value, translate) if name.endswith("_s") else str(value).removesuffix(".0")
    text = printable(str(value))
    quantity = QUANTITIES.get(str(all_of_them.get("quantity")))
    if quantity is not None and name == "quantity":
        return translate(quantity.zh)
    if quantity is not None and name == "unit" and text == quantity.unit:
        return quantity.symbol
    return _as_in_china(text) if name.endswith("_at") else text


def _span(seconds: float, translate: Translate) -> str:
    if seconds < 7200:
        return translate(_MINUTES) % {"count": round(seconds / 60)}
    if seconds < 2 * _DAY_S:
        return translate(_HOURS) % {"count": round(seconds / 3600)}
    if seconds < 3 * 366 * _DAY_S:
        return translate(_DAYS) % {"count": round(seconds / _DAY_S)}
    return translate(_YEARS) % {"count": round(seconds / _DAY_S / 365.25)}


def _as_in_china(instant: str) -> str:
    try:
        return datetime.fromisoformat(instant).astimezone(_CHINA).isoformat()
    except (ValueError, OverflowError):
        return instant
