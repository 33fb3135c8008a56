"""Pages: the list of stations and the dashboard of one."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from contracts.sql_files import beside
from server.alerts.api import AlertOut, select_alerts
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate
from server.db.pool import DictConnection, rows
from server.languages import request_language
from server.readings.api import SEES_UNKNOWN
from server.rendering import ZONE, render
from server.stations import edit_pages, views
from server.stations.edit import EDITORS
from server.stations.names import GRADE_NAMES, STATE_BADGES, STATES, name_of
from server.stations.overview import visible_station, visible_stations

_SQL = beside(__file__)
_pages = APIRouter(include_in_schema=False)


@_pages.get("/stations")
def stations_page(
    request: Request, actor: CurrentActor, database: CurrentDatabase, translate: CurrentTranslate
) -> Response:
    """A card for each visible station."""
    language = request_language(request)
    with database.scoped_transaction(actor) as connection:
        stations = visible_stations(connection)
        alerts = _alerts_of_stations(connection)
    return render(
        request,
        "stations/list.html",
        actor,
        cards=[(s, views.key_tiles(s, language, translate)) for s in stations],
        alerts=alerts,
        can_edit=actor.role in EDITORS,
        sees_unknown=actor.role in SEES_UNKNOWN,
        **_words(),
    )


@_pages.get("/stations/{code}")
def dashboard_page(
    code: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
) -> Response:
    """The live dashboard of one station."""
    language = request_language(request)
    today = datetime.now(ZONE).date()
    with database.scoped_transaction(actor) as connection:
        station = visible_station(connection, code)
        alerts = select_alerts(connection, code)
        rejected = rows(connection, _SQL["count_rejected"], {"station_id": station.id})
    return render(
        request,
        "stations/dashboard.html",
        actor,
        station=station,
        tiles=views.tiles(station, language, translate),
        groups=views.groups(station, language, translate),
        alerts=alerts,
        rejected_count=rejected[0]["count"],
        can_edit=actor.role in EDITORS,
        export_from=today - timedelta(days=6),
        export_to=today,
        script_texts={key: translate(text) for key, text in views.SCRIPT_TEXTS.items()}
        | {f"state_{key}": translate(text) for key, text in STATES.items()},
        **_words(),
    )


@_pages.get("/stations/{code}/alerts")
def alerts_part(
    code: str, request: Request, actor: CurrentActor, database: CurrentDatabase
) -> Response:
    """The open alerts of a station, to be swapped into its dashboard."""
    with database.scoped_transaction(actor) as connection:
        visible_station(connection, code)
        alerts = select_alerts(connection, code)
    return render(request, "stations/_alerts.html", actor, alerts=alerts, name_of=name_of)


def _alerts_of_stations(connection: DictConnection) -> dict[str, list[AlertOut]]:
    found: dict[str, list[AlertOut]] = {}
    for alert in select_alerts(connection, None, most=1000):
        found.setdefault(alert.station, []).append(alert)
    return found


def _words() -> dict[str, Any]:
    return {
        "states": STATES,
        "badges": STATE_BADGES,
        "grades": GRADE_NAMES,
        "name_of": name_of,
    }


router = APIRouter(include_in_schema=False)
router.include_router(edit_pages.router)  # first: "/stations/new" is not a station's code
router.include_router(_pages)
