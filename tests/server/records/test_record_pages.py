"""The pages on which records are found, read and reviewed."""

import re

import pytest
from fastapi.testclient import TestClient

from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.records.filled import push, run, scalar, visit

pytestmark = pytest.mark.database
ZH = {"Accept-Language": "zh"}


@pytest.fixture
def record_id(app_client: TestClient, world: World) -> str:
    record = visit(world)
    push(app_client, sign_in_as(app_client, "wang"), record)
    return str(record["id"])


def page(client: TestClient, username: str, path: str, language: str = "zh") -> str:
    headers = {**sign_in_as(client, username), "Accept-Language": language}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_county_office_begins_with_what_awaits_review(
    app_client: TestClient, world: World, record_id: str, database: DatabaseAddresses
) -> None:
    assert record_id in page(app_client, "county", "/records")
    run(database, "update record set status = 'verified'")
    assert record_id not in page(app_client, "county", "/records")
    assert record_id in page(app_client, "county", "/records?status=all")
    assert record_id in page(app_client, "city", "/records")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("form=visit", True),
        ("form=training", False),
        ("q=王示", True),
        ("q=东仙桥", True),
        ("q=%25", False),
        ("from=2026-05-30&to=2026-05-30", True),
        ("from=2026-05-31", False),
        ("county=341321", False),
        ("status=returned", False),
    ],
)
def test_filters_narrow_the_list(
    app_client: TestClient, world: World, record_id: str, query: str, found: bool
) -> None:
    assert (record_id in page(app_client, "city", f"/records?{query}")) is found


def test_a_filter_typed_wrong_is_told_and_the_list_stays(
    app_client: TestClient, world: World, record_id: str
) -> None:
    shown = page(app_client, "city", "/records?from=yesterday")
    assert "yesterday" in shown
    assert record_id in shown


def test_pages_go_on_where_the_last_ended_and_miss_nothing(
    app_client: TestClient, world: World
) -> None:
    records = [visit(world, occurred_on=f"2026-05-{day % 3 + 1:02}") for day in range(120)]
    push(app_client, sign_in_as(app_client, "wang"), *records)
    path, seen = "/records?form=visit", []
    for _ in range(3):
        shown = page(app_client, "city", path)
        seen += re.findall(r'href="/records/([0-9a-f-]{36})"', shown)
        more = re.search(r'rel="next" href="([^"]+)"', shown)
        path = more.group(1).replace("&amp;", "&") if more else ""
    assert path == ""
    assert sorted(seen) == sorted(record["id"] for record in records)


def test_a_record_shows_names_not_ids_in_both_languages(
    app_client: TestClient, world: World, record_id: str
) -> None:
    zh = page(app_client, "county", f"/records/{record_id}")
    assert "张示例" in zh
    assert "示例合作社" in zh
    assert "业务指导" in zh
    assert str(world.household) not in zh
    en = page(app_client, "county", f"/records/{record_id}", "en")
    assert "Technical guidance" in en
    assert "Households led" in en


def test_only_who_may_review_has_the_buttons(
    app_client: TestClient, world: World, record_id: str
) -> None:
    buttons = {
        username: 'value="verified"' in page(app_client, username, f"/records/{record_id}")
        for username in ("county", "admin", "city", "auditor", "wang")
    }
    assert buttons == {
        "county": True,
        "admin": True,
        "city": False,
        "auditor": False,
        "wang": False,
    }


def test_another_county_or_author_does_not_find_the_record(
    app_client: TestClient, world: World, record_id: str
) -> None:
    for username in ("far-county", "li"):
        headers = sign_in_as(app_client, username)
        assert app_client.get(f"/records/{record_id}", headers=headers).status_code == 404
        assert record_id not in app_client.get("/records?status=all", headers=headers).text
    answer = app_client.get(f"/records/{record_id}", headers=sign_in_as(app_client, "park"))
    assert answer.status_code == 403


def decide(
    client: TestClient, record_id: str, decision: str, reason: str = "", swap: bool = False
) -> tuple[int, str]:
    headers = {**sign_in_as(client, "county"), **ZH, **({"HX-Request": "true"} if swap else {})}
    answer = client.post(
        f"/records/{record_id}/review",
        data={"revision": 1, "decision": decision, "reason": reason, "fields": ["summary"]},
        headers=headers,
    )
    return answer.status_code, answer.text


def test_a_decision_is_swapped_in_with_the_next_to_review(
    app_client: TestClient, world: World, record_id: str
) -> None:
    other = visit(world, service_days=2)
    push(app_client, sign_in_as(app_client, "wang"), other)
    status, part = decide(app_client, record_id, "verified", swap=True)
    assert status == 200
    assert "<html" not in part
    assert f'href="/records/{other["id"]}"' in part
    assert "已核实" in part


def test_returning_without_a_reason_keeps_the_record_and_says_why(
    app_client: TestClient, world: World, record_id: str, database: DatabaseAddresses
) -> None:
    status, shown = decide(app_client, record_id, "returned")
    assert status == 422
    assert "“理由”必须填写" in shown
    assert re.search(r'value="summary"\s+checked', shown)
    assert scalar(database, "select status from record") == "submitted"


def test_a_second_click_is_told_kindly_and_changes_nothing(
    app_client: TestClient, world: World, record_id: str, database: DatabaseAddresses
) -> None:
    decide(app_client, record_id, "returned", "天数不对")
    status, shown = decide(app_client, record_id, "verified")
    assert status == 409
    assert "已经审核过" in shown
    assert scalar(database, "select status from record") == "returned"


def test_the_json_list_has_the_same_filters_and_pages(
    app_client: TestClient, world: World, record_id: str
) -> None:
    headers = sign_in_as(app_client, "city")
    records = app_client.get("/api/v1/records?form=visit", headers=headers).json()
    assert ([r["id"] for r in records["records"]], records["after"]) == ([record_id], None)
    bad = app_client.get("/api/v1/records?status=lost&from=x&after=1", headers=headers)
    assert bad.status_code == 422
    assert [f["field"] for f in bad.json()["fields"]] == ["status", "from"]
