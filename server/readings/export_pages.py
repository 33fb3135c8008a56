"""Parts of the export card on a station's dashboard."""

import json
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.requests import Request

from contracts.problems import Invalid, NotFound, Problem
from contracts.texts import mark
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate
from server.readings.export_api import CurrentExports, begin_export
from server.readings.export_ask import span_of_days
from server.readings.exports import Export
from server.readings.series import Step
from server.rendering import render

router = APIRouter(include_in_schema=False)
# Sentences about fields are put together by code.
_LABELS = {
    "from": mark("起始日期"),
    "to": mark("截止日期"),
    "sensor": mark("传感器"),
    "station": mark("园区/基地"),
}
_PART = "readings/_export_state.html"


@router.post("/stations/{code}/exports")
def begin(
    code: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    exports: CurrentExports,
    translate: CurrentTranslate,
    first: Annotated[str, Form(alias="from")] = "",
    last: Annotated[str, Form(alias="to")] = "",
    step: Annotated[Step, Form()] = "raw",
    format_: Annotated[Literal["csv", "xlsx", "parquet"], Form(alias="format")] = "csv",
    sensor: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """A CSV begins to download at once; another format begins to be made."""
    try:
        span = span_of_days(first, last)
        if format_ == "csv":
            times = [("from", span[0].isoformat()), ("to", span[1].isoformat()), ("step", step)]
            query = urlencode([("station", code), *times, *(("sensor", s) for s in sensor or [])])
            exports.check_room(actor.account_id)
            url = f"/api/v1/readings/export?{query}"
            begun = {"HX-Trigger": json.dumps({"export-download": url})}
            return render(request, _PART, actor, export=None, said="started", headers=begun)
        export = begin_export(
            request, database, exports, actor, code, sensor or [], span, step, format_
        )
    except Invalid as problem:
        sentences = [
            f.sentence(translate, translate(_LABELS.get(f.field, f.field))) for f in problem.fields
        ]
        return _refused(request, actor, "；".join(sentences))
    except Problem as problem:
        return _refused(request, actor, problem.sentence(translate))
    return _state(request, actor, export)


@router.get("/exports/{export_id}/state")
def state(
    export_id: str, request: Request, actor: CurrentActor, exports: CurrentExports,
    translate: CurrentTranslate,
) -> Response:  # fmt: skip
    """The progress bar; once it is over, what came of it in the place of the whole part."""
    try:
        export = exports.find(actor.account_id, export_id)
    except NotFound:
        gone = translate(mark("导出已过期或服务器已重启，请重新导出"))
        return _refused(request, actor, gone, retarget=True)
    if export.state == "running":
        return render(request, "readings/_export_bar.html", actor, export=export)
    if export.problem is not None:
        return _refused(request, actor, export.problem.sentence(translate), retarget=True)
    return _state(request, actor, export, retarget=True)


@router.post("/exports/{export_id}/cancel")
def cancel(
    export_id: str, request: Request, actor: CurrentActor, exports: CurrentExports
) -> Response:
    """The export is ended."""
    export = exports.find(actor.account_id, export_id)
    exports.cancel(export)
    return _state(request, actor, export)


_WHOLE = {"HX-Retarget": "#export-state", "HX-Reswap": "innerHTML"}


def _state(
    request: Request, actor: CurrentActor, export: Export, *, retarget: bool = False
) -> Response:
    size = export.file.stat().st_size if export.state == "ready" and export.file else 0
    headers = _WHOLE if retarget else {}
    return render(
        request, _PART, actor, export=export, said=export.state, size=size, headers=headers
    )


def _refused(
    request: Request, actor: CurrentActor, sentence: str, *, retarget: bool = False
) -> Response:
    headers = _WHOLE if retarget else {}
    return render(
        request, _PART, actor, export=None, said="refused", sentence=sentence, headers=headers
    )
