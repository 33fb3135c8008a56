"""Series of a sensor: steps, spans, scope, and what bad input gets."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg.types.json import Jsonb

from ops.embedded.database import DatabaseAddresses
from server.jobs.rollups import roll_up_due
from server.readings.rejected import shown_bytes
from server.readings.series import MOST_POINTS, fitting_step
from tests.server.people import World, sign_in_as
from tests.server.stations.field import Site, add_device, receive

pytestmark = pytest.mark.database
START = datetime(2026, 5, 30, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai


@pytest.fixture
def sensor(world: World, database: DatabaseAddresses) -> int:
    """A sensor with four readings around a midnight of Shanghai, rolled up."""
    site = Site(world.park)
    add_device(database.superuser, site, "d", ("设备", "Device"), [("t", "air_temperature", None)])
    sensor = site.sensors["d", "t"]
    moments = (START, START + timedelta(minutes=30), START + timedelta(minutes=61))
    receive(
        database.gateway, site,
        [(sensor, moment, value) for moment, value in zip(moments, (1.0, 3.0, 10.0), strict=True)],
    )  # fmt: skip
    with psycopg.connect(database.jobs, autocommit=True) as jobs:
        roll_up_due(jobs)
    return sensor


def series(client: TestClient, headers: dict[str, str], **wanted: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    query = "&".join(f"{name.rstrip('_')}={quote(str(value))}" for name, value in wanted.items())
    answer = client.get(f"/api/v1/readings?{query}", headers=headers)
    return answer.status_code, answer.json()


def test_raw_hours_and_days_tell_the_same_readings(app_client: TestClient, sensor: int) -> None:
    headers = sign_in_as(app_client, "park")
    span = {"from_": START.isoformat(), "to": (START + timedelta(days=1)).isoformat()}
    status, raw = series(app_client, headers, sensor=sensor, **span)
    assert status == 200
    assert (raw["step"], raw["quantity"], raw["unit"]) == ("raw", "air_temperature", "Cel")
    assert [point[1:] for point in raw["points"]] == [[1.0, 1], [3.0, 1], [10.0, 1]]
    _, hours = series(app_client, headers, sensor=sensor, step="hour", **span)
    assert [point[1:] for point in hours["points"]] == [[2.0, 1.0, 3.0, 2], [10.0, 10.0, 10.0, 1]]
    _, days = series(app_client, headers, sensor=sensor, step="day", **span)
    assert [(datetime.fromisoformat(p[0]), *p[1:]) for p in days["points"]] == [
        (datetime(2026, 5, 29, 16, tzinfo=UTC), 2.0, 1.0, 3.0, 2),
        (datetime(2026, 5, 30, 16, tzinfo=UTC), 10.0, 10.0, 10.0, 1),
    ]


def test_sensor_of_another_scope_is_not_found(app_client: TestClient, sensor: int) -> None:
    for username, wanted in (("far-county", 404), ("li", 404), ("wang", 200), ("auditor", 200)):
        headers = sign_in_as(app_client, username)
        assert series(app_client, headers, sensor=sensor)[0] == wanted


@pytest.mark.parametrize(
    ("from_", "to", "field", "code"),
    [
        ("2026-05-30T08:00:00", "2026-05-31T08:00:00Z", "from", "not_time"),
        ("2026-05-30T08:00:00Z", "yesterday", "to", "not_time"),
        ("2026-05-31T08:00:00Z", "2026-05-30T08:00:00Z", "from", "not_together"),
        ("2026-05-31T08:00:00Z", "2026-05-31T16:00:00+08:00", "from", "not_together"),
        ("1970-01-01T00:00:00Z", "2026-05-31T08:00:00Z", "from", "too_long_ago"),
        ("2026-05-31T08:00:00Z", "9999-12-31T23:59:59-08:00", "to", "in_future"),
        ("0001-01-01T00:00:00+08:00", "2026-05-31T08:00:00Z", "from", "too_long_ago"),
    ],
)
def test_span_that_is_none_names_its_field(
    app_client: TestClient, sensor: int, from_: str, to: str, field: str, code: str
) -> None:
    headers = sign_in_as(app_client, "park")
    status, problem = series(app_client, headers, sensor=sensor, from_=from_, to=to)
    assert status == 422
    assert [(p["field"], p["code"]) for p in problem["fields"]] == [(field, code)]


def test_plus_sign_lost_in_the_address_is_understood(app_client: TestClient, sensor: int) -> None:
    headers = sign_in_as(app_client, "park")
    query = "from=2026-05-30T23:00:00+08:00&to=2026-05-31T23:00:00+08:00"
    answer = app_client.get(f"/api/v1/readings?sensor={sensor}&{query}", headers=headers)
    assert len(answer.json()["points"]) == 3


def test_too_many_points_are_told_or_made_coarser(
    app_client: TestClient, sensor: int, database: DatabaseAddresses
) -> None:
    with psycopg.connect(database.gateway) as gateway:
        gateway.execute(
            "insert into reading select %s, %s + n * interval '4 seconds', 5, 1"
            " from generate_series(1, %s) n on conflict do nothing",
            (sensor, START + timedelta(hours=2), MOST_POINTS + 1),
        )
    headers = sign_in_as(app_client, "park")
    span = {"from_": START.isoformat(), "to": (START + timedelta(days=2)).isoformat()}
    status, problem = series(app_client, headers, sensor=sensor, step="raw", **span)
    assert (status, problem["code"]) == (422, "readings.too_many_points")
    status, auto = series(app_client, headers, sensor=sensor, **span)
    assert (status, auto["step"]) == (200, "hour")


def test_step_that_fits_grows_with_the_span() -> None:
    steps = [fitting_step(START, START + timedelta(days=days)) for days in (2, 2.1, 60, 61)]
    assert steps == ["raw", "hour", "hour", "day"]


def test_rejected_messages_are_counted_and_shown_safely(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    detail = {"code": "value_not_number", "parameters": {"given": '"<b>"'}, "place": "readings[3]"}
    with psycopg.connect(database.gateway) as gateway:
        for payload, reason, station in (
            (b"{" + b"x" * 300, "malformed", world.park),
            (b"<script>alert(1)</script>\x00\xff", "malformed", world.park),
            (b"{}", "unknown_sensor", world.park),
            (b"{}", "bad_topic", None),
        ):
            gateway.execute(
                "insert into reading_rejected (topic, payload, payload_bytes, reason, detail,"
                " station_id) values ('t', %s, %s, %s, %s, %s)",
                (payload, len(payload), reason, Jsonb(detail), station),
            )
    headers = sign_in_as(app_client, "park") | {"Accept-Language": "en"}
    told = app_client.get("/api/v1/readings/rejected?station=park-1", headers=headers).json()
    assert [(row["reason"], row["count"]) for row in told["counts"]] == [
        ("malformed", 2),
        ("unknown_sensor", 1),
    ]
    assert told["counts"][0]["reason_text"] == "Malformed message"
    newest = told["messages"][1]
    assert newest["payload_start"] == "<script>alert(1)</script>\\x00\\xff"
    assert len(told["messages"][2]["payload_start"]) == 200
    assert newest["detail_code"] == "value_not_number"
    assert newest["detail"] == 'readings[3]: value is "<b>"; want a JSON number'
    page = app_client.get("/stations/park-1/rejected", headers=headers).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert app_client.get("/api/v1/readings/rejected", headers=headers).status_code == 403
    assert app_client.get("/readings/rejected", headers=headers).status_code == 403
    headers = sign_in_as(app_client, "auditor")
    unknown = app_client.get("/api/v1/readings/rejected", headers=headers).json()
    assert [row["reason"] for row in unknown["messages"]] == ["bad_topic"]
    page = app_client.get("/readings/rejected", headers=headers).text
    assert "主题不符合规定" in page
    assert "readings[3]：value 的值 &#34;&lt;b&gt;&#34; 应为 JSON 数字" in page


def test_bytes_are_shown_without_what_could_mislead() -> None:
    assert shown_bytes("气温\u202e\n".encode() + b"\xff") == "气温\\u202e\\n\\xff"
    assert shown_bytes("气温".encode()[:-1]) == "气"
