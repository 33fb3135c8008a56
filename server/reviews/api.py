"""JSON: reviews of records."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from server.current import CurrentActor, CurrentDatabase
from server.reviews.review import review_record

router = APIRouter(prefix="/api/v1/records", tags=["reviews"])


class ReviewIn(BaseModel):
    """A decision on one revision; a reason unless it is verified."""

    revision: Annotated[int, Field(ge=1, le=1_000_000)]
    decision: Literal["verified", "returned", "rejected"]
    reason: Annotated[str, Field(max_length=1000)] = ""
    fields: Annotated[list[str], Field(max_length=50, description="What the reason concerns")] = []


class ReviewOut(BaseModel):
    """The review that now stands."""

    id: UUID
    record_id: UUID
    revision: int
    decision: Literal["verified", "returned", "rejected"]


@router.post("/{record_id}/review", status_code=201, operation_id="review_record")
def post_review(
    record_id: UUID, review: ReviewIn, actor: CurrentActor, database: CurrentDatabase
) -> ReviewOut:
    """Decide on a submitted record; 409 `stale` if that was done, or a newer version came."""
    with database.scoped_transaction(actor) as connection:
        review_id = review_record(
            connection,
            actor,
            record_id,
            review.revision,
            review.decision,
            review.reason,
            review.fields,
        )
    return ReviewOut(
        id=review_id, record_id=record_id, revision=review.revision, decision=review.decision
    )
