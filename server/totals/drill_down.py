"""The records behind a figure: which of them makes it, and which only repeats what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from contracts.indicators import INDICATORS
from contracts.problems import NotFound
from contracts.sql_files import beside
from server.totals.scope import Scope

PAGE_SIZE = 50
Standing = Literal["counted", "repeat", "estimated"]
_SQL = beside(__file__, "drill_down.sql")
_HURRY = beside(__file__)["hurry_count"]
_QUERIES: Mapping[str, tuple[str, str | None]] = {
    "households_led": ("household_lines", None),
    "technologies_promoted": ("item_lines", "technology"),
    "varieties_introduced": ("item_lines", "variety"),
    "demo_bases_built": ("base_lines", None),
    "training_sessions": ("session_lines", None),
    "trainee_person_times": ("session_lines", None),
    "organisations_assisted": ("organisation_lines", None),
    "technicians_trained": ("technician_lines", None),
    "household_income_gain": ("income_lines", None),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that one record contributed.

    Attributes
    ----------
    correspondent, village, subject : names; None where the actor may not see them
    subject_id : what is counted once: a household, an item, a session, ...
    product : code of contracts.codes.CROPS, for income
    amount : 1, a session's attendance, or the gain [CNY]
    standing : "counted" lines make the figure; "estimated" is gain without a baseline
    """

    record_id: UUID
    occurred_on: date
    correspondent_id: UUID
    correspondent: str | None
    village_code: str
    village: str | None
    subject: str | None
    amount: Decimal
    standing: Standing
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """One page of lines, newest first; `total` is the number of all pages' lines."""

    lines: list[Line]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; 1 for none."""
        return max(1, -(-self.total // PAGE_SIZE))


def list_lines(
    connection: Connection[DictRow],
    indicator: str,
    scope: Scope,
    *,
    standing: Standing | None = None,
    page: int = 1,
    language: str = "zh",
) -> Lines:
    """A page of the lines behind an indicator.

    The counted lines of all pages together are the figure: their number or, for person-times and
    income, the sum of their amounts.

    Raises
    ------
    NotFound
        For a key that is no indicator.
    """
    if indicator not in INDICATORS:
        raise NotFound
    query, kind = _QUERIES[indicator]
    connection.execute(_HURRY)
    parameters = {
        **scope.parameters(),
        "kind": kind,
        "language": language,
        "standing": standing,
        "limit": PAGE_SIZE,
        "offset": (page - 1) * PAGE_SIZE,
    }
    found = connection.execute(_SQL[query], parameters, prepare=False).fetchall()
    if not found and page > 1:  # beyond the last page nothing says how many lines there are
        first = list_lines(connection, indicator, scope, standing=standing, language=language)
        return Lines([], first.total, page)
    total = found[0]["lines"] if found else 0
    return Lines([_line(row) for row in found], total, page)


def _line(row: DictRow) -> Line:
    return Line(**{key: value for key, value in row.items() if key != "lines"})
