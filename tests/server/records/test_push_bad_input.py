"""Whatever one record of a push is like, it gets an answer and the others are stored."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.records.filled import filled, push, scalar, visit

pytestmark = pytest.mark.database


@pytest.fixture
def wang(app_client: TestClient, world: World) -> dict[str, str]:
    return sign_in_as(app_client, "wang")


BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "id is no id": ({"id": "42"}, "id", "not_id"),
    "id missing": ({"id": None}, "id", "required"),
    "id a list": ({"id": [1]}, "id", "not_id"),
    "values a list": ({"values": []}, "values", "not_text"),
    "values missing": ({"values": None}, "values", "required"),
    "form a number": ({"form": 7}, "form", "not_text"),
    "form unknown": ({"form": "seance"}, "form", "stale_form"),
    "form of tomorrow": ({"form_version": 2}, "form_version", "stale_form"),
    "version a word": ({"form_version": "one"}, "form_version", "not_integer"),
    "version true": ({"form_version": True}, "form_version", "not_integer"),
    "revision zero": ({"revision": 0}, "revision", "too_small"),
    "revision giant": ({"revision": 10**30}, "revision", "too_large"),
    "captured a word": ({"captured_at": "yesterday"}, "captured_at", "wrong_pattern"),
    "captured without offset": (
        {"captured_at": "2026-05-31T08:30:00"},
        "captured_at",
        "wrong_pattern",
    ),
    "captured in year 1": (
        {"captured_at": "0001-01-01T00:00:00+08:00"},
        "captured_at",
        "wrong_pattern",
    ),
}

WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "days too many": ({"service_days": 45}, "service_days", "too_large"),
    "days a word": ({"service_days": "half"}, "service_days", "not_number"),
    "days beyond any float": ({"service_days": 10**400}, "service_days", "too_large"),
    "date of the year 2099": ({"occurred_on": "2099-01-01"}, "occurred_on", "in_future"),
    "date that is none": ({"occurred_on": "2026-02-30"}, "occurred_on", "not_date"),
    "village unknown": ({"village": "341302999999"}, "village", "not_known"),
    "village of another county": ({"village": "341321001001"}, "village", "not_known"),
    "village a township": ({"village": "341302001"}, "village", "wrong_pattern"),
    "household unknown": ({"households": [str(new_id())]}, "households.0", "not_known"),
    "household a word": ({"households": ["张三"]}, "households.0", "not_id"),
    "days not a number": ({"service_days": float("nan")}, "service_days", "not_number"),
    "nobody served": ({"households": [], "organisations": []}, "households", "none_served"),
    "service unknown": ({"service_types": ["magic"]}, "service_types.0", "not_a_choice"),
    "summary short": ({"summary": "好"}, "summary", "too_short"),
    "summary with NUL": ({"summary": "a\0b so long"}, "summary", "not_text"),
    "half a character": ({"summary": "\ud800 so long"}, "values", "not_text"),
    "too big": ({"summary": "长" * 30_000}, "values", "too_long"),
    "unknown field": ({"mood": "fine"}, "mood", "unknown_field"),
}


def test_every_malformed_envelope_and_wrong_field_is_named_and_rejected_alone(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    bad = {name: {**visit(world), **changes} for name, (changes, _, _) in BROKEN.items()}
    bad |= {name: visit(world, **changes) for name, (changes, _, _) in WRONG.items()}
    expected = BROKEN | WRONG
    outcomes = push(app_client, wang, visit(world), *bad.values(), visit(world))
    assert (outcomes[0]["outcome"], outcomes[-1]["outcome"]) == ("accepted", "accepted")
    for name, outcome in zip(bad, outcomes[1:-1], strict=True):
        assert outcome["outcome"] == "rejected", name
        found = [(p["field"], p["code"]) for p in outcome["problems"]]
        assert expected[name][1:] in found, name
        assert all(p["message"] and "%(" not in p["message"] for p in outcome["problems"]), name


def test_what_is_no_record_at_all_is_rejected_alone(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    outcomes = push(app_client, wang, None, 7, "record", [], {}, visit(world))
    assert [o["outcome"] for o in outcomes] == ["rejected"] * 5 + ["accepted"]


def test_a_far_household_is_refused_like_one_that_does_not_exist(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    far, none = push(
        app_client,
        wang,
        visit(world, households=[str(world.far_household)]),
        visit(world, households=[str(new_id())]),
    )
    assert far["problems"][0]["code"] == none["problems"][0]["code"] == "not_known"


def test_a_park_is_no_demo_base(app_client: TestClient, world: World, wang: dict[str, str]) -> None:
    base = filled(
        "base",
        {"occurred_on": "2026-05-30", "village": world.village, "station": str(world.park)},
    )
    (outcome,) = push(app_client, wang, base, language="en")
    assert outcome["problems"][0]["code"] == "wrong_kind"
    assert outcome["problems"][0]["expected"] == {"expected_kind": "Demo base"}


def test_problems_speak_the_persons_language_with_value_and_limit(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    zh = push(app_client, wang, visit(world, service_days=45))[0]["problems"][0]
    en = push(app_client, wang, visit(world, service_days=45), language="en")[0]["problems"][0]
    assert zh["message"] == "“服务天数”的值 45 太大，最大为 30"
    assert "Service days" in en["message"]
    assert "45" in en["message"]
    assert (zh["value"], zh["expected"]) == (45, {"maximum": 30})


def test_a_wrong_clock_is_kept_not_refused(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    early = {**visit(world), "captured_at": "1999-01-01T00:00:00Z"}
    assert push(app_client, wang, early)[0]["outcome"] == "accepted"
    year = "select extract(year from captured_at at time zone 'UTC')::int from record"
    assert scalar(database, year) == 1999


def test_the_largest_income_that_the_form_allows_is_stored(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    most = {
        "occurred_on": "2026-05-30",
        "village": world.village,
        "household": str(world.household),
        "product": "pear",
        "area_mu": 10_000,
        "yield_kg_per_mu": 20_000,
        "price_yuan_per_kg": 10_000,
        "cost_yuan_per_mu": 0,
    }
    (outcome,) = push(app_client, wang, filled("income", most))
    assert outcome["outcome"] == "accepted", outcome
    assert scalar(database, "select gain_yuan from income_line") == 2 * 10**12


def test_a_malformed_push_is_a_problem_and_stores_nothing(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    def status(**sent: Any) -> int:
        return app_client.post("/api/v1/sync/push", headers=wang, **sent).status_code

    assert status(content=b'{"records": [') == 422
    assert status(content=b"[" * 100_000) in (400, 422)
    assert status(json={"record": []}) == 422
    assert status(json={"records": "all"}) == 422
    too_many = app_client.post(
        "/api/v1/sync/push", headers=wang, json={"records": [visit(world)] * 201}
    )
    assert too_many.status_code == 413
    assert "200" in too_many.json()["detail"]
    large = {"records": [visit(world, summary="长" * 60_000) for _ in range(100)]}
    assert status(json=large) == 413
    assert scalar(database, "select count(*) from record") == 0
    assert push(app_client, wang) == []
