"""Page: the decision on a record, made where it is shown."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.requests import Request

from contracts.problems import Invalid, Problem, Stale
from contracts.texts import mark
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate
from server.languages import request_language
from server.records.views import record_context
from server.rendering import render
from server.reviews.review import review_record

router = APIRouter(include_in_schema=False)
_LABELS = {"reason": mark("理由"), "decision": mark("审核结论")}


@router.post("/records/{record_id}/review")
def review_form(
    record_id: UUID,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    revision: Annotated[int, Form()],
    decision: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    fields: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Decide, and show the record as it now stands; a refused decision keeps what was typed."""
    chosen, problem, done = fields or [], None, None
    try:
        with database.scoped_transaction(actor) as connection:
            review_record(connection, actor, record_id, revision, decision, reason, chosen)
        done = decision
    except (Invalid, Stale) as refused:
        problem = refused
    with database.scoped_transaction(actor) as connection:
        context = record_context(connection, actor, record_id, request_language(request), translate)
    swap = "hx-request" in request.headers
    # htmx swaps in only answers of success; without it, the status says what happened.
    status = 200 if problem is None or swap else problem.status
    return render(
        request,
        "records/_record.html" if swap else "records/record.html",
        actor,
        status_code=status,
        **context,
        done=done,
        problem=_sentence(problem, translate) if problem else None,
        reason=reason if problem else "",
        chosen=chosen,
    )


def _sentence(problem: Problem, translate: CurrentTranslate) -> str:
    if isinstance(problem, Invalid):
        return " ".join(
            field.sentence(translate, translate(_LABELS.get(field.field, field.field)))
            for field in problem.fields
        )
    return problem.sentence(translate)
