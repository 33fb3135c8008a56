"""`./tepai totals`: the nine indicators as a table, as JSON or as a workbook."""

import json
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from analytics.workbook import TEXTS as WORKBOOK_TEXTS
from analytics.workbook import all_rows
from contracts.problems import Invalid
from contracts.texts import Translate, mark, translator
from ops.demo_data.figures import YEARS
from ops.embedded.process import ServerError
from ops.texts import ROOT, cli_language
from ops.totals_database import NoDatabaseError, demo_data_database, report_database
from server.languages import TEXTS as SERVER_TEXTS
from server.totals.ask import default_year
from server.totals.count import Totals, as_number, count_indicators
from server.totals.export import export_workbook, figures
from server.totals.places import find_city, find_division, recorded_span
from server.totals.scope import Filters, Period, Scope, check_period, sentence_of

_LABELS = {"from": mark("第一年"), "to": mark("最后一年"), "division": mark("行政区划代码")}
_MONEY_UNITS = ("万元", "天")


class UsageError(ValueError):
    """Options that do not go together or cannot be carried out; the message is for people."""


def run_totals(
    year: int | None,
    from_year: int | None,
    to_year: int | None,
    division: str | None,
    as_json: bool,
    out: str | None,
    demo: bool,
) -> int:
    """Count and print; the exit status: 0, 1 if it could not be counted, 2 for wrong options.

    Parameters
    ----------
    year, from_year, to_year
        One civil year, or the first and last of several; without them the current year, or the
        latest with verified records, or with `demo` its five years.
    division
        Code of 6, 9 or 12 digits; all without one.
    as_json
        Nothing but one JSON object goes to standard output.
    out
        Also write a workbook to this .xlsx file; it appears whole or not at all.
    demo
        Count the demo data in a scratch database, which is removed afterwards.
    """
    language = cli_language()
    translate = translator(language, ROOT / "ops" / "texts", SERVER_TEXTS, WORKBOOK_TEXTS)
    try:
        period = _asked_period(year, from_year, to_year, translate)
        target = _checked_target(out, translate)
        with _ended_like_ctrl_c(), _database(demo, translate) as conninfo:
            period = period or (Period(YEARS[0], YEARS[-1]) if demo else None)
            with psycopg.connect(conninfo, row_factory=dict_row) as connection:
                scope = _scope(connection, period, division)
                totals = count_indicators(connection, scope)
                if target is not None:
                    _write(connection, scope, target, language, translate)
    except Invalid as problem:
        labels = {name: translate(text) for name, text in _LABELS.items()}
        return _refuse(sentence_of(problem, translate, labels), 2)
    except UsageError as error:
        return _refuse(str(error), 2)
    except NoDatabaseError as error:
        return _refuse(translate(error.text) % error.members, 1)
    except (psycopg.Error, ServerError, OSError) as error:
        return _refuse(translate(mark("统计未完成：%(why)s")) % {"why": str(error).strip()}, 1)
    except KeyboardInterrupt:
        return 130
    if as_json:
        print(json.dumps(as_object(scope, totals), ensure_ascii=False))
    else:
        _show(scope, totals, language, translate)
        if target is not None:
            print(translate(mark("已写入 %(file)s")) % {"file": target})
    return 0


def as_object(scope: Scope, totals: Totals) -> dict[str, Any]:
    """What `--json` prints; units of design §5."""
    division = scope.filters.division
    return {
        "period": {"from": scope.period.first_year, "to": scope.period.last_year},
        "division": division.code if division else None,
        "division_name": division.name if division else None,
        "indicators": {key: as_number(value) for key, value in totals.indicators.items()},
        "pair_counts": dict(totals.pair_counts),
        "household_income_gain_estimated": as_number(totals.income_gain_estimated),
        "correspondents": totals.correspondents,
        "service_days": as_number(totals.service_days),
        "villages": totals.villages,
        "records": totals.records,
    }


def _asked_period(
    year: int | None, first: int | None, last: int | None, translate: Translate
) -> Period | None:
    if year is not None:
        if first is not None or last is not None:
            raise UsageError(translate(mark("--year 与 --from、--to 只能用一种")))
        return check_period(year, year)
    if (first is None) != (last is None):
        raise UsageError(translate(mark("--from 与 --to 要一起用，如 --from 2021 --to 2025")))
    return None if first is None or last is None else check_period(first, last)


def _checked_target(out: str | None, translate: Translate) -> Path | None:
    """The file to write, found writable before anything is counted."""
    if out is None:
        return None
    target = Path(out).expanduser()
    said = {"file": target}
    if target.suffix.lower() != ".xlsx":
        raise UsageError(translate(mark("%(file)s：文件名应以 .xlsx 结尾")) % said)
    if target.is_dir():
        raise UsageError(translate(mark("%(file)s 是文件夹，请给出文件名")) % said)
    if not target.absolute().parent.is_dir():
        raise UsageError(translate(mark("%(file)s：所在的文件夹不存在")) % said)
    if not os.access(target.absolute().parent, os.W_OK):
        raise UsageError(translate(mark("%(file)s：所在的文件夹不可写")) % said)
    return target


def _scope(connection: Connection[DictRow], period: Period | None, code: str | None) -> Scope:
    division = find_division(connection, code) if code else find_city(connection)
    if period is None:
        year = default_year(recorded_span(connection))
        period = Period(year, year)
    return Scope(period, Filters(division=division))


def _write(
    connection: Connection[DictRow], scope: Scope, target: Path, language: str, translate: Translate
) -> None:
    handle, half = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.stem}-")
    try:
        with os.fdopen(handle, "w+b") as file:
            export_workbook(connection, scope, file, language, translate)
        umask = os.umask(0)
        os.umask(umask)
        Path(half).chmod(0o666 & ~umask)
        Path(half).replace(target)
    finally:
        Path(half).unlink(missing_ok=True)


@contextmanager
def _database(demo: bool, translate: Translate) -> Iterator[str]:
    if not demo:
        with report_database() as conninfo:
            yield conninfo
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def progress(text: str, done: int, total: int) -> None:
        if text not in tasks:
            tasks[text] = bars.add_task(translate(text))
        bars.update(tasks[text], completed=done, total=total)

    with bars:
        bars.add_task(translate(mark("正在准备临时数据库")), total=None)
        with demo_data_database(progress) as conninfo:
            yield conninfo


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """SIGTERM too unwinds, so that a scratch cluster is removed."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread: whoever called looks after signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _show(scope: Scope, totals: Totals, language: str, translate: Translate) -> None:
    division = scope.filters.division
    place = f"{division.name} {division.code} · " if division else ""
    heading = translate(mark("科技特派员服务合计"))
    table = Table(title=f"{heading} · {place}{scope.period}", title_justify="left")
    table.add_column(translate(mark("指标")))
    table.add_column(translate(mark("数值")), justify="right")
    table.add_column(translate(mark("单位")))
    values: Mapping[str, int | float] = figures(totals)
    for row in all_rows():
        decimals = 2 if row.unit in _MONEY_UNITS else 0
        counted = row.key in totals.indicators
        table.add_row(
            row.en if language == "en" else row.zh,
            f"{values[row.key]:,.{decimals}f}",
            translate(row.unit),
            style="bold" if counted else "dim",
        )
    console = Console()
    console.print(table)
    if scope.period.first_year != scope.period.last_year:
        console.print(translate(mark("跨年期间内同一对象只计一次：这些数字不是各年之和")))
    if not totals.records:
        console.print(translate(mark("此范围内还没有已核实的记录，因此各项为零")), style="yellow")
    console.print(translate(mark("与规划数字口径一致的是去重数，不是人项次")), style="dim")


def _refuse(sentence: str, status: int) -> int:
    Console(stderr=True).print(sentence, style="red", markup=False, highlight=False)
    return status
