"""What pickers choose from, as kept on the phone: one shape for all kinds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Row
from typing import Any

from contracts.codes import CROPS, ORGANISATION_KINDS, code_label
from contracts.sync import Subjects
from contracts.texts import mark, translator

_TEXTS = Path(__file__).with_name("texts")
_ITEM_KINDS = {"technology": mark("技术"), "variety": mark("品种")}


@dataclass(frozen=True, slots=True)
class Subject:
    """A picker row: `place` and `subkind` tell two of one name apart."""

    id: str
    name: str
    name_en: str | None
    place: str | None
    subkind: str | None

    def title(self, language: str) -> str:
        """Its name in the language, if it has one there."""
        return (self.name_en or self.name) if language == "en" else self.name

    def note(self, kind: str, language: str) -> str:
        """What stands under the name: the kind or the place."""
        parts = [self.place or ""]
        if kind == "organisation" and self.subkind:
            parts.insert(0, code_label(ORGANISATION_KINDS, self.subkind, language))
        if kind == "item":
            t = translator("en" if language == "en" else "zh", _TEXTS)
            word = _ITEM_KINDS.get(self.subkind or "", "")
            crop = code_label(CROPS, self.place or "", language)
            parts = [t(word) if word else "", crop]
        return " · ".join(part for part in parts if part)


def subject_from(row: Row) -> Subject:
    """The picker row in a row of `search_subjects` or `select_subject`."""
    return Subject(row["id"], row["name"], row["name_en"], row["place"], row["subkind"])


def subject_rows(subjects: Subjects) -> Iterator[dict[str, Any]]:
    """Parameters of `upsert_subject` for each row that was pulled."""
    for kind, rows, members in (
        ("village", subjects.villages, _village),
        ("household", subjects.households, _household),
        ("organisation", subjects.organisations, _organisation),
        ("station", subjects.stations, _station),
        ("item", subjects.items, _item),
    ):
        for row in rows:
            yield _row(kind, row, members)


def _row(
    kind: str, row: Mapping[str, Any], members: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    kept = {"kind": kind, "name_en": None, "place": None, "subkind": None, "village_code": None}
    kept |= members(row)
    texts = (kept["name"], kept["name_en"], kept["place"], row.get("code"))
    return {**kept, "searched": " ".join(text for text in texts if text).lower()}


def _village(row: Mapping[str, Any]) -> dict[str, Any]:
    place = " ".join(part for part in (row.get("county"), row.get("township")) if part)
    return {"id": row["code"], "name": row["name"], "place": place}


def _household(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": row["name"], "village_code": row.get("village_code")}


def _organisation(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": row["name"], "subkind": row.get("kind")}


def _station(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name_zh"],
        "name_en": row.get("name_en"),
        "place": row.get("code"),
        "subkind": row.get("kind"),
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    crop = row.get("crop")
    return {"id": row["id"], "name": row["name"], "subkind": row.get("kind"), "place": crop}
