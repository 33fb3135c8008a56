"""At least one row in every table, in both counties, each telling whose it is."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from contracts.ids import new_id
from tests.server.people import World

NEAR, FAR = "341302", "341321"
COLLEAGUE_VILLAGE = "341302001004"
NEAR_SENSOR, FAR_SENSOR = 901, 902


def fill(db: psycopg.Connection, world: World) -> dict[str, str]:
    """Fill all tables as superuser; markers in rows, by whose row it is: the first found counts."""
    colleague = new_id()
    db.execute(
        "insert into division values (%s, '西关社区', 'village', '341302001')",
        (COLLEAGUE_VILLAGE,),
    )
    db.execute(
        "insert into correspondent (id, name, level, specialty, county_code)"
        " values (%s, '吴示例', 'county', 'machinery', %s)",
        (colleague, NEAR),
    )
    db.execute("insert into correspondent_village values (%s, %s)", (colleague, COLLEAGUE_VILLAGE))
    shop = new_id()
    db.execute(
        "insert into organisation (id, name, kind, county_code)"
        " values (%s, '远方合作社', 'cooperative', %s)",
        (shop, FAR),
    )
    colleague_household = _household(db, COLLEAGUE_VILLAGE)
    people = (
        (world.correspondent, NEAR, world.village, world.household, world.cooperative, world.park),
        (colleague, NEAR, COLLEAGUE_VILLAGE, colleague_household, world.cooperative, world.park),
        (
            world.other_correspondent,
            FAR,
            world.far_village,
            world.far_household,
            shop,
            world.far_park,
        ),
    )
    reviewer = _one(db, "select id from account where username = 'admin'")
    for person in people:
        _record(db, world, reviewer, *person)
    devices = _field(db, world)
    _offices(db)
    return {
        str(colleague): "colleague",
        COLLEAGUE_VILLAGE: "colleague",
        str(world.far_park): "far",
        str(devices[1]): "far",
        f'"sensor_id": {FAR_SENSOR}': "far",
        str(shop): "far",
        str(world.other_correspondent): "far",
        FAR: "far",
        str(world.park): "near",
        str(devices[0]): "near",
        f'"sensor_id": {NEAR_SENSOR}': "near",
        str(world.cooperative): "near",
        str(world.correspondent): "near",
        NEAR: "near",
    }


def _one(db: psycopg.Connection, query: str) -> Any:
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0]


def _household(db: psycopg.Connection, village: str) -> UUID:
    household = new_id()
    db.execute(
        "insert into household (id, village_code, county_code, head_name)"
        " values (%s, %s, %s, '郑示例')",
        (household, village, village[:6]),
    )
    return household


def _record(
    db: psycopg.Connection,
    world: World,
    reviewer: UUID,
    author: UUID,
    county: str,
    village: str,
    household: UUID,
    organisation: UUID,
    station: UUID,
) -> None:
    record, technician = new_id(), new_id()
    scope = (author, county)
    db.execute(
        "insert into record (id, form, form_version, correspondent_id, county_code, village_code,"
        " occurred_on, field_values, body_sha256, captured_at)"
        " values (%s, 'visit', 1, %s, %s, %s, '2026-05-30', '{}', %s, now())",
        (record, *scope, village, bytes(32)),
    )
    db.execute(
        "insert into record_revision values (%s, 1, %s, %s, '{}', %s, now(), now())",
        (record, *scope, bytes(32)),
    )
    db.execute(
        "insert into review values (%s, %s, 1, %s, %s, 'verified', '', '{}', %s)",
        (new_id(), record, *scope, reviewer),
    )
    db.execute("insert into served_household values (%s, %s, %s, %s)", (record, household, *scope))
    db.execute(
        "insert into assisted_organisation values (%s, %s, %s, %s)", (record, organisation, *scope)
    )
    db.execute("insert into training_report values (%s, 'key', 3, %s, %s)", (record, *scope))
    db.execute(
        "insert into promoted_item values (%s, %s, 'variety', 1, %s, %s)",
        (record, world.variety, *scope),
    )
    db.execute(
        "insert into income_line values (%s, %s, 2026, 'pear', 1, true, %s, %s)",
        (record, household, *scope),
    )
    db.execute(
        "insert into technician values (%s, '冯示例', %s, %s, 1980)", (technician, village, county)
    )
    db.execute(
        "insert into technician_training values (%s, %s, %s, %s)", (record, technician, *scope)
    )
    db.execute("insert into base_establishment values (%s, %s, %s, %s)", (record, station, *scope))


def _field(db: psycopg.Connection, world: World) -> tuple[UUID, UUID]:
    devices = (new_id(), new_id())
    for device, station, sensor in zip(
        devices, (world.park, world.far_park), (NEAR_SENSOR, FAR_SENSOR), strict=True
    ):
        db.execute(
            "insert into device (id, station_id, code, name_zh, name_en)"
            " values (%s, %s, 'box', '箱', 'Box')",
            (device, station),
        )
        db.execute(
            "insert into sensor (id, device_id, code, quantity) overriding system value"
            " values (%s, %s, 't', 'air_temperature')",
            (sensor, device),
        )
        db.execute("insert into reading values (%s, now(), 1, 1)", (sensor,))
        db.execute("insert into reading_latest values (%s, now(), 1, 1)", (sensor,))
        rollup = "values (%s, date_trunc('hour', now()), 1, 1, 1, 1, 1, 1, 1)"
        db.execute(f"insert into reading_hour {rollup}", (sensor,))
        db.execute(f"insert into reading_day {rollup}", (sensor,))
        db.execute("insert into rollup_due values (%s, date_trunc('hour', now()))", (sensor,))
        db.execute("insert into quality_due values (%s, date_trunc('hour', now()))", (sensor,))
        db.execute("insert into reading_flag values (%s, now(), 1, 3, '{range}')", (sensor,))
        _rejected(db, station)
        db.execute(
            "insert into alert (id, kind, station_id) values (%s, 'station_silent', %s)",
            (new_id(), station),
        )
    db.execute("insert into reading_dropped values (null, '2020-01-01Z')")
    _rejected(db, None)
    return devices


def _rejected(db: psycopg.Connection, station: UUID | None) -> None:
    db.execute(
        "insert into reading_rejected (topic, payload, payload_bytes, reason, detail, station_id)"
        " values ('t', '', 0, 'malformed', '{\"code\": \"payload_empty\"}', %s)",
        (station,),
    )


def _offices(db: psycopg.Connection) -> None:
    db.execute(
        "insert into device_profile (id, code, name_zh, name_en, codec)"
        " values (%s, 'soil', '土壤', 'Soil', 'chirpstack')",
        (new_id(),),
    )
    for county in (NEAR, FAR):
        db.execute(
            "insert into target values ('households_led', %s, 2026, 1, '户', '带动', 'Led')",
            (county,),
        )
        db.execute(
            "insert into reported_figure values ('rd', %s, 2026, 1, '年鉴', null)", (county,)
        )
    db.execute(
        "insert into audit_line (action, subject_kind, subject_id, detail)"
        " values ('x', 'y', 'z', %s)",
        (Jsonb({}),),
    )
    db.execute("insert into job_period values ('j', now(), now() + '1 h', now(), now())")
    for username in ("wang", "li", "county", "far-county", "park", "city", "auditor", "admin"):
        db.execute(
            "insert into session (token_sha256, account_id, expires_at)"
            " select sha256(%s), id, now() + '1 h' from account where username = %s",
            (username.encode(), username),
        )
    db.execute(
        "insert into station_manager select a.id, s.id from account a, station s"
        " where a.username = 'admin' and s.code = 'park-2'"
    )
