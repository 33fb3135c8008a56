"""Rollups equal a recomputation from the raw readings, however and whenever those came."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ops.embedded.database import DatabaseAddresses
from server.jobs.ledger import Period, finished_days
from server.jobs.rollups import mark_differing, roll_up_due

pytestmark = pytest.mark.database
START = datetime(2026, 5, 30, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai: the next day is near
ZONE = ZoneInfo("Asia/Shanghai")
Row = tuple[int, datetime, float, int]


def receive(gateway: psycopg.Connection, rows: list[Row]) -> None:
    """What the gateway does in one commit: readings, and marks for their hours."""
    with gateway.transaction():
        for row in rows:
            gateway.execute(
                "insert into reading (sensor_id, time, value, quality) values (%s, %s, %s, %s)"
                " on conflict do nothing",
                row,
            )
            gateway.execute(
                "insert into rollup_due values (%s, date_trunc('hour', %s::timestamptz, 'UTC'),"
                " clock_timestamp()) on conflict (sensor_id, hour)"
                " do update set marked_at = excluded.marked_at",
                row[:2],
            )


def expected(rows: dict[tuple[int, datetime], tuple[float, int]], *, daily: bool) -> Any:
    """(sensor, bucket) to count, min, max, sum, first, last, counted here and not in SQL."""
    buckets: dict[Any, list[tuple[datetime, float]]] = {}
    for (sensor, time), (value, quality) in rows.items():
        if quality not in (4, 9):
            hour = time.replace(minute=0, second=0, microsecond=0)
            bucket = time.astimezone(ZONE).date() if daily else hour
            buckets.setdefault((sensor, bucket), []).append((time, value))
    told = {}
    for key, pairs in buckets.items():
        values = [value for _, value in sorted(pairs)]
        told[key] = (len(values), min(values), max(values), math.fsum(values),
                     values[0], values[-1])  # fmt: skip
    return told


def stored(db: psycopg.Connection, table: str, bucket: str) -> Any:
    rows = db.execute(
        f"select sensor_id, {bucket}, count, min, max, sum, first, last, mean from {table}"
    ).fetchall()
    for row in rows:
        assert row[8] == pytest.approx(row[5] / row[2])
    return {(row[0], row[1]): row[2:8] for row in rows}


readings = st.tuples(
    st.integers(1, 2),
    st.integers(0, 3 * 86_400).map(lambda s: START + timedelta(seconds=s)),
    st.floats(-50, 50).map(lambda value: round(value, 2)),
    st.sampled_from([1, 1, 1, 3, 4, 9]),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(commits=st.lists(st.lists(readings, max_size=12), max_size=6))
def test_rollups_equal_recomputation_when_readings_come_late_and_in_no_order(
    database: DatabaseAddresses, commits: list[list[Row]]
) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as admin:
        admin.execute("truncate reading, reading_hour, reading_day, rollup_due")
    kept: dict[tuple[int, datetime], tuple[float, int]] = {}
    with (
        psycopg.connect(database.gateway, autocommit=True) as gateway,
        psycopg.connect(database.jobs, autocommit=True) as jobs,
    ):
        for commit in commits:
            receive(gateway, commit)
            for sensor, time, value, quality in commit:
                kept.setdefault((sensor, time), (value, quality))
            roll_up_due(jobs, most=3)
        hours, days = stored(jobs, "reading_hour", "hour"), stored(jobs, "reading_day", "day")
        left = jobs.execute("select count(*) from rollup_due").fetchone()
    for told, wanted in ((hours, expected(kept, daily=False)), (days, expected(kept, daily=True))):
        assert told.keys() == wanted.keys()
        for key, numbers in wanted.items():
            assert told[key] == pytest.approx(numbers, rel=1e-9, abs=1e-9)
    assert left == (0,)


def test_rollup_keeps_a_mark_that_moves_while_it_is_at_work(database: DatabaseAddresses) -> None:
    """A reading still uncommitted while its hour is computed is not lost, nor waited for."""
    with (
        psycopg.connect(database.gateway, autocommit=True) as gateway,
        psycopg.connect(database.gateway) as slow,
        psycopg.connect(database.jobs, autocommit=True) as jobs,
    ):
        receive(gateway, [(1, START, 1.0, 1)])
        receive(slow, [(1, START + timedelta(minutes=1), 5.0, 1)])
        slow.execute("select 1")
        with slow.transaction():
            slow.execute(
                "insert into reading values (1, %s, 9.0, 1)", (START + timedelta(minutes=2),)
            )
            slow.execute("update rollup_due set marked_at = clock_timestamp() where sensor_id = 1")
            roll_up_due(jobs)
        slow.commit()
        assert jobs.execute("select count(*) from rollup_due").fetchone() == (1,)
        roll_up_due(jobs)
        assert jobs.execute("select count, max from reading_hour").fetchall() == [(3, 9.0)]
        assert jobs.execute("select count, last from reading_day").fetchall() == [(3, 9.0)]


def test_rollup_goes_when_its_last_sound_reading_fails(database: DatabaseAddresses) -> None:
    with (
        psycopg.connect(database.gateway, autocommit=True) as gateway,
        psycopg.connect(database.jobs, autocommit=True) as jobs,
    ):
        receive(gateway, [(1, START, 1.0, 1)])
        roll_up_due(jobs)
        gateway.execute("update reading set quality = 4")
        gateway.execute("insert into rollup_due values (1, %s)", (START,))
        roll_up_due(jobs)
        assert jobs.execute("select count(*) from reading_hour").fetchone() == (0,)
        assert jobs.execute("select count(*) from reading_day").fetchone() == (0,)


def test_check_marks_hours_whose_readings_came_another_way(database: DatabaseAddresses) -> None:
    with (
        psycopg.connect(database.gateway, autocommit=True) as gateway,
        psycopg.connect(database.jobs, autocommit=True) as jobs,
    ):
        receive(gateway, [(1, START, 1.0, 1)])
        roll_up_due(jobs)
        gateway.execute("insert into reading values (1, %s, 3.0, 1)", (START + timedelta(hours=1),))
        day = Period(START - timedelta(hours=22), START + timedelta(hours=2))
        assert mark_differing(jobs, day) == 1
        roll_up_due(jobs)
        assert mark_differing(jobs, day) == 0
        assert jobs.execute("select count, mean from reading_day").fetchall() == [(2, 2.0)]


def test_finished_days_are_civil_days_of_shanghai() -> None:
    now = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)  # already 2 June there
    days = finished_days(now, 2)
    assert [day.start.isoformat() for day in days] == [
        "2026-05-31T00:00:00+08:00",
        "2026-06-01T00:00:00+08:00",
    ]
    assert days[1].end.isoformat() == "2026-06-02T00:00:00+08:00"
