from datetime import date
from typing import Any

import pytest

from contracts.form_schema import check_record, field_label, load_catalogue
from contracts.forms import FORMS
from contracts.ids import new_id
from contracts.problems import FIELD_TEXTS
from contracts.texts import mark, translator

TODAY = date(2026, 11, 23)
VISIT = load_catalogue()["visit"]


def visit(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "occurred_on": "2026-11-20",
        "village": "341302001003",
        "households": [str(new_id())],
        "service_types": ["technical_guidance"],
        "service_days": 0.5,
        "summary": "查看小麦越冬苗情",
    }
    return {**values, **changes}


def test_a_sound_visit_has_no_problem_and_is_what_the_model_takes() -> None:
    assert check_record(VISIT, visit(), TODAY) == []
    FORMS["visit"].model_validate(visit())


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"occurred_on": None}, "occurred_on", "required"),
        ({"occurred_on": "20.11.2026"}, "occurred_on", "not_date"),
        ({"occurred_on": "2026-11-31"}, "occurred_on", "not_date"),
        ({"occurred_on": "2026-12-01"}, "occurred_on", "in_future"),
        ({"occurred_on": "1970-01-01"}, "occurred_on", "too_long_ago"),
        ({"village": "3413"}, "village", "wrong_pattern"),
        ({"households": ["x"]}, "households.0", "not_id"),
        ({"households": "x"}, "households", "not_list"),
        ({"households": []}, "households", "none_served"),
        ({"service_types": ["singing"]}, "service_types.0", "not_a_choice"),
        ({"service_types": ["research", "research"]}, "service_types.1", "repeated"),
        ({"service_days": "1"}, "service_days", "not_number"),
        ({"service_days": True}, "service_days", "not_number"),
        ({"service_days": float("nan")}, "service_days", "not_number"),
        ({"service_days": 0}, "service_days", "too_small"),
        ({"service_days": 31}, "service_days", "too_large"),
        ({"summary": "a"}, "summary", "too_short"),
        ({"summary": "长" * 2001}, "summary", "too_long"),
        ({"summary": 5}, "summary", "not_text"),
        ({"weather": "fine"}, "weather", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named_with_what_would_be_right(
    changes: dict[str, Any], field: str, code: str
) -> None:
    problems = check_record(VISIT, visit(**changes), TODAY)
    assert [(p.field, p.code) for p in problems] == [(field, code)]
    label = field_label(VISIT, problems[0].field, "zh")
    assert "%(" not in problems[0].sentence(mark, label)


def test_the_right_choices_are_named_in_the_language_of_the_reader() -> None:
    problem = check_record(VISIT, visit(service_mode="alone"), TODAY)[0]
    assert "科技特派员+家庭农场+农户" in problem.sentence(mark, "服务模式")
    assert "Correspondent + family farm" in problem.sentence(translator("en"), "Service mode")


def test_every_problem_has_an_english_sentence() -> None:
    english = translator("en")
    for text in FIELD_TEXTS.values():
        assert english(text) != text


def test_phone_and_server_read_the_same_limits() -> None:
    """What pydantic refuses, the phone's check refuses too, form by form, limit by limit."""
    for name, form in load_catalogue().items():
        schema = FORMS[name].model_json_schema()
        for field in form["fields"]:
            described = schema["properties"][field["name"]]
            branches = [described, *described.get("anyOf", [])]
            for limit in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
                wanted = [branch[limit] for branch in branches if limit in branch]
                assert [field[limit]] == wanted if limit in field else not wanted
