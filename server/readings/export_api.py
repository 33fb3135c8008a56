"""JSON: a CSV streamed while it is read; XLSX and Parquet made in the background, then fetched."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.requests import Request

from analytics.series.about import TEXTS as SERIES_TEXTS
from analytics.series.export import MEDIA_TYPES, Format, Said
from analytics.series.pages import VISIBLE, read_pages
from contracts.texts import translator
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate
from server.db.pool import Actor, Database
from server.languages import request_language
from server.readings.export_ask import ask_export, connections_of, file_name, span_of_times
from server.readings.exports import Export, Exports, NotReady
from server.readings.series import Step
from server.rendering import ZONE

router = APIRouter(prefix="/api/v1/readings", tags=["readings"])
_TOO_MANY: dict[int | str, dict[str, Any]] = {
    429: {
        "description": "Too many exports under way.",
        "content": {"application/problem+json": {}},
    }
}
_FILES: dict[str, Any] = {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()}


def get_exports(request: Request) -> Exports:
    """The exports of this server."""
    exports: Exports = request.app.state.exports
    return exports


CurrentExports = Annotated[Exports, Depends(get_exports)]


class ExportIn(BaseModel):
    """What to put into a file."""

    model_config = ConfigDict(extra="forbid")

    station: str
    sensors: Annotated[
        list[str],
        Field(default_factory=list, max_length=1000, description="sensor or device/sensor"),
    ]
    from_: Annotated[str, Field(alias="from", description="ISO 8601 with an offset")]
    to: Annotated[str, Field(description="ISO 8601 with an offset, not included")]
    step: Step = "raw"
    format: Format


class ExportOut(BaseModel):
    """How far an export is; `total` is an estimate, 0 where nothing is known."""

    id: UUID
    name: str
    format: Format
    state: Literal["running", "ready", "failed", "cancelled"]
    done: Annotated[int, Field(description="Rows written.")]
    total: int
    bytes: Annotated[int | None, Field(description="Size of the file once it is ready.")]
    problem: Annotated[str | None, Field(description="Why it failed.")]


@router.get(
    "/export",
    operation_id="export_readings",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {}}, "description": "The series, one sensor after another"},
        **_TOO_MANY,
    },
)
def export_csv(
    actor: CurrentActor,
    database: CurrentDatabase,
    exports: CurrentExports,
    station: str,
    from_: Annotated[str, Query(alias="from")],
    to: str,
    sensor: Annotated[list[str], Query(default_factory=list)],
    step: Step = "raw",
) -> Response:
    """Series of a station in [from, to) as CSV, streamed while they are read.

    `sensor` (repeatable) is "sensor" or "device/sensor"; all sensors without it. At most two
    exports of one person at a time; each is in the audit trail.
    """
    span = span_of_times(from_, to)
    wanted, _ = ask_export(database, actor, station, sensor, span, step, "csv")
    pages = read_pages(connections_of(database, actor), VISIBLE, wanted)
    name = file_name(wanted, "csv")
    parts = exports.stream_csv(actor.account_id, name, wanted, pages)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=MEDIA_TYPES["csv"], headers=headers)


@router.post(
    "/exports", operation_id="create_readings_export", status_code=202, responses=_TOO_MANY
)
def create_export(
    request: Request,
    wanted: ExportIn,
    actor: CurrentActor,
    database: CurrentDatabase,
    exports: CurrentExports,
    translate: CurrentTranslate,
) -> ExportOut:
    """Begin to make a file; ask for its state, then fetch it within 15 minutes."""
    span = span_of_times(wanted.from_, wanted.to)
    export = begin_export(
        request, database, exports, actor, wanted.station, wanted.sensors, span, wanted.step,
        wanted.format,
    )  # fmt: skip
    return _out(export, translate)


@router.get("/exports/{export_id}", operation_id="read_readings_export")
def read_export(
    export_id: str, actor: CurrentActor, exports: CurrentExports, translate: CurrentTranslate
) -> ExportOut:
    """How far your export is."""
    return _out(exports.find(actor.account_id, export_id), translate)


@router.get(
    "/exports/{export_id}/file",
    operation_id="fetch_readings_export",
    response_class=Response,
    responses={200: {"content": _FILES, "description": "The file; it is removed once sent"}},
)
def fetch_export(export_id: str, actor: CurrentActor, exports: CurrentExports) -> Response:
    """The finished file; 409 while it is being made."""
    export = exports.find(actor.account_id, export_id)
    if export.state != "ready" or export.file is None:
        raise NotReady
    return FileResponse(
        export.file,
        media_type=MEDIA_TYPES[export.format],
        filename=export.name,
        background=BackgroundTask(exports.fetched, export),
    )


@router.delete("/exports/{export_id}", operation_id="cancel_readings_export", status_code=204)
def cancel_export(export_id: str, actor: CurrentActor, exports: CurrentExports) -> None:
    """End your export, or remove its file."""
    exports.cancel(exports.find(actor.account_id, export_id))


def begin_export(
    request: Request, database: Database, exports: Exports, actor: Actor, station: str,
    sensors: list[str], span: tuple[datetime, datetime], step: Step, format_: Format,
) -> Export:  # fmt: skip
    """An export that is being made in the background, explained in the request's language."""
    wanted, expected = ask_export(database, actor, station, sensors, span, step, format_)
    language = request_language(request)
    said = Said(datetime.now(ZONE), language, translator(language, SERIES_TEXTS))
    pages = read_pages(connections_of(database, actor), VISIBLE, wanted)
    name = file_name(wanted, format_)
    return exports.start_file(actor.account_id, name, format_, wanted, pages, said, expected)


def _out(export: Export, translate: CurrentTranslate) -> ExportOut:
    ready = export.state == "ready" and export.file is not None
    return ExportOut(
        id=export.id,
        name=export.name,
        format=export.format,
        state=export.state,
        done=export.done,
        total=export.total,
        bytes=export.file.stat().st_size if ready and export.file else None,
        problem=export.problem.sentence(translate) if export.problem else None,
    )
