"""Add a correspondent, or change what is known of one."""

from dataclasses import dataclass, field
from uuid import UUID

from contracts.codes import CORRESPONDENT_LEVELS, SPECIALTIES
from contracts.ids import new_id
from contracts.problems import FieldProblem, Invalid, NotFound
from contracts.sql_files import beside
from server.auth.audit import write_audit_line
from server.current import require_role
from server.db.pool import Actor, DictConnection
from server.people.find import villages_by_code

EDITORS = ("county_office", "city_office", "administrator")
_LONGEST_NAME = 40
_SQL = beside(__file__)


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What the office typed."""

    name: str = ""
    level: str = ""
    specialty: str = ""
    county: str = ""
    villages: list[str] = field(default_factory=list)


def save_person(
    connection: DictConnection, actor: Actor, person_id: UUID | None, form: PersonForm
) -> UUID:
    """Write the correspondent and the villages served; the id. None adds a new one.

    Raises
    ------
    NotAllowed, NotFound
        If this is not the actor's business, or not to be seen by them.
    Invalid
        Naming each field that is wrong.
    """
    require_role(actor, *EDITORS)
    if problems := _problems(connection, actor, form):
        raise Invalid(*problems)
    id_ = person_id or new_id()
    row = {
        "id": id_,
        "name": form.name.strip(),
        "level": form.level,
        "specialty": form.specialty,
        "county": form.county,
    }
    if person_id is None:
        connection.execute(_SQL["insert_person"], row)
    elif connection.execute(_SQL["update_person"], row).rowcount == 0:
        raise NotFound
    connection.execute(_SQL["delete_villages_but"], {"id": id_, "codes": form.villages})
    connection.execute(_SQL["insert_villages"], {"id": id_, "codes": form.villages})
    action = "correspondent.added" if person_id is None else "correspondent.changed"
    write_audit_line(connection, actor, action, "correspondent", id_, villages=form.villages)
    return id_


def _problems(connection: DictConnection, actor: Actor, form: PersonForm) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not form.name.strip() or "\0" in form.name:
        problems.append(FieldProblem("name", "required"))
    elif len(form.name) > _LONGEST_NAME:
        problems.append(FieldProblem("name", "too_long", form.name, {"maximum": _LONGEST_NAME}))
    for name, value, choices in (
        ("level", form.level, CORRESPONDENT_LEVELS),
        ("specialty", form.specialty, SPECIALTIES),
    ):
        if value not in choices:
            expected = {"choices": ", ".join(choices)}
            problems.append(FieldProblem(name, "not_a_choice", value, expected))
    known = {row["code"] for row in villages_by_code(connection, form.villages)}
    if not form.county or (actor.county_code and form.county != actor.county_code):
        problems.append(FieldProblem("county", "not_known", form.county))
    if not form.villages:
        problems.append(FieldProblem("villages", "too_few", 0, {"minimum": 1}))
    problems.extend(
        FieldProblem("villages", "not_known", code)
        for code in form.villages
        if code not in known or (actor.county_code and code[:6] != actor.county_code)
    )
    return problems
