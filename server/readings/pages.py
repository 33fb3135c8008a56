"""Pages: rejected messages of a station, and of no known station."""

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.readings import export_pages
from server.readings.api import SEES_UNKNOWN
from server.readings.rejected import read_rejected
from server.rendering import render
from server.stations.names import name_of
from server.stations.overview import visible_station

router = APIRouter(include_in_schema=False)
router.include_router(export_pages.router)
_PAGE = 50


@router.get("/stations/{code}/rejected")
def station_rejected_page(
    code: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    before: int | None = None,
) -> Response:
    """Rejected messages of one station, newest first."""
    with database.scoped_transaction(actor) as connection:
        station = visible_station(connection, code)
        rejected = read_rejected(connection, station.id, translate, before=before, most=_PAGE)
    return render(
        request,
        "readings/rejected.html",
        actor,
        station=station,
        rejected=rejected,
        page_size=_PAGE,
        name_of=name_of,
    )


@router.get("/readings/rejected")
def unknown_rejected_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    before: int | None = None,
) -> Response:
    """Rejected messages that name no known station; for city office, auditor, administrator."""
    require_role(actor, *SEES_UNKNOWN)
    with database.scoped_transaction(actor) as connection:
        rejected = read_rejected(connection, None, translate, before=before, most=_PAGE)
    return render(
        request,
        "readings/rejected.html",
        actor,
        station=None,
        rejected=rejected,
        page_size=_PAGE,
        name_of=name_of,
    )
