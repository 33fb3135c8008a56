"""Accounts: add one, disable and enable, give a new password. For administrators."""

import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from contracts.codes import ROLES
from contracts.ids import new_id
from contracts.problems import FieldProblem, Invalid, NotFound, Problem
from contracts.sql_files import beside
from contracts.texts import mark
from server.auth.audit import write_audit_line
from server.auth.sign_in import password_hasher
from server.current import require_role
from server.db.errors import field_problem
from server.db.pool import Actor, DictConnection, rows

PAGE = 100
_SQL = beside(__file__)
_USERNAME = re.compile(r"[a-z0-9._-]{2,40}")
# Without letters and digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class OwnAccount(Problem):
    """An administrator may not shut themself out."""

    code = "account.own"
    status = 409
    title = mark("不能停用自己的账号")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is opened with; a correspondent's belongs to that person."""

    username: str
    display_name: str
    role: str
    county_code: str | None = None
    correspondent_id: UUID | None = None
    stations: tuple[UUID, ...] = ()


def list_accounts(
    connection: DictConnection, text: str | None, role: str | None, after: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of accounts by user name, and where the next begins; `text` as a LIKE pattern."""
    found = rows(
        connection,
        _SQL["select_accounts"],
        {"text": text, "role": role, "after": after, "limit": PAGE + 1},
    )
    return found[:PAGE], found[PAGE - 1]["username"] if len(found) > PAGE else None


def create_account(connection: DictConnection, actor: Actor, wanted: NewAccount) -> str:
    """Open the account; its first password, which is kept nowhere.

    Raises
    ------
    NotAllowed
        If the actor is no administrator.
    Invalid
        Naming each field that is wrong, the user name also where it is taken.
    """
    require_role(actor, "administrator")
    username = wanted.username.strip().lower()
    if problems := _problems(username, wanted):
        raise Invalid(*problems)
    password, account_id = _new_password(), new_id()
    row = {
        "id": account_id,
        "username": username,
        "password_hash": password_hasher().hash(password),
        "display_name": wanted.display_name.strip(),
        "role": wanted.role,
        "county_code": wanted.county_code if wanted.role == "county_office" else None,
        "correspondent_id": wanted.correspondent_id,
    }
    try:
        with connection.transaction():
            connection.execute(_SQL["insert_account"], row)
    except psycopg.IntegrityError as error:
        problem = field_problem(error)
        raise Invalid(FieldProblem(problem.field, problem.code, username)) from error
    if wanted.role == "park_manager":
        charge = {"account_id": account_id, "stations": list(wanted.stations)}
        connection.execute(_SQL["insert_station_manager"], charge)
    write_audit_line(
        connection,
        actor,
        "account.added",
        "account",
        account_id,
        username=username,
        role=wanted.role,
    )
    return password


def disable_account(connection: DictConnection, actor: Actor, account_id: UUID) -> str:
    """Shut the account out at once, sessions included; its user name.

    Raises
    ------
    NotAllowed
        If the actor is no administrator.
    OwnAccount
        For the actor's own account.
    NotFound
        If there is no such account.
    """
    require_role(actor, "administrator")
    if account_id == actor.account_id:
        raise OwnAccount
    username = _username(connection, account_id)
    if connection.execute(_SQL["disable_account"], {"id": account_id}).rowcount:
        connection.execute(_SQL["revoke_sessions"], {"id": account_id})
        write_audit_line(connection, actor, "account.disabled", "account", account_id)
    return username


def enable_account(connection: DictConnection, actor: Actor, account_id: UUID) -> str:
    """Let the account sign in again; its user name. Raises as `disable_account`."""
    require_role(actor, "administrator")
    username = _username(connection, account_id)
    if connection.execute(_SQL["enable_account"], {"id": account_id}).rowcount:
        write_audit_line(connection, actor, "account.enabled", "account", account_id)
    return username


def reset_password(connection: DictConnection, actor: Actor, account_id: UUID) -> tuple[str, str]:
    """Give a new password and end all sessions; user name and password.

    Raises
    ------
    NotAllowed, NotFound
        If the actor is no administrator, or there is no such account.
    """
    require_role(actor, "administrator")
    username, password = _username(connection, account_id), _new_password()
    hash_ = password_hasher().hash(password)
    connection.execute(_SQL["set_password_hash"], {"id": account_id, "password_hash": hash_})
    connection.execute(_SQL["revoke_sessions"], {"id": account_id})
    write_audit_line(connection, actor, "account.password_reset", "account", account_id)
    return username, password


def stations_to_manage(connection: DictConnection) -> list[dict[str, Any]]:
    """Stations with their names in both languages."""
    return rows(connection, _SQL["select_stations"])


def _problems(username: str, wanted: NewAccount) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if not _USERNAME.fullmatch(username):
        example = {"example": "wang.xiaoming"}
        problems.append(FieldProblem("username", "wrong_pattern", wanted.username, example))
    name = wanted.display_name.strip()
    if not name or "\0" in name:
        problems.append(FieldProblem("display_name", "required"))
    if wanted.role not in ROLES or (wanted.role == "correspondent") != bool(
        wanted.correspondent_id
    ):
        choices = {"choices": ", ".join(role for role in ROLES if role != "correspondent")}
        problems.append(FieldProblem("role", "not_a_choice", wanted.role, choices))
    if wanted.role == "county_office" and not wanted.county_code:
        problems.append(FieldProblem("county", "required"))
    return problems


def _username(connection: DictConnection, account_id: UUID) -> str:
    found = rows(connection, _SQL["select_account_name"], {"id": account_id})
    if not found:
        raise NotFound
    username: str = found[0]["username"]
    return username


def _new_password() -> str:
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[at : at + 4]) for at in (0, 4, 8))
