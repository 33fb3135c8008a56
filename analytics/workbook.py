"""The annual totals as a workbook: summary, by year, by county, definitions; one language each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from contracts.indicators import INDICATORS, PAIR_COUNTS, Indicator
from contracts.texts import Translate, mark, translator

TEXTS = Path(__file__).with_name("texts")
Number = int | float

ESTIMATED = Indicator(
    "household_income_gain_estimated",
    mark("无基准年的增收估算（未计入）"),
    "Income gain without a baseline (not counted)",
    mark("万元"),
    mark("该户没有填写基准年，只能估算；单独列出，不计入增收指标"),
)
BESIDE = (
    Indicator(
        "correspondents",
        mark("派出特派员"),
        "Dispatched correspondents",
        mark("人"),
        mark("期间内至少有一条已核实记录的特派员"),
    ),
    Indicator(
        "service_days",
        mark("服务天数"),
        "Service days",
        mark("天"),
        mark("已核实记录的服务天数之和"),
    ),
    Indicator(
        "villages",
        mark("服务到的村"),
        "Villages served",
        mark("个"),
        mark("期间内至少有一条已核实记录的村"),
    ),
    Indicator(
        "records", mark("已核实记录"), "Verified records", mark("条"), mark("本表所依据的记录数")
    ),
)
_RULES = (
    mark("只统计已核实的记录；年份按服务日期（北京时间）的公历年计。"),
    mark("跨几年的期间，同一对象只计一次，因此不等于各年之和；各县区之和也可能大于全市。"),
    mark("“推广新技术”“引进新品种”按目录项去重，与规划数字的口径一致；人项次另列，按每人每项计。"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """The figures of one scope: every key of `all_rows` that is known, and the scope's name."""

    label: str
    figures: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class WorkbookContent:
    """What the workbook shows.

    Attributes
    ----------
    period, place : as people read them
    counted_at : moment of counting, with its zone
    total : of the whole period
    years, places : parts, each counted by itself
    place_heading : what the places are, Chinese
    filters : other filters in words, each "name: value"
    """

    period: str
    place: str
    counted_at: datetime
    total: Column
    years: Sequence[Column]
    places: Sequence[Column]
    place_heading: str
    filters: Sequence[str] = ()


def all_rows() -> list[Indicator]:
    """The rows of every sheet: the nine, each followed by its second counting, then the rest."""
    rows: list[Indicator] = []
    for indicator in INDICATORS.values():
        rows.append(indicator)
        if indicator.key in PAIR_COUNTS:
            rows.append(PAIR_COUNTS[indicator.key])
    return [*rows, ESTIMATED, *BESIDE]


def write_workbook(target: BinaryIO, content: WorkbookContent, language: str) -> None:
    """Write the .xlsx into an open binary file; numbers are numbers, units stand beside them."""
    workbook = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheets = _Sheets(workbook, content, language)
    sheets.summary()
    sheets.parts(sheets.t(mark("分年")), content.years)
    sheets.parts(sheets.t(content.place_heading), content.places)
    sheets.definitions()
    workbook.close()


class _Sheets:
    """The four sheets; each method adds one."""

    def __init__(self, workbook: "xlsxwriter.Workbook", content: WorkbookContent, language: str):
        self.t: Translate = translator("en" if language == "en" else "zh", TEXTS)
        self._english = language == "en"
        self._workbook = workbook
        self._content = content
        self._title = workbook.add_format({"bold": True, "font_size": 16})
        self._note = workbook.add_format({"font_color": "#55625c", "text_wrap": True})
        self._head = workbook.add_format(
            {"bold": True, "bg_color": "#e3f1e9", "border": 1, "text_wrap": True, "align": "center"}
        )
        self._text = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self._whole = workbook.add_format({"border": 1, "num_format": "#,##0", "valign": "top"})
        self._money = workbook.add_format({"border": 1, "num_format": "#,##0.00", "valign": "top"})

    def summary(self) -> None:
        """Title, where the figures come from, one row per figure."""
        content = self._content
        sheet = self._sheet(self.t(mark("合计")), widths=(40, 16, 10, 62))
        sheet.write(0, 0, self.t(mark("科技特派员服务合计")), self._title)
        facts = (
            (mark("期间"), content.period),
            (mark("范围"), "; ".join([content.place, *content.filters])),
            (mark("统计时间"), content.counted_at.strftime("%Y-%m-%d %H:%M %Z")),
            (mark("依据的已核实记录"), content.total.figures.get("records", 0)),
        )
        for row, (label, value) in enumerate(facts, 1):
            sheet.write(row, 0, self.t(label), self._note)
            sheet.write(row, 1, value)
        head = len(facts) + 2
        for column, label in enumerate((mark("指标"), mark("数值"), mark("单位"), mark("怎么算"))):
            sheet.write(head, column, self.t(label), self._head)
        for row, indicator in enumerate(all_rows(), head + 1):
            sheet.write(row, 0, self._name(indicator), self._text)
            self._number(sheet, row, 1, content.total, indicator)
            sheet.write(row, 2, self.t(indicator.unit), self._text)
            sheet.write(row, 3, self.t(indicator.counts), self._text)
        sheet.freeze_panes(head + 1, 1)

    def parts(self, name: str, columns: Sequence[Column]) -> None:
        """One row per figure, one column per part."""
        sheet = self._sheet(name, widths=(40, 10, *(14 for _ in columns)))
        head = (self.t(mark("指标")), self.t(mark("单位")), *(column.label for column in columns))
        for place, label in enumerate(head):
            sheet.write(0, place, label, self._head)
        rows = all_rows()
        for row, indicator in enumerate(rows, 1):
            sheet.write(row, 0, self._name(indicator), self._text)
            sheet.write(row, 1, self.t(indicator.unit), self._text)
            for place, column in enumerate(columns, 2):
                self._number(sheet, row, place, column, indicator)
        sheet.write(len(rows) + 2, 0, self.t(_RULES[1]), self._note)
        sheet.freeze_panes(1, 2)

    def definitions(self) -> None:
        """What each figure counts, and the rules for all."""
        sheet = self._sheet(self.t(mark("口径")), widths=(40, 34, 10, 80))
        for place, label in enumerate((mark("指标"), mark("代码"), mark("单位"), mark("怎么算"))):
            sheet.write(0, place, self.t(label), self._head)
        rows = all_rows()
        for row, indicator in enumerate(rows, 1):
            texts = (indicator.key, self.t(indicator.unit), self.t(indicator.counts))
            for place, text in enumerate((self._name(indicator), *texts)):
                sheet.write(row, place, text, self._text)
        for row, rule in enumerate(_RULES, len(rows) + 2):
            sheet.merge_range(row, 0, row, 3, self.t(rule), self._note)
        sheet.freeze_panes(1, 0)

    def _sheet(self, name: str, widths: Sequence[int]) -> "xlsxwriter.worksheet.Worksheet":
        sheet = self._workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _number(
        self,
        sheet: "xlsxwriter.worksheet.Worksheet",
        row: int,
        place: int,
        column: Column,
        indicator: Indicator,
    ) -> None:
        form = self._whole if indicator.unit not in ("万元", "天") else self._money
        sheet.write_number(row, place, column.figures.get(indicator.key, 0), form)

    def _name(self, indicator: Indicator) -> str:
        return indicator.en if self._english else indicator.zh
