"""What somebody asks to be exported: found within their scope, counted and written down."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.series.export import Format
from analytics.series.pages import VISIBLE, expected_rows
from analytics.series.wanted import Step, Wanted, find_wanted
from contracts.problems import FieldProblem, Invalid, Problem
from contracts.texts import mark
from server.auth.audit import write_audit_line
from server.db.pool import Actor, Database
from server.readings.series import read_span
from server.rendering import ZONE

MOST_SHEET_ROWS = 2_000_000


class TooManyForSheets(Problem):
    """A workbook that nobody could open, and that would keep the server busy for minutes."""

    code = "readings.too_many_for_sheets"
    status = 422
    title = mark(
        "约 %(rows)s 行，超过 XLSX 的上限 %(most)s 行：请改用 CSV 或 Parquet，或缩短时间段"
    )


def ask_export(
    database: Database,
    actor: Actor,
    station: str,
    sensors: Sequence[str],
    span: tuple[datetime, datetime],
    step: Step,
    format_: Format,
) -> tuple[Wanted, int]:
    """What to export and about how many rows it has; the audit trail has a line of it.

    Raises
    ------
    Invalid
        If the station or a sensor is not known to this actor.
    TooManyForSheets
        If it is too much for a workbook.
    """
    with database.scoped_transaction(actor) as connection:
        wanted = find_wanted(connection, station, sensors, *span, step)
        expected = expected_rows(connection, VISIBLE, wanted)
        if format_ == "xlsx" and expected > MOST_SHEET_ROWS:
            raise TooManyForSheets(rows=f"{expected:,}", most=f"{MOST_SHEET_ROWS:,}")
        detail: dict[str, Any] = {
            "format": format_,
            "step": step,
            "from": wanted.start.isoformat(),
            "to": wanted.end.isoformat(),
            "sensors": [sensor.id for sensor in wanted.sensors],
            "expected_rows": expected,
        }
        write_audit_line(connection, actor, "readings.export", "station", station, **detail)
    return wanted, expected


def connections_of(database: Database, actor: Actor) -> Callable[[], Any]:
    """What opens a transaction of the actor's for each page."""
    return lambda: database.scoped_transaction(actor)


def span_of_times(start: str | None, end: str | None) -> tuple[datetime, datetime]:
    """The moments of two ISO 8601 texts; the last 24 hours by default."""
    return read_span(start, end, datetime.now(UTC))


def span_of_days(first: str, last: str) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, in Asia/Shanghai.

    Raises
    ------
    Invalid
        If one is no date, lies outside 2000 to 2099, or they are not in order.
    """
    start, end = _day("from", first), _day("to", last) + timedelta(days=1)
    if start >= end:
        raise Invalid(FieldProblem("to", "too_small", last, {"minimum": first}))
    return start, end


def file_name(wanted: Wanted, format_: Format) -> str:
    """A name that says what is inside, in ASCII."""
    last = wanted.end.astimezone(ZONE) - timedelta(microseconds=1)
    days = f"{wanted.start.astimezone(ZONE):%Y%m%d}-{last:%Y%m%d}"
    return f"{wanted.station}_{wanted.step}_{days}.{format_}"


def _day(field: str, text: str) -> datetime:
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=ZONE)
    except ValueError:
        raise Invalid(FieldProblem(field, "not_date", text)) from None
    if day.year < 2000:
        raise Invalid(FieldProblem(field, "too_long_ago", text, {"minimum": "2000-01-01"}))
    if day.year > 2099:
        raise Invalid(FieldProblem(field, "in_future", text, {"maximum": "2099-12-31"}))
    return day
