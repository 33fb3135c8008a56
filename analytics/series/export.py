"""A series into a file that appears whole under its name or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from analytics.series.about import about_keys, about_lines
from analytics.series.csv_file import write_csv
from analytics.series.pages import Page
from analytics.series.parquet_file import write_parquet
from analytics.series.wanted import Wanted
from analytics.series.workbook_file import write_series_workbook
from contracts.problems import Problem
from contracts.texts import Translate, mark

Format = Literal["csv", "xlsx", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "parquet")
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
# Called after each page: rows written, and how many there will be (0: not known).
Progress = Callable[[int, int], None]


class NoSpace(Problem):
    """The disk of the export is full."""

    code = "readings.export_no_space"
    status = 507
    title = mark("磁盘空间不足，导出未完成：%(folder)s 还剩 %(free_mb)s MB")


@dataclass(frozen=True, slots=True)
class Said:
    """How an export tells of itself."""

    made_at: datetime
    language: str
    translate: Translate


def export_series(
    target: Path,
    format_: Format,
    wanted: Wanted,
    pages: Iterable[Page],
    said: Said,
    progress: Progress,
    expected: int = 0,
) -> int:
    """Write the series to `target`, replacing what is there; the number of rows.

    It is written in a hidden folder beside the target and renamed at the end: an interrupted
    export, or an exception of `progress`, leaves `target` as it was and nothing beside it.

    Raises
    ------
    NoSpace
        If the disk is full.
    OSError
        If the folder cannot be written.
    """
    counted = _Counted(pages, progress, expected)
    folder = target.absolute().parent
    with _scratch_beside(target) as half:
        try:
            _write(half, format_, wanted, counted, said, expected)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            free = shutil.disk_usage(folder).free // 1_000_000
            raise NoSpace(folder=folder, free_mb=free) from error
        half.replace(target)
    progress(counted.done, counted.done)
    return counted.done


class _Counted:
    """Pages that tell how many rows went by."""

    def __init__(self, pages: Iterable[Page], progress: Progress, expected: int) -> None:
        self._pages, self._progress, self._expected = pages, progress, expected
        self.done = 0

    def __iter__(self) -> Iterator[Page]:
        self._progress(0, self._expected)
        for page in self._pages:
            yield page
            self.done += len(page.rows)
            # The rollups may know of less than there is: never more than all.
            self._progress(self.done, max(self.done, self._expected) if self._expected else 0)


@contextmanager
def _scratch_beside(target: Path) -> Iterator[Path]:
    """A file name in a hidden folder beside the target; the folder is removed afterwards."""
    folder = target.absolute().parent
    with tempfile.TemporaryDirectory(prefix=f".{target.stem}-", dir=folder) as scratch:
        yield Path(scratch) / f"half{target.suffix}"


def _write(
    half: Path, format_: Format, wanted: Wanted, pages: Iterable[Page], said: Said, expected: int
) -> None:
    if format_ == "xlsx":
        about = about_lines(wanted, said.made_at, said.language, said.translate)
        write_series_workbook(half, pages, wanted.step, about, said.translate, expected=expected)
        return
    with half.open("wb") as file:
        if format_ == "csv":
            write_csv(file, pages, wanted.step)
        else:
            write_parquet(file, pages, wanted.step, about_keys(wanted, said.made_at))
        file.flush()
        os.fsync(file.fileno())
