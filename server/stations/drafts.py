"""What a person enters of a station, device or sensor: checked field by field.

Forms send texts and programs send JSON; both are a mapping from field to value here.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from contracts.codes import STATION_KINDS
from contracts.problems import FieldProblem
from contracts.quantities import QUANTITIES
from contracts.texts import mark

GRADES = ("national", "provincial", "city")
# What people read instead of the field's name.
LABELS: Mapping[str, str] = {
    "code": mark("编号"),
    "kind": mark("类别"),
    "grade": mark("级别"),
    "name_zh": mark("中文名称"),
    "name_en": mark("英文名称"),
    "county_code": mark("所在县区"),
    "longitude": mark("经度"),
    "latitude": mark("纬度"),
    "report_interval_s": mark("上报间隔（秒）"),
    "quantity": mark("测量要素"),
    "position_m": mark("高度或深度（米）"),
    "label_zh": mark("中文标签"),
    "label_en": mark("英文标签"),
}
_STATION_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SENSOR_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
_RESERVED = ("new",)
_LONGEST = 80
Draft = dict[str, Any]
Given = Mapping[str, Any]


class _Reader:
    """Takes fields out of what was given and collects what is wrong with them."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self.problems: list[FieldProblem] = []

    def is_sound(self, field: str) -> bool:
        return all(problem.field != field for problem in self.problems)

    def text(self, field: str, *, required: bool = True) -> str:
        value = self._given.get(field)
        text = "" if value is None else str(value).strip()
        if not text and required:
            self.problems.append(FieldProblem(field, "required"))
        elif len(text) > _LONGEST:
            self.problems.append(FieldProblem(field, "too_long", text, {"maximum": _LONGEST}))
        return text

    def code(self, pattern: re.Pattern[str], example: str) -> str:
        text = self.text("code")
        if text and (not pattern.fullmatch(text) or text in _RESERVED):
            self.problems.append(FieldProblem("code", "wrong_pattern", text, {"example": example}))
        return text

    def choice(self, field: str, choices: Collection[str], *, required: bool = True) -> str | None:
        text = self.text(field, required=required)
        if text and text not in choices:
            shown = ", ".join(sorted(choices))
            self.problems.append(FieldProblem(field, "not_a_choice", text, {"choices": shown}))
        return text or None

    def number(self, field: str, low: float, high: float) -> float | None:
        value = self._given.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            self.problems.append(FieldProblem(field, "not_number", value))
            return None
        if number < low:
            self.problems.append(FieldProblem(field, "too_small", value, {"minimum": low}))
        elif not number <= high:
            self.problems.append(FieldProblem(field, "too_large", value, {"maximum": high}))
        return number

    def whole(self, field: str, low: int, high: int) -> int:
        number = self.number(field, low, high)
        if number is None:
            if self.is_sound(field):
                self.problems.append(FieldProblem(field, "required"))
            return low
        if number != number or (abs(number) <= high and number != int(number)):
            self.problems.append(FieldProblem(field, "not_integer", self._given[field]))
            return low
        return int(number) if abs(number) <= high else low


def station_draft(given: Given, counties: Collection[str]) -> tuple[Draft, list[FieldProblem]]:
    """The station's columns, and what is wrong with them."""
    read = _Reader(given)
    draft = {
        "code": read.code(_STATION_CODE, "park-1"),
        "kind": read.choice("kind", STATION_KINDS),
        "grade": read.choice("grade", GRADES, required=False),
        "name_zh": read.text("name_zh"),
        "name_en": read.text("name_en"),
        "county_code": read.choice("county_code", counties),
        "longitude": read.number("longitude", -180, 180),
        "latitude": read.number("latitude", -90, 90),
    }
    for one, other in (("longitude", "latitude"), ("latitude", "longitude")):
        if read.is_sound(one) and draft[one] is None and draft[other] is not None:
            read.problems.append(FieldProblem(one, "required"))
    return draft, read.problems


def device_draft(given: Given) -> tuple[Draft, list[FieldProblem]]:
    """The device's columns, and what is wrong with them."""
    read = _Reader(given)
    draft = {
        "code": read.code(_STATION_CODE, "weather-1"),
        "name_zh": read.text("name_zh"),
        "name_en": read.text("name_en"),
        "report_interval_s": read.whole("report_interval_s", 1, 86_400),
        "retired": given.get("retired") in (True, "true", "on", "1"),
    }
    return draft, read.problems


def sensor_draft(given: Given) -> tuple[Draft, list[FieldProblem]]:
    """The sensor's columns, and what is wrong with them."""
    read = _Reader(given)
    draft = {
        "code": read.code(_SENSOR_CODE, "air_temperature"),
        "quantity": read.choice("quantity", QUANTITIES),
        "position_m": read.number("position_m", -50, 200),
        "label_zh": read.text("label_zh", required=False),
        "label_en": read.text("label_en", required=False),
    }
    return draft, read.problems
