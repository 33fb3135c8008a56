"""The records made for benches: as many as asked for, whole, and like real ones."""

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from contracts.form_schema import check_record, load_catalogue
from contracts.forms import FORMS
from ops.demo_data.million import seed_records
from ops.embedded.database import DatabaseAddresses
from server.records.facts import derive_facts

pytestmark = pytest.mark.database

COUNT = 20_000
RECORDS = """
select r.id, r.form, r.field_values, t.session_key, t.attendance, p.item_id, i.household_id,
    i.year, i.product, i.gain_yuan, i.has_baseline, k.name, k.birth_year, b.station_id,
    (select array_agg(household_id) from served_household s where s.record_id = r.id) as households,
    (select array_agg(organisation_id) from assisted_organisation o where o.record_id = r.id)
        as organisations
from record r
left join training_report t on t.record_id = r.id
left join promoted_item p on p.record_id = r.id
left join income_line i on i.record_id = r.id
left join technician_training x on x.record_id = r.id
left join technician k on k.id = x.technician_id
left join base_establishment b on b.record_id = r.id
"""


@pytest.fixture
def seeded(database: DatabaseAddresses) -> DatabaseAddresses:
    seed_records(database.superuser, COUNT, seed=3)
    return database


def test_records_are_valid_linked_and_agree_with_their_facts(seeded: DatabaseAddresses) -> None:
    catalogue = load_catalogue()
    with psycopg.connect(seeded.superuser, row_factory=dict_row) as connection:
        rows = connection.execute(RECORDS).fetchall()
        _expect_keys_to_hold(connection)
    assert len(rows) == COUNT
    assert {row["form"] for row in rows} == set(FORMS)
    for row in rows:
        assert check_record(catalogue[row["form"]], row["field_values"], date(2026, 1, 1)) == []
        _expect_facts(row)


def _expect_facts(row: dict[str, Any]) -> None:
    facts = derive_facts(FORMS[row["form"]].model_validate(row["field_values"]))
    assert set(facts.households) == set(row["households"] or ())
    assert set(facts.organisations) == set(row["organisations"] or ())
    assert facts.item_id == row["item_id"]
    assert facts.base_station_id == row["station_id"]
    if facts.training:
        assert (facts.training.session_key, facts.training.attendance) == (
            row["session_key"], row["attendance"],
        )  # fmt: skip
    if line := facts.income:
        assert (line.household_id, line.year, line.product) == (
            row["household_id"], row["year"], row["product"],
        )  # fmt: skip
        assert (line.gain_yuan, line.has_baseline) == (row["gain_yuan"], row["has_baseline"])
    if facts.technician:
        assert (facts.technician.name, facts.technician.birth_year) == (
            row["name"], row["birth_year"],
        )  # fmt: skip


def _expect_keys_to_hold(connection: psycopg.Connection[Any]) -> None:
    """Foreign keys were not looked up while filling: have the database look them all up now."""
    keys = connection.execute(
        "select conrelid::regclass::text as name, conname, pg_get_constraintdef(oid) as definition"
        " from pg_constraint where contype = 'f' and conrelid::regclass::text = any(%s)",
        [["record", "served_household", "assisted_organisation", "training_report",
          "promoted_item", "income_line", "technician_training", "base_establishment",
          "correspondent_village", "household", "technician", "organisation"]],
    ).fetchall()  # fmt: skip
    assert len(keys) > 15
    for key in keys:
        connection.execute(f"alter table {key['name']} drop constraint {key['conname']}")
        connection.execute(
            f"alter table {key['name']} add constraint {key['conname']} {key['definition']}"
        )


def test_one_seed_gives_one_set_of_records(seeded: DatabaseAddresses) -> None:
    digest = "select md5(string_agg(id::text || body_sha256::text, '' order by id)) from record"
    with psycopg.connect(seeded.superuser) as connection:
        first = connection.execute(digest).fetchone()
        connection.execute(
            "truncate division, station, correspondent, account, household, organisation,"
            " catalogue_item, technician, record cascade"
        )
        connection.commit()
        seed_records(seeded.superuser, COUNT, seed=3)
        assert connection.execute(digest).fetchone() == first
