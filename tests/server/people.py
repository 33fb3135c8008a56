"""Who the server tests are about, and how they sign in."""

from dataclasses import dataclass
from uuid import UUID

from fastapi.testclient import TestClient

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class World:
    """A county pair with one of everything, and accounts for each role."""

    correspondent: UUID
    other_correspondent: UUID
    household: UUID
    far_household: UUID
    cooperative: UUID
    technology: UUID
    variety: UUID
    park: UUID
    far_park: UUID
    village: str = "341302001003"
    far_village: str = "341321001001"


def sign_in_as(client: TestClient, username: str) -> dict[str, str]:
    """Headers that make a request this person's."""
    answer = client.post("/api/v1/session", json={"username": username, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    return {"Authorization": f"Bearer {answer.json()['token']}"}
