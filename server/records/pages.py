"""Pages: the list of records, and one record."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.requests import Request

from contracts.codes import RECORD_STATUSES
from contracts.form_schema import load_catalogue
from contracts.problems import Invalid
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.languages import request_language
from server.navigation import OFFICES
from server.records.filters import read_filters, read_place
from server.records.listing import count_by_status, counties, list_records
from server.records.views import list_rows, record_context
from server.rendering import render

router = APIRouter(include_in_schema=False)
READERS = (*OFFICES, "correspondent")
_ALL = "all"
_FILTER_NAMES = ("status", "form", "county", "from", "to", "correspondent", "q")


@router.get("/records")
def records_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    status: Annotated[str, Query()] = "",
    after: Annotated[str, Query()] = "",
) -> Response:
    """The list under the filters of the query; a county office begins with what awaits review."""
    require_role(actor, *READERS)
    language = request_language(request)
    asked = {name: request.query_params.get(name, "") for name in _FILTER_NAMES}
    asked["status"] = status or ("submitted" if actor.role == "county_office" else _ALL)
    messages: list[str] = []
    try:
        filters, place = _read(asked), read_place(after)
    except Invalid as invalid:
        # A filter typed wrong is told beside the list, which stays.
        messages = [field.sentence(translate, field.field) for field in invalid.fields]
        wrong = {field.field for field in invalid.fields}
        filters = _read({k: "" if k in wrong else v for k, v in asked.items()})
        place = None
    with database.scoped_transaction(actor) as connection:
        found, following = list_records(connection, filters, place)
        shown = list_rows(connection, found, language)
        counts = count_by_status(connection, filters)
        places = counties(connection)
    return render(
        request,
        "records/list.html",
        actor,
        records=shown,
        tabs=_tabs(asked, counts),
        asked=asked,
        counties=places,
        forms=[(form["name"], form["title"][language]) for form in load_catalogue().values()],
        messages=messages,
        first_link=_link(asked) if after else None,
        next_link=_link({**asked, "after": str(following)}) if following else None,
        filtered=any(value for name, value in asked.items() if name != "status"),
    )


@router.get("/records/{record_id}")
def record_page(
    record_id: UUID,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
) -> Response:
    """One record with its fields, what it counts, its history, and review for whom may."""
    require_role(actor, *READERS)
    language = request_language(request)
    with database.scoped_transaction(actor) as connection:
        context = record_context(connection, actor, record_id, language, translate)
    return render(request, "records/record.html", actor, **context, **no_decision())


def no_decision() -> dict[str, Any]:
    """What the record's part of the page shows when nothing was decided just now."""
    return {"done": None, "problem": None, "reason": "", "chosen": []}


def _read(asked: dict[str, str]) -> Any:
    return read_filters(
        status="" if asked["status"] == _ALL else asked["status"],
        form=asked["form"],
        county=asked["county"],
        since=asked["from"],
        until=asked["to"],
        correspondent=asked["correspondent"],
        text=asked["q"],
    )


def _tabs(asked: dict[str, str], counts: dict[str, int]) -> list[dict[str, Any]]:
    tabs = [
        {
            "status": status,
            "count": counts.get(status, 0),
            "link": _link({**asked, "status": status}),
            "current": asked["status"] == status,
        }
        for status in RECORD_STATUSES
    ]
    everything = {
        "status": _ALL,
        "count": sum(counts.values()),
        "link": _link({**asked, "status": _ALL}),
        "current": asked["status"] == _ALL,
    }
    return [*tabs, everything]


def _link(query: dict[str, str]) -> str:
    return "/records?" + urlencode({name: value for name, value in query.items() if value})
