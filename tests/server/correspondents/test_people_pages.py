"""Correspondents: found, added, changed, given an account."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.records.filled import push, scalar, visit

pytestmark = pytest.mark.database
FORM = {
    "name": "孙示例",
    "level": "county",
    "specialty": "horticulture",
    "county": "341302",
    "villages": ["341302001003"],
}


def get(client: TestClient, username: str, path: str) -> Any:
    return client.get(path, headers={**sign_in_as(client, username), "Accept-Language": "zh"})


def post(client: TestClient, username: str, path: str, data: dict[str, Any]) -> Any:
    headers = {**sign_in_as(client, username), "Accept-Language": "zh"}
    return client.post(path, data=data, headers=headers)


def test_offices_see_the_correspondents_of_their_county_with_counts(
    app_client: TestClient, world: World
) -> None:
    push(app_client, sign_in_as(app_client, "wang"), visit(world))
    county = get(app_client, "county", "/people").text
    assert "王示例" in county
    assert "李示例" not in county
    city = get(app_client, "city", "/people").text
    assert "王示例" in city
    assert "李示例" in city
    assert "李示例" not in get(app_client, "city", "/people?q=王").text
    assert get(app_client, "wang", "/people").status_code == 403


def test_a_person_added_by_the_county_is_there_with_villages_and_audit_line(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    answer = post(app_client, "county", "/people/new", FORM)
    assert answer.status_code == 303
    shown = get(app_client, "county", answer.headers["location"]).text
    assert "孙示例" in shown
    assert "东仙桥社区" in shown
    lines = "select count(*) from audit_line where action = 'correspondent.added'"
    assert scalar(database, lines) == 1


@pytest.mark.parametrize(
    ("username", "changes", "said"),
    [
        ("county", {"name": " "}, "“姓名”必须填写"),
        ("county", {"level": "galaxy"}, "galaxy"),
        ("county", {"county": "341321"}, "341321"),
        ("county", {"villages": ["341321001001"]}, "341321001001"),
        ("city", {"villages": []}, "服务村"),
        ("city", {"villages": ["999"]}, "999"),
        ("admin", {"county": "110000"}, "县区"),
    ],
)
def test_a_wrong_form_comes_back_as_filled_in(
    app_client: TestClient,
    world: World,
    database: DatabaseAddresses,
    username: str,
    changes: dict[str, Any],
    said: str,
) -> None:
    answer = post(app_client, username, "/people/new", {**FORM, **changes})
    assert answer.status_code == 422
    assert said in answer.text
    assert scalar(database, "select count(*) from correspondent") == 2


def test_villages_are_found_by_name_within_reach(app_client: TestClient, world: World) -> None:
    assert "东仙桥社区" in get(app_client, "county", "/people/villages?village_text=东仙").text
    assert "示例村" not in get(app_client, "county", "/people/villages?village_text=示例村").text
    assert "示例村" in get(app_client, "city", "/people/villages?village_text=示例村").text
    ticked = f"/people/villages?village_text=&villages={world.village}"
    assert "checked" in get(app_client, "county", ticked).text


def test_editing_changes_the_person_and_another_county_cannot(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    path = f"/people/{world.correspondent}/edit"
    assert post(app_client, "county", path, FORM).status_code == 303
    assert scalar(
        database, "select name from correspondent where id = %s", world.correspondent
    ) == ("孙示例")
    far = {**FORM, "county": "341321", "villages": [world.far_village]}
    assert post(app_client, "far-county", path, far).status_code == 404
    assert post(app_client, "auditor", path, FORM).status_code == 403


def test_the_administrator_opens_an_account_that_can_sign_in(
    app_client: TestClient, world: World
) -> None:
    person = post(app_client, "county", "/people/new", FORM).headers["location"]
    assert post(app_client, "county", f"{person}/account", {"username": "sun"}).status_code == 403
    taken = post(app_client, "admin", f"{person}/account", {"username": "wang"})
    assert taken.status_code == 422
    shown = post(app_client, "admin", f"{person}/account", {"username": "sun"}).text
    found = re.search(r'class="once">([^<]+)<', shown)
    assert found
    answer = app_client.post(
        "/api/v1/session", json={"username": "sun", "password": found.group(1)}
    )
    assert answer.status_code == 201
    app_client.cookies.clear()
    assert found.group(1) not in get(app_client, "admin", person).text
