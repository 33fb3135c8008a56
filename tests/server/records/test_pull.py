"""What a correspondent's phone gets when it pulls."""

from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.records.filled import push, run, visit

pytestmark = pytest.mark.database


@pytest.fixture
def wang(app_client: TestClient, world: World) -> dict[str, str]:
    return sign_in_as(app_client, "wang")


def pull(client: TestClient, headers: dict[str, str], cursor: str | None = None) -> dict[str, Any]:
    query = {} if cursor is None else {"cursor": cursor}
    answer = client.get("/api/v1/sync/pull", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    pulled: dict[str, Any] = answer.json()
    return pulled


def names(pulled: dict[str, Any], subjects: str) -> set[str]:
    return {row.get("name") or row["name_zh"] for row in pulled["subjects"][subjects]}


def test_the_first_pull_holds_ones_own_surroundings_and_the_catalogue(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    pulled = pull(app_client, wang)
    assert pulled["subjects"]["villages"] == [
        {
            "code": world.village,
            "name": "东仙桥社区",
            "township": "埇桥街道",
            "county": "埇桥区",
        }
    ]
    assert names(pulled, "households") == {"张示例"}
    assert names(pulled, "organisations") == {"示例合作社"}
    assert names(pulled, "stations") == {"示例园区"}
    assert names(pulled, "items") == {"示例技术", "示例品种"}


def test_a_second_pull_holds_only_what_changed(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    cursor = pull(app_client, wang)["cursor"]
    again = pull(app_client, wang, cursor)
    assert [len(again["subjects"][s]) for s in ("households", "organisations", "items")] == [0] * 3
    run(database, "update catalogue_item set name = '新名' where id = %s", world.variety)
    run(database, "update household set head_name = '新户主' where id = %s", world.household)
    changed = pull(app_client, wang, again["cursor"])
    assert (names(changed, "items"), names(changed, "households")) == ({"新名"}, {"新户主"})


def test_a_row_committed_late_is_not_skipped(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    with psycopg.connect(database.superuser) as slow:
        slow.execute(
            "insert into catalogue_item (id, kind, name) values (%s, 'technology', '迟到')",
            (new_id(),),
        )
        run(database, "update catalogue_item set crop = 'pear' where id = %s", world.variety)
        cursor = pull(app_client, wang)["cursor"]
    assert "迟到" in names(pull(app_client, wang, cursor), "items")


def test_a_review_reaches_the_phone_with_reason_and_fields(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    record = visit(world)
    cursor = pull(app_client, wang)["cursor"]
    push(app_client, wang, record)
    sent = pull(app_client, wang, cursor)
    assert [(r["id"], r["status"]) for r in sent["records"]] == [(record["id"], "submitted")]
    answer = app_client.post(
        f"/api/v1/records/{record['id']}/review",
        json={"revision": 1, "decision": "returned", "reason": "请补充", "fields": ["summary"]},
        headers=sign_in_as(app_client, "county"),
    )
    assert answer.status_code == 201, answer.text
    news = pull(app_client, wang, sent["cursor"])["records"]
    assert news == [
        {
            "id": record["id"],
            "status": "returned",
            "revision": 1,
            "reason": "请补充",
            "fields": ["summary"],
        }
    ]


@pytest.mark.parametrize(
    "cursor", ["", "x", "..", "a.1.b", "0" * 5000, "%00", "9.99999999999999999999.9", "1.-1.1"]
)
def test_a_cursor_that_is_not_ours_gives_everything(
    app_client: TestClient, world: World, wang: dict[str, str], cursor: str
) -> None:
    assert names(pull(app_client, wang, cursor), "households") == {"张示例"}


def test_a_cursor_ahead_of_the_database_gives_everything(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    numbering, _, scope = pull(app_client, wang)["cursor"].split(".")
    ahead = f"{numbering}.{10**18}.{scope}"
    assert names(pull(app_client, wang, ahead), "households") == {"张示例"}


def test_a_village_newly_served_brings_its_old_households(
    app_client: TestClient, world: World, wang: dict[str, str], database: DatabaseAddresses
) -> None:
    cursor = pull(app_client, wang)["cursor"]
    run(
        database,
        "insert into correspondent_village values (%s, %s)",
        world.correspondent,
        world.far_village,
    )
    assert names(pull(app_client, wang, cursor), "households") == {"张示例", "赵示例"}


def test_another_persons_cursor_gives_everything(
    app_client: TestClient, world: World, wang: dict[str, str]
) -> None:
    cursor = pull(app_client, wang)["cursor"]
    assert names(pull(app_client, sign_in_as(app_client, "li"), cursor), "households") == {"赵示例"}
