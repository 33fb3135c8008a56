"""What a correspondent's phone gets for the records it pushes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.records.filled import one_of_each, push, run, scalar, visit

pytestmark = pytest.mark.database


@pytest.fixture
def wang(app_client: TestClient, world: World) -> dict[str, str]:
    return sign_in_as(app_client, "wang")


def add_base(database: DatabaseAddresses) -> object:
    base = new_id()
    run(
        database,
        "insert into station (id, code, kind, name_zh, name_en, county_code)"
        " values (%s, 'base-1', 'base', '示例基地', 'Sample base', '341302')",
        base,
    )
    return base


def test_a_record_of_each_form_is_accepted_with_its_facts_and_audit_lines(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    outcomes = push(app_client, wang, *one_of_each(world, add_base(database)))
    assert [o["outcome"] for o in outcomes] == ["accepted"] * 6, outcomes
    for table, count in {
        "record": 6,
        "served_household": 3,
        "assisted_organisation": 1,
        "training_report": 1,
        "promoted_item": 1,
        "income_line": 1,
        "technician_training": 1,
        "base_establishment": 1,
    }.items():
        assert scalar(database, f"select count(*) from {table}") == count, table
    assert scalar(database, "select kind from promoted_item") == "variety"
    lines = "select count(*) from audit_line where action = 'record.submitted'"
    assert scalar(database, lines) == 6


def test_the_same_record_again_is_a_duplicate_and_changes_nothing(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    record = visit(world)
    first, second = push(app_client, wang, record, record)
    (third,) = push(app_client, wang, {**record, "captured_at": "2026-06-01T00:00:00Z"})
    assert [o["outcome"] for o in (first, second, third)] == ["accepted", "duplicate", "duplicate"]
    assert scalar(database, "select count(*) from record") == 1
    assert scalar(database, "select count(*) from audit_line where subject_kind = 'record'") == 1


def test_same_id_with_another_body_is_a_conflict(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    record = visit(world)
    changed = {**record, "values": {**record["values"], "service_days": 3}}
    push(app_client, wang, record)
    assert push(app_client, wang, changed)[0]["outcome"] == "conflict"
    assert push(app_client, wang, {**changed, "revision": 2})[0]["outcome"] == "conflict"
    assert float(scalar(database, "select service_days from record")) == 0.5


def test_a_returned_record_is_replaced_by_its_next_revision(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    record = visit(world)
    push(app_client, wang, record)
    run(database, "update record set status = 'returned'")
    better = {**record["values"], "organisations": [], "service_days": 1}
    late = {**record, "values": better, "revision": 3}
    assert push(app_client, wang, late)[0]["outcome"] == "conflict"
    corrected = {**record, "values": better, "revision": 2}
    outcomes = push(app_client, wang, corrected) + push(app_client, wang, corrected)
    assert [o["outcome"] for o in outcomes] == ["accepted", "duplicate"]
    assert scalar(database, "select status || revision from record") == "submitted2"
    assert scalar(database, "select revision from record_revision") == 1
    assert scalar(database, "select count(*) from assisted_organisation") == 0
    assert scalar(database, "select count(*) from served_household") == 1


def test_a_verified_record_cannot_be_replaced(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    record = visit(world)
    push(app_client, wang, record)
    run(database, "update record set status = 'verified'")
    changed = {**record, "revision": 2, "values": {**record["values"], "service_days": 9}}
    assert push(app_client, wang, changed)[0]["outcome"] == "conflict"


def test_another_authors_record_is_a_conflict_that_reveals_nothing(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    record = visit(world)
    push(app_client, wang, record)
    li = sign_in_as(app_client, "li")
    theirs = visit(
        world, village=world.far_village, households=[str(world.far_household)], organisations=[]
    )
    mine = visit(
        world, village=world.far_village, households=[str(world.far_household)], organisations=[]
    )
    outcomes = push(app_client, li, {**theirs, "id": record["id"]}, mine)
    assert [o["outcome"] for o in outcomes] == ["conflict", "accepted"]
    assert outcomes[0]["problems"] == []
    author = scalar(database, "select correspondent_id from record where id = %s", record["id"])
    assert author == world.correspondent


def test_a_repeat_stays_a_duplicate_after_the_village_went_to_somebody_else(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    record = visit(world)
    push(app_client, wang, record)
    run(
        database,
        "update correspondent_village set village_code = %s where correspondent_id = %s",
        world.far_village,
        world.correspondent,
    )
    repeat, new = push(app_client, wang, record, visit(world))
    assert [repeat["outcome"], new["outcome"]] == ["duplicate", "rejected"]


def test_two_phones_pushing_the_same_at_once_get_accepted_and_duplicate(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    records = [visit(world) for _ in range(20)]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(
            lambda batch: push(app_client, wang, *batch), (records, records[::-1])
        )
    pairs = zip(one, reversed(other), strict=True)
    assert all({a["outcome"], b["outcome"]} == {"accepted", "duplicate"} for a, b in pairs)
    assert scalar(database, "select count(*) from record") == 20
    assert scalar(database, "select count(*) from served_household") == 20


def test_one_technician_reported_twice_is_one_person(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    base = add_base(database)
    push(app_client, wang, one_of_each(world, base)[4], one_of_each(world, base)[4])
    assert scalar(database, "select count(*) from technician") == 1
    assert scalar(database, "select count(*) from technician_training") == 2


def test_only_correspondents_push(app_client: TestClient, world: World) -> None:
    for username in ("county", "city", "admin", "park", "auditor"):
        headers = sign_in_as(app_client, username)
        answer = app_client.post("/api/v1/sync/push", json={"records": []}, headers=headers)
        assert answer.status_code == 403, username
    assert app_client.post("/api/v1/sync/push", json={"records": []}).status_code == 401
