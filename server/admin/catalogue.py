"""The catalogue of technologies and varieties: a page of it, and adding to it."""

from typing import Any
from uuid import UUID

import psycopg

from contracts.codes import CROPS
from contracts.ids import new_id
from contracts.problems import FieldProblem, Invalid
from contracts.sql_files import beside
from server.auth.audit import write_audit_line
from server.current import require_role
from server.db.errors import field_problem
from server.db.pool import Actor, DictConnection, rows

PAGE = 100
KINDS = ("technology", "variety")
KEEPERS = ("city_office", "administrator")
_LONGEST_NAME = 80
_SQL = beside(__file__)


def list_items(
    connection: DictConnection,
    text: str | None,
    kind: str | None,
    after: tuple[str, UUID] | None,
) -> tuple[list[dict[str, Any]], tuple[str, UUID] | None]:
    """A page of items by name, and where the next begins; `text` as a LIKE pattern."""
    found = rows(
        connection,
        _SQL["select_items"],
        {
            "text": text,
            "kind": kind,
            "after_name": after[0] if after else None,
            "after_id": after[1] if after else None,
            "limit": PAGE + 1,
        },
    )
    if len(found) <= PAGE:
        return found, None
    return found[:PAGE], (found[PAGE - 1]["name"], found[PAGE - 1]["id"])


def add_item(connection: DictConnection, actor: Actor, kind: str, name: str, crop: str) -> UUID:
    """Put an item in the catalogue; its id.

    Raises
    ------
    NotAllowed
        If the actor does not keep the catalogue.
    Invalid
        Naming each field that is wrong, the name also where the catalogue has it.
    """
    require_role(actor, *KEEPERS)
    name = " ".join(name.replace("\0", "").split())
    problems: list[FieldProblem] = []
    if kind not in KINDS:
        problems.append(FieldProblem("kind", "not_a_choice", kind, {"choices": ", ".join(KINDS)}))
    if not name:
        problems.append(FieldProblem("item_name", "required"))
    elif len(name) > _LONGEST_NAME:
        problems.append(FieldProblem("item_name", "too_long", name, {"maximum": _LONGEST_NAME}))
    if crop and crop not in CROPS:
        problems.append(FieldProblem("crop", "not_a_choice", crop, {"choices": ", ".join(CROPS)}))
    if problems:
        raise Invalid(*problems)
    item_id = new_id()
    row = {"id": item_id, "kind": kind, "name": name, "crop": crop or None}
    try:
        with connection.transaction():
            connection.execute(_SQL["insert_item"], row)
    except psycopg.IntegrityError as error:
        problem = field_problem(error)
        raise Invalid(FieldProblem("item_name", problem.code, name)) from error
    write_audit_line(connection, actor, "item.added", "item", item_id, kind=kind, name=name)
    return item_id
