"""JSON: records pushed and pulled by phones, listed for programs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request

from contracts.problems import Problem
from contracts.sync import MAX_PUSH_BYTES, MAX_RECORDS_PER_PUSH
from contracts.texts import mark
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.languages import request_language
from server.records.accept import accept_records
from server.records.filters import read_filters, read_place
from server.records.listing import find_record, list_records, record_history
from server.records.problem_texts import outcome_json
from server.records.pull import pull_changes
from server.records.schemas import PullOut, PushIn, PushOut, RecordDetailOut, RecordsOut
from server.rendering import ZONE

router = APIRouter(prefix="/api/v1", tags=["records"])


class TooManyRecords(Problem):
    """More in one push than the phone and the server agreed on."""

    code = "sync.too_many_records"
    status = 413
    title = mark("一次最多上传 %(limit)s 条记录，收到 %(given)s 条；请分批上传")


class PushTooLarge(Problem):
    """More bytes in one push than the phone and the server agreed on."""

    code = "sync.too_large"
    status = 413
    title = mark("一次最多上传 %(limit)s 字节，收到 %(given)s 字节；请分批上传")


@router.post("/sync/push", operation_id="push_records")
def push_records(
    body: PushIn,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
) -> PushOut:
    """Store records; one outcome each. 413 beyond 200 records or 4 MiB in one push."""
    require_role(actor, "correspondent")
    given = int(request.headers.get("content-length", "0"))
    if given > MAX_PUSH_BYTES:
        raise PushTooLarge(limit=MAX_PUSH_BYTES, given=given)
    if len(body.records) > MAX_RECORDS_PER_PUSH:
        raise TooManyRecords(limit=MAX_RECORDS_PER_PUSH, given=len(body.records))
    language = request_language(request)
    today = datetime.now(ZONE).date()
    with database.scoped_transaction(actor) as connection:
        verdicts = accept_records(connection, actor, body.records, today, language)
    outcomes = [outcome_json(verdict, translate, language) for verdict in verdicts]
    return PushOut.model_validate({"outcomes": outcomes})


@router.get("/sync/pull", operation_id="pull_changes")
def read_changes(
    actor: CurrentActor,
    database: CurrentDatabase,
    cursor: Annotated[str | None, Query(description="Of the last pull; without it, all")] = None,
) -> PullOut:
    """What the office did with my records, and subjects to choose from, since the cursor."""
    require_role(actor, "correspondent")
    with database.scoped_transaction(actor) as connection:
        return PullOut.model_validate(pull_changes(connection, cursor))


@router.get("/records", operation_id="list_records")
def read_records(
    actor: CurrentActor,
    database: CurrentDatabase,
    status: Annotated[str, Query(description="submitted, returned, verified, rejected")] = "",
    form: Annotated[str, Query(description="visit, training, ...")] = "",
    county: Annotated[str, Query(description="6-digit code")] = "",
    since: Annotated[str, Query(alias="from", description="Day of service, included")] = "",
    until: Annotated[str, Query(alias="to", description="Day of service, included")] = "",
    correspondent: Annotated[str, Query(description="Id of a correspondent")] = "",
    after: Annotated[str, Query(description="`after` of the page before")] = "",
) -> RecordsOut:
    """Records that I may see, newest day of service first, 50 a page."""
    filters = read_filters(status, form, county, since, until, correspondent)
    with database.scoped_transaction(actor) as connection:
        records, following = list_records(connection, filters, read_place(after))
    page: dict[str, Any] = {"records": records, "after": str(following) if following else None}
    return RecordsOut.model_validate(page)


@router.get("/records/{record_id}", operation_id="read_record")
def read_record(record_id: UUID, actor: CurrentActor, database: CurrentDatabase) -> RecordDetailOut:
    """One record with its history; 404 where it is not mine to see."""
    with database.scoped_transaction(actor) as connection:
        record = find_record(connection, record_id)
        history = record_history(connection, record_id)
    return RecordDetailOut.model_validate({**record, "history": history})
