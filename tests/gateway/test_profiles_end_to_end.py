"""Devices of other networks, from the broker to the table, each read by its profile."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from contracts.ids import new_id
from gateway.registry import load_registry
from tests.gateway.gateway_process import Gateways, Park, Publisher, wait_until

pytestmark = [pytest.mark.database, pytest.mark.broker]
FIELDS = {
    "temperature": {"sensor": "air_temperature", "unit": "Cel"},
    "AM2301.Temperature": {"sensor": "air_temperature"},
    "Te": {"sensor": "air_temperature", "factor": 0.1},
}
DEVICES = {
    "soil-1": ("chirpstack", "A84041000181ABCD"),
    "soil-2": ("things_stack", "app1@tenant1/dev1"),
    "shed-1": ("tasmota", "shed_1"),
    "pack-1": ("senml", "urn:dev:mac:0024befffe804ff1"),
    "probe-1": ("scaled_integers", None),
}


def register(park: Park) -> dict[str, int]:
    """One device per codec, each with the sensor `air_temperature`; its id by device."""
    found: dict[str, int] = {}
    with psycopg.connect(park.database.superuser) as db:
        for code, (codec, external_id) in DEVICES.items():
            profile, device = new_id(), new_id()
            db.execute(
                "insert into device_profile (id, code, name_zh, name_en, codec, fields)"
                " values (%s, %s, '一', 'One', %s, %s)",
                (profile, codec.replace("_", "-"), codec, json.dumps(FIELDS)),
            )
            db.execute(
                "insert into device"
                " (id, station_id, code, name_zh, name_en, profile_id, external_id)"
                " select %s, id, %s, '一', 'One', %s, %s from station",
                (device, code, profile, external_id),
            )
            row = db.execute(
                "insert into sensor (device_id, code, quantity)"
                " values (%s, 'air_temperature', 'air_temperature') returning id",
                (device,),
            ).fetchone()
            assert row is not None
            found[code] = row[0]
    return found


def messages(now: datetime) -> dict[str, tuple[str, Any]]:
    utc = now.isoformat()
    local = (now + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S")
    own = "tepai/v1/pear-park"
    return {
        "soil-1": (
            "application/4f2c/device/a84041000181abcd/event/up",
            {"time": utc, "object": {"temperature": 1.5}},
        ),
        "soil-2": (
            "v3/app1@tenant1/devices/dev1/up",
            {"received_at": utc, "uplink_message": {"decoded_payload": {"temperature": 2.5}}},
        ),
        "shed-1": (
            "tele/shed_1/SENSOR",
            {"Time": local, "AM2301": {"Temperature": 38.3}, "TempUnit": "F"},
        ),
        "pack-1": (
            f"{own}/pack-1/telemetry",
            [{"bn": "urn:dev:mac:0024befffe804ff1:", "bt": now.timestamp()},
             {"n": "temperature", "u": "K", "v": 277.65}],
        ),
        "probe-1": (f"{own}/probe-1/telemetry", {"Te": 55, "time": utc}),
    }  # fmt: skip


def test_every_network_lands_with_its_own_sensor_in_celsius(
    park: Park, gateways: Gateways, publisher: Publisher
) -> None:
    sensors = register(park)
    now = datetime.now(UTC).replace(microsecond=0)
    gateways.start()
    for topic, content in messages(now).values():
        publisher.publish(topic, content)
    publisher.publish("application/x/device/ffff/event/up", {"object": {"temperature": 1}})
    wait_until(lambda: park.count() == 5 and park.count("reading_rejected") == 1, "five readings")
    found = dict(park.rows("select sensor_id, round(value::numeric, 6)::float from reading"))
    expected = {"soil-1": 1.5, "soil-2": 2.5, "shed-1": 3.5, "pack-1": 4.5, "probe-1": 5.5}
    assert found == {sensors[code]: value for code, value in expected.items()}
    assert park.rows("select distinct time from reading") == [(now,)]
    assert park.rows("select reason, detail->>'code' from reading_rejected") == [
        ("unknown_device", "unknown_external_device")
    ]


def test_a_retired_device_gives_its_external_id_to_its_successor(park: Park) -> None:
    register(park)
    with psycopg.connect(park.database.superuser, autocommit=True) as db:
        succeed = (
            "insert into device (id, station_id, code, name_zh, name_en, profile_id, external_id)"
            " select gen_random_uuid(), station_id, 'shed-2', '二', 'Two', profile_id, 'SHED_1'"
            " from device where code = 'shed-1'"
        )
        with pytest.raises(psycopg.errors.UniqueViolation):
            db.execute(succeed)
        db.execute("update device set retired_at = now() where code = 'shed-1'")
        db.execute(succeed)
    with psycopg.connect(park.database.gateway) as connection:
        registry = load_registry(connection)
    assert registry.devices["pear-park", "shed-2"].external_id == "SHED_1"
    assert ("pear-park", "shed-1") not in registry.devices


@pytest.mark.parametrize(
    "fields",
    [
        [],
        {"x": "air_temperature"},
        {"x": {}},
        {"x": {"sensor": 7}},
        {"x": {"sensor": "t", "factor": 0}},
        {"x": {"sensor": "t", "factor": "0.1"}},
        {"x": {"sensor": "t", "offset": None}},
        {"x": {"sensor": "t", "text": "yes"}},
        {"x": {"sensor": "t", "unit": 1}},
        {"x": {"sensor": ["t"]}},
        {"x": {"sensor": "t", "factor": 10**400}},
        {"x": {"sensor": "t"}, "y": [{"sensor": "t"}]},
    ],
)
def test_fields_that_the_gateway_could_not_read_are_refused(park: Park, fields: Any) -> None:
    with psycopg.connect(park.database.superuser) as db:
        with pytest.raises(psycopg.errors.CheckViolation) as raised:
            db.execute(
                "insert into device_profile (id, code, name_zh, name_en, codec, fields)"
                " values (gen_random_uuid(), 'x', '一', 'One', 'tasmota', %s)",
                (json.dumps(fields),),
            )
        assert raised.value.diag.constraint_name == "device_profile_fields_shape"
