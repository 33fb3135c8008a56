"""Writes records with their typed facts and audit lines; the caller holds the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from contracts.forms import FORMS
from contracts.sql_files import beside
from server.db.pool import Actor, DictConnection
from server.records.body_hash import body_sha256
from server.records.facts import Facts, derive_facts
from server.records.pushed import Pushed

_SQL = beside(__file__, "write.sql")
_FACT_TABLES = (
    "served_household",
    "assisted_organisation",
    "training_report",
    "promoted_item",
    "income_line",
    "technician_training",
    "base_establishment",
)


class Overtaken(Exception):  # noqa: N818 - a signal, not a failure
    """The stored record is no longer what the decision was based on."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A record in order, with what it will be stored as."""

    pushed: Pushed
    facts: Facts
    sha256: bytes


def make_ready(pushed: Pushed) -> Ready:
    """The record with its facts and hash; its values must have passed their form."""
    filled = {name: value for name, value in pushed.values.items() if value not in (None, "", [])}
    facts = derive_facts(FORMS[pushed.form].model_validate(filled))
    return Ready(pushed, facts, body_sha256(pushed.form, pushed.form_version, pushed.values))


def write_new(connection: DictConnection, actor: Actor, records: Sequence[Ready]) -> None:
    """Insert records, facts and audit lines in a fixed number of round trips.

    Raises
    ------
    psycopg.errors.UniqueViolation
        If one of the ids is taken; nothing of this call is then kept by a savepoint's end.
    """
    with connection.cursor() as cursor:
        cursor.executemany(_SQL["insert_record"], [_record_row(actor, ready) for ready in records])
    _write_facts(connection, actor, records)
    _write_audit(connection, actor, "record.submitted", records)


def write_revision(connection: DictConnection, actor: Actor, ready: Ready) -> None:
    """Put a corrected version in the place of a returned record; the old one becomes history.

    Raises
    ------
    Overtaken
        If the record is no longer returned, or has another revision by now.
    """
    row = _record_row(actor, ready)
    connection.execute(_SQL["insert_record_revision"], row)
    if connection.execute(_SQL["update_returned_record"], row).rowcount == 0:
        raise Overtaken
    for table in _FACT_TABLES:
        connection.execute(_SQL[f"delete_{table}"], {"record_id": ready.pushed.id})
    _write_facts(connection, actor, [ready])
    _write_audit(connection, actor, "record.resubmitted", [ready])


def _record_row(actor: Actor, ready: Ready) -> dict[str, Any]:
    pushed, values = ready.pushed, ready.pushed.values
    return {
        "id": pushed.id,
        "form": pushed.form,
        "form_version": pushed.form_version,
        "correspondent_id": actor.correspondent_id,
        "county_code": values["village"][:6],
        "village_code": values["village"],
        "occurred_on": values["occurred_on"],
        "service_mode": values.get("service_mode") or None,
        "service_days": values.get("service_days") or 0,
        "field_values": Jsonb(dict(values)),
        "body_sha256": ready.sha256,
        "captured_at": pushed.captured_at,
        "revision": pushed.revision,
    }


def _write_facts(connection: DictConnection, actor: Actor, records: Sequence[Ready]) -> None:
    by_query: dict[str, list[dict[str, Any]]] = {}
    for ready in records:
        base = {
            "record_id": ready.pushed.id,
            "correspondent_id": actor.correspondent_id,
            "county_code": ready.pushed.values["village"][:6],
        }
        for query, row in _fact_rows(ready.facts):
            by_query.setdefault(query, []).append({**base, **row})
    with connection.cursor() as cursor:
        for query, rows in by_query.items():
            cursor.executemany(_SQL[query], rows)


def _fact_rows(facts: Facts) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if facts.households:
        found.append(("insert_served_households", {"households": list(facts.households)}))
    if facts.organisations:
        found.append(
            ("insert_assisted_organisations", {"organisations": list(facts.organisations)})
        )
    if training := facts.training:
        row = {"session_key": training.session_key, "attendance": training.attendance}
        found.append(("insert_training_report", row))
    if facts.item_id:
        row = {"item_id": facts.item_id, "area_mu": facts.item_area_mu}
        found.append(("insert_promoted_item", row))
    if income := facts.income:
        row = {
            "household_id": income.household_id,
            "year": income.year,
            "product": income.product,
            "gain_yuan": income.gain_yuan,
            "has_baseline": income.has_baseline,
        }
        found.append(("insert_income_line", row))
    if person := facts.technician:
        row = {
            "name": person.name,
            "village_code": person.village_code,
            "birth_year": person.birth_year,
        }
        found.append(("insert_technician", row))
        found.append(("insert_technician_training", row))
    if facts.base_station_id:
        found.append(("insert_base_establishment", {"station_id": facts.base_station_id}))
    return found


def _write_audit(
    connection: DictConnection, actor: Actor, action: str, records: Sequence[Ready]
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            _SQL["insert_record_audit_line"],
            [
                {
                    "actor_id": actor.account_id,
                    "action": action,
                    "record_id": str(ready.pushed.id),
                    "detail": Jsonb(
                        {"revision": ready.pushed.revision, "sha256": ready.sha256.hex()}
                    ),
                }
                for ready in records
            ],
        )
