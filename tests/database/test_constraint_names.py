"""The error translator names constraints; each of them must be in the schema."""

import psycopg
import pytest

from ops.embedded.database import DatabaseAddresses
from server.db.errors import _FIELDS, field_problem

pytestmark = pytest.mark.database


def test_every_translated_constraint_is_in_the_schema(database: DatabaseAddresses) -> None:
    with psycopg.connect(database.superuser) as db:
        found = {row[0] for row in db.execute("select conname from pg_constraint").fetchall()}
    assert set(_FIELDS) <= found


def test_an_unknown_refusal_is_told_with_its_code(database: DatabaseAddresses) -> None:
    with (
        psycopg.connect(database.superuser) as db,
        pytest.raises(psycopg.errors.DivisionByZero) as raised,
    ):
        db.execute("select 1 / 0")
    problem = field_problem(raised.value)
    assert (problem.field, problem.code, problem.value) == ("values", "not_stored", "22012")


def test_a_known_constraint_names_its_field(database: DatabaseAddresses) -> None:
    item = "insert into catalogue_item (id, kind, name) values (gen_random_uuid(), 'variety', 'x')"
    with psycopg.connect(database.superuser) as db:
        db.execute(item)
        with pytest.raises(psycopg.errors.UniqueViolation) as raised:
            db.execute(item)
    assert (field_problem(raised.value).field, field_problem(raised.value).code) == (
        "name",
        "repeated",
    )
