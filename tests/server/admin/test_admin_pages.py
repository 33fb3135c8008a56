"""Administration: accounts, catalogue, audit trail."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.records.filled import push, scalar, visit

pytestmark = pytest.mark.database
NEW = {
    "username": "lingbi",
    "display_name": "灵璧科技局",
    "role": "county_office",
    "county": "341321",
}


def get(client: TestClient, username: str, path: str) -> Any:
    return client.get(path, headers={**sign_in_as(client, username), "Accept-Language": "zh"})


def post(client: TestClient, username: str, path: str, data: dict[str, Any] | None = None) -> Any:
    headers = {**sign_in_as(client, username), "Accept-Language": "zh"}
    return client.post(path, data=data or {}, headers=headers)


def password_in(page: str) -> str:
    found = re.search(r'class="once">([^<]+)<', page)
    assert found
    return found.group(1)


def sign_in(client: TestClient, username: str, password: str) -> int:
    credentials = {"username": username, "password": password}
    status = client.post("/api/v1/session", json=credentials).status_code
    client.cookies.clear()
    return status


def account_id(database: DatabaseAddresses, username: str) -> Any:
    return scalar(database, "select id from account where username = %s", username)


@pytest.mark.parametrize(
    ("username", "pages"),
    [
        ("admin", {"accounts": 200, "audit": 200, "catalogue": 200}),
        ("auditor", {"accounts": 403, "audit": 200, "catalogue": 403}),
        ("city", {"accounts": 403, "audit": 403, "catalogue": 200}),
        ("county", {"accounts": 403, "audit": 403, "catalogue": 403}),
        ("wang", {"accounts": 403, "audit": 403, "catalogue": 403}),
    ],
)
def test_each_page_is_for_those_it_is_for(
    app_client: TestClient, world: World, username: str, pages: dict[str, int]
) -> None:
    seen = {page: get(app_client, username, f"/admin/{page}").status_code for page in pages}
    assert seen == pages


def test_a_new_account_signs_in_with_the_password_shown_once(
    app_client: TestClient, world: World
) -> None:
    shown = post(app_client, "admin", "/admin/accounts", NEW)
    assert sign_in(app_client, "lingbi", password_in(shown.text)) == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "Not A Name"},
        {"username": "wang"},
        {"display_name": ""},
        {"role": "emperor"},
        {"role": "correspondent"},
        {"county": ""},
    ],
)
def test_a_wrong_account_form_is_refused(
    app_client: TestClient, world: World, database: DatabaseAddresses, changes: dict[str, str]
) -> None:
    before = scalar(database, "select count(*) from account")
    assert post(app_client, "admin", "/admin/accounts", {**NEW, **changes}).status_code == 422
    assert scalar(database, "select count(*) from account") == before


def test_a_disabled_account_is_out_at_once_and_in_again_when_enabled(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    wang = sign_in_as(app_client, "wang")
    path = f"/admin/accounts/{account_id(database, 'wang')}"
    assert post(app_client, "admin", f"{path}/disable").status_code == 200
    assert app_client.get("/api/v1/session", headers=wang).status_code == 401
    post(app_client, "admin", f"{path}/enable")
    assert sign_in_as(app_client, "wang")


def test_an_administrator_cannot_lock_themself_out(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    path = f"/admin/accounts/{account_id(database, 'admin')}/disable"
    assert post(app_client, "admin", path).status_code == 422
    assert sign_in_as(app_client, "admin")


def test_a_reset_password_replaces_the_old_and_ends_sessions(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    city = sign_in_as(app_client, "city")
    shown = post(app_client, "admin", f"/admin/accounts/{account_id(database, 'city')}/reset")
    assert app_client.get("/api/v1/session", headers=city).status_code == 401
    assert sign_in(app_client, "city", "a long enough password") == 401
    assert sign_in(app_client, "city", password_in(shown.text)) == 201


def test_the_city_adds_an_item_once(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    item = {"kind": "variety", "name": " 砀山 1 号 ", "crop": "pear"}
    assert "砀山 1 号" in post(app_client, "city", "/admin/catalogue", item).text
    again = post(app_client, "city", "/admin/catalogue", item)
    assert again.status_code == 422
    assert "重复" in again.text
    assert post(app_client, "county", "/admin/catalogue", item).status_code == 403
    assert scalar(database, "select count(*) from catalogue_item where crop = 'pear'") == 1


def test_the_audit_trail_tells_who_did_what(app_client: TestClient, world: World) -> None:
    record = visit(world)
    push(app_client, sign_in_as(app_client, "wang"), record)
    post(app_client, "admin", "/admin/accounts", NEW)
    shown = get(app_client, "auditor", "/admin/audit").text
    assert f'href="/records/{record["id"]}"' in shown
    assert "新增账号" in shown
    assert "新增账号" not in get(app_client, "auditor", "/admin/audit?q=record.").text
