"""A station in the field, for tests: devices, sensors, and readings as the gateway writes them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from contracts.ids import new_id


@dataclass(frozen=True)
class Site:
    """Ids of a station's sensors by (device code, sensor code)."""

    station: UUID
    sensors: dict[tuple[str, str], int] = field(default_factory=dict)


def add_device(
    superuser: str,
    site: Site,
    code: str,
    names: tuple[str, str],
    sensors: Sequence[tuple[str, str, float | None]],
    interval_s: int = 300,
) -> None:
    """Enter a device with sensors (code, quantity, position)."""
    device = new_id()
    with psycopg.connect(superuser) as db:
        db.execute(
            "insert into device (id, station_id, code, name_zh, name_en, report_interval_s)"
            " values (%s, %s, %s, %s, %s, %s)",
            (device, site.station, code, *names, interval_s),
        )
        for sensor, quantity, position in sensors:
            row = db.execute(
                "insert into sensor (device_id, code, quantity, position_m)"
                " values (%s, %s, %s, %s) returning id",
                (device, sensor, quantity, position),
            ).fetchone()
            assert row is not None
            site.sensors[code, sensor] = row[0]


def receive(
    gateway: str, site: Site, readings: Sequence[tuple[int, datetime, float]], *, tell: bool = True
) -> None:
    """One commit of the gateway: readings, newest values, marks, notification."""
    with psycopg.connect(gateway) as db, db.cursor() as cursor:
        cursor.executemany(
            "insert into reading (sensor_id, time, value) values (%s, %s, %s)"
            " on conflict do nothing",
            readings,
        )
        cursor.executemany(
            "insert into reading_latest values (%s, %s, %s, 1) on conflict (sensor_id) do update"
            " set time = excluded.time, value = excluded.value"
            " where excluded.time > reading_latest.time",
            readings,
        )
        cursor.executemany(
            "insert into rollup_due values (%s, date_trunc('hour', %s::timestamptz, 'UTC'))"
            " on conflict do nothing",
            [reading[:2] for reading in readings],
        )
        if tell:
            db.execute("select pg_notify('reading', %s)", (json.dumps([str(site.station)]),))


def every(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    """Moments from start to end."""
    return [start + n * step for n in range(int((end - start) / step) + 1)]
