"""Who may decide on a record, and what a decision does."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.records.filled import push, run, scalar, visit

pytestmark = pytest.mark.database


@pytest.fixture
def record_id(app_client: TestClient, world: World) -> str:
    record = visit(world)
    (outcome,) = push(app_client, sign_in_as(app_client, "wang"), record)
    assert outcome["outcome"] == "accepted"
    return str(record["id"])


def review(
    client: TestClient, username: str, record_id: str, decision: str, reason: str = "", **more: Any
) -> Any:
    return client.post(
        f"/api/v1/records/{record_id}/review",
        json={"revision": 1, "decision": decision, "reason": reason, **more},
        headers=sign_in_as(client, username),
    )


def test_a_verified_record_has_review_status_and_audit_line(
    app_client: TestClient, record_id: str, database: DatabaseAddresses
) -> None:
    assert review(app_client, "county", record_id, "verified").status_code == 201
    assert scalar(database, "select status from record") == "verified"
    assert scalar(database, "select decision || revision from review") == "verified1"
    assert scalar(database, "select count(*) from audit_line where action = 'record.verified'") == 1


def test_the_second_of_two_clicks_is_stale_and_nothing_happens_twice(
    app_client: TestClient, record_id: str, database: DatabaseAddresses
) -> None:
    headers = sign_in_as(app_client, "county")

    def click(_: int) -> int:
        answer = app_client.post(
            f"/api/v1/records/{record_id}/review",
            json={"revision": 1, "decision": "verified"},
            headers=headers,
        )
        return answer.status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(click, range(2))) == [201, 409]
    assert scalar(database, "select count(*) from review") == 1


def test_returning_and_rejecting_need_a_reason(
    app_client: TestClient, record_id: str, database: DatabaseAddresses
) -> None:
    for decision in ("returned", "rejected"):
        answer = review(app_client, "county", record_id, decision, "   ")
        assert answer.status_code == 422
        assert answer.json()["fields"][0]["field"] == "reason"
    assert scalar(database, "select status from record") == "submitted"


def test_another_countys_office_does_not_find_the_record(
    app_client: TestClient, record_id: str
) -> None:
    assert review(app_client, "far-county", record_id, "verified").status_code == 404


def test_only_county_offices_and_the_administrator_review(
    app_client: TestClient, record_id: str, database: DatabaseAddresses
) -> None:
    for username in ("wang", "city", "auditor", "park"):
        assert review(app_client, username, record_id, "verified").status_code == 403, username
    assert scalar(database, "select count(*) from review") == 0
    assert review(app_client, "admin", record_id, "verified").status_code == 201


def test_a_version_that_was_replaced_cannot_be_reviewed(
    app_client: TestClient, record_id: str, database: DatabaseAddresses
) -> None:
    run(database, "update record set revision = 2")
    answer = review(app_client, "county", record_id, "verified")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_unknown_fields_of_a_reason_are_left_out(
    app_client: TestClient, record_id: str, database: DatabaseAddresses
) -> None:
    answer = review(
        app_client, "county", record_id, "returned", "看不懂", fields=["summary", "mood"]
    )
    assert answer.status_code == 201
    assert scalar(database, "select fields from review") == ["summary"]


def test_returned_corrected_and_verified_is_one_history(
    app_client: TestClient, world: World, record_id: str
) -> None:
    review(app_client, "county", record_id, "returned", "天数不对")
    corrected = {**visit(world, service_days=1), "id": record_id, "revision": 2}
    (outcome,) = push(app_client, sign_in_as(app_client, "wang"), corrected)
    assert outcome["outcome"] == "accepted"
    review(app_client, "county", record_id, "verified", revision=2)
    headers = sign_in_as(app_client, "wang")
    record = app_client.get(f"/api/v1/records/{record_id}", headers=headers).json()
    assert record["status"] == "verified"
    assert [(h["what"], h["revision"]) for h in record["history"]] == [
        ("received", 1),
        ("returned", 1),
        ("received", 2),
        ("verified", 2),
    ]
    assert record["history"][1]["who"] == "county"
