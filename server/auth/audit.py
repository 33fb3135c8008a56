"""The audit trail: one line per write, sign-in and export, in the transaction it tells of."""

from typing import Any

from psycopg.types.json import Jsonb

from contracts.sql_files import beside
from server.db.pool import Actor, DictConnection

_SQL = beside(__file__)


def write_audit_line(
    connection: DictConnection,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: object,
    **detail: Any,
) -> None:
    """Append one line; it commits or vanishes with the caller's transaction.

    Parameters
    ----------
    action
        What was done, as "record.verified".
    detail
        JSON values that a later reader needs; never a raw personal number.
    """
    connection.execute(
        _SQL["insert_audit_line"],
        {
            "actor_id": actor.account_id,
            "action": action,
            "subject_kind": subject_kind,
            "subject_id": str(subject_id),
            "detail": Jsonb(detail),
        },
    )
