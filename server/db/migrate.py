"""Apply `migrations/NNNN_name.sql` in order, each once, each in its own transaction.

A few lines instead of a tool: plain SQL, forward only, a changed file is an error.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from contracts.sql_files import beside

MIGRATIONS = Path(__file__).with_name("migrations")
_SQL = beside(__file__, "migrate.sql")
# Any number that no other program takes; two migrators wait for each other.
_LOCK = 7_418_293_306_117


class MigrationError(RuntimeError):
    """The database and the migration files do not belong together."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name, its text and the hash of that text."""

    number: int
    name: str
    text: str
    sha256: str


def migrations(folder: Path = MIGRATIONS) -> Iterator[Migration]:
    """The migration files in order of their numbers."""
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql")):
        text = path.read_text(encoding="utf-8")
        number, _, name = path.stem.partition("_")
        yield Migration(int(number), name, text, hashlib.sha256(text.encode()).hexdigest())


def apply_migrations(connection: psycopg.Connection, folder: Path = MIGRATIONS) -> list[str]:
    """Bring the database up to date as `tepai_owner`; the names of what was applied.

    Raises
    ------
    MigrationError
        If a migration already applied has since been changed.
    """
    connection.execute(_SQL["lock_migrations"], {"key": _LOCK})
    applied: list[str] = []
    try:
        with connection.transaction():
            connection.execute(_SQL["create_schema_migration"])
            done: dict[int, str] = dict(
                connection.execute(_SQL["select_schema_migrations"]).fetchall()
            )
        for migration in migrations(folder):
            if migration.number not in done:
                _apply(connection, migration)
                applied.append(f"{migration.number:04d}_{migration.name}")
            elif done[migration.number] != migration.sha256:
                raise MigrationError(
                    f"migration {migration.number:04d}_{migration.name} was changed after it had"
                    " been applied; put it back and write a new one"
                )
    finally:
        connection.execute(_SQL["unlock_migrations"], {"key": _LOCK})
    return applied


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    with connection.transaction():
        connection.execute(migration.text, prepare=False)
        connection.execute(
            _SQL["insert_schema_migration"],
            {"number": migration.number, "name": migration.name, "sha256": migration.sha256},
        )
