"""The quality job flags what arrives, takes flags back, and keeps rollups and newest in line."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from server.jobs.quality import check_quality_due
from server.jobs.rollups import roll_up_due
from tests.server.people import World

pytestmark = pytest.mark.database
START = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def jobs(database: DatabaseAddresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.jobs, autocommit=True) as connection:
        yield connection


@pytest.fixture
def sensor(database: DatabaseAddresses, world: World) -> int:
    with psycopg.connect(database.superuser) as admin:
        device = new_id()
        admin.execute(
            "insert into device (id, station_id, code, name_zh, name_en)"
            " values (%s, %s, 'c', '箱', 'Box')",
            (device, world.park),
        )
        row = admin.execute(
            "insert into sensor (device_id, code, quantity) values (%s, 't', 'air_temperature')"
            " returning id",
            (device,),
        ).fetchone()
    assert row is not None
    return int(row[0])


def receive(conninfo: str, sensor: int, *pairs: tuple[float, float], quality: int = 1) -> None:
    """What the gateway does in one commit; times in minutes after START."""
    with psycopg.connect(conninfo) as db:
        for minutes, value in pairs:
            time = START + timedelta(minutes=minutes)
            db.execute(
                "insert into reading values (%s, %s, %s, %s) on conflict do nothing",
                (sensor, time, value, quality),
            )
            db.execute(
                "insert into reading_latest values (%s, %s, %s, 1) on conflict (sensor_id)"
                " do update set time = excluded.time, value = excluded.value, quality = 1"
                " where excluded.time > reading_latest.time",
                (sensor, time, value),
            )
            db.execute(
                "insert into rollup_due values (%s, date_trunc('hour', %s::timestamptz, 'UTC'),"
                " clock_timestamp()) on conflict (sensor_id, hour)"
                " do update set marked_at = excluded.marked_at",
                (sensor, time),
            )


def settle(jobs: psycopg.Connection) -> None:
    """Both jobs until nothing is due; they must come to rest."""
    for _ in range(5):
        roll_up_due(jobs)
        check_quality_due(jobs)
        left = jobs.execute(
            "select (select count(*) from rollup_due) + (select count(*) from quality_due)"
        ).fetchone()
        if left == (0,):
            return
    pytest.fail("marks are still left")


def qualities(jobs: psycopg.Connection) -> dict[float, int]:
    rows = jobs.execute("select time, quality from reading order by time").fetchall()
    return {(time - START).total_seconds() / 60: quality for time, quality in rows}


def test_spike_is_flagged_once_its_right_neighbour_is_there(
    database: DatabaseAddresses, jobs: psycopg.Connection, sensor: int
) -> None:
    receive(database.gateway, sensor, (50, 24), (55, 40))
    settle(jobs)
    receive(database.gateway, sensor, (60, 24.2))  # in the next hour
    settle(jobs)
    assert qualities(jobs) == {50: 1, 55: 4, 60: 1}
    values = jobs.execute("select value from reading order by time").fetchall()
    assert values == [(24,), (40,), (24.2,)]  # never altered
    # A failed reading no longer counts.
    assert jobs.execute("select count, max from reading_hour order by hour").fetchall() == [
        (1, 24),
        (1, 24.2),
    ]


def test_late_readings_take_a_flag_back(
    database: DatabaseAddresses, jobs: psycopg.Connection, sensor: int
) -> None:
    receive(database.gateway, sensor, (0, 20), (30, 27), (60, 20))
    settle(jobs)
    assert qualities(jobs)[30] == 3
    receive(database.gateway, sensor, (25, 26.5), (35, 26))
    settle(jobs)
    assert set(qualities(jobs).values()) == {1}
    assert jobs.execute("select count(*) from reading_flag").fetchone() == (0,)


def test_newest_reading_has_the_quality_of_its_row(
    database: DatabaseAddresses, jobs: psycopg.Connection, sensor: int
) -> None:
    receive(database.gateway, sensor, (0, 20), (5, 2))  # 2 °C in July
    settle(jobs)
    assert jobs.execute("select quality from reading_latest").fetchone() == (3,)


def test_what_ingest_said_stays(
    database: DatabaseAddresses, jobs: psycopg.Connection, sensor: int
) -> None:
    """Unknown comes back when a flag goes; failed and missing are nobody's neighbours."""
    receive(database.gateway, sensor, (0, 20), (10, 20), (20, 20))
    receive(database.gateway, sensor, (5, 28), quality=2)
    receive(database.gateway, sensor, (15, 70), quality=4)
    settle(jobs)
    assert qualities(jobs) == {0: 1, 5: 3, 10: 1, 15: 4, 20: 1}
    receive(database.gateway, sensor, (4, 27), (6, 27))
    settle(jobs)
    assert qualities(jobs)[5] == 2
    assert qualities(jobs)[15] == 4


def test_a_persons_judgement_is_not_overruled(
    database: DatabaseAddresses, jobs: psycopg.Connection, sensor: int
) -> None:
    receive(database.gateway, sensor, (0, 20), (5, 2), (10, 20))
    settle(jobs)
    assert qualities(jobs)[5] == 3
    with psycopg.connect(database.superuser) as admin:
        admin.execute("update reading set quality = 9 where value = 2")
    receive(database.gateway, sensor, (12, 20))
    settle(jobs)
    assert qualities(jobs)[5] == 9


def test_a_mark_that_moves_while_the_job_is_at_work_stays(
    database: DatabaseAddresses, jobs: psycopg.Connection, sensor: int
) -> None:
    receive(database.gateway, sensor, (0, 20))
    roll_up_due(jobs)
    with psycopg.connect(database.superuser) as moving:
        moving.execute("update quality_due set marked_at = clock_timestamp()")
        check_quality_due(jobs, turns=1)
    assert jobs.execute("select count(*) from quality_due").fetchone() == (1,)
    settle(jobs)


steps = st.tuples(
    st.integers(0, 40 * 12).map(lambda n: 5.0 * n), st.sampled_from([20.0, 20.0, 20.0, 24.5, 40, 2])
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rounds=st.lists(st.lists(steps, max_size=40), min_size=1, max_size=3))
def test_flags_do_not_depend_on_the_order_of_arrival(
    database: DatabaseAddresses,
    jobs: psycopg.Connection,
    sensor: int,
    rounds: list[list[tuple[float, float]]],
) -> None:
    """Bit by bit in any order, or all in one: the same flags."""
    kept: dict[float, float] = {}
    for some in rounds:
        for minutes, value in some:
            kept.setdefault(minutes, value)
    told = []
    for parts in (rounds, [list(kept.items())]):
        with psycopg.connect(database.superuser) as admin:
            admin.execute(
                "truncate reading, reading_latest, reading_flag, reading_hour, reading_day,"
                " rollup_due, quality_due"
            )
        for some in parts:
            receive(database.gateway, sensor, *some)
            settle(jobs)
        told.append(qualities(jobs))
    assert told[0] == told[1]
