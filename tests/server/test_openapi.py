from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.settings import Settings
from tests.server.people import World, sign_in_as


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(web_database="host=127.0.0.1")).openapi()


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def test_every_operation_says_what_it_does_and_answers(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(ids) == len(set(ids)) >= 25
    for method, path, operation in _operations(document):
        place = f"{method} {path}"
        assert operation.get("description"), place
        sound = [status for status in operation["responses"] if status.startswith("2")]
        assert len(sound) == 1, place
        assert sound == ["204"] or operation["responses"][sound[0]]["content"], place
        assert operation["operationId"] == "sign_in" or operation["security"], place


def test_failures_are_problem_details_everywhere(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert list(answer["content"]) == ["application/problem+json"], f"{method} {path}"
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.database
def test_failures_that_happen_are_described(
    app_client: TestClient, world: World, document: dict[str, Any]
) -> None:
    headers = sign_in_as(app_client, "wang")
    for method, path, operation in _operations(document):
        url = path
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                url = url.replace("{" + parameter["name"] + "}", "nothing-of-that-name")
        if url.endswith("/live"):
            continue
        for given in (None, headers):
            answer = app_client.request(method, url, headers=given, json={"x": "\u0000"})
            described = operation["responses"]
            assert str(answer.status_code) in described, f"{method} {url}: {answer.status_code}"
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", url
            headers = (
                headers
                if operation["operationId"] != "sign_out"
                else sign_in_as(app_client, "wang")
            )
