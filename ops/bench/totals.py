"""`./tepai bench totals`: the nine indicators over the demo and over a million records.

Beside them a query written by hand for DuckDB over the same rows; both must give the same figures.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb
import psycopg
from psycopg.rows import dict_row
from rich.console import Console
from rich.table import Table

from contracts.sql_files import beside
from contracts.texts import Translate, mark, translator
from ops.demo.state import home
from ops.demo_data import seed_demo
from ops.demo_data.figures import YEARS
from ops.demo_data.million import seed_records
from ops.embedded.database import DatabaseAddresses, provide_database
from ops.embedded.postgres import Cluster
from ops.embedded.process import ServerError
from ops.texts import ROOT, cli_language
from ops.totals_database import scratch_cluster
from server.totals.count import Totals, count_indicators
from server.totals.scope import Period, Scope

_SQL = beside(__file__, "totals.sql")
MILLION = 1_000_000
_RUNS = 5
_TABLES = tuple(name.removeprefix("copy_") for name in _SQL if name.startswith("copy_"))
_SCOPE = Scope(Period(YEARS[0], YEARS[-1]))
_HEADINGS = (mark("PostgreSQL(毫秒)"), mark("DuckDB(毫秒)"), mark("比值"))
# A quarter of a small server's memory, as PostgreSQL's manual advises.
_SETTINGS = {"shared_buffers": "1GB"}


class UnequalError(RuntimeError):
    """The two counts differ, so no time of theirs means anything."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Median times of counting one set of rows, warm."""

    records: int
    ms: float
    duckdb_ms: float


def run(*, as_json: bool, count: int = MILLION) -> int:
    """Measure and print; 0, or 1 if it could not be measured or the counts differ."""
    translate = translator(cli_language(), ROOT / "ops" / "texts")
    try:
        demo, million = measure(count, translate)
    except (UnequalError, ServerError, psycopg.Error, OSError) as error:
        print(translate("测试未完成：%(why)s") % {"why": error}, file=sys.stderr)
        return 1
    _show(demo, million, translate)
    if as_json:
        print(json.dumps(as_object(demo, million)))
    return 0


def as_object(demo: Timed, million: Timed) -> dict[str, int | float]:
    """The keys of docs/benchmarks.md."""
    return {
        "ms": round(million.ms, 1),
        "ratio_to_duckdb": round(million.ms / million.duckdb_ms, 2),
        "duckdb_ms": round(million.duckdb_ms, 1),
        "records": million.records,
        "demo_ms": round(demo.ms, 1),
        "demo_duckdb_ms": round(demo.duckdb_ms, 1),
        "demo_records": demo.records,
        "runs": _RUNS,
    }


def measure(count: int, translate: Translate) -> tuple[Timed, Timed]:
    """Times over the demo and over `count` records, on a cluster that lives as long as this.

    Raises
    ------
    UnequalError
        If PostgreSQL and DuckDB do not count the same.
    """
    console = Console(stderr=True)
    with scratch_cluster(_SETTINGS) as cluster:
        with console.status(translate("正在生成演示数据")):
            demo = _timed(cluster, "demo", seed_demo, translate)
        with console.status(translate("正在生成 %(count)s 条记录") % {"count": f"{count:,}"}):
            million = _timed(
                cluster, "million", lambda where: seed_records(where, count), translate
            )
    return demo, million


def _timed(cluster: Cluster, name: str, seed: Callable[[str], None], translate: Translate) -> Timed:
    addresses = provide_database(cluster, name)
    seed(addresses.superuser)
    with psycopg.connect(addresses.superuser, autocommit=True) as connection:
        connection.execute(_SQL["vacuum_all"])
    with (
        _duckdb_of(addresses) as duck,
        psycopg.connect(addresses.report, row_factory=dict_row) as report,
    ):
        # Comparing warms both up.
        _compare(count_indicators(report, _SCOPE), _count_in_duckdb(duck), translate)
        size = report.execute(_SQL["select_size"]).fetchone()
        return Timed(
            size["records"] if size else 0,
            _median_ms(lambda: count_indicators(report, _SCOPE)),
            _median_ms(lambda: _count_in_duckdb(duck)),
        )


def _duckdb_of(addresses: DatabaseAddresses) -> duckdb.DuckDBPyConnection:
    """The same rows in a DuckDB in memory, by way of CSV files."""
    duck = duckdb.connect()
    duck.execute(_SQL["create_tables"])
    with (
        TemporaryDirectory(dir=home()) as folder,
        psycopg.connect(addresses.superuser) as connection,
    ):
        for table in _TABLES:
            path = Path(folder) / f"{table}.csv"
            with (
                path.open("wb") as file,
                connection.cursor() as cursor,
                cursor.copy(_SQL[f"copy_{table}"]) as copy,
            ):
                for block in copy:
                    file.write(block)
            duck.execute(_SQL["load_csv"].format(table=table), {"path": str(path)})
    return duck


def _count_in_duckdb(duck: duckdb.DuckDBPyConnection) -> Mapping[str, Decimal]:
    first, last = _SCOPE.period.first_day, _SCOPE.period.last_day
    answer = duck.execute(_SQL["count_in_duckdb"], {"first": first, "last": last})
    names = [column[0] for column in answer.description or ()]
    return {
        name: Decimal(value) for name, value in zip(names, answer.fetchone() or (), strict=True)
    }


def _compare(ours: Totals, theirs: Mapping[str, Decimal], translate: Translate) -> None:
    counted = {
        **ours.indicators,
        **ours.pair_counts,
        "household_income_gain_estimated": ours.income_gain_estimated,
        "correspondents": ours.correspondents,
        "villages": ours.villages,
        "service_days": ours.service_days,
        "records": ours.records,
    }
    for key, value in counted.items():
        other = theirs[key] if key in theirs else theirs[f"{key}_yuan"] / 10_000
        if value != other:
            words = translate("两边的结果不一致：%(key)s 为 %(ours)s,DuckDB 为 %(theirs)s")
            raise UnequalError(words % {"key": key, "ours": value, "theirs": other})


def _median_ms(count: Callable[[], object]) -> float:
    times = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        count()
        times.append((time.perf_counter() - began) * 1_000)
    return median(times)


def _show(demo: Timed, million: Timed, translate: Translate) -> None:
    table = Table(title=translate("九项指标的统计耗时"), title_justify="left")
    table.add_column(translate("记录"), justify="right")
    for heading in _HEADINGS:
        table.add_column(translate(heading), justify="right")
    for timed in (demo, million):
        table.add_row(
            f"{timed.records:,}",
            f"{timed.ms:,.0f}",
            f"{timed.duckdb_ms:,.0f}",
            f"{timed.ms / timed.duckdb_ms:.1f}",
        )
    Console().print(table)
