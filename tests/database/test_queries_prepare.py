"""Every named query of the programs fits the migrated schema: its tables, columns and types."""

import re
from pathlib import Path

import psycopg
import pytest

from contracts.sql_files import load_queries
from ops.embedded.database import DatabaseAddresses

pytestmark = pytest.mark.database

ROOT = Path(__file__).resolve().parents[2]
_PARAMETER = re.compile(r"%\((\w+)\)[sbt]")

# What sets a database up: composed, or of many statements.
SET_UP_FILES = {"server/db/roles.sql"}
SET_UP_QUERIES = {"create_schema_migration"}
# Queries that make what others of their file need, a table of the session.
MADE_FIRST = {"gateway/queries.sql": ["create_staged_reading"]}
# Parameters whose type the query leaves open: psycopg sends it along with the value.
TYPES = {"now": "timestamptz"}


def sql_files() -> list[str]:
    found = [
        path.relative_to(ROOT).as_posix()
        for program in ("server", "gateway")
        for path in sorted((ROOT / program).rglob("*.sql"))
        if "migrations" not in path.parts
    ]
    return [name for name in found if name not in SET_UP_FILES]


def numbered(query: str) -> str:
    """The query with $1, $2, ... in the place of named parameters."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        cast = f"::{TYPES[match[1]]}" if match[1] in TYPES else ""
        return f"${names.index(match[1]) + 1}{cast}"

    return _PARAMETER.sub(number, query).replace("%%", "%")


@pytest.mark.parametrize("name", sql_files())
def test_every_query_prepares(database: DatabaseAddresses, name: str) -> None:
    wrong: list[str] = []
    with psycopg.connect(database.superuser, autocommit=True) as db:
        queries = load_queries(ROOT / name)
        for first in MADE_FIRST.get(name, []):
            db.execute(queries[first])
        for query_name in queries.keys() - SET_UP_QUERIES:
            query = queries[query_name]
            result = db.pgconn.prepare(b"", numbered(query).encode())
            if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
                wrong.append(f"{query_name}: {result.error_message.decode()}")
    assert wrong == []


def test_the_programs_have_queries_to_prepare() -> None:
    assert {"server/records/listing.sql", "gateway/queries.sql"} <= set(sql_files())
