"""`./tepai totals` as people and scripts call it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from openpyxl import load_workbook

from ops.embedded.database import DatabaseAddresses
from ops.texts import ROOT
from ops.totals import run_totals
from tests.analytics.random_world import insert_subjects

pytestmark = pytest.mark.database


@pytest.fixture
def divisions(database: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch) -> DatabaseAddresses:
    with psycopg.connect(database.superuser) as connection:
        insert_subjects(connection)
    monkeypatch.setenv("TEPAI_REPORT_DATABASE", database.report)
    monkeypatch.setenv("TEPAI_LANG", "en")
    return database


def totals(**options: object) -> int:
    given = {
        "year": None,
        "from_year": None,
        "to_year": None,
        "division": None,
        "as_json": False,
        "out": None,
        "demo": False,
    }
    return run_totals(**{**given, **options})  # type: ignore[arg-type]


def test_json_is_one_object_and_nothing_else(
    divisions: DatabaseAddresses, capsys: pytest.CaptureFixture[str]
) -> None:
    assert totals(from_year=2021, to_year=2022, division="341302", as_json=True) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["period"] == {"from": 2021, "to": 2022}
    assert body["division"] == "341302"
    assert len(body["indicators"]) == 9
    assert set(body["indicators"].values()) == {0}


def test_the_table_names_the_scope_and_says_why_all_is_zero(
    divisions: DatabaseAddresses, capsys: pytest.CaptureFixture[str]
) -> None:
    assert totals(year=2024) == 0
    said = capsys.readouterr().out
    assert "2024" in said
    assert "Households led" in said
    assert "every figure is zero" in " ".join(said.split())


def test_a_workbook_is_written_whole(
    divisions: DatabaseAddresses, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "合 计.xlsx"
    assert totals(year=2024, out=str(target)) == 0
    assert load_workbook(target).worksheets[0].title == "Totals"
    assert list(tmp_path.iterdir()) == [target]
    assert "Written to" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"year": 2024, "from_year": 2021}, "--year"),
        ({"from_year": 2021}, "--from 2021 --to 2025"),
        ({"from_year": 2025, "to_year": 2021}, "2021"),
        ({"year": 1999}, "2000"),
        ({"division": "999"}, "341302 埇桥区"),
        ({"out": "x.csv"}, ".xlsx"),
        ({"out": "/nowhere/at/all/x.xlsx"}, "does not exist"),
    ],
)
def test_wrong_options_are_told_with_what_would_be_right(
    divisions: DatabaseAddresses,
    capsys: pytest.CaptureFixture[str],
    options: dict[str, object],
    said: str,
) -> None:
    assert totals(**options) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in " ".join(printed.err.split())


def test_an_unreachable_database_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEPAI_REPORT_DATABASE", "host=127.0.0.1 port=9 dbname=x connect_timeout=2")
    assert totals(year=2024) == 1
    assert "127.0.0.1" in capsys.readouterr().err


def test_without_any_database_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TEPAI_REPORT_DATABASE", raising=False)
    monkeypatch.setenv("TEPAI_HOME", str(tmp_path))
    assert totals(year=2024) == 1
    assert "--demo" in capsys.readouterr().err


def test_the_demo_gives_the_plans_figures_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops", "totals", "--demo", "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TEPAI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    body = json.loads(done.stdout)
    assert body["indicators"]["households_led"] == 24_031
    assert body["indicators"]["household_income_gain"] == 4_782
    assert list(tmp_path.iterdir()) == []
