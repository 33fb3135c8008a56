"""The totals of a scope as a workbook, for the page and the command line."""

from datetime import datetime
from typing import BinaryIO

from psycopg import Connection
from psycopg.rows import DictRow

from analytics.workbook import ESTIMATED, Column, Number, WorkbookContent, write_workbook
from contracts.codes import CORRESPONDENT_LEVELS, SERVICE_MODES, SPECIALTIES, Choices, code_label
from contracts.texts import Translate, mark
from server.rendering import ZONE
from server.totals.break_down import Part, break_down, places_within
from server.totals.count import Totals, as_number, count_indicators
from server.totals.places import correspondent_name
from server.totals.scope import BREAKDOWNS, Scope

EVERYWHERE = mark("全部可见范围")


def export_workbook(
    connection: Connection[DictRow],
    scope: Scope,
    target: BinaryIO,
    language: str,
    translate: Translate,
) -> None:
    """Count the scope, by year and by place too, and write the workbook into an open file."""
    places_by = places_within(scope.filters)
    division = scope.filters.division
    content = WorkbookContent(
        period=str(scope.period),
        place=f"{division.name} {division.code}" if division else translate(EVERYWHERE),
        counted_at=datetime.now(ZONE),
        total=Column(str(scope.period), figures(count_indicators(connection, scope))),
        years=_columns(break_down(connection, scope, "year", language, translate)),
        places=_columns(break_down(connection, scope, places_by, language, translate)),
        place_heading=translate(BREAKDOWNS[places_by]),
        filters=filter_words(connection, scope, language, translate),
    )
    write_workbook(target, content, language)


def figures(totals: Totals) -> dict[str, Number]:
    """Every figure of the totals under its key, as numbers."""
    return {
        **{key: as_number(value) for key, value in totals.indicators.items()},
        **{key: as_number(value) for key, value in totals.pair_counts.items()},
        ESTIMATED.key: as_number(totals.income_gain_estimated),
        "correspondents": totals.correspondents,
        "service_days": as_number(totals.service_days),
        "villages": totals.villages,
        "records": totals.records,
    }


def filter_words(
    connection: Connection[DictRow], scope: Scope, language: str, translate: Translate
) -> list[str]:
    """The filters beside the division, each as "name: value"."""
    filters = scope.filters
    words = {
        "correspondent": correspondent_name(connection, filters.correspondent, translate),
        "level": _label(CORRESPONDENT_LEVELS, filters.level, language),
        "specialty": _label(SPECIALTIES, filters.specialty, language),
        "mode": _label(SERVICE_MODES, filters.mode, language),
    }
    return [f"{translate(text)}: {words[by]}" for by, text in BREAKDOWNS.items() if words.get(by)]


def _label(choices: Choices, code: str | None, language: str) -> str:
    return code_label(choices, code, language) if code else ""


def _columns(parts: list[Part]) -> list[Column]:
    return [Column(part.label, figures(part.totals)) for part in parts]
