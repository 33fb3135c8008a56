from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.server.people import World, sign_in_as

pytestmark = pytest.mark.database


def test_a_body_is_refused_before_it_is_read(app_client: TestClient, world: World) -> None:
    def endless() -> Iterator[bytes]:
        yield b"{"
        raise AssertionError("the body was read")

    headers = sign_in_as(app_client, "wang")
    answer = app_client.post("/api/v1/sync/push", headers=headers, content=endless())
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")
    answer = app_client.post(
        "/api/v1/sync/push", headers={**headers, "Content-Length": "9000000"}, content=b"{}"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert "8388608" in answer.json()["detail"]


def test_pages_allow_no_script_but_our_own_and_no_framing(app_client: TestClient) -> None:
    policy = app_client.get("/sign-in").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
