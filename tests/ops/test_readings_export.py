"""`./tepai readings export` as people and scripts call it, on a real database."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg.rows import dict_row

from analytics.series.pages import TABLES, read_pages
from analytics.series.wanted import Step, find_wanted
from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from ops.readings_export import run_export
from server.jobs.rollups import roll_up_due
from tests.server.stations.field import Site, add_device, every, receive

pytestmark = pytest.mark.database
START = datetime(2026, 5, 30, 16, tzinfo=UTC)
END = START + timedelta(days=2)


@pytest.fixture
def park(database: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch) -> DatabaseAddresses:
    """Two devices with a thermometer each, a reading every ten minutes for two days."""
    site = Site(new_id())
    with psycopg.connect(database.superuser) as db:
        db.execute(
            "insert into division values ('341300', '宿州市', 'city', null),"
            " ('341302', '埇桥区', 'county', '341300')"
        )
        db.execute(
            "insert into station (id, code, kind, name_zh, name_en, county_code) values"
            " (%s, 'park-1', 'park', '示例园区', 'Sample park', '341302')",
            (site.station,),
        )
    for device in ("a", "b"):
        add_device(
            database.superuser, site, device, ("设备", "Device"), [("t", "air_temperature", 2.0)]
        )
    moments = every(START, END - timedelta(minutes=10), timedelta(minutes=10))
    for sensor in site.sensors.values():
        receive(database.gateway, site, [(sensor, m, float(n)) for n, m in enumerate(moments)])
    with psycopg.connect(database.jobs, autocommit=True) as jobs:
        roll_up_due(jobs)
    monkeypatch.setenv("TEPAI_REPORT_DATABASE", database.report)
    monkeypatch.setenv("TEPAI_LANG", "en")
    return database


def export(**options: object) -> int:
    asked: dict[str, object] = {
        "station": "park-1",
        "sensor": [],
        "from": START.isoformat(),
        "to": END.isoformat(),
        "step": "raw",
        "language": None,
    }
    return run_export(**(asked | options))


def test_all_sensors_come_one_after_the_other(
    park: DatabaseAddresses, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "读 数.csv"
    assert export(out=str(target)) == 0
    lines = list(csv.DictReader(target.open(encoding="ascii")))
    assert [line["device"] for line in lines] == ["a"] * 288 + ["b"] * 288
    assert [float(line["value"]) for line in lines[:288]] == list(range(288))
    assert "576 rows" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [target]


def test_steps_and_sensors_are_chosen(park: DatabaseAddresses, tmp_path: Path) -> None:
    for step, count in (("hour", 48), ("day", 2)):
        target = tmp_path / f"{step}.parquet"
        assert export(out=str(target), step=step, sensor=["b/t"]) == 0
        table = pq.read_table(target)
        assert table.num_rows == count
        assert set(table.column("device").to_pylist()) == {"b"}
        assert sum(table.column("count").to_pylist()) == 288
        assert table.column("time")[0].as_py() == START
        assert table.column("first")[0].as_py() == 0.0


def test_pages_are_small_and_neither_lose_nor_repeat(park: DatabaseAddresses) -> None:
    with psycopg.connect(park.report, row_factory=dict_row, autocommit=True) as connection:
        found = find_wanted(connection, "park-1", [], START, END, "raw")
        pages = list(read_pages(connection_again(connection), TABLES, found, most=50))
    assert max(len(page.rows) for page in pages) == 50
    assert [len(page.rows) for page in pages] == [50, 50, 50, 50, 50, 38] * 2
    keys = {(page.sensor.id, int(time)) for page in pages for time in page.rows["time"]}
    assert len(keys) == 576


@pytest.mark.parametrize(("step", "count"), [("raw", 576), ("hour", 96), ("day", 4)])
def test_windows_of_any_length_neither_lose_nor_repeat(
    park: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch, step: Step, count: int
) -> None:
    monkeypatch.setattr("analytics.series.pages._WINDOW", timedelta(minutes=37, seconds=1))
    with psycopg.connect(park.report, row_factory=dict_row, autocommit=True) as connection:
        found = find_wanted(connection, "park-1", [], START, END, step)
        pages = list(read_pages(connection_again(connection), TABLES, found, most=7))
    assert max(len(page.rows) for page in pages) <= 7
    keys = [(page.sensor.id, int(time)) for page in pages for time in page.rows["time"]]
    assert len(keys) == len(set(keys)) == count
    assert keys == sorted(keys)


def connection_again(connection):  # type: ignore[no-untyped-def]
    from contextlib import nullcontext

    return lambda: nullcontext(connection)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"station": "park-9"}, "park-9"),
        ({"sensor": ["humidity"]}, "a/t, b/t"),
        ({"from": "2026-05-30T00:00:00"}, "--from"),
        ({"from": END.isoformat(), "to": START.isoformat()}, "from < to"),
        ({"step": "week"}, "raw, hour, day"),
        ({"language": "fr"}, "zh, en"),
        ({"out": "x.txt"}, ".csv, .xlsx, .parquet"),
    ],
)
def test_wrong_options_are_told_with_what_would_be_right(
    park: DatabaseAddresses,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: dict[str, object],
    said: str,
) -> None:
    assert export(**{"out": str(tmp_path / "x.csv"), **options}) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in " ".join(printed.err.split())
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_and_a_missing_database_are_told(
    park: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert export(out=str(tmp_path / "no" / "x.csv")) == 1
    assert "does not exist" in " ".join(capsys.readouterr().err.split())
    monkeypatch.delenv("TEPAI_REPORT_DATABASE")
    monkeypatch.setenv("TEPAI_HOME", str(tmp_path))
    assert export(out=str(tmp_path / "x.csv")) == 1
    assert "TEPAI_REPORT_DATABASE" in capsys.readouterr().err
