"""The households, organisations, places and items that records name, as far as the actor sees."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.form_schema import Form, load_catalogue
from contracts.sql_files import beside
from server.db.pool import DictConnection, rows

_SQL = beside(__file__, "references.sql")
# Which sort of thing a widget of the catalogue chooses.
_SORTS: Mapping[str, str] = {
    "village": "village",
    "household": "household",
    "households": "household",
    "organisations": "organisation",
    "station": "station",
    "item": "item",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that a record names.

    Attributes
    ----------
    kind : of an organisation, station or item; else empty
    """

    sort: str
    id: str
    name_zh: str
    name_en: str
    kind: str = ""

    def name(self, language: str) -> str:
        """What a person reads."""
        return self.name_en if language == "en" else self.name_zh


References = Mapping[tuple[str, str], Reference]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a record where it names something: path, sort, id, and the kind it must be of."""

    path: str
    sort: str
    id: str
    kind: str | None


def mentions(form: Form, values: Mapping[str, Any]) -> Iterator[Mention]:
    """Everything that the values name, in the order of the form; malformed ones left out."""
    for field in form["fields"]:
        sort = _SORTS.get(field["widget"])
        value = values.get(field["name"])
        if sort is None or not value:
            continue
        name, kind = field["name"], field.get("kind")
        if isinstance(value, list):
            for place, item in enumerate(value):
                if isinstance(item, str):
                    yield Mention(f"{name}.{place}", sort, item.lower(), kind)
        elif isinstance(value, str):
            yield Mention(name, sort, value.lower(), kind)


def find_references(connection: DictConnection, wanted: Iterable[Mention]) -> References:
    """What of the mentioned exists and is visible, in one query; ids must be well formed."""
    ids: set[str] = set()
    codes: set[str] = set()
    for mention in wanted:
        (codes if mention.sort == "village" else ids).add(mention.id)
    if not ids and not codes:
        return {}
    found = rows(connection, _SQL["select_references"], {"ids": list(ids), "codes": list(codes)})
    return {(row["sort"], row["id"]): Reference(**row) for row in found}


def references_of_records(
    connection: DictConnection, records: Iterable[Mapping[str, Any]]
) -> References:
    """What stored records (rows with `form` and `field_values`) name."""
    catalogue = load_catalogue()
    return find_references(
        connection,
        (
            mention
            for record in records
            for mention in mentions(catalogue[record["form"]], record["field_values"])
        ),
    )
