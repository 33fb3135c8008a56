"""`./tepai readings export`: series of a station into a CSV, XLSX or Parquet file."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import psycopg
from psycopg.rows import dict_row
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from analytics.series.about import TEXTS as SERIES_TEXTS
from analytics.series.export import FORMATS, Format, Said, export_series
from analytics.series.pages import TABLES, expected_rows, read_pages
from analytics.series.wanted import STEPS, Step, find_wanted
from contracts.problems import FieldProblem, Invalid, Problem
from contracts.texts import LANGUAGES, Translate, is_language, mark, translator
from ops.embedded.process import ServerError
from ops.texts import ROOT, cli_language
from ops.totals_database import NO_DATABASE, NoDatabaseError, report_database
from server.languages import TEXTS as SERVER_TEXTS
from server.readings.series import read_span
from server.totals.scope import sentence_of

_NO_DATABASE = mark("没有可导出的数据库：请设置 TEPAI_REPORT_DATABASE，或先运行 ./tepai demo")
_OPTIONS = ("station", "sensor", "from", "to", "step", "out", "language")


def run_export(**asked: Any) -> int:
    """Export and say so; 0, 1 if it could not be done, 2 for wrong options, 130 if interrupted.

    Parameters
    ----------
    station, sensor, from, to, step, out, language
        As the options; `sensor` is a list, `language` None for that of the command line.
    """
    translate = translator(cli_language(), ROOT / "ops" / "texts", SERVER_TEXTS, SERIES_TEXTS)
    try:
        with _ended_like_ctrl_c():
            rows, target = _export(asked, translate)
    except Invalid as problem:
        labels = {name: f"--{name}" for name in _OPTIONS}
        return _refuse(sentence_of(problem, translate, labels), 2)
    except Problem as problem:
        return _refuse(problem.sentence(translate), 1)
    except NoDatabaseError as error:
        text = _NO_DATABASE if error.text == NO_DATABASE else error.text
        return _refuse(translate(text) % error.members, 1)
    except (psycopg.Error, ServerError, OSError) as error:
        return _refuse(translate(mark("导出未完成：%(why)s")) % {"why": str(error).strip()}, 1)
    except KeyboardInterrupt:
        return 130
    said = {"rows": f"{rows:,}", "file": target}
    print(translate(mark("已写入 %(rows)s 行：%(file)s")) % said)
    return 0


def checked_target(out: str) -> tuple[Path, Format]:
    """The file and its format, found writable before anything is read.

    Raises
    ------
    Invalid
        If the suffix is none of the formats, or the folder is missing or not writable.
    """
    target = Path(out).expanduser()
    folder = target.absolute().parent
    suffix = target.suffix.lower().removeprefix(".")
    format_ = next((one for one in FORMATS if one == suffix), None)
    if format_ is None:
        _wrong("out", out, *(f".{one}" for one in FORMATS))
    if target.is_dir():
        raise Problem(mark("--out %(file)s 是文件夹，请给出文件名"), file=target)
    if not folder.is_dir():
        raise Problem(
            mark("--out %(file)s：所在的文件夹不存在，请先建立 %(folder)s"),
            file=target,
            folder=folder,
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Problem(mark("--out %(file)s：文件夹 %(folder)s 不可写"), file=target, folder=folder)
    return target, format_


def _export(asked: dict[str, Any], translate: Translate) -> tuple[int, Path]:
    target, format_ = checked_target(asked["out"])
    step: Step | None = next((one for one in STEPS if one == asked["step"]), None)
    if step is None:
        _wrong("step", asked["step"], *STEPS)
    language = asked["language"] or cli_language()
    if not is_language(language):
        _wrong("language", language, *LANGUAGES)
    texts = translator(language, SERIES_TEXTS)
    now = datetime.now(UTC)
    start, end = read_span(asked["from"], asked["to"], now)
    with (
        report_database() as conninfo,
        psycopg.connect(conninfo, row_factory=dict_row, autocommit=True) as connection,
    ):
        wanted = find_wanted(connection, asked["station"], asked["sensor"], start, end, step)
        expected = expected_rows(connection, TABLES, wanted)

        @contextmanager
        def connected() -> Iterator[psycopg.Connection[dict[str, Any]]]:
            yield connection

        with _bar(translate(mark("正在导出"))) as bar:
            pages = read_pages(connected, TABLES, wanted)
            said = Said(now, language, texts)
            return export_series(target, format_, wanted, pages, said, bar, expected), target


def _wrong(field: str, value: str, *choices: str) -> NoReturn:
    raise Invalid(FieldProblem(field, "not_a_choice", value, {"choices": list(choices)}))


@contextmanager
def _bar(text: str) -> Iterator[Any]:
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bars:
        task = bars.add_task(text, total=None)

        def progress(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total or None)

        yield progress


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """SIGTERM too unwinds, so that the half-written file is removed."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _refuse(sentence: str, status: int) -> int:
    Console(stderr=True).print(sentence, style="red", markup=False, highlight=False)
    return status
