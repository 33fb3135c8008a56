"""Correspondents found by name, county and level, and one of them with villages and account."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.problems import NotFound
from contracts.sql_files import beside
from server.db.pool import DictConnection, rows

PAGE = 50
_SQL = beside(__file__)


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """Each narrows the list unless empty; `text` is part of a name."""

    text: str = ""
    county: str = ""
    level: str = ""


def list_people(
    connection: DictConnection, filters: PeopleFilters, after: tuple[str, UUID] | None
) -> tuple[list[dict[str, Any]], int, tuple[str, UUID] | None]:
    """A page of correspondents by name, how many there are, and where the next page begins."""
    narrowed = {
        "text": contains(filters.text) if filters.text else None,
        "county": filters.county or None,
        "level": filters.level or None,
    }
    place = {"after_name": after[0] if after else None, "after_id": after[1] if after else None}
    found = rows(connection, _SQL["select_people"], {**narrowed, **place, "limit": PAGE + 1})
    (total,) = rows(connection, _SQL["count_people"], narrowed)
    following = None
    if len(found) > PAGE:
        following = (found[PAGE - 1]["name"], found[PAGE - 1]["id"])
    return found[:PAGE], total["count"], following


def find_person(connection: DictConnection, person_id: UUID) -> dict[str, Any]:
    """One correspondent with `villages` and, where the actor may see it, `account`.

    Raises
    ------
    NotFound
        If there is none, or it is not the actor's to see.
    """
    found = rows(connection, _SQL["select_person"], {"id": person_id})
    if not found:
        raise NotFound
    accounts = rows(connection, _SQL["select_account_of_person"], {"id": person_id})
    villages = rows(connection, _SQL["select_villages_of_person"], {"id": person_id})
    return {**found[0], "villages": villages, "account": accounts[0] if accounts else None}


def villages_by_code(connection: DictConnection, codes: list[str]) -> list[dict[str, Any]]:
    """The villages with these codes, with township and county; unknown codes left out."""
    return rows(connection, _SQL["select_villages"], {"codes": codes})


def search_villages(
    connection: DictConnection, text: str, county: str | None
) -> list[dict[str, Any]]:
    """Up to 30 villages that match the text; none for an empty text."""
    if not text.strip():
        return []
    parameters = {"text": contains(text.strip()), "county": county}
    return rows(connection, _SQL["search_villages"], parameters)


def contains(text: str) -> str:
    """A LIKE pattern that finds the text anywhere, its own wildcards taken literally."""
    plain = text.replace("\0", "")
    for wildcard in ("\\", "%", "_"):
        plain = plain.replace(wildcard, f"\\{wildcard}")
    return f"%{plain}%"
