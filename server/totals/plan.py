"""The plan's own indicators: targets of a division and what was reported last."""

from dataclasses import dataclass
from decimal import Decimal

from psycopg import Connection
from psycopg.rows import DictRow

from contracts.sql_files import beside
from server.totals.scope import Division

_SQL = beside(__file__)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One indicator that is entered, not counted; `reported*` are None before the first entry."""

    indicator: str
    name_zh: str
    name_en: str
    unit: str
    target_year: int
    target: Decimal
    reported_year: int | None
    reported: Decimal | None
    source: str | None


def plan_rows(connection: Connection[DictRow], division: Division) -> list[PlanRow]:
    """Targets of the division itself, not of its parts."""
    found = connection.execute(_SQL["select_plan"], {"code": division.code})
    return [PlanRow(**row) for row in found]
