"""Small worlds of records in which everything repeats, for holding two counts equal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import psycopg
from hypothesis import strategies as st

CORRESPONDENTS = {
    UUID(int=1): ("county", "livestock", "341302"),
    UUID(int=2): ("city", "livestock", "341302"),
    UUID(int=3): ("city", "machinery", "341321"),
}
VILLAGES = ("341302001001", "341302002001", "341321001001")
HOUSEHOLDS = tuple(UUID(int=100 + n) for n in range(4))
ORGANISATIONS = {
    UUID(int=200): "enterprise",
    UUID(int=201): "cooperative",
    UUID(int=202): "family_farm",
}
ITEMS = {UUID(int=300): "technology", UUID(int=301): "technology", UUID(int=302): "variety"}
TECHNICIANS = tuple(UUID(int=400 + n) for n in range(2))
STATIONS = tuple(UUID(int=500 + n) for n in range(2))


@dataclass(frozen=True)
class RandomRecord:
    """One record with the facts of its form."""

    id: UUID
    correspondent: UUID
    village: str
    occurred_on: date
    mode: str | None
    status: str
    days: Decimal
    households: frozenset[UUID]
    organisations: frozenset[UUID]
    session: tuple[str, int] | None
    item: UUID | None
    income: tuple[UUID, str, Decimal, bool] | None
    technician: UUID | None
    station: UUID | None


def _maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


_cents = st.integers(-500_000, 500_000).map(lambda cents: Decimal(cents).scaleb(-2))
random_records = st.lists(
    st.builds(
        RandomRecord,
        id=st.uuids(version=4),
        correspondent=st.sampled_from(list(CORRESPONDENTS)),
        village=st.sampled_from(VILLAGES),
        # Few days, so that the latest of several is often a tie; ends of years among them.
        occurred_on=st.sampled_from(
            [date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2022, 6, 1)]
        ),
        mode=st.sampled_from([None, "enterprise", "family_farm"]),
        status=st.sampled_from(["verified", "verified", "verified", "submitted", "returned"]),
        days=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("1.25")]),
        households=st.frozensets(st.sampled_from(HOUSEHOLDS), max_size=3),
        organisations=st.frozensets(st.sampled_from(list(ORGANISATIONS)), max_size=2),
        session=_maybe(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 90))),
        item=_maybe(st.sampled_from(list(ITEMS))),
        income=_maybe(
            st.tuples(
                st.sampled_from(HOUSEHOLDS[:2]),
                st.sampled_from(["wheat", "maize"]),
                _cents,
                st.booleans(),
            )
        ),
        technician=_maybe(st.sampled_from(TECHNICIANS)),
        station=_maybe(st.sampled_from(STATIONS)),
    ),
    max_size=25,
    unique_by=lambda record: record.id,
)


def insert_subjects(db: psycopg.Connection) -> None:
    """Divisions, people and things that the records are about."""
    db.execute(
        "insert into division values ('341300', '宿州市', 'city', null),"
        " ('341302', '埇桥区', 'county', '341300'), ('341321', '砀山县', 'county', '341300'),"
        " ('341302001', '甲镇', 'township', '341302'), ('341302002', '乙镇', 'township', '341302'),"
        " ('341321001', '丙镇', 'township', '341321'), ('341302001001', '一村', 'village',"
        " '341302001'), ('341302002001', '二村', 'village', '341302002'),"
        " ('341321001001', '三村', 'village', '341321001')"
    )
    for id_, (level, specialty, county) in CORRESPONDENTS.items():
        db.execute(
            "insert into correspondent (id, name, level, specialty, county_code)"
            " values (%s, '示例', %s, %s, %s)",
            (id_, level, specialty, county),
        )
    for id_ in HOUSEHOLDS:
        db.execute(
            "insert into household (id, village_code, county_code, head_name)"
            " values (%s, '341302001001', '341302', '示例')",
            (id_,),
        )
    for id_, kind in ORGANISATIONS.items():
        db.execute(
            "insert into organisation (id, name, kind, county_code) values (%s, %s, %s, '341302')",
            (id_, str(id_), kind),
        )
    for id_, kind in ITEMS.items():
        db.execute(
            "insert into catalogue_item (id, kind, name) values (%s, %s, %s)", (id_, kind, str(id_))
        )
    for year, id_ in enumerate(TECHNICIANS, 1970):
        db.execute(
            "insert into technician (id, name, village_code, county_code, birth_year)"
            " values (%s, '示例', '341302001001', '341302', %s)",
            (id_, year),
        )
    for id_ in STATIONS:
        db.execute(
            "insert into station (id, code, kind, name_zh, name_en, county_code)"
            " values (%s, %s, 'base', '示例基地', 'Sample base', '341302')",
            (id_, f"base-{id_.int}"),
        )


def insert_record(db: psycopg.Connection, record: RandomRecord) -> None:
    """The record and its facts."""
    county = record.village[:6]
    db.execute(
        "insert into record (id, form, form_version, correspondent_id, county_code, village_code,"
        " occurred_on, service_mode, service_days, status, field_values, body_sha256, captured_at)"
        " values (%s, 'visit', 1, %s, %s, %s, %s, %s, %s, %s, '{}',"
        " decode(repeat('00', 32), 'hex'), now())",
        (
            record.id,
            record.correspondent,
            county,
            record.village,
            record.occurred_on,
            record.mode,
            record.days,
            record.status,
        ),
    )
    who = (record.correspondent, county)
    for table, values in _facts(record):
        places = ", ".join(["%s"] * (len(values) + 3))
        columns = {
            "served_household": "household_id",
            "assisted_organisation": "organisation_id",
            "training_report": "session_key, attendance",
            "promoted_item": "item_id, kind",
            "income_line": "household_id, year, product, gain_yuan, has_baseline",
            "technician_training": "technician_id",
            "base_establishment": "station_id",
        }[table]
        db.execute(
            f"insert into {table} (record_id, correspondent_id, county_code, {columns})"
            f" values ({places})",
            (record.id, *who, *values),
        )


def _facts(record: RandomRecord) -> list[tuple[str, tuple[object, ...]]]:
    facts: list[tuple[str, tuple[object, ...]]] = []
    facts += [("served_household", (household,)) for household in record.households]
    facts += [("assisted_organisation", (id_,)) for id_ in record.organisations]
    if record.session:
        facts.append(("training_report", record.session))
    if record.item:
        facts.append(("promoted_item", (record.item, ITEMS[record.item])))
    if record.income:
        household, product, gain, has_baseline = record.income
        year = record.occurred_on.year
        facts.append(("income_line", (household, year, product, gain, has_baseline)))
    if record.technician:
        facts.append(("technician_training", (record.technician,)))
    if record.station:
        facts.append(("base_establishment", (record.station,)))
    return facts
