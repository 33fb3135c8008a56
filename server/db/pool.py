"""The only way to a connection in the server: a transaction on behalf of an actor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from contracts.sql_files import beside

_SQL = beside(__file__, "pool.sql")
DictConnection = Connection[DictRow]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. The database decides by `account_id` alone; the rest is for pages and messages."""

    account_id: UUID
    username: str
    display_name: str
    role: str
    county_code: str | None = None
    correspondent_id: UUID | None = None
    language: str = "zh"


class Database:
    """A pool of connections as `tepai_web`."""

    def __init__(self, conninfo: str, size: int = 20) -> None:
        """Open in the background; a database that is down is waited for, not an error here."""
        self._pool: ConnectionPool[DictConnection] = ConnectionPool(
            conninfo,
            min_size=1,
            max_size=size,
            timeout=10,
            kwargs={"row_factory": dict_row, "autocommit": False},
            open=True,
            name="web",
        )

    @contextmanager
    def scoped_transaction(self, actor: Actor) -> Iterator[DictConnection]:
        """A transaction that sees what the actor may see; commits unless an exception rises."""
        with self._pool.connection() as connection:
            connection.execute(_SQL["set_actor"], {"actor_id": str(actor.account_id)})
            yield connection

    @contextmanager
    def unscoped_transaction(self) -> Iterator[DictConnection]:
        """A transaction without an actor: for sign-in alone, every policy is false in it."""
        with self._pool.connection() as connection:
            yield connection

    def wait(self, seconds: float) -> None:
        """Return when a first connection stands; PoolTimeout after `seconds`."""
        self._pool.wait(seconds)

    def close(self) -> None:
        """Give all connections back."""
        self._pool.close()


def rows(
    connection: Connection[DictRow],
    statement: str,
    parameters: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """All rows of a query as dictionaries."""
    return connection.execute(statement, parameters).fetchall()
