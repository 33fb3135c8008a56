"""What the pages of records show, gathered in the reader's language."""

from typing import Any
from uuid import UUID

from contracts.texts import Language, Translate
from server.db.pool import Actor, DictConnection
from server.records.listing import find_record, next_to_review, record_history
from server.records.references import references_of_records
from server.records.shown import form_title, shown_facts, shown_fields, summary
from server.reviews.review import REVIEWERS


def list_rows(
    connection: DictConnection, records: list[dict[str, Any]], language: Language
) -> list[dict[str, Any]]:
    """Rows of the list with the form's title and a summary each."""
    found = references_of_records(connection, records)
    return [
        {
            **record,
            "form_title": form_title(record["form"], language),
            "summary": summary(record, found, language),
        }
        for record in records
    ]


def record_context(
    connection: DictConnection,
    actor: Actor,
    record_id: UUID,
    language: Language,
    translate: Translate,
) -> dict[str, Any]:
    """Everything on the page of one record.

    Raises
    ------
    NotFound
        If it is not the actor's to see.
    """
    record = find_record(connection, record_id)
    history = record_history(connection, record_id)
    versions = [version for version in history if version["field_values"] is not None]
    found = references_of_records(
        connection, [{**version, "form": record["form"]} for version in versions]
    )
    form, values = record["form"], record["field_values"]
    for entry in history:
        entry["changes"] = _changes(entry, versions, form, found, language)
    latest = next((entry for entry in reversed(history) if entry["what"] != "received"), None)
    may_review = actor.role in REVIEWERS
    return {
        "record": record,
        "form_title": form_title(form, language),
        "fields": shown_fields(form, values, found, language),
        "facts": shown_facts(form, values, found, language, translate),
        "history": history,
        "labels": {f.name: f.label for f in shown_fields(form, values, found, language)},
        "latest": latest,
        "may_review": may_review,
        "following": next_to_review(connection, record_id) if may_review else None,
    }


def _changes(
    entry: dict[str, Any],
    versions: list[dict[str, Any]],
    form: str,
    found: Any,
    language: Language,
) -> list[tuple[str, str, str]]:
    """Label, old and new text of each field that a version changed against the one before."""
    if entry not in versions or versions.index(entry) == 0:
        return []
    before = versions[versions.index(entry) - 1]
    pairs = zip(
        shown_fields(form, before["field_values"], found, language),
        shown_fields(form, entry["field_values"], found, language),
        strict=True,
    )
    return [(old.label, old.text or "–", new.text or "–") for old, new in pairs if old != new]
