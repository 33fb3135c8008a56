"""Pages: the totals, their parts, and the records behind one figure."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from psycopg import Connection
from psycopg.rows import DictRow
from starlette.requests import Request

from contracts.codes import CORRESPONDENT_LEVELS, SERVICE_MODES, SPECIALTIES
from contracts.indicators import INDICATORS, PAIR_COUNTS
from contracts.problems import NotFound
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.db.pool import Actor
from server.languages import request_language
from server.rendering import render
from server.totals import places
from server.totals.ask import READERS, AskedScope, default_year
from server.totals.break_down import Part, break_down, places_within
from server.totals.count import count_indicators
from server.totals.drill_down import Standing, list_lines
from server.totals.plan import plan_rows
from server.totals.scope import BREAKDOWNS, By, Period, Scope

router = APIRouter(include_in_schema=False)
_FILTERED_BY: tuple[By, ...] = ("level", "specialty", "mode", "correspondent")


@router.get("/totals")
def totals_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    asked: AskedScope,
    by: Annotated[By | None, Query()] = None,
) -> HTMLResponse:
    """The nine figures of a period, their parts, and what the plan reported."""
    require_role(actor, *READERS)
    with database.scoped_transaction(actor) as connection:
        scope = asked.scope(connection, actor)
        context = _selection(connection, actor, scope)
        totals = count_indicators(connection, scope)
        by = by or places_within(scope.filters)
        parts = break_down(connection, scope, by, request_language(request), translate)
        division = scope.filters.division
        context |= {
            "villages_in_division": places.count_villages(connection, division),
            "plan": plan_rows(connection, division) if division else [],
        }
    return render(
        request,
        "totals/totals.html",
        actor,
        totals=totals,
        **(context | _parts(scope, by, parts)),
    )


@router.get("/totals/parts")
def parts_fragment(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    asked: AskedScope,
    by: By,
) -> HTMLResponse:
    """The breakdown table alone, for a swap."""
    require_role(actor, *READERS)
    with database.scoped_transaction(actor) as connection:
        scope = asked.scope(connection, actor)
        parts = break_down(connection, scope, by, request_language(request), translate)
    return render(request, "totals/_parts.html", actor, scope=scope, **_parts(scope, by, parts))


@router.get("/totals/{indicator}")
def lines_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    asked: AskedScope,
    indicator: str,
    standing: Standing | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The records behind one figure, and which of them make it."""
    require_role(actor, *READERS)
    if indicator not in INDICATORS:
        raise NotFound
    language = request_language(request)
    with database.scoped_transaction(actor) as connection:
        scope = asked.scope(connection, actor)
        totals = count_indicators(connection, scope)
        found = list_lines(
            connection, indicator, scope, standing=standing, page=page, language=language
        )
    return render(
        request,
        "totals/lines.html",
        actor,
        indicator=INDICATORS[indicator],
        figure=totals.indicators[indicator],
        estimated=totals.income_gain_estimated,
        scope=scope,
        question=question(scope),
        standing=standing,
        found=found,
    )


def question(scope: Scope, **changed: object) -> str:
    """The query string that asks for the scope again, with some parameters changed."""
    return urlencode(_asked(scope, **changed))


def _asked(scope: Scope, **changed: object) -> dict[str, object]:
    filters = scope.filters
    asked = {
        "from": scope.period.first_year,
        "to": scope.period.last_year,
        "division": filters.division.code if filters.division else None,
        "correspondent": filters.correspondent,
        "level": filters.level,
        "specialty": filters.specialty,
        "mode": filters.mode,
        **changed,
    }
    return {name: value for name, value in asked.items() if value is not None}


def _selection(connection: Connection[DictRow], actor: Actor, scope: Scope) -> dict[str, Any]:
    """What the form above the figures offers, and the words of the page."""
    span = places.recorded_span(connection)
    known = span or scope.period
    latest = max(known.last_year, default_year(None), scope.period.last_year)
    years = range(latest, min(known.first_year, scope.period.first_year) - 1, -1)
    division = scope.filters.division
    chain = places.divisions_above(connection, division) if division else []
    if actor.role == "county_office":
        chain = [place for place in chain if place.level != "city"]
    five = Period(max(known.first_year, known.last_year - 4), known.last_year)
    return {
        "scope": scope,
        "span": span,
        "years": list(years),
        "recent": _quick_years(span, scope),
        "five": five,
        "chain": chain,
        "under": places.divisions_under(connection, division) if division else [],
        "correspondents": places.correspondents(connection),
        "levels": CORRESPONDENT_LEVELS,
        "specialties": SPECIALTIES,
        "modes": SERVICE_MODES,
        "pairs": PAIR_COUNTS,
        "ask": lambda **changed: question(scope, **changed),
        "chart_question": question(scope, **{"from": five.first_year, "to": five.last_year}),
        "export_question": question(scope),
        "narrowed": any(getattr(scope.filters, name) for name in _FILTERED_BY),
    }


def _quick_years(span: Period | None, scope: Scope) -> list[int]:
    """At most eight years to click on, newest first: this one and those with records."""
    years = {default_year(None), *scope.period.years, *(span.years if span else ())}
    return sorted(years, reverse=True)[:8]


def _parts(scope: Scope, by: By, parts: list[Part]) -> dict[str, Any]:
    links = {part.code: _part_question(scope, by, part.code) for part in parts}
    choices: list[By] = [places_within(scope.filters), "year", "month", *_FILTERED_BY, by]
    return {
        "by": by,
        "parts": parts,
        "part_links": links,
        "breakdowns": {key: BREAKDOWNS[key] for key in dict.fromkeys(choices)},
        "indicators": list(INDICATORS.values()),
        "hidden": _asked(scope),
    }


def _part_question(scope: Scope, by: By, code: str) -> str | None:
    """The query string of one part; None where a part is no filter."""
    if by in ("county", "township", "village"):
        return question(scope, division=code)
    if by == "year":
        return question(scope, **{"from": code, "to": code})
    if by in _FILTERED_BY and code != "none":
        return question(scope, **{by: code})
    return None
