"""The live stream over plain HTTP: what is sent, how often, and that it ends."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from ops.embedded.database import DatabaseAddresses
from tests.server.people import PASSWORD
from tests.server.stations.conftest import Served
from tests.server.stations.field import Site, receive

pytestmark = pytest.mark.database


@contextmanager
def signed_in(served: Served, username: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, timeout=20) as client:
        answer = client.post("/api/v1/session", json={"username": username, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


def events(answer: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def values(data: dict[str, Any]) -> list[float]:
    return [sensor[2] for sensor in data["sensors"]]


def test_commit_reaches_the_stream_and_a_flood_is_thinned(
    served: Served, site: Site, database: DatabaseAddresses
) -> None:
    sensor = site.sensors["climate-1", "air_temperature"]
    with signed_in(served, "park") as client, client.stream(
        "GET", "/api/v1/stations/park-1/live"
    ) as answer:  # fmt: skip
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer)
        assert values(next(told)[1]) == []
        for n in range(30):
            receive(database.gateway, site, [(sensor, datetime.now(UTC), float(n))])
        seen = []
        while not seen or values(seen[-1]) != [29.0]:
            seen.append(next(told)[1])
        assert len(seen) < 8
        assert seen[-1]["state"] == "online"


def test_stream_of_a_station_out_of_scope_is_not_found(
    served: Served, site: Site, database: DatabaseAddresses
) -> None:
    with signed_in(served, "far-county") as client:
        answer = client.get("/api/v1/stations/park-1/live")
        assert answer.status_code == 404


def test_server_with_open_streams_ends_within_three_seconds(served: Served, site: Site) -> None:
    with signed_in(served, "park") as client, client.stream(
        "GET", "/api/v1/stations/park-1/live"
    ) as answer:  # fmt: skip
        told = events(answer)
        next(told)
        begun = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        for _ in told:
            pass
        served.process.wait(5)
    assert time.monotonic() - begun < 3
