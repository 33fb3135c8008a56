"""Who asks, and the database, as FastAPI dependencies."""

import hashlib
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from contracts.problems import NotAllowed, NotSignedIn
from contracts.sql_files import beside
from contracts.texts import Translate
from server.db.pool import Actor, Database
from server.languages import request_translator
from server.settings import Settings

SESSION_COOKIE = "tepai_session"
_SQL = beside(__file__, "auth/queries.sql")


def get_database(request: Request) -> Database:
    """The pool that `create_app` opened."""
    database: Database = request.app.state.database
    return database


def get_settings(request: Request) -> Settings:
    """The settings that `create_app` was given."""
    settings: Settings = request.app.state.settings
    return settings


def session_token(request: Request) -> str | None:
    """The token of a phone (Bearer) or browser (cookie), if there is one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return request.cookies.get(SESSION_COOKIE)


def token_sha256(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def get_actor(request: Request, database: Annotated[Database, Depends(get_database)]) -> Actor:
    """The signed-in account.

    Raises
    ------
    NotSignedIn
        Without a session, or with one that ended.
    """
    token = session_token(request)
    if not token:
        raise NotSignedIn
    return actor_of_token(database, token)


def actor_of_token(database: Database, token: str) -> Actor:
    """The account behind a session token.

    Raises
    ------
    NotSignedIn
        If the session ended or its account was disabled.
    """
    with database.unscoped_transaction() as connection:
        row = connection.execute(
            _SQL["select_account_of_session"], {"token": token_sha256(token)}
        ).fetchone()
    if row is None:
        raise NotSignedIn
    return Actor(
        account_id=row["id"],
        username=row["username"],
        display_name=row["display_name"],
        role=row["role"],
        county_code=row["county_code"],
        correspondent_id=row["correspondent_id"],
        language=row["language"],
    )


CurrentActor = Annotated[Actor, Depends(get_actor)]
CurrentDatabase = Annotated[Database, Depends(get_database)]
CurrentSettings = Annotated[Settings, Depends(get_settings)]
CurrentTranslate = Annotated[Translate, Depends(request_translator)]


def require_role(actor: Actor, *roles: str) -> None:
    """Raise NotAllowed unless the actor has one of the roles.

    Scope of rows is the database's business; this keeps whole pages to those they are for.
    """
    if actor.role not in roles:
        raise NotAllowed
