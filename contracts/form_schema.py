"""Checks of a record against its form, the same on phone and server. Standard library only.

Reads the generated catalogue: per form a flat list of fields in the JSON Schema words `type`,
`minimum`, `maximum`, `minLength`, `maxLength`, `minItems`, `maxItems`, `enum`, `format`.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts.problems import FieldProblem

CATALOGUE = Path(__file__).with_name("form_catalog.json")
# A visit older than this is a typing error or a paper record, which the office enters.
EARLIEST = date(2015, 1, 1)

Field = Mapping[str, Any]
Form = Mapping[str, Any]


@cache
def load_catalogue(path: Path = CATALOGUE) -> Mapping[str, Form]:
    """The forms by name, as generated from `contracts/forms`."""
    forms: Mapping[str, Form] = json.loads(path.read_text(encoding="utf-8"))["forms"]
    return forms


def field_label(form: Form, path: str, language: str) -> str:
    """The name of a field in the language; the path itself if the form has no such field."""
    for field in form["fields"]:
        if field["name"] == path.split(".")[0]:
            label: str = field["label"][language]
            return label
    return path


def check_record(form: Form, values: Mapping[str, Any], today: date) -> list[FieldProblem]:
    """Everything wrong with the values, in the order of the form; empty if nothing is.

    Parameters
    ----------
    today
        The day in Asia/Shanghai; a date after tomorrow is refused (a day's grace for clocks).
    """
    known = {field["name"] for field in form["fields"]}
    problems = [FieldProblem(name, "unknown_field", name) for name in values if name not in known]
    for field in form["fields"]:
        value = values.get(field["name"])
        if value is None or value in ("", []):
            if field["required"]:
                problems.append(FieldProblem(field["name"], "required"))
        else:
            problems.extend(_check_value(field, field["name"], value, today))
    problems.extend(_check_together(form, values))
    return problems


def _check_together(form: Form, values: Mapping[str, Any]) -> Iterator[FieldProblem]:
    for names in form.get("one_of", []):
        if not any(values.get(name) for name in names):
            yield FieldProblem(names[0], "none_served")


def _check_value(field: Field, path: str, value: Any, today: date) -> Iterator[FieldProblem]:
    yield from _CHECKS[field["type"]](field, path, value, today)


def _check_string(field: Field, path: str, value: Any, today: date) -> Iterator[FieldProblem]:
    if not isinstance(value, str):
        yield FieldProblem(path, "not_text", value)
    elif "enum" in field:
        if value not in field["enum"]:
            labels = [choice["label"]["zh"] for choice in field["choices"]]
            yield FieldProblem(path, "not_a_choice", value, {"choices": labels})
    elif field.get("format") == "date":
        yield from _check_date(path, value, today)
    elif field.get("format") == "uuid":
        if not _is_uuid(value):
            yield FieldProblem(path, "not_id", value)
    elif field.get("format") == "village" and not (
        value.isascii() and value.isdigit() and len(value) == 12
    ):
        yield FieldProblem(path, "wrong_pattern", value, {"example": "341302001003"})
    else:
        yield from _check_length(field, path, value)


def _check_length(field: Field, path: str, value: str) -> Iterator[FieldProblem]:
    if len(value.strip()) < field.get("minLength", 0):
        yield FieldProblem(path, "too_short", value, {"minimum": field["minLength"]})
    if len(value) > field.get("maxLength", 10_000):
        yield FieldProblem(path, "too_long", value, {"maximum": field.get("maxLength", 10_000)})


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def _check_date(path: str, value: str, today: date) -> Iterator[FieldProblem]:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        yield FieldProblem(path, "not_date", value)
        return
    if len(value) != 10:
        yield FieldProblem(path, "not_date", value)
    elif day > today + timedelta(days=1):
        yield FieldProblem(path, "in_future", value, {"maximum": today.isoformat()})
    elif day < EARLIEST:
        yield FieldProblem(path, "too_long_ago", value, {"minimum": EARLIEST.isoformat()})


def _check_number(field: Field, path: str, value: Any, today: date) -> Iterator[FieldProblem]:
    del today
    whole = field["type"] == "integer"
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        yield FieldProblem(path, "not_integer" if whole else "not_number", value)
    elif whole and value != int(value):
        yield FieldProblem(path, "not_integer", value)
    elif "minimum" in field and value < field["minimum"]:
        yield FieldProblem(path, "too_small", value, {"minimum": field["minimum"]})
    elif "maximum" in field and value > field["maximum"]:
        yield FieldProblem(path, "too_large", value, {"maximum": field["maximum"]})


def _is_finite(value: float) -> bool:
    # An int is finite, and may be too large for the float that math.isfinite would make of it.
    return isinstance(value, int) or math.isfinite(value)


def _check_boolean(field: Field, path: str, value: Any, today: date) -> Iterator[FieldProblem]:
    del field, today
    if not isinstance(value, bool):
        yield FieldProblem(path, "not_boolean", value)


def _check_list(field: Field, path: str, value: Any, today: date) -> Iterator[FieldProblem]:
    if not isinstance(value, list):
        yield FieldProblem(path, "not_list", value)
        return
    if len(value) < field.get("minItems", 0):
        yield FieldProblem(path, "too_few", len(value), {"minimum": field["minItems"]})
    if len(value) > field.get("maxItems", 500):
        yield FieldProblem(path, "too_many", len(value), {"maximum": field.get("maxItems", 500)})
    for place, item in enumerate(value):
        described = {**field["items"], "choices": field.get("choices", [])}
        yield from _check_value(described, f"{path}.{place}", item, today)
        if item in value[:place]:
            yield FieldProblem(f"{path}.{place}", "repeated", item)


_CHECKS: Mapping[str, Callable[[Field, str, Any, date], Iterator[FieldProblem]]] = {
    "string": _check_string,
    "number": _check_number,
    "integer": _check_number,
    "boolean": _check_boolean,
    "array": _check_list,
}
