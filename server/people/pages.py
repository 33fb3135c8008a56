"""Pages: correspondents, one of them, add and edit."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from contracts.problems import FieldProblem, Invalid
from contracts.texts import Translate, mark
from server.admin.accounts import NewAccount, create_account
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.db.errors import field_problem
from server.db.pool import Actor, DictConnection
from server.languages import request_language
from server.navigation import OFFICES
from server.people.find import (
    PeopleFilters,
    find_person,
    list_people,
    search_villages,
    villages_by_code,
)
from server.people.save import EDITORS, PersonForm, save_person
from server.records.filters import Filters
from server.records.listing import counties, list_records
from server.records.views import list_rows
from server.rendering import render

router = APIRouter(include_in_schema=False, prefix="/people")
LABELS = {
    "name": mark("姓名"),
    "level": mark("级别"),
    "specialty": mark("专业"),
    "county": mark("所属县区"),
    "villages": mark("服务村"),
    "username": mark("用户名"),
    "correspondent": mark("特派员姓名"),
}


@router.get("")
def people_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    q: Annotated[str, Query(max_length=80)] = "",
    county: Annotated[str, Query()] = "",
    level: Annotated[str, Query()] = "",
    after: Annotated[str, Query()] = "",
) -> Response:
    """Correspondents by name, with counts of what they have sent."""
    require_role(actor, *OFFICES)
    filters = PeopleFilters(q.strip(), county, level)
    with database.scoped_transaction(actor) as connection:
        found, total, following = list_people(connection, filters, _place(after))
        places = counties(connection)
    query = {"q": filters.text, "county": county, "level": level}
    next_link = None
    if following:
        next_link = _link({**query, "after": f"{following[1]}.{following[0]}"})
    return render(
        request,
        "people/list.html",
        actor,
        people=found,
        total=total,
        asked=query,
        counties=places,
        first_link=_link(query) if after else None,
        next_link=next_link,
        may_edit=actor.role in EDITORS,
    )


@router.get("/villages")
def villages_part(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    village_text: Annotated[str, Query(max_length=40)] = "",
    villages: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Village checkboxes of the form: those ticked, then those found."""
    require_role(actor, *EDITORS)
    with database.scoped_transaction(actor) as connection:
        chosen = villages_by_code(connection, villages or [])
        found = search_villages(connection, village_text, actor.county_code)
    ticked = {row["code"] for row in chosen}
    found = [row for row in found if row["code"] not in ticked]
    searched = bool(village_text.strip())
    return render(
        request, "people/_villages.html", actor, chosen=chosen, found=found, searched=searched
    )


@router.get("/new")
def new_person_page(request: Request, actor: CurrentActor, database: CurrentDatabase) -> Response:
    """The empty form."""
    require_role(actor, *EDITORS)
    form = PersonForm(county=actor.county_code or "")
    with database.scoped_transaction(actor) as connection:
        return _form_page(request, actor, connection, None, form, [])


@router.get("/{person_id}")
def person_page(
    person_id: UUID, request: Request, actor: CurrentActor, database: CurrentDatabase
) -> Response:
    """One correspondent."""
    require_role(actor, *OFFICES)
    with database.scoped_transaction(actor) as connection:
        return _person_page(request, actor, connection, person_id)


@router.get("/{person_id}/edit")
def edit_person_page(
    person_id: UUID, request: Request, actor: CurrentActor, database: CurrentDatabase
) -> Response:
    """The form, filled."""
    require_role(actor, *EDITORS)
    with database.scoped_transaction(actor) as connection:
        person = find_person(connection, person_id)
        form = PersonForm(
            person["name"],
            person["level"],
            person["specialty"],
            person["county_code"],
            [village["code"] for village in person["villages"]],
        )
        return _form_page(request, actor, connection, person_id, form, [])


@router.post("/new")
@router.post("/{person_id}/edit")
def save_person_form(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    person_id: UUID | None = None,
    name: Annotated[str, Form()] = "",
    level: Annotated[str, Form()] = "",
    specialty: Annotated[str, Form()] = "",
    county: Annotated[str, Form()] = "",
    villages: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Save and go to the person; a refused form comes back as it was filled in."""
    form = PersonForm(name, level, specialty, county or actor.county_code or "", villages or [])
    try:
        with database.scoped_transaction(actor) as connection:
            saved = save_person(connection, actor, person_id, form)
    except Invalid as invalid:
        problems = sentences(invalid.fields, translate)
    except psycopg.IntegrityError as error:
        problems = sentences([field_problem(error)], translate)
    else:
        return RedirectResponse(f"/people/{saved}", status_code=303)
    with database.scoped_transaction(actor) as connection:
        return _form_page(request, actor, connection, person_id, form, problems)


@router.post("/{person_id}/account")
def account_form(
    person_id: UUID,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    username: Annotated[str, Form()] = "",
) -> Response:
    """Open an account for a correspondent and show its first password, this once."""
    problems: list[str] = []
    password = None
    try:
        with database.scoped_transaction(actor) as connection:
            person = find_person(connection, person_id)
            wanted = NewAccount(username, person["name"], "correspondent", None, person_id)
            password = create_account(connection, actor, wanted)
    except Invalid as invalid:
        problems = sentences(invalid.fields, translate)
    with database.scoped_transaction(actor) as connection:
        return _person_page(
            request, actor, connection, person_id, password, problems, username=username
        )


def sentences(problems: Any, translate: Translate) -> list[str]:
    """What is wrong with each field, in the reader's language."""
    return [
        problem.sentence(translate, translate(LABELS.get(problem.field, problem.field)))
        for problem in problems
        if isinstance(problem, FieldProblem)
    ]


def _person_page(
    request: Request,
    actor: Actor,
    connection: DictConnection,
    person_id: UUID,
    password: str | None = None,
    problems: list[str] | None = None,
    username: str = "",
) -> Response:
    person = find_person(connection, person_id)
    latest, _ = list_records(connection, Filters(correspondent=person_id), limit=10)
    language = request_language(request)
    return render(
        request,
        "people/person.html",
        actor,
        status_code=422 if problems else 200,
        person=person,
        latest=list_rows(connection, latest, language),
        may_edit=actor.role in EDITORS,
        password=password,
        problems=problems or [],
        username=username,
    )


def _form_page(
    request: Request,
    actor: Actor,
    connection: DictConnection,
    person_id: UUID | None,
    form: PersonForm,
    problems: list[str],
) -> Response:
    return render(
        request,
        "people/form.html",
        actor,
        status_code=422 if problems else 200,
        person_id=person_id,
        form=form,
        chosen=villages_by_code(connection, form.villages),
        counties=counties(connection),
        problems=problems,
    )


def _place(after: str) -> tuple[str, UUID] | None:
    id_, _, name = after.partition(".")
    try:
        return (name.replace("\0", ""), UUID(id_)) if after else None
    except ValueError:
        raise Invalid(FieldProblem("after", "not_id", after)) from None


def _link(query: dict[str, str]) -> str:
    return "/people?" + urlencode({name: value for name, value in query.items() if value})
