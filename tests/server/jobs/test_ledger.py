"""The ledger does what was missed, once; partitions take over rows from the default one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from server.alerts.silent import check_silent
from server.jobs.ledger import Period, finished_days, run_missed
from server.jobs.partitions import ensure_partitions
from tests.server.people import World

pytestmark = pytest.mark.database
NOW = datetime(2026, 5, 31, 4, 0, tzinfo=UTC)


@pytest.fixture
def jobs(database: DatabaseAddresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.jobs, autocommit=True) as connection:
        yield connection


def test_missed_days_are_done_once_and_in_order(jobs: psycopg.Connection) -> None:
    seen: list[Period] = []

    def work(connection: psycopg.Connection, period: Period) -> int:
        seen.append(period)
        return 7

    assert run_missed(jobs, "trial", finished_days(NOW, 3), work) == 3
    assert run_missed(jobs, "trial", finished_days(NOW, 3), work) == 0
    assert run_missed(jobs, "trial", finished_days(NOW + timedelta(days=2), 3), work) == 2
    assert [period.start for period in seen] == sorted(period.start for period in seen)
    assert jobs.execute("select sum(rows_done) from job_period").fetchone() == (35,)


def test_a_period_that_fails_leaves_no_ledger_row(jobs: psycopg.Connection) -> None:
    def work(connection: psycopg.Connection, period: Period) -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        run_missed(jobs, "trial", finished_days(NOW, 1), work)
    assert jobs.execute("select count(*) from job_period").fetchone() == (0,)


def test_two_processes_never_do_one_period_twice(
    jobs: psycopg.Connection, database: DatabaseAddresses
) -> None:
    done: list[str] = []

    def other(connection: psycopg.Connection, period: Period) -> int:
        done.append("other")
        return 0

    def work(connection: psycopg.Connection, period: Period) -> int:
        with psycopg.connect(database.jobs, autocommit=True) as second:
            assert run_missed(second, "trial", finished_days(NOW, 1), other) == 0
        done.append("first")
        return 0

    assert run_missed(jobs, "trial", finished_days(NOW, 1), work) == 1
    assert done == ["first"]


def test_partition_takes_the_rows_of_its_month(
    jobs: psycopg.Connection, database: DatabaseAddresses
) -> None:
    if os.environ.get("TEPAI_TEST_TIER", "plain") != "plain":
        assert ensure_partitions(jobs, date(2019, 5, 31)) == 0
        return
    moments = [datetime(2019, 5, 31, 23, 59, tzinfo=UTC), datetime(2019, 6, 1, tzinfo=UTC)]
    with psycopg.connect(database.gateway, autocommit=True) as gateway:
        for moment in moments:
            gateway.execute("insert into reading values (1, %s, 1.0, 1)", (moment,))
    with jobs.transaction():
        assert ensure_partitions(jobs, date(2019, 5, 31)) == 29
    with jobs.transaction():
        assert ensure_partitions(jobs, date(2019, 5, 31)) == 0
    with psycopg.connect(database.superuser) as admin:
        where = admin.execute("select tableoid::regclass::text, time from reading order by time")
        assert where.fetchall() == [
            ("reading_201905", moments[0]),
            ("reading_201906", moments[1]),
        ]


def test_readings_of_today_lie_in_a_partition_from_the_start(database: DatabaseAddresses) -> None:
    if os.environ.get("TEPAI_TEST_TIER", "plain") != "plain":
        pytest.skip("TimescaleDB makes its own chunks")
    with psycopg.connect(database.superuser) as admin:
        admin.execute(
            "insert into reading values (1, now(), 1.0, 1), (1, now() - interval '1 year', 1, 1)"
        )
        assert admin.execute("select count(*) from reading_default").fetchone() == (0,)


def test_silent_alert_opens_once_and_closes_when_the_device_reports(
    jobs: psycopg.Connection, database: DatabaseAddresses, world: World
) -> None:
    device = new_id()
    with psycopg.connect(database.superuser) as admin:
        admin.execute(
            "insert into device (id, station_id, code, name_zh, name_en, report_interval_s)"
            " values (%s, %s, 'd', '设备', 'Device', 60)",
            (device, world.park),
        )
        sensor = admin.execute(
            "insert into sensor (device_id, code, quantity) values (%s, 't', 'air_temperature')"
            " returning id",
            (device,),
        ).fetchone()
        assert sensor is not None
        assert check_silent(jobs, NOW) == (0, 0)  # never seen: no alert
        admin.execute(
            "insert into reading_latest values (%s, %s, 20, 1)",
            (sensor[0], NOW - timedelta(seconds=179)),
        )
    assert check_silent(jobs, NOW) == (0, 0)
    assert check_silent(jobs, NOW + timedelta(seconds=2)) == (1, 0)
    assert check_silent(jobs, NOW + timedelta(seconds=60)) == (0, 0)
    with psycopg.connect(database.gateway) as gateway:
        gateway.execute("update reading_latest set time = %s", (NOW + timedelta(seconds=70),))
    assert check_silent(jobs, NOW + timedelta(seconds=80)) == (0, 1)
    assert jobs.execute("select count(*) from alert where closed_at is null").fetchone() == (0,)


def _environment(conninfo: str) -> dict[str, str]:
    return {**os.environ, "TEPAI_JOBS_DATABASE": conninfo, "PYTHONPATH": str(Path.cwd())}


def test_once_does_all_that_is_due(database: DatabaseAddresses, jobs: psycopg.Connection) -> None:
    with psycopg.connect(database.gateway, autocommit=True) as gateway:
        gateway.execute("insert into reading values (1, now(), 2.5, 1)")
        gateway.execute("insert into rollup_due values (1, date_trunc('hour', now(), 'UTC'))")
    done = subprocess.run(
        [sys.executable, "-m", "server.jobs", "--once"],
        env=_environment(database.jobs), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rollups: 1 hours" in done.stdout
    assert jobs.execute("select mean from reading_day").fetchone() == (2.5,)


def test_process_says_ready_and_ends_on_sigterm(database: DatabaseAddresses) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "server.jobs"],
        env=_environment(database.jobs), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert any("ready" in line for line in process.stdout)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_process_waits_for_a_database_that_is_down() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "server.jobs"],
        env=_environment("host=127.0.0.1 port=1 dbname=tepai"), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert "waiting for the database" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
