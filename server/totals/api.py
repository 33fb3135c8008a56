"""JSON: totals, their parts, the records behind them, and the workbook."""

from datetime import date
from io import BytesIO
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.requests import Request

from contracts.indicators import INDICATORS
from server.auth.audit import write_audit_line
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.languages import request_language
from server.totals.ask import READERS, AskedScope
from server.totals.break_down import break_down
from server.totals.count import Totals, as_number, count_indicators
from server.totals.drill_down import PAGE_SIZE, Standing, list_lines
from server.totals.export import export_workbook
from server.totals.places import count_villages
from server.totals.scope import By, Scope

router = APIRouter(prefix="/api/v1/totals", tags=["totals"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ScopeOut(BaseModel):
    """What was counted."""

    first_year: Annotated[int, Field(description="First civil year, by day of service.")]
    last_year: Annotated[int, Field(description="Last civil year, included.")]
    division: str | None
    division_name: str | None
    correspondent: UUID | None
    level: str | None
    specialty: str | None
    mode: str | None


class FiguresOut(BaseModel):
    """Figures of one scope; units as in docs/indicators.md."""

    indicators: Annotated[
        dict[str, int | float],
        Field(description="The nine, things counted once: this counting matches the plan."),
    ]
    pair_counts: Annotated[
        dict[str, int], Field(description="Promotions by distinct (correspondent, item) pair.")
    ]
    household_income_gain_estimated: Annotated[
        float, Field(description="Gain without a baseline year, not in the indicator. [10^4 CNY]")
    ]
    correspondents: Annotated[int, Field(description="Who has a verified record.")]
    service_days: Annotated[float, Field(description="[d]")]
    villages: Annotated[int, Field(description="Villages with a verified record.")]
    records: Annotated[int, Field(description="Verified records counted.")]


class TotalsOut(FiguresOut):
    """The totals of a scope."""

    scope: ScopeOut
    villages_in_division: int


class PartOut(FiguresOut):
    """The totals of one part of a scope."""

    code: str
    label: str


class BreakdownOut(BaseModel):
    """Parts, each counted by itself: their sum is not the total."""

    scope: ScopeOut
    by: By
    parts: list[PartOut]


class LineOut(BaseModel):
    """What one record contributed; names are null where you may not see them."""

    record_id: UUID
    occurred_on: date
    correspondent_id: UUID
    correspondent: str | None
    village_code: str
    village: str | None
    subject: str | None
    product: str | None
    amount: Annotated[float, Field(description="1, an attendance, or a gain in CNY.")]
    standing: Annotated[Standing, Field(description="'counted' lines make the figure.")]


class LinesOut(BaseModel):
    """One page of lines, newest first."""

    scope: ScopeOut
    indicator: str
    total: int
    page: int
    pages: int
    page_size: int
    lines: list[LineOut]


@router.get("", operation_id="read_totals")
def read_totals(actor: CurrentActor, database: CurrentDatabase, asked: AskedScope) -> TotalsOut:
    """The nine indicators of a period of civil years, counted from the records you may see.

    Without years: this year, or the latest with verified records. 422 names a wrong parameter.
    """
    require_role(actor, *READERS)
    with database.scoped_transaction(actor) as connection:
        scope = asked.scope(connection, actor)
        totals = count_indicators(connection, scope)
        villages = count_villages(connection, scope.filters.division)
    return TotalsOut(**figures_out(totals), scope=_scope_out(scope), villages_in_division=villages)


@router.get("/breakdown", operation_id="read_totals_breakdown")
def read_breakdown(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    asked: AskedScope,
    by: By,
) -> BreakdownOut:
    """The totals cut by place, time, level, specialty, service mode or correspondent."""
    require_role(actor, *READERS)
    with database.scoped_transaction(actor) as connection:
        scope = asked.scope(connection, actor)
        parts = break_down(connection, scope, by, request_language(request), translate)
    return BreakdownOut(
        scope=_scope_out(scope),
        by=by,
        parts=[
            PartOut(**figures_out(part.totals), code=part.code, label=part.label) for part in parts
        ],
    )


@router.get(
    ".xlsx",
    operation_id="export_totals",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}, "description": "The workbook"}},
)
def export_totals(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    asked: AskedScope,
) -> Response:
    """The totals as a workbook (.xlsx) in your language; the export is in the audit trail."""
    require_role(actor, *READERS)
    target = BytesIO()
    with database.scoped_transaction(actor) as connection:
        scope = asked.scope(connection, actor)
        export_workbook(connection, scope, target, request_language(request), translate)
        place = scope.filters.division.code if scope.filters.division else ""
        write_audit_line(
            connection, actor, "totals.export", "totals", place, period=str(scope.period)
        )
    name = f"tepai-{scope.period.first_year}-{scope.period.last_year}-{place}.xlsx"
    return Response(
        target.getvalue(),
        media_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/{indicator}/records", operation_id="list_totals_records")
def read_lines(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    asked: AskedScope,
    indicator: str,
    standing: Standing | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> LinesOut:
    """The records behind an indicator; 404 for a key that is none of the nine."""
    require_role(actor, *READERS)
    with database.scoped_transaction(actor) as connection:
        scope = asked.scope(connection, actor)
        found = list_lines(
            connection,
            indicator,
            scope,
            standing=standing,
            page=page,
            language=request_language(request),
        )
    return LinesOut(
        scope=_scope_out(scope),
        indicator=INDICATORS[indicator].key,
        total=found.total,
        page=found.page,
        pages=found.pages,
        page_size=PAGE_SIZE,
        lines=[LineOut.model_validate(line, from_attributes=True) for line in found.lines],
    )


def figures_out(totals: Totals) -> dict[str, Any]:
    """The members of `FiguresOut`."""
    return {
        "indicators": {key: as_number(value) for key, value in totals.indicators.items()},
        "pair_counts": dict(totals.pair_counts),
        "household_income_gain_estimated": float(totals.income_gain_estimated),
        "correspondents": totals.correspondents,
        "service_days": float(totals.service_days),
        "villages": totals.villages,
        "records": totals.records,
    }


def _scope_out(scope: Scope) -> ScopeOut:
    filters = scope.filters
    return ScopeOut(
        first_year=scope.period.first_year,
        last_year=scope.period.last_year,
        division=filters.division.code if filters.division else None,
        division_name=filters.division.name if filters.division else None,
        correspondent=filters.correspondent,
        level=filters.level,
        specialty=filters.specialty,
        mode=filters.mode,
    )
