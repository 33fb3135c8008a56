"""Totals cut into parts, each with the name that a person reads."""

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import DictRow

from contracts.texts import Translate
from server.totals.count import Totals, count_parts, no_totals
from server.totals.places import part_labels
from server.totals.scope import PARTS_OF, By, Filters, Scope


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a breakdown: its code, its name, its totals."""

    code: str
    label: str
    totals: Totals


def break_down(
    connection: Connection[DictRow], scope: Scope, by: By, language: str, translate: Translate
) -> list[Part]:
    """The parts of the scope in the order of their codes, people by name; also empty years."""
    counted = count_parts(connection, scope, by)
    if by == "year":
        counted = {str(y): counted.get(str(y), no_totals()) for y in scope.period.years}
    labels = part_labels(connection, by, counted, language, translate)
    parts = [Part(code, labels[code], totals) for code, totals in counted.items()]
    return sorted(parts, key=lambda part: part.label) if by == "correspondent" else parts


def places_within(filters: Filters) -> By:
    """Into which places a scope is broken down: the parts of its division, else counties."""
    return PARTS_OF[filters.division.level] if filters.division else "county"
