"""A series as a file: same rows in every format, whole or not there, one page held at a time."""

import csv
import gc
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from analytics.series.about import TEXTS
from analytics.series.csv_file import csv_parts
from analytics.series.export import FORMATS, Format, NoSpace, Said, export_series
from analytics.series.pages import Page, row_type
from analytics.series.wanted import SensorSeries, Step, Wanted
from analytics.series.workbook_file import write_series_workbook
from contracts.texts import mark, translator

SENSOR = SensorSeries(1, "park-1", "climate-1", "t", "air_temperature", "Cel", 2.0)
START = datetime(2026, 5, 30, 16, tzinfo=UTC)
SAID = Said(START, "zh", mark)
PG_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def wanted(step: Step = "raw") -> Wanted:
    end = START + timedelta(days=1)
    return Wanted("park-1", "示例园区", "Sample park", [SENSOR], START, end, step)


def page(first: int, count: int) -> Page:
    """Readings one a minute, from the `first` minute on; every third value is missing."""
    rows = np.zeros(count, row_type("raw"))
    begins = (START - PG_EPOCH) // timedelta(microseconds=1)
    rows["time"] = begins + (first + np.arange(count)) * 60_000_000
    rows["value"] = 0.1 + first + np.arange(count)
    rows["value"][::3] = np.nan
    rows["quality"] = 1
    return Page(SENSOR, rows)


def export(target: Path, format_: Format, pages: Iterator[Page]) -> int:
    return export_series(target, format_, wanted(), pages, SAID, lambda *_: None)


def test_every_format_holds_the_same_rows(tmp_path: Path) -> None:
    for format_ in FORMATS:
        done = export(tmp_path / f"a.{format_}", format_, iter([page(0, 4), page(4, 2)]))
        assert done == 6
    lines = list(csv.reader((tmp_path / "a.csv").open(encoding="ascii")))
    assert lines[0] == ["station", "device", "sensor", "quantity", "unit", "position_m", "time",
                        "value", "quality"]  # fmt: skip
    assert lines[1][:7] == ["park-1", "climate-1", "t", "air_temperature", "Cel", "2",
                            "2026-05-31T00:00:00+08:00"]  # fmt: skip
    table = pq.read_table(tmp_path / "a.parquet")
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[1]
    in_sheet = list(sheet.iter_rows(min_row=2, values_only=True))
    values = [None, 1.1, 2.1, None, None, 5.1]
    assert [float(line[7]) if line[7] else None for line in lines[1:]] == values
    assert table.column("value").to_pylist() == values
    assert [row[7] for row in in_sheet] == values
    shanghai = timezone(timedelta(hours=8))
    moments = [START + n * timedelta(minutes=1) for n in range(6)]
    assert [datetime.fromisoformat(line[6]) for line in lines[1:]] == moments
    assert table.column("time").to_pylist() == moments
    assert [row[6].replace(tzinfo=shanghai) for row in in_sheet] == moments  # type: ignore[union-attr]
    assert pq.read_metadata(tmp_path / "a.parquet").metadata[b"tepai.station"] == b"park-1"


def test_times_keep_their_microseconds() -> None:
    one = page(0, 2)
    one.rows["time"][1] += 7
    lines = b"".join(csv_parts([one], "raw")).decode().splitlines()
    assert "2026-05-31T00:00:00+08:00" in lines[1]
    assert "2026-05-31T00:01:00.000007+08:00" in lines[2]


@pytest.mark.journey  # a long one: the inner loop does without it, the full run does not
@pytest.mark.parametrize("format_", FORMATS)
def test_only_one_page_is_held_at_a_time(tmp_path: Path, format_: Format) -> None:
    born: list[weakref.ref[Page]] = []
    most_alive = 0

    class Tracked(Page):
        __slots__ = ("__weakref__",)

    def pages() -> Iterator[Page]:
        nonlocal most_alive
        for number in range(40):
            made = page(number * 50, 50)
            tracked = Tracked(made.sensor, made.rows)
            born.append(weakref.ref(tracked))
            del made
            yield tracked
            del tracked
            gc.collect()
            most_alive = max(most_alive, sum(one() is not None for one in born))

    assert export(tmp_path / f"a.{format_}", format_, pages()) == 2000
    assert most_alive <= 1  # the page that the writer's loop still names


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_that_breaks_off_leaves_the_old_file(tmp_path: Path, format_: Format) -> None:
    target = tmp_path / f"a.{format_}"
    target.write_bytes(b"before")

    def pages() -> Iterator[Page]:
        yield page(0, 10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(target, format_, pages())
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        with Path("/dev/full").open("wb") as file:
            file.write(b"x")

    monkeypatch.setattr("analytics.series.export.write_csv", full)
    with pytest.raises(NoSpace) as told:
        export(tmp_path / "a.csv", "csv", iter([page(0, 10)]))
    assert str(tmp_path) in told.value.sentence(mark)
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    english = translator("en", TEXTS)
    sheets = write_series_workbook(
        target, [page(0, 7), page(7, 3)], "raw", [("Station", "Sample park")], english, sheet_rows=5
    )
    assert sheets == 3
    book = load_workbook(target)
    assert book.sheetnames == ["About", "Readings", "Readings 2", "Readings 3"]
    assert [sheet.max_row for sheet in book.worksheets[1:]] == [5, 5, 3]
    assert "at most 4 readings" in str(book.worksheets[0].cell(2, 2).value)


def test_progress_goes_up_to_the_whole(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    export_series(
        tmp_path / "a.csv", "csv", wanted(), [page(0, 4), page(4, 4)], SAID,
        lambda done, total: told.append((done, total)), expected=6,
    )  # fmt: skip
    assert told == [(0, 6), (4, 6), (8, 8), (8, 8)]


def test_no_rows_still_make_a_file_with_a_heading(tmp_path: Path) -> None:
    for format_ in FORMATS:
        assert export(tmp_path / f"a.{format_}", format_, iter([])) == 0
    assert (tmp_path / "a.csv").read_text().count("\n") == 1
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 0
    assert load_workbook(tmp_path / "a.xlsx").worksheets[1].max_row == 1
    assert BytesIO((tmp_path / "a.xlsx").read_bytes()).read(2) == b"PK"
