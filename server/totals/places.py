"""Divisions and people by name, as far as the actor may choose them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from contracts.codes import CORRESPONDENT_LEVELS, SERVICE_MODES, SPECIALTIES, code_label
from contracts.problems import FieldProblem, Invalid
from contracts.sql_files import beside
from contracts.texts import Translate, mark
from server.totals.scope import By, Division, Period

_SQL = beside(__file__)
_CODE_LISTS = {"level": CORRESPONDENT_LEVELS, "specialty": SPECIALTIES, "mode": SERVICE_MODES}
NO_MODE = mark("未注明")
NOT_VISIBLE = mark("（辖区外）")


def find_division(connection: Connection[DictRow], code: str) -> Division:
    """The division of a code.

    Raises
    ------
    Invalid
        If there is none; names the codes of the counties instead.
    """
    row = connection.execute(_SQL["select_division"], {"code": code}).fetchone()
    if row is None:
        city = find_city(connection)
        known = [city, *divisions_under(connection, city)] if city else []
        choices = ", ".join(f"{place.code} {place.name}" for place in known)
        raise Invalid(FieldProblem("division", "not_a_choice", code, {"choices": choices}))
    return Division(**row)


def find_city(connection: Connection[DictRow]) -> Division | None:
    """The division in which all others lie; None in an empty database."""
    row = connection.execute(_SQL["select_city"]).fetchone()
    return None if row is None else Division(**row)


def divisions_under(connection: Connection[DictRow], division: Division) -> list[Division]:
    """The divisions directly under one."""
    rows = connection.execute(_SQL["select_divisions_under"], {"code": division.code})
    return [Division(**row) for row in rows]


def divisions_above(connection: Connection[DictRow], division: Division) -> list[Division]:
    """From the city down to the division itself."""
    chain = [division]
    while chain[0].parent_code:
        chain.insert(0, find_division(connection, chain[0].parent_code))
    return chain


def count_villages(connection: Connection[DictRow], division: Division | None) -> int:
    """How many villages the division has, of all without one."""
    prefix = division.prefix if division else ""
    row = connection.execute(_SQL["count_villages"], {"prefix": prefix}).fetchone()
    return int(row["villages"]) if row else 0


def recorded_span(connection: Connection[DictRow]) -> Period | None:
    """The years from the first to the last verified record; None without any."""
    row = connection.execute(_SQL["select_span"]).fetchone()
    if row is None or row["first"] is None:
        return None
    return Period(row["first"].year, row["last"].year)


def correspondents(connection: Connection[DictRow]) -> list[dict[str, Any]]:
    """Whom the actor may choose: id, name, county."""
    return connection.execute(_SQL["select_correspondents"]).fetchall()


def correspondent_name(
    connection: Connection[DictRow], id_: UUID | None, translate: Translate
) -> str:
    """The person's name as far as the actor may see it; empty for no person."""
    if id_ is None:
        return ""
    return _named(connection, "select_correspondent_names", [id_], translate)[str(id_)]


def part_labels(
    connection: Connection[DictRow],
    by: By,
    parts: Iterable[str],
    language: str,
    translate: Translate,
) -> dict[str, str]:
    """What a person reads for each part of a breakdown."""
    codes = list(parts)
    if by in ("county", "township", "village"):
        return _named(connection, "select_division_names", codes, translate)
    if by == "correspondent":
        return _named(
            connection, "select_correspondent_names", [UUID(code) for code in codes], translate
        )
    if by in ("year", "month"):
        return {code: code for code in codes}
    choices = _CODE_LISTS[by]
    return {
        code: translate(NO_MODE) if code == "none" else code_label(choices, code, language)
        for code in codes
    }


def _named(
    connection: Connection[DictRow], query: str, codes: list[Any], translate: Translate
) -> dict[str, str]:
    rows = connection.execute(_SQL[query], {"codes": codes})
    names = {row["code"]: row["name"] for row in rows}
    return {str(code): names.get(str(code), translate(NOT_VISIBLE)) for code in codes}
