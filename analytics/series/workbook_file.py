"""A series as XLSX: a sheet about it, then as many sheets of rows as it takes.

XlsxWriter keeps one row in memory and the rest in temporary files. A sheet holds 1,048,576 rows,
one of them the heading; what does not fit goes on in a further sheet, and the first sheet says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from analytics.series.pages import Page
from analytics.series.table import as_table, columns_of
from analytics.series.wanted import Step
from contracts.texts import Translate, mark

SHEET_ROWS = 1_048_576
_LARGE = 5_000_000
_UNIX_EPOCH_DAY, _DAY_US, _OFFSET_US = 25_569, 86_400_000_000, 8 * 3_600_000_000


def write_series_workbook(
    target: Path,
    pages: Iterable[Page],
    step: Step,
    about: Sequence[tuple[str, str]],
    translate: Translate,
    *,
    expected: int = 0,
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Write the .xlsx; the number of sheets with rows. Temporary files lie beside `target`.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written.
    """
    workbook = xlsxwriter.Workbook(
        str(target),
        {
            "constant_memory": True,
            "tmpdir": str(target.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": True,
        },
    )
    if expected > _LARGE:
        workbook.use_zip64()
    try:
        _write_about(workbook, about, translate, sheet_rows)
        sheets = _write_rows(workbook, _flat(pages, step), step, translate, sheet_rows)
    except BaseException:
        # Closing is what writes the file; unclosed, it warns when it is collected.
        workbook.fileclosed = True
        for sheet in workbook.worksheets():
            sheet.row_data_fh.close()
        raise
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        cause = error.args[0] if error.args else error
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from error
    return sheets


def _write_about(
    workbook: Any, about: Sequence[tuple[str, str]], translate: Translate, sheet_rows: int
) -> None:
    sheet = workbook.add_worksheet(translate(mark("说明")))
    bold, wrap = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70, wrap)
    rows = translate(mark("每张工作表最多 %(rows)s 行读数；放不下的接在下一张工作表。"))
    lines = [*about, (translate(mark("工作表")), rows % {"rows": f"{sheet_rows - 1:,}"})]
    for number, (heading, content) in enumerate(lines):
        sheet.write_string(number, 0, heading, bold)
        sheet.write_string(number, 1, content)


def _write_rows(
    workbook: Any, rows: Iterator[tuple[Any, ...]], step: Step, translate: Translate, most: int
) -> int:
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    bold = workbook.add_format({"bold": True})
    columns = columns_of(step)
    time = columns.index("time")
    sheets, line = 0, most
    sheet: Any = None
    for row in rows:
        if line >= most:
            sheets, line = sheets + 1, 1
            sheet = _sheet(workbook, sheets, columns, bold, translate)
        for place, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(line, place, value)
            else:
                sheet.write_number(line, place, value, moment if place == time else None)
        line += 1
    if not sheets:
        _sheet(workbook, 1, columns, bold, translate)
    return max(sheets, 1)


def _sheet(
    workbook: Any, number: int, columns: Sequence[str], bold: Any, translate: Translate
) -> Any:
    name = translate(mark("读数")) if number == 1 else f"{translate(mark('读数'))} {number}"
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 12)
    sheet.set_column(columns.index("time"), columns.index("time"), 20)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
    return sheet


def _flat(pages: Iterable[Page], step: Step) -> Iterator[tuple[Any, ...]]:
    """Rows as Excel takes them: times as its day numbers in Asia/Shanghai."""
    for page in pages:
        table = as_table(page, step)
        columns = [column.to_pylist() for column in table.columns if column.type != _time(table)]
        instants = table.column("time").cast("int64").to_numpy()
        serials = (instants + _OFFSET_US) / _DAY_US + _UNIX_EPOCH_DAY
        columns.insert(table.schema.names.index("time"), serials.tolist())
        yield from zip(*columns, strict=True)


def _time(table: Any) -> Any:
    return table.schema.field("time").type
