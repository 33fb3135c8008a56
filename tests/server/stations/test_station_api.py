"""Stations over JSON: who sees which, who may enter them, and what bad input gets."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from fastapi.testclient import TestClient

from ops.embedded.database import DatabaseAddresses
from tests.server.people import World, sign_in_as
from tests.server.stations.field import Site, receive

pytestmark = pytest.mark.database
STATION = {
    "code": "base-7",
    "kind": "base",
    "name_zh": "示例基地",
    "name_en": "Example base",
    "county_code": "341302",
    "longitude": 117.1,
    "latitude": 33.6,
}


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("park", {"park-1"}),
        ("county", {"park-1"}),
        ("far-county", {"park-2"}),
        ("wang", {"park-1"}),
        ("city", {"park-1", "park-2"}),
        ("auditor", {"park-1", "park-2"}),
    ],
)
def test_each_sees_the_stations_of_their_scope(
    app_client: TestClient, world: World, username: str, seen: set[str]
) -> None:
    headers = sign_in_as(app_client, username)
    stations = app_client.get("/api/v1/stations", headers=headers).json()
    assert {station["code"] for station in stations} == seen
    for code in {"park-1", "park-2"} - seen:
        assert app_client.get(f"/api/v1/stations/{code}", headers=headers).status_code == 404
        for path in (f"/stations/{code}", f"/stations/{code}/rejected"):
            assert app_client.get(path, headers=headers).status_code == 404
        live = app_client.get(f"/api/v1/stations/{code}/live", headers=headers)
        assert live.status_code == 404


def test_station_tells_newest_values_and_who_is_silent(
    app_client: TestClient, site: Site, database: DatabaseAddresses
) -> None:
    headers = sign_in_as(app_client, "park")

    def station() -> dict[str, object]:
        found: dict[str, object] = app_client.get("/api/v1/stations/park-1", headers=headers).json()
        return found

    assert station()["state"] == "never"
    sensor = site.sensors["climate-1", "air_temperature"]
    late = datetime.now(UTC) - timedelta(seconds=200)
    receive(database.gateway, site, [(sensor, late, 20.5)])
    assert station()["state"] == "silent"
    receive(database.gateway, site, [(sensor, datetime.now(UTC), 21.5)])
    now = station()
    assert now["state"] == "online"
    device = now["devices"][0]  # type: ignore[index] # JSON
    assert (device["state"], device["sensors"][0]["value"]) == ("online", 21.5)
    latest = app_client.get("/api/v1/readings/latest?station=park-1", headers=headers).json()
    assert [(row["sensor"], row["value"]) for row in latest] == [("air_temperature", 21.5)]


def test_city_office_enters_a_station_with_device_and_sensor(
    app_client: TestClient, world: World, database: DatabaseAddresses
) -> None:
    headers = sign_in_as(app_client, "city")
    made = app_client.post("/api/v1/stations", json=STATION, headers=headers)
    assert made.status_code == 201, made.text
    device = {"code": "soil-1", "name_zh": "墒情仪", "name_en": "Probe", "report_interval_s": 60}
    made = app_client.post("/api/v1/stations/base-7/devices", json=device, headers=headers)
    assert made.status_code == 201, made.text
    sensor = {"code": "m10", "quantity": "soil_moisture", "position_m": -0.1}
    path = "/api/v1/stations/base-7/devices/soil-1/sensors"
    made = app_client.post(path, json=sensor, headers=headers)
    assert made.status_code == 201, made.text
    changed = app_client.put(
        f"/api/v1/stations/base-7/sensors/{made.json()['id']}",
        json={"position_m": -0.2, "label_zh": "深层"},
        headers=headers,
    )
    assert (changed.json()["position_m"], changed.json()["quantity"]) == (-0.2, "soil_moisture")
    retired = app_client.put(
        "/api/v1/stations/base-7/devices/soil-1", json={**device, "code": None} | {"retired": True},
        headers=headers,
    )  # fmt: skip
    assert retired.status_code == 422  # the code is no field of a change
    del device["code"]
    retired = app_client.put(
        "/api/v1/stations/base-7/devices/soil-1", json={**device, "retired": True}, headers=headers
    )
    assert retired.json()["state"] == "retired"
    with psycopg.connect(database.superuser) as admin:
        actions = admin.execute("select action from audit_line order by id").fetchall()
    assert [action for (action,) in actions if not action.startswith("session")] == [
        "station.created", "device.created", "sensor.created", "sensor.changed", "device.changed",
    ]  # fmt: skip


@pytest.mark.parametrize("username", ["park", "county", "wang", "auditor"])
def test_others_may_not_enter_stations(app_client: TestClient, world: World, username: str) -> None:
    headers = sign_in_as(app_client, username)
    made = app_client.post("/api/v1/stations", json=STATION, headers=headers)
    assert made.status_code == 403
    assert app_client.get("/stations/new", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("code", "Park 1", "wrong_pattern"),
        ("code", "new", "wrong_pattern"),
        ("code", "park-1", "taken"),
        ("name_en", "  ", "required"),
        ("kind", "farm", "not_a_choice"),
        ("county_code", "110101", "not_a_choice"),
        ("longitude", 181, "too_large"),
        ("longitude", "east", "not_number"),
        ("latitude", None, "required"),
        ("latitude", "nan", "too_large"),
    ],
)
def test_each_wrong_field_of_a_station_is_named(
    app_client: TestClient, world: World, field: str, value: object, code: str
) -> None:
    headers = sign_in_as(app_client, "city")
    answer = app_client.post("/api/v1/stations", json={**STATION, field: value}, headers=headers)
    assert answer.status_code == 422
    assert [(p["field"], p["code"]) for p in answer.json()["fields"]] == [(field, code)]


def test_form_keeps_what_was_typed_and_says_what_is_wrong(
    app_client: TestClient, world: World
) -> None:
    headers = sign_in_as(app_client, "city")
    given = {**STATION, "code": "park-1", "latitude": "133,6"}
    answer = app_client.post("/stations/new", data=given, headers=headers)
    assert answer.status_code == 422
    assert 'value="133,6"' in answer.text
    assert "“纬度”的值“133,6”应为数字" in answer.text
    answer = app_client.post("/stations/new", data={**STATION, "code": "park-1"}, headers=headers)
    assert "“编号”的值“park-1”已被使用" in answer.text
    answer = app_client.post("/stations/new", data=STATION, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/stations/base-7/edit")
    device = {"code": "d 1", "name_zh": "设备", "name_en": "Device", "report_interval_s": "0.5"}
    answer = app_client.post("/stations/base-7/devices", data=device, headers=headers)
    assert answer.status_code == 422
    assert "“编号”的值“d 1”格式不对" in answer.text
    assert "“上报间隔（秒）”" in answer.text


def test_pages_of_the_list_and_one_station_open_for_everyone_who_sees_it(
    app_client: TestClient, site: Site
) -> None:
    for username in ("park", "county", "wang", "city", "auditor", "admin"):
        headers = sign_in_as(app_client, username)
        assert "示例园区" in app_client.get("/stations", headers=headers).text
        page = app_client.get("/stations/park-1", headers=headers)
        assert page.status_code == 200
        assert ("/stations/park-1/edit" in page.text) == (username in ("city", "admin"))
