"""Problems of pushed records as JSON: with labels, in the reader's language, safe to send."""

import math
from dataclasses import replace
from typing import Any

from contracts.form_schema import field_label, load_catalogue
from contracts.problems import FieldProblem
from contracts.texts import Translate
from server.records.accept import Verdict
from server.records.pushed import PART_LABELS

_LONGEST = 200


def outcome_json(verdict: Verdict, translate: Translate, language: str) -> dict[str, Any]:
    """The verdict as sent to the phone."""
    return {
        "id": _sendable(verdict.id)[:64],
        "outcome": verdict.outcome,
        "problems": [
            _problem_json(problem, verdict.form, translate, language)
            for problem in verdict.problems
        ],
    }


def _problem_json(
    problem: FieldProblem, form: str, translate: Translate, language: str
) -> dict[str, Any]:
    field = _sendable(problem.field)[:_LONGEST]
    sendable = replace(problem, field=field, value=_short(problem.value))
    return sendable.as_json(translate, _label(field, form, translate, language))


def _label(field: str, form: str, translate: Translate, language: str) -> str:
    if field in PART_LABELS:
        return translate(PART_LABELS[field])
    known = load_catalogue().get(form)
    return field if known is None else field_label(known, field, language)


def _short(value: Any) -> Any:
    """A value that fits in an answer and in JSON: NaN and giant texts came in, too."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    text = _sendable(str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _sendable(text: str) -> str:
    # A lone surrogate is allowed in JSON's escapes, but not in UTF-8.
    return text.encode("utf-8", "replace").decode()
