"""From the query of a page or a JSON route to a checked scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from psycopg import Connection
from psycopg.rows import DictRow

from contracts.problems import FieldProblem, Invalid
from server.db.pool import Actor
from server.navigation import OFFICES
from server.rendering import ZONE
from server.totals.places import find_city, find_division, recorded_span
from server.totals.scope import (
    Division,
    Filters,
    Period,
    Scope,
    check_codes,
    check_correspondent,
    check_period,
)

READERS = (*OFFICES, "correspondent")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the request asked for, unchecked; empty text is the same as nothing."""

    first_year: int | None
    last_year: int | None
    division: str | None
    correspondent: str | None
    level: str | None
    specialty: str | None
    mode: str | None

    def scope(self, connection: Connection[DictRow], actor: Actor) -> Scope:
        """Period and filters, checked.

        Without years the current one, or the latest with a verified record if it has none yet.

        Raises
        ------
        Invalid
            With the field, its value and what would be right.
        """
        period = self._period(connection)
        level, specialty, mode = check_codes(self.level, self.specialty, self.mode)
        filters = Filters(
            division=visible_division(connection, actor, self.division),
            correspondent=check_correspondent(self.correspondent),
            level=level,
            specialty=specialty,
            mode=mode,
        )
        return Scope(period, filters)

    def _period(self, connection: Connection[DictRow]) -> Period:
        first, last = self.first_year, self.last_year
        if first is None and last is None:
            year = default_year(recorded_span(connection))
            return Period(year, year)
        return check_period(
            first if first is not None else last or 0, last if last is not None else first or 0
        )


def ask(
    first_year: Annotated[str, Query(alias="from", description="First civil year.")] = "",
    last_year: Annotated[str, Query(alias="to", description="Last civil year, included.")] = "",
    division: Annotated[str, Query(description="6, 9 or 12 digits; 341300 is the city.")] = "",
    correspondent: Annotated[str, Query(description="Id of a correspondent.")] = "",
    level: Annotated[str, Query(description="Code of CORRESPONDENT_LEVELS.")] = "",
    specialty: Annotated[str, Query(description="Code of SPECIALTIES.")] = "",
    mode: Annotated[str, Query(description="Code of SERVICE_MODES.")] = "",
) -> Asked:
    """The question of a request; a form's empty fields ask nothing."""
    return Asked(
        _year("from", first_year),
        _year("to", last_year),
        division.strip() or None,
        correspondent.strip() or None,
        level or None,
        specialty or None,
        mode or None,
    )


AskedScope = Annotated[Asked, Depends(ask)]


def default_year(span: Period | None) -> int:
    """The current year in Asia/Shanghai, or the latest with records if they end before."""
    this_year = datetime.now(ZONE).year
    return this_year if span is None else min(this_year, span.last_year)


def visible_division(
    connection: Connection[DictRow], actor: Actor, code: str | None
) -> Division | None:
    """The division asked for; of a county office without one its county, else the city.

    Raises
    ------
    Invalid
        For an unknown code, and for one outside the county of a county office.
    """
    if not code:
        if actor.role == "county_office" and actor.county_code:
            return find_division(connection, actor.county_code)
        return find_city(connection)
    division = find_division(connection, code)
    county = actor.county_code if actor.role == "county_office" else None
    if county and not division.code.startswith(county):
        own = find_division(connection, county)
        expected = {"choices": f"{own.code} {own.name}"}
        raise Invalid(FieldProblem("division", "not_a_choice", code, expected))
    return division


def _year(name: str, text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal():
        raise Invalid(FieldProblem(name, "not_integer", text))
    return int(text)
