from datetime import date
from decimal import Decimal

from contracts.forms import Income, Training
from contracts.ids import new_id
from server.records.body_hash import body_sha256
from server.records.facts import derive_facts, session_key


def training(**changes: object) -> Training:
    values = {
        "occurred_on": date(2025, 3, 1),
        "village": "341302001003",
        "title": "小麦 赤霉病防控",
        "attendance": 12,
        "service_days": 1,
    }
    return Training.model_validate({**values, **changes})


def test_one_session_told_by_code_whoever_reports_it() -> None:
    one = training(session_code="A7 K2", title="甲题")
    other = training(session_code="a7k2", title="乙题", village="341302001004")
    assert session_key(one) == session_key(other)
    assert session_key(one) != session_key(training(session_code="B1"))


def test_without_a_code_day_village_and_subject_tell_a_session() -> None:
    assert session_key(training()) == session_key(training(title="小麦赤霉病防控 "))
    assert session_key(training()) != session_key(training(occurred_on=date(2025, 3, 2)))


def income(**changes: object) -> Income:
    values = {
        "occurred_on": date(2025, 10, 1),
        "village": "341302001003",
        "household": str(new_id()),
        "product": "wheat",
        "area_mu": 5.5,
        "yield_kg_per_mu": 480,
        "price_yuan_per_kg": 2.46,
        "cost_yuan_per_mu": 610.1,
        "baseline_year": 2022,
        "baseline_area_mu": 5.5,
        "baseline_yield_kg_per_mu": 430,
        "baseline_price_yuan_per_kg": 2.3,
        "baseline_cost_yuan_per_mu": 600,
    }
    return Income.model_validate({**values, **changes})


def test_gain_is_net_income_less_that_of_the_baseline_year_in_exact_decimals() -> None:
    line = derive_facts(income()).income
    assert line is not None
    # 5.5 x (480 x 2.46 - 610.1) = 3138.85; 5.5 x (430 x 2.3 - 600) = 2139.50
    assert (line.gain_yuan, line.has_baseline, line.year) == (Decimal("999.35"), True, 2025)


def test_without_a_whole_baseline_the_gain_is_marked_an_estimate() -> None:
    line = derive_facts(income(baseline_price_yuan_per_kg=None)).income
    assert line is not None
    assert (line.gain_yuan, line.has_baseline) == (Decimal("3138.85"), False)


def test_the_body_hash_sees_content_not_notation() -> None:
    plain = body_sha256("visit", 1, {"a": 2, "b": ["x"]})
    assert plain == body_sha256("visit", 1, {"b": ["x"], "a": 2.0, "c": None, "d": []})
    assert plain != body_sha256("visit", 1, {"a": 2.5, "b": ["x"]})
    assert plain != body_sha256("visit", 2, {"a": 2, "b": ["x"]})
