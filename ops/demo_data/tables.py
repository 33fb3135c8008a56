"""The rows of every table, in the column order of `load.sql`."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.forms import FORMS
from ops.demo_data.rows import DemoData, DemoRecord
from ops.demo_data.stations import PARK_MANAGER_STATIONS
from server.records.facts import TechnicianTraining

Row = tuple[Any, ...]
Rows = Iterator[Row] | list[Row]


def register_tables(data: DemoData, password_hash: str) -> Iterator[tuple[str, list[Row]]]:
    """Places, people and subjects: table and rows, parents before children."""
    yield "division", [(d.code, d.name, d.level, d.parent_code) for d in data.divisions]
    yield from _station_tables(data)
    yield from _people_tables(data, password_hash)
    yield (
        "household",
        [
            (one.id, one.village_code, one.village_code[:6], one.head_name)
            for one in data.households
        ],
    )
    yield "organisation", [(o.id, o.name, o.kind, o.county_code) for o in data.organisations]
    yield "catalogue_item", [(item.id, item.kind, item.name, item.crop) for item in data.items]
    yield (
        "technician",
        [
            (one.id, one.name, one.village_code, one.village_code[:6], one.birth_year)
            for one in data.technicians
        ],
    )


def _station_tables(data: DemoData) -> Iterator[tuple[str, list[Row]]]:
    yield "station", [
        (
            placed.id, placed.station.code, placed.station.kind, placed.station.name_zh,
            placed.station.name_en, placed.station.county_code, placed.station.grade,
            placed.longitude, placed.latitude,
        )
        for placed in data.stations
    ]  # fmt: skip
    devices = [
        (id_, placed.id, device)
        for placed in data.stations
        for id_, device in zip(placed.device_ids, placed.station.devices, strict=True)
    ]
    yield (
        "device",
        [
            (id_, station_id, device.code, device.name_zh, device.name_en, device.report_interval_s)
            for id_, station_id, device in devices
        ],
    )
    yield (
        "sensor",
        [
            (id_, one.code, one.quantity, one.position_m, one.label_zh, one.label_en)
            for id_, _, device in devices
            for one in device.sensors
        ],
    )


def _people_tables(data: DemoData, password_hash: str) -> Iterator[tuple[str, list[Row]]]:
    roster = data.correspondents
    yield "correspondent", [(p.id, p.name, p.level, p.specialty, p.county_code) for p in roster]
    yield (
        "correspondent_village",
        [(person.id, village) for person in roster for village in dict.fromkeys(person.villages)],
    )
    yield "account", [
        (
            one.id, one.username, password_hash, one.display_name, one.role, one.county_code,
            one.correspondent_id,
        )
        for one in data.accounts
    ]  # fmt: skip
    manager = next(one.id for one in data.accounts if one.role == "park_manager")
    yield (
        "station_manager",
        [
            (manager, placed.id)
            for placed in data.stations
            if placed.station.code in PARK_MANAGER_STATIONS
        ],
    )


def record_tables(data: DemoData) -> Iterator[tuple[str, list[Row]]]:
    """Records, their history and their facts: table and rows, parents before children."""
    yield "record", [_record_row(record) for record in data.records]
    yield "record_revision", [
        (
            record.id, old.revision, *_owner(record), _json(old.values), old.body_sha256,
            old.captured_at, old.received_at,
        )
        for record in data.records
        for old in record.revisions
    ]  # fmt: skip
    yield "review", [
        (
            one.id, record.id, one.revision, *_owner(record), one.decision, one.reason,
            list(one.fields), one.reviewer_id, one.reviewed_at,
        )
        for record in data.records
        for one in record.reviews
    ]  # fmt: skip
    yield from _fact_tables(data)


def _fact_tables(data: DemoData) -> Iterator[tuple[str, list[Row]]]:
    facts = [(record.id, record.facts, _owner(record)) for record in data.records]
    kinds = {item.id: item.kind for item in data.items}
    people = {
        TechnicianTraining(one.name, one.village_code, one.birth_year): one.id
        for one in data.technicians
    }
    yield (
        "served_household",
        [(id_, household, *owner) for id_, fact, owner in facts for household in fact.households],
    )
    yield (
        "assisted_organisation",
        [(id_, one, *owner) for id_, fact, owner in facts for one in fact.organisations],
    )
    yield (
        "training_report",
        [
            (id_, fact.training.session_key, fact.training.attendance, *owner)
            for id_, fact, owner in facts
            if fact.training
        ],
    )
    yield (
        "promoted_item",
        [
            (id_, fact.item_id, kinds[fact.item_id], fact.item_area_mu, *owner)
            for id_, fact, owner in facts
            if fact.item_id
        ],
    )
    yield (
        "income_line",
        [
            (
                id_,
                line.household_id,
                line.year,
                line.product,
                line.gain_yuan,
                line.has_baseline,
                *owner,
            )
            for id_, fact, owner in facts
            if (line := fact.income)
        ],
    )
    yield (
        "technician_training",
        [(id_, people[fact.technician], *owner) for id_, fact, owner in facts if fact.technician],
    )
    yield (
        "base_establishment",
        [(id_, fact.base_station_id, *owner) for id_, fact, owner in facts if fact.base_station_id],
    )


def _owner(record: DemoRecord) -> tuple[UUID, str]:
    return record.correspondent.id, record.correspondent.county_code


def _record_row(record: DemoRecord) -> Row:
    values = record.values
    return (
        record.id, record.form, FORMS[record.form].VERSION, *_owner(record), values["village"],
        record.occurred_on, values["service_mode"], values.get("service_days", 0), record.status,
        record.revision, _json(values), record.body_sha256, record.captured_at,
        record.received_at,
    )  # fmt: skip


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
