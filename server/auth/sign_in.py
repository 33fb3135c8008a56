"""Sign in with name and password; opens a session."""

import math
import secrets
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from contracts.problems import SignInFailed, SignInLocked
from contracts.sql_files import beside
from server.current import token_sha256
from server.db.pool import Database, DictConnection
from server.settings import Settings

_SQL = beside(__file__)


@cache
def password_hasher() -> PasswordHasher:
    """argon2id with the library's recommended costs (RFC 9106, low-memory profile)."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    # Verified when the name is unknown, so that timing does not tell which names exist.
    return password_hasher().hash(secrets.token_hex(16))


def sign_in(
    database: Database, settings: Settings, username: str, password: str, user_agent: str
) -> str:
    """A new session token.

    Raises
    ------
    SignInFailed
        Wrong name or password, or a disabled account: never says which.
    SignInLocked
        Too many wrong passwords of late.
    """
    with database.unscoped_transaction() as connection:
        row = connection.execute(
            _SQL["select_account_for_sign_in"], {"username": username.strip().lower()}
        ).fetchone()
    locked_until = row["locked_until"] if row else None
    if locked_until is not None and locked_until > datetime.now(UTC):
        left = (locked_until - datetime.now(UTC)).total_seconds()
        raise SignInLocked(minutes=math.ceil(left / 60))
    right = _verified(row["password_hash"] if row else _nobody(), password)
    if row is None or row["disabled_at"] is not None:
        raise SignInFailed
    token = secrets.token_urlsafe(32)
    with database.unscoped_transaction() as connection:
        connection.execute(
            _SQL["note_sign_in"],
            {
                "account_id": row["id"],
                "succeeded": right,
                "most_failures": settings.most_failures,
                "lock_for": settings.lock_for,
            },
        )
        if right:
            _open(connection, settings, token, row["id"], user_agent)
    if not right:
        raise SignInFailed
    return token


def sign_out(database: Database, token: str) -> None:
    """End the session of a token; an unknown one is no error."""
    with database.unscoped_transaction() as connection:
        connection.execute(_SQL["close_session"], {"token": token_sha256(token)})


def _verified(encoded: str, password: str) -> bool:
    try:
        return password_hasher().verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False


def _open(
    connection: DictConnection, settings: Settings, token: str, account_id: UUID, user_agent: str
) -> None:
    connection.execute(
        _SQL["open_session"],
        {
            "token": token_sha256(token),
            "account_id": account_id,
            "lives": settings.session_lives,
            "user_agent": user_agent,
        },
    )
