"""JSON: sessions of phones and programs."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field
from starlette.requests import Request

from server.auth.sign_in import sign_in, sign_out
from server.current import (
    CurrentActor,
    CurrentDatabase,
    CurrentSettings,
    actor_of_token,
    session_token,
)
from server.db.pool import Actor

router = APIRouter(prefix="/api/v1/session", tags=["session"])


class Credentials(BaseModel):
    """Name and password."""

    username: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class AccountOut(BaseModel):
    """Who is signed in."""

    id: UUID
    username: str
    display_name: str
    role: str
    language: str
    county_code: str | None
    correspondent_id: UUID | None


class SessionOut(BaseModel):
    """A session just opened: send the token as `Authorization: Bearer`."""

    token: str
    expires_at: datetime
    account: AccountOut


@router.post("", status_code=201, operation_id="sign_in")
def post_session(
    credentials: Credentials,
    database: CurrentDatabase,
    settings: CurrentSettings,
    user_agent: Annotated[str, Header()] = "",
) -> SessionOut:
    """Sign in; 401 `auth.sign_in_failed`, 429 `auth.locked`."""
    token = sign_in(database, settings, credentials.username, credentials.password, user_agent)
    actor = actor_of_token(database, token)
    expires_at = datetime.now(UTC) + settings.session_lives
    return SessionOut(token=token, expires_at=expires_at, account=_account(actor))


@router.get("", operation_id="who_am_i")
def read_session(actor: CurrentActor) -> AccountOut:
    """The signed-in account."""
    return _account(actor)


@router.delete("", status_code=204, operation_id="sign_out")
def delete_session(request: Request, actor: CurrentActor, database: CurrentDatabase) -> Response:
    """End this session."""
    del actor
    sign_out(database, session_token(request) or "")
    return Response(status_code=204)


def _account(actor: Actor) -> AccountOut:
    return AccountOut(
        id=actor.account_id,
        username=actor.username,
        display_name=actor.display_name,
        role=actor.role,
        language=actor.language,
        county_code=actor.county_code,
        correspondent_id=actor.correspondent_id,
    )
