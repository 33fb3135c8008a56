"""Reads one pushed record leniently: whatever it is, the answer is a value, never an exception."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.problems import FieldProblem
from contracts.texts import mark

MAX_RECORD_BYTES = 64 * 1024
_MOST_REVISIONS = 10_000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# What a person calls the parts of a record that are not fields of its form.
PART_LABELS: Mapping[str, str] = {
    "record": mark("记录"),
    "id": mark("记录编号"),
    "form": mark("表单"),
    "form_version": mark("表单版本"),
    "values": mark("填写内容"),
    "captured_at": mark("保存时间"),
    "revision": mark("修订号"),
}


@dataclass(frozen=True, slots=True)
class Pushed:
    """A record as pushed, its envelope in order; `values` are not checked yet."""

    id: UUID
    form: str
    form_version: int
    values: Mapping[str, Any]
    captured_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record whose envelope is wrong; `id` as given, empty if none was."""

    id: str
    problems: tuple[FieldProblem, ...]
    form: str = ""


def read_pushed(raw: object) -> Pushed | Unreadable:
    """One element of a push, read."""
    if not isinstance(raw, Mapping):
        return Unreadable("", (FieldProblem("record", "not_text", raw),))
    problems = _envelope_problems(raw)
    given = raw.get("id")
    captured = _moment(raw.get("captured_at"))
    if problems or captured is None:
        form = raw.get("form")
        return Unreadable(
            given if isinstance(given, str) else "",
            tuple(problems),
            form if isinstance(form, str) else "",
        )
    return Pushed(
        id=UUID(raw["id"]),
        form=raw["form"],
        form_version=raw["form_version"],
        values=raw["values"],
        captured_at=captured,
        revision=raw.get("revision", 1),
    )


def _envelope_problems(raw: Mapping[str, Any]) -> list[FieldProblem]:
    names = ("id", "form", "form_version", "values", "captured_at")
    problems = [FieldProblem(name, "required") for name in names if raw.get(name) is None]
    missing = {problem.field for problem in problems}
    checks = {
        "id": _id_problem,
        "form": _text_problem,
        "form_version": _count_problem,
        "values": _values_problem,
        "captured_at": _moment_problem,
    }
    for name, check in checks.items():
        if name not in missing and (problem := check(name, raw[name])):
            problems.append(problem)
    if problem := _count_problem("revision", raw.get("revision", 1)):
        problems.append(problem)
    return problems


def _id_problem(name: str, value: object) -> FieldProblem | None:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return None
    return FieldProblem(name, "not_id", value)


def _text_problem(name: str, value: object) -> FieldProblem | None:
    return None if isinstance(value, str) else FieldProblem(name, "not_text", value)


def _count_problem(name: str, value: object) -> FieldProblem | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return FieldProblem(name, "not_integer", value)
    if value < 1:
        return FieldProblem(name, "too_small", value, {"minimum": 1})
    if value > _MOST_REVISIONS:
        return FieldProblem(name, "too_large", value, {"maximum": _MOST_REVISIONS})
    return None


def _values_problem(name: str, values: object) -> FieldProblem | None:
    if not isinstance(values, Mapping):
        return FieldProblem(name, "not_text", values)
    size = 0
    for field, value in values.items():
        try:
            text = json.dumps({field: value}, ensure_ascii=False)
            size += len(text.encode())
        except (UnicodeEncodeError, RecursionError):
            return FieldProblem(name, "not_text", "…")
        # PostgreSQL's text has no NUL; it stands escaped in JSON.
        if "\\u0000" in text:
            return FieldProblem(field, "not_text", value)
    if size > MAX_RECORD_BYTES:
        return FieldProblem(name, "too_long", size, {"maximum": MAX_RECORD_BYTES})
    return None


def _moment_problem(name: str, value: object) -> FieldProblem | None:
    if _moment(value) is None:
        return FieldProblem(name, "wrong_pattern", value, {"example": "2026-05-31T08:30:00+08:00"})
    return None


def _moment(value: object) -> datetime | None:
    """The moment, with its offset; a wrong clock is kept, an impossible year is not."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None or not 1970 <= moment.year <= 9000:
        return None
    return moment
