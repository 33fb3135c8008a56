"""Review one record: verify it, return it to the phone, or reject it."""

from collections.abc import Sequence
from uuid import UUID

from contracts.form_schema import load_catalogue
from contracts.ids import new_id
from contracts.problems import FieldProblem, Invalid, NotFound, Stale
from contracts.sql_files import beside
from contracts.texts import mark
from server.auth.audit import write_audit_line
from server.current import require_role
from server.db.pool import Actor, DictConnection

REVIEWERS = ("county_office", "administrator")
DECISIONS = ("verified", "returned", "rejected")
LONGEST_REASON = 1000
_SQL = beside(__file__)


class AlreadyReviewed(Stale):
    """Somebody decided on this version before, maybe by a double click."""

    title = mark("这条记录已经审核过，没有重复审核")


class Replaced(Stale):
    """The correspondent sent a newer version meanwhile."""

    title = mark("特派员已提交新的版本，请查看新版本后再审核")


def review_record(
    connection: DictConnection,
    actor: Actor,
    record_id: UUID,
    revision: int,
    decision: str,
    reason: str = "",
    fields: Sequence[str] = (),
) -> UUID:
    """Write the review, the record's new status and the audit line; the review's id.

    The caller holds the transaction; row security keeps a county office to its county.

    Raises
    ------
    NotAllowed
        If the actor is of neither a county office nor the administration.
    Invalid
        Without a known decision, or without a reason where one is needed.
    NotFound
        If the record is not the actor's to see.
    AlreadyReviewed, Replaced
        If the record, or this version of it, is no longer to be reviewed.
    """
    require_role(actor, *REVIEWERS)
    reason = reason.replace("\0", "").strip()
    _check(decision, reason)
    record = connection.execute(_SQL["lock_record"], {"id": record_id}).fetchone()
    if record is None:
        raise NotFound
    if record["revision"] != revision:
        raise Replaced
    if record["status"] != "submitted":
        raise AlreadyReviewed
    known = {field["name"] for field in load_catalogue()[record["form"]]["fields"]}
    review_id = new_id()
    connection.execute(
        _SQL["insert_review"],
        {
            "id": review_id,
            "record_id": record_id,
            "decision": decision,
            "reason": "" if decision == "verified" else reason,
            "fields": [] if decision == "verified" else [f for f in fields if f in known],
            "reviewer_id": actor.account_id,
        },
    )
    connection.execute(_SQL["update_record_status"], {"id": record_id, "status": decision})
    write_audit_line(
        connection, actor, f"record.{decision}", "record", record_id, revision=revision
    )
    return review_id


def _check(decision: str, reason: str) -> None:
    if decision not in DECISIONS:
        choices = {"choices": ", ".join(DECISIONS)}
        raise Invalid(FieldProblem("decision", "not_a_choice", decision, choices))
    if decision != "verified" and not reason:
        raise Invalid(FieldProblem("reason", "required"))
    if len(reason) > LONGEST_REASON:
        raise Invalid(FieldProblem("reason", "too_long", reason, {"maximum": LONGEST_REASON}))
