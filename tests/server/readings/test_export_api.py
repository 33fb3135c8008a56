"""Exports over the API: scope, audit trail, background files, limits, and what is left behind."""

import csv
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from analytics.series.export import Said
from analytics.series.pages import Page
from analytics.series.wanted import Wanted
from contracts.ids import new_id
from contracts.problems import NotFound
from contracts.texts import mark
from ops.embedded.database import DatabaseAddresses
from server.app import create_app
from server.jobs.rollups import roll_up_due
from server.readings.exports import MOST, MOST_EACH, Exports, TooManyExports
from server.settings import Settings
from tests.server.people import World, sign_in_as
from tests.server.stations.field import Site, add_device, every, receive

START = datetime(2026, 5, 30, 16, tzinfo=UTC)
END = START + timedelta(days=1)
SPAN = {"from": START.isoformat(), "to": END.isoformat()}
WANTED = Wanted("park-1", "园", "Park", [], START, END, "raw")


@pytest.fixture
def client(database: DatabaseAddresses, world: World, tmp_path: Path) -> Iterator[TestClient]:
    """The application, exporting into this test's folder; a park with a day of readings."""
    site = Site(world.park)
    sensors = [("t", "air_temperature", 2.0), ("h", "relative_humidity", None)]
    add_device(database.superuser, site, "d", ("设备", "Device"), sensors)
    moments = every(START, END - timedelta(minutes=10), timedelta(minutes=10))
    for sensor in site.sensors.values():
        receive(database.gateway, site, [(sensor, m, float(n)) for n, m in enumerate(moments)])
    with psycopg.connect(database.jobs, autocommit=True) as jobs:
        roll_up_due(jobs)
    settings = Settings(web_database=database.web, exports=tmp_path / "exports")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


def ask_csv(client: TestClient, username: str, **wanted: Any) -> Any:
    query = urlencode({"station": "park-1", **SPAN, **wanted}, doseq=True)
    headers = sign_in_as(client, username)
    return client.get(f"/api/v1/readings/export?{query}", headers=headers)


def until_over(client: TestClient, headers: dict[str, str], export_id: str) -> dict[str, Any]:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        answer = client.get(f"/api/v1/readings/exports/{export_id}", headers=headers)
        body: dict[str, Any] = answer.json()
        if body["state"] != "running":
            return body
        time.sleep(0.05)
    raise AssertionError("the export did not end")


@pytest.mark.database
def test_csv_holds_what_the_actor_may_see_and_is_in_the_trail(
    client: TestClient, database: DatabaseAddresses
) -> None:
    answer = ask_csv(client, "park", sensor="d/t", step="hour")
    assert answer.status_code == 200
    assert "park-1_hour_20260531-20260531.csv" in answer.headers["content-disposition"]
    lines = list(csv.DictReader(StringIO(answer.text)))
    assert len(lines) == 24
    assert sum(int(line["count"]) for line in lines) == 144
    assert {line["sensor"] for line in lines} == {"t"}
    with psycopg.connect(database.superuser) as db:
        row = db.execute(
            "select subject_id, detail->>'step' from audit_line where action = 'readings.export'"
        ).fetchall()
    assert row == [("park-1", "hour")]


@pytest.mark.database
def test_a_park_out_of_scope_and_a_sensor_that_is_none_are_refused(client: TestClient) -> None:
    assert ask_csv(client, "auditor").status_code == 200
    far = ask_csv(client, "far-county")
    assert (far.status_code, far.json()["fields"][0]["field"]) == (422, "station")
    unknown = ask_csv(client, "park", sensor="x")
    assert unknown.json()["fields"][0]["expected"] == {"choices": ["d/h", "d/t"]} or (
        unknown.json()["fields"][0]["expected"] == {"choices": ["d/t", "d/h"]}
    )
    naive = ask_csv(client, "park", **{"from": "2026-05-31T00:00:00"})
    assert naive.json()["fields"][0]["code"] == "not_time"


@pytest.mark.database
def test_a_file_is_made_fetched_once_and_removed(client: TestClient, tmp_path: Path) -> None:
    headers = sign_in_as(client, "park")
    asked = {"station": "park-1", **SPAN, "format": "parquet"}
    begun = client.post("/api/v1/readings/exports", json=asked, headers=headers)
    assert begun.status_code == 202, begun.text
    url = f"/api/v1/readings/exports/{begun.json()['id']}"
    over = until_over(client, headers, begun.json()["id"])
    assert (over["state"], over["done"], over["total"]) == ("ready", 288, 288)
    assert client.get(f"{url}/file", headers=sign_in_as(client, "admin")).status_code == 404
    file = tmp_path / "fetched.parquet"
    file.write_bytes(client.get(f"{url}/file", headers=headers).content)
    assert pq.read_table(file).num_rows == 288
    assert client.get(url, headers=headers).status_code == 404
    assert list((tmp_path / "exports").iterdir()) == []


def gated_pages(gate: threading.Event) -> Iterator[Page]:
    gate.wait(20)
    yield from ()


def start(exports: Exports, owner: Any, gate: threading.Event) -> Any:
    said = Said(START, "zh", mark)
    return exports.start_file(owner, "a.parquet", "parquet", WANTED, gated_pages(gate), said, 0)


def test_a_person_and_all_together_have_a_limit(tmp_path: Path) -> None:
    exports, gate, person = Exports(tmp_path), threading.Event(), new_id()
    mine = [start(exports, person, gate) for _ in range(MOST_EACH)]
    with pytest.raises(TooManyExports):
        start(exports, person, gate)
    for _ in range(MOST - MOST_EACH):
        start(exports, new_id(), gate)
    with pytest.raises(TooManyExports):
        exports.stream_csv(new_id(), "a.csv", WANTED, [])
    exports.cancel(mine[0])
    assert b"".join(exports.stream_csv(person, "a.csv", WANTED, [])).startswith(b"station,")
    start(exports, person, gate)  # the stream that ended counts no longer
    gate.set()
    exports.close()
    mine[0].thread.join(10)
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_fetched_and_what_a_dead_server_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "export-left"
    left.mkdir()
    (left / "half").write_bytes(b"x")
    for path in (left / "half", left):
        os.utime(path, (time.time() - 3600, time.time() - 3600))
    exports, gate, person = Exports(tmp_path, lives_s=0.2), threading.Event(), new_id()
    assert not left.exists()
    gate.set()
    export = start(exports, person, gate)
    export.thread.join(10)
    assert export.state == "ready"
    assert export.file.exists()
    end = time.monotonic() + 10
    while any(tmp_path.iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotFound):
        exports.find(person, str(export.id))
    exports.close()
