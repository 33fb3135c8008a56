"""Old readings go, on both tiers: whole parts at once, short-lived quantities in batches."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from server.jobs.quality import check_quality_due
from server.jobs.retention import BusyError, apply_retention, run_retention_of
from server.jobs.rollups import roll_up_due
from tests.server.people import World

pytestmark = pytest.mark.database
NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
AGES = (10, 100, 300, 720, 800, 1500)  # days


@pytest.fixture
def jobs(database: DatabaseAddresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.jobs, autocommit=True) as connection:
        yield connection


@pytest.fixture
def sensors(database: DatabaseAddresses, world: World) -> dict[str, int]:
    with psycopg.connect(database.superuser) as admin:
        device = new_id()
        admin.execute(
            "insert into device (id, station_id, code, name_zh, name_en)"
            " values (%s, %s, 'c', '箱', 'Box')",
            (device, world.park),
        )
        rows = admin.execute(
            "insert into sensor (device_id, code, quantity) values"
            " (%s, 't', 'air_temperature'), (%s, 'p', 'par') returning quantity, id",
            (device, device),
        ).fetchall()
        for year in range(2021, 2027):
            for month in range(1, 13):
                admin.execute(
                    "select ensure_reading_partition(make_date(%s, %s, 1))", (year, month)
                )
    found = dict(rows)
    with psycopg.connect(database.gateway) as gateway:
        for sensor in found.values():
            for age in AGES:
                arrive(gateway, sensor, NOW - timedelta(days=age))
    return found


def arrive(db: psycopg.Connection, sensor: int, time: datetime, value: float = 20.0) -> None:
    db.execute("insert into reading values (%s, %s, %s, 1)", (sensor, time, value))
    db.execute(
        "insert into rollup_due values (%s, date_trunc('hour', %s::timestamptz, 'UTC'),"
        " clock_timestamp()) on conflict (sensor_id, hour)"
        " do update set marked_at = excluded.marked_at",
        (sensor, time),
    )


def settle(jobs: psycopg.Connection) -> None:
    roll_up_due(jobs)
    check_quality_due(jobs)
    roll_up_due(jobs)


def ages(
    db: psycopg.Connection, sensor: int, table: str = "reading", time: str = "time"
) -> list[int]:
    rows = db.execute(
        f"select round(extract(epoch from %s - {time}) / 86400)::integer from {table}"
        " where sensor_id = %s order by 1",
        (NOW, sensor),
    ).fetchall()
    return [row[0] for row in rows]


def limit(database: DatabaseAddresses, quantity: str | None, *days: int | None) -> None:
    with psycopg.connect(database.superuser) as admin:
        admin.execute("delete from retention where quantity is not distinct from %s", (quantity,))
        admin.execute("insert into retention values (%s, %s, %s, %s)", (quantity, *days))


def test_parts_older_than_every_limit_go_and_rollups_stay(
    jobs: psycopg.Connection, sensors: dict[str, int]
) -> None:
    settle(jobs)
    before = jobs.execute("select count(*) from reading_hour").fetchone()
    plan = apply_retention(jobs, NOW, dry_run=True)
    assert ages(jobs, sensors["par"]) == list(AGES)  # only told
    done = apply_retention(jobs, NOW)
    assert done.parts == plan.parts
    assert done.parts
    for sensor in sensors.values():
        assert ages(jobs, sensor) == [10, 100, 300, 720]
        assert len(ages(jobs, sensor, "reading_hour", "hour")) == len(AGES)
    assert jobs.execute("select count(*) from reading_hour").fetchone() == before
    assert jobs.execute("select count(*) from reading_day").fetchone() == before


def test_a_quantity_with_a_shorter_limit_is_deleted_in_batches(
    jobs: psycopg.Connection, sensors: dict[str, int], database: DatabaseAddresses
) -> None:
    limit(database, "par", 90, 200, 400)
    settle(jobs)
    done = apply_retention(jobs, NOW, most=1)
    assert done.readings == 3
    assert ages(jobs, sensors["par"]) == [10]
    assert ages(jobs, sensors["par"], "reading_hour", "hour") == [10, 100]
    assert ages(jobs, sensors["par"], "reading_day", "day::timestamptz")[:3] == [10, 100, 300]
    assert ages(jobs, sensors["air_temperature"]) == [10, 100, 300, 720]


def test_a_quantity_kept_for_ever_keeps_its_parts(
    jobs: psycopg.Connection, sensors: dict[str, int], database: DatabaseAddresses
) -> None:
    limit(database, "par", None, None, None)
    settle(jobs)
    done = apply_retention(jobs, NOW)
    assert done.parts == []
    assert ages(jobs, sensors["par"]) == list(AGES)
    assert ages(jobs, sensors["air_temperature"]) == [10, 100, 300, 720]


def test_hours_not_yet_rolled_up_keep_their_readings(
    jobs: psycopg.Connection, sensors: dict[str, int], database: DatabaseAddresses
) -> None:
    limit(database, "par", 90, 200, 400)
    assert apply_retention(jobs, NOW).readings == 0
    for sensor in sensors.values():
        assert ages(jobs, sensor) == list(AGES)
    settle(jobs)
    apply_retention(jobs, NOW)
    assert ages(jobs, sensors["par"]) == [10]


def test_a_reading_later_than_retention_does_not_spoil_its_rollup(
    jobs: psycopg.Connection, sensors: dict[str, int], database: DatabaseAddresses
) -> None:
    settle(jobs)
    apply_retention(jobs, NOW)
    told = "select sensor_id, hour, count, mean from reading_hour order by 1, 2"
    days = "select sensor_id, day, count, mean from reading_day order by 1, 2"
    before = jobs.execute(told).fetchall(), jobs.execute(days).fetchall()
    with psycopg.connect(database.gateway) as gateway:
        late = NOW - timedelta(days=800) + timedelta(minutes=5)
        arrive(gateway, sensors["par"], late, 99.0)
    settle(jobs)
    assert (jobs.execute(told).fetchall(), jobs.execute(days).fetchall()) == before
    assert jobs.execute("select count(*) from rollup_due").fetchone() == (0,)


def test_it_waits_while_rollups_are_computed(
    jobs: psycopg.Connection, sensors: dict[str, int], database: DatabaseAddresses
) -> None:
    settle(jobs)
    with psycopg.connect(database.jobs) as other:
        other.execute("select pg_advisory_xact_lock(hashtext('tepai_jobs'), hashtext('rollups'))")
        with pytest.raises(BusyError):
            apply_retention(jobs, NOW)
        assert not run_retention_of(jobs, NOW)  # and no ledger row
    assert run_retention_of(jobs, NOW)
    assert not run_retention_of(jobs, NOW)
    assert ages(jobs, sensors["par"]) == [10, 100, 300, 720]
    assert run_retention_of(jobs, NOW + timedelta(days=1))


def test_only_an_administrator_sets_how_long(database: DatabaseAddresses, world: World) -> None:
    for username, changed in (("admin", 1), ("city", 0), ("park", 0)):
        with psycopg.connect(database.superuser) as admin:
            row = admin.execute(
                "select id from account where username = %s", (username,)
            ).fetchone()
        assert row is not None
        with psycopg.connect(database.web) as web:
            web.execute("select set_config('app.actor_id', %s, true)", (str(row[0]),))
            assert web.execute("select count(*) from retention").fetchone() == (1,)
            assert web.execute("update retention set raw_days = 800").rowcount == changed


def test_limits_must_fit_each_other(database: DatabaseAddresses) -> None:
    for days in ((730, 365, None), (None, 365, None), (730, None, 4000), (7, 365, None)):
        with pytest.raises(psycopg.errors.CheckViolation):
            limit(database, "par", *days)
