import pytest
from fastapi.testclient import TestClient

from tests.server.people import PASSWORD, World, sign_in_as

pytestmark = pytest.mark.database


def test_sign_in_gives_a_token_that_says_who_i_am(app_client: TestClient, world: World) -> None:
    headers = sign_in_as(app_client, "wang")
    me = app_client.get("/api/v1/session", headers=headers).json()
    assert (me["username"], me["correspondent_id"]) == ("wang", str(world.correspondent))


def test_wrong_password_and_unknown_name_are_told_alike(
    app_client: TestClient, world: World
) -> None:
    answers = [
        app_client.post("/api/v1/session", json={"username": name, "password": "wrong"})
        for name in ("wang", "nobody-here")
    ]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["content-type"] == "application/problem+json"


def test_eight_wrong_passwords_lock_the_account_for_a_while(
    app_client: TestClient, world: World
) -> None:
    for _ in range(8):
        app_client.post("/api/v1/session", json={"username": "wang", "password": "wrong"})
    answer = app_client.post("/api/v1/session", json={"username": "wang", "password": PASSWORD})
    assert answer.status_code == 429
    assert "10" in answer.json()["detail"]


def test_sign_out_ends_the_session(app_client: TestClient, world: World) -> None:
    headers = sign_in_as(app_client, "city")
    assert app_client.delete("/api/v1/session", headers=headers).status_code == 204
    assert app_client.get("/api/v1/session", headers=headers).status_code == 401


def test_a_page_without_sign_in_leads_there_and_back(app_client: TestClient, world: World) -> None:
    answer = app_client.get("/")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/"
    answer = app_client.post(
        "/sign-in", data={"username": "city", "password": PASSWORD, "next": "//evil.example"}
    )
    assert answer.headers["location"] == "/"


def test_a_form_sent_from_another_site_is_refused(app_client: TestClient, world: World) -> None:
    answer = app_client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_missing_field_is_named(app_client: TestClient, world: World) -> None:
    answer = app_client.post("/api/v1/session", json={"username": "wang"})
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "password"
