"""Pages: accounts, audit trail, catalogue."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from contracts.codes import ROLES
from contracts.problems import Invalid
from contracts.texts import Translate, mark
from server.admin.accounts import (
    NewAccount,
    OwnAccount,
    create_account,
    disable_account,
    enable_account,
    list_accounts,
    reset_password,
    stations_to_manage,
)
from server.admin.catalogue import KEEPERS, KINDS, add_item, list_items
from server.admin.trail import ACTIONS, list_audit_lines
from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.db.pool import Actor, Database, DictConnection
from server.people.find import contains
from server.records.listing import counties
from server.rendering import render

router = APIRouter(include_in_schema=False, prefix="/admin")
_LABELS = {
    "username": mark("用户名"),
    "display_name": mark("显示名"),
    "role": mark("角色"),
    "county": mark("所属县区"),
    "item_name": mark("名称"),
    "name": mark("名称"),
    "kind": mark("类别"),
    "crop": mark("作物"),
}
_NOTHING: dict[str, Any] = {"said": None, "password": None, "problems": []}


@router.get("")
def admin_front(actor: CurrentActor) -> Response:
    """The first page of administration that this person has."""
    first = {"administrator": "accounts", "auditor": "audit", "city_office": "catalogue"}
    require_role(actor, *first)
    return RedirectResponse(f"/admin/{first[actor.role]}", status_code=303)


@router.get("/accounts")
def accounts_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    q: Annotated[str, Query(max_length=80)] = "",
    role: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Accounts by name, and the form for a new one."""
    require_role(actor, "administrator")
    asked = {"q": q.strip(), "role": role, "after": after}
    with database.scoped_transaction(actor) as connection:
        return _accounts_page(request, actor, connection, asked, **_NOTHING)


@router.post("/accounts")
def add_account_form(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    username: Annotated[str, Form()] = "",
    display_name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    county: Annotated[str, Form()] = "",
    stations: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    """Open an account; its password is shown on this answer alone."""
    wanted = NewAccount(
        username, display_name, role, county or None, stations=tuple(stations or ())
    )

    def act(connection: DictConnection) -> dict[str, Any]:
        password = create_account(connection, actor, wanted)
        said = translate(mark("已新增账号 %(username)s，初始密码："))
        return {"said": said % {"username": username.strip().lower()}, "password": password}

    typed = {"username": username, "display_name": display_name, "role": role, "county": county}
    return _do(request, actor, database, translate, act, typed)


@router.post("/accounts/{account_id}/{action}")
def change_account_form(
    account_id: UUID,
    action: Literal["disable", "enable", "reset"],
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
) -> Response:
    """Disable or enable an account, or give it a new password, shown on this answer alone."""

    def act(connection: DictConnection) -> dict[str, Any]:
        if action == "reset":
            username, password = reset_password(connection, actor, account_id)
            said = translate(mark("已重置 %(username)s 的密码，新密码："))
            return {"said": said % {"username": username}, "password": password}
        if action == "disable":
            username = disable_account(connection, actor, account_id)
            said = translate(mark("已停用账号 %(username)s"))
        else:
            username = enable_account(connection, actor, account_id)
            said = translate(mark("已启用账号 %(username)s"))
        return {"said": said % {"username": username}, "password": None}

    return _do(request, actor, database, translate, act, {})


@router.get("/audit")
def audit_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    q: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
) -> Response:
    """The audit trail, newest first."""
    require_role(actor, "auditor", "administrator")
    with database.scoped_transaction(actor) as connection:
        lines, following = list_audit_lines(connection, contains(q) if q else None, before)
    next_link = None
    if following:
        next_link = "/admin/audit?" + urlencode({"q": q, "before": following})
    return render(
        request,
        "admin/audit.html",
        actor,
        lines=lines,
        actions=ACTIONS,
        asked={"q": q},
        next_link=next_link,
        first_link="/admin/audit?" + urlencode({"q": q}) if before else None,
    )


@router.get("/catalogue")
def catalogue_page(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    q: Annotated[str, Query(max_length=80)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Technologies and varieties, and the form to add one."""
    require_role(actor, *KEEPERS)
    asked = {"q": q.strip(), "kind": kind, "after": after}
    with database.scoped_transaction(actor) as connection:
        return _catalogue_page(request, actor, connection, asked, {}, **_NOTHING)


@router.post("/catalogue")
def add_item_form(
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    kind: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    crop: Annotated[str, Form()] = "",
) -> Response:
    """Add an item; a refused form comes back as it was filled in."""
    shown, typed = dict(_NOTHING), {}
    try:
        with database.scoped_transaction(actor) as connection:
            add_item(connection, actor, kind, name, crop)
        shown["said"] = translate(mark("已加入目录：%(name)s")) % {"name": name.strip()}
    except Invalid as invalid:
        shown["problems"] = _sentences(invalid, translate)
        typed = {"kind": kind, "name": name, "crop": crop}
    asked = {"q": "", "kind": "", "after": ""}
    with database.scoped_transaction(actor) as connection:
        return _catalogue_page(request, actor, connection, asked, typed, **shown)


def _do(
    request: Request,
    actor: Actor,
    database: Database,
    translate: Translate,
    act: Callable[[DictConnection], dict[str, Any]],
    typed: dict[str, str],
) -> Response:
    """The accounts page after an action, with what came of it; `typed` returns if refused."""
    shown = dict(_NOTHING)
    try:
        with database.scoped_transaction(actor) as connection:
            shown |= act(connection)
        typed = {}
    except OwnAccount as refused:
        shown["problems"] = [refused.sentence(translate)]
    except Invalid as invalid:
        shown["problems"] = _sentences(invalid, translate)
    asked = {"q": "", "role": "", "after": ""}
    with database.scoped_transaction(actor) as connection:
        return _accounts_page(request, actor, connection, asked, typed, **shown)


def _accounts_page(
    request: Request,
    actor: Actor,
    connection: DictConnection,
    asked: dict[str, str],
    typed: dict[str, str] | None = None,
    **shown: Any,
) -> Response:
    text = contains(asked["q"]) if asked["q"] else None
    accounts, following = list_accounts(
        connection, text, asked["role"] or None, asked["after"].replace("\0", "") or None
    )
    following_query = urlencode({**asked, "after": following or ""})
    return render(
        request,
        "admin/accounts.html",
        actor,
        status_code=422 if shown["problems"] else 200,
        accounts=accounts,
        asked=asked,
        next_link=f"/admin/accounts?{following_query}" if following else None,
        first_link="/admin/accounts" if asked["after"] else None,
        typed=typed or {},
        roles=[role for role in ROLES if role != "correspondent"],
        all_roles=list(ROLES),
        counties=counties(connection),
        stations=stations_to_manage(connection),
        **shown,
    )


def _catalogue_page(
    request: Request,
    actor: Actor,
    connection: DictConnection,
    asked: dict[str, str],
    typed: dict[str, str],
    **shown: Any,
) -> Response:
    text = contains(asked["q"]) if asked["q"] else None
    kind = asked["kind"] if asked["kind"] in KINDS else None
    items, following = list_items(connection, text, kind, _place(asked["after"]))
    place = f"{following[1]}.{following[0]}" if following else ""
    return render(
        request,
        "admin/catalogue.html",
        actor,
        status_code=422 if shown["problems"] else 200,
        items=items,
        asked=asked,
        typed=typed,
        next_link="/admin/catalogue?" + urlencode({**asked, "after": place}) if place else None,
        first_link="/admin/catalogue" if asked["after"] else None,
        **shown,
    )


def _place(after: str) -> tuple[str, UUID] | None:
    id_, _, name = after.partition(".")
    try:
        return (name.replace("\0", ""), UUID(id_)) if after else None
    except ValueError:
        return None


def _sentences(invalid: Invalid, translate: Translate) -> list[str]:
    return [
        problem.sentence(translate, translate(_LABELS.get(problem.field, problem.field)))
        for problem in invalid.fields
    ]
