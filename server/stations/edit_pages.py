"""Pages: entering and changing stations, devices and sensors, for those who may."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from contracts.codes import STATION_KINDS, code_label
from contracts.problems import Invalid
from contracts.quantities import QUANTITIES
from contracts.texts import Translate
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.db.pool import Actor, Database, DictConnection
from server.languages import request_language, request_translator
from server.rendering import render
from server.stations import edit
from server.stations.api import DeviceChange, DeviceNew, SensorNew, StationChange, StationNew
from server.stations.drafts import LABELS
from server.stations.names import GRADE_NAMES, STATES, name_of, place_name, quantity_name
from server.stations.overview import visible_station

router = APIRouter(include_in_schema=False)
Change = Callable[[DictConnection], object]
Problems = dict[str, str]


@router.get("/stations/new")
def new_station_page(request: Request, actor: CurrentActor, database: CurrentDatabase) -> Response:
    """An empty station form."""
    require_role(actor, *edit.EDITORS)
    return _new_page(request, actor, database, {}, {})


@router.post("/stations/new")
def new_station_form(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    given: Annotated[StationNew, Form()],
) -> Response:
    """Enter the station and go on to its devices, or say what is wrong."""
    values = given.model_dump()
    try:
        with database.scoped_transaction(actor) as connection:
            code = edit.create_station(connection, actor, values)
    except Invalid as problem:
        said = sentences(problem, translate)
        return _new_page(request, actor, database, values, said, status_code=422)
    return RedirectResponse(f"/stations/{code}/edit", status_code=303)


@router.get("/stations/{code}/edit")
def edit_station_page(
    code: str, request: Request, actor: CurrentActor, database: CurrentDatabase
) -> Response:
    """The station with its devices and sensors, each in a form."""
    require_role(actor, *edit.EDITORS)
    return _edit_page(request, actor, database, code)


@router.post("/stations/{code}/edit")
def edit_station_form(
    code: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    given: Annotated[StationChange, Form()],
) -> Response:
    """Change the station."""
    values = given.model_dump()

    def change(connection: DictConnection) -> None:
        edit.change_station(connection, actor, code, values)

    return _try(request, actor, database, code, "station", values, change)


@router.post("/stations/{code}/devices")
def new_device_form(
    code: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    given: Annotated[DeviceNew, Form()],
) -> Response:
    """Enter a device."""
    values = given.model_dump()

    def change(connection: DictConnection) -> None:
        edit.create_device(connection, actor, code, values)

    return _try(request, actor, database, code, "new-device", values, change)


@router.post("/stations/{code}/devices/{device}/edit")
def edit_device_form(
    code: str,
    device: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    given: Annotated[DeviceChange, Form()],
) -> Response:
    """Change or retire a device."""
    values = given.model_dump()

    def change(connection: DictConnection) -> None:
        edit.change_device(connection, actor, code, device, values)

    return _try(request, actor, database, code, f"device-{device}", values, change)


@router.post("/stations/{code}/devices/{device}/sensors")
def new_sensor_form(
    code: str,
    device: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    given: Annotated[SensorNew, Form()],
) -> Response:
    """Enter a sensor."""
    values = given.model_dump()

    def change(connection: DictConnection) -> None:
        edit.create_sensor(connection, actor, code, device, values)

    return _try(request, actor, database, code, f"sensor-{device}", values, change)


def sentences(problem: Invalid, translate: Translate) -> Problems:
    """The first problem of each field, with the field's label."""
    said: Problems = {}
    for field in problem.fields:
        label = translate(LABELS.get(field.field, field.field))
        said.setdefault(field.field, field.sentence(translate, label))
    return said


def _try(
    request: Request,
    actor: Actor,
    database: Database,
    code: str,
    form: str,
    values: dict[str, Any],
    change: Change,
) -> Response:
    """Make a change and show the page anew; the form that failed keeps what was typed."""
    try:
        with database.scoped_transaction(actor) as connection:
            change(connection)
    except Invalid as problem:
        said = sentences(problem, request_translator(request))
        return _edit_page(request, actor, database, code, (form, values, said))
    return RedirectResponse(f"/stations/{code}/edit?saved={form}#{form}", status_code=303)


def _new_page(
    request: Request,
    actor: Actor,
    database: Database,
    values: dict[str, Any],
    problems: Problems,
    status_code: int = 200,
) -> Response:
    with database.scoped_transaction(actor) as connection:
        counties = edit.counties(connection)
    return render(
        request,
        "stations/new.html",
        actor,
        status_code=status_code,
        values=values,
        problems=problems,
        **_choices(request, counties),
    )


def _edit_page(
    request: Request,
    actor: Actor,
    database: Database,
    code: str,
    failed: tuple[str, dict[str, Any], Problems] = ("", {}, {}),
) -> Response:
    with database.scoped_transaction(actor) as connection:
        station = visible_station(connection, code)
        counties = edit.counties(connection)
    form, values, problems = failed
    return render(
        request,
        "stations/edit.html",
        actor,
        status_code=422 if form else 200,
        station=station,
        failed_form=form,
        failed_values=values,
        failed_problems=problems,
        saved=request.query_params.get("saved", ""),
        name_of=name_of,
        place_name=place_name,
        quantity_name=quantity_name,
        states=STATES,
        **_choices(request, counties),
    )


def _choices(request: Request, counties: dict[str, str]) -> dict[str, Any]:
    language = request_language(request)
    translate = request_translator(request)
    return {
        "labels": LABELS,
        "kinds": {key: code_label(STATION_KINDS, key, language) for key in STATION_KINDS},
        "grade_choices": {key: translate(text) for key, text in GRADE_NAMES.items()},
        "counties": counties,
        "quantities": {
            key: f"{quantity_name(key, language)} ({quantity.symbol})"
            for key, quantity in QUANTITIES.items()
        },
    }
