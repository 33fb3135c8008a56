"""The demo in the database: the same figures by plain SQL, logins that work, all or nothing."""

from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from argon2 import PasswordHasher

from ops.demo_data.figures import COUNTIES, PLAN_FIGURES
from ops.demo_data.load import LOADING, is_seeded, load
from ops.demo_data.rows import DemoData
from ops.embedded.database import DatabaseAddresses, provide_database
from ops.embedded.postgres import Cluster

pytestmark = pytest.mark.database

FIGURES = """
with counted as (
    select * from record
    where status = 'verified' and occurred_on between '2021-01-01' and '2025-12-31'
), session as (
    select t.session_key, max(t.attendance) as attendance
    from training_report t join counted c on c.id = t.record_id group by 1
), line as (
    select distinct on (i.household_id, i.year, i.product) i.gain_yuan
    from income_line i join counted c on c.id = i.record_id
    where i.has_baseline
    order by i.household_id, i.year, i.product, c.occurred_on desc, c.id desc
)
select
    (select count(distinct household_id) from served_household
     where record_id in (select id from counted)) as households_led,
    (select count(distinct item_id) from promoted_item
     where kind = 'technology' and record_id in (select id from counted)) as technologies_promoted,
    (select count(distinct item_id) from promoted_item
     where kind = 'variety' and record_id in (select id from counted)) as varieties_introduced,
    (select count(distinct station_id) from base_establishment
     where record_id in (select id from counted)) as demo_bases_built,
    (select count(*) from session) as training_sessions,
    (select sum(attendance) from session) as trainee_person_times,
    (select count(distinct o.id) from organisation o
     join assisted_organisation a on a.organisation_id = o.id
     where o.kind in ('enterprise', 'cooperative')
       and a.record_id in (select id from counted)) as organisations_assisted,
    (select count(distinct technician_id) from technician_training
     where record_id in (select id from counted)) as technicians_trained,
    (select sum(gain_yuan) / 10000 from line) as household_income_gain
"""


@pytest.fixture(scope="module")
def seeded(cluster: Cluster, demo: DemoData) -> Iterator[DatabaseAddresses]:
    addresses = provide_database(cluster, "demo_data_loaded")
    load(addresses.superuser, demo)
    yield addresses
    with psycopg.connect(cluster.superuser, autocommit=True) as admin:
        admin.execute("drop database demo_data_loaded with (force)")


def test_sql_over_the_database_gives_exactly_the_plans_figures(seeded: DatabaseAddresses) -> None:
    with psycopg.connect(seeded.report) as connection:
        cursor = connection.execute(FIGURES)
        row = cursor.fetchone()
        assert row is not None
        names = [column.name for column in cursor.description or []]
    assert {name: Decimal(value) for name, value in zip(names, row, strict=True)} == PLAN_FIGURES


def test_every_record_arrived_with_its_history(seeded: DatabaseAddresses, demo: DemoData) -> None:
    with psycopg.connect(seeded.superuser) as connection:
        row = connection.execute(
            "select (select count(*) from record), (select count(*) from review),"
            " (select count(*) from record_revision), (select count(*) from household)"
        ).fetchone()
    assert row == (
        len(demo.records),
        sum(len(record.reviews) for record in demo.records),
        sum(len(record.revisions) for record in demo.records),
        len(demo.households),
    )


def test_the_demo_logins_have_the_demo_password(seeded: DatabaseAddresses) -> None:
    counties = [f"county-{code}" for code in COUNTIES]
    wanted = ["admin", "auditor", "city", *counties, "kejite001", "kejite002", "kejite003", "park"]
    with psycopg.connect(seeded.superuser) as connection:
        found = connection.execute(
            "select username, password_hash from account where username = any(%s) order by 1",
            [wanted],
        ).fetchall()
        hashes = connection.execute("select count(distinct password_hash) from account").fetchone()
    assert [name for name, _ in found] == wanted
    assert hashes == (1,)
    assert PasswordHasher().verify(found[0][1], "tepai-demo")


@pytest.mark.parametrize(
    ("username", "stations", "records"),
    [
        ("city", 14, 52_000),
        ("park", 4, 0),
        ("county-341323", 4, 10_000),
        ("kejite001", 5, 90),
        ("kejite004", 4, 90),
    ],
)
def test_each_login_sees_what_is_its_own(
    seeded: DatabaseAddresses, username: str, stations: int, records: int
) -> None:
    with psycopg.connect(seeded.superuser) as admin:
        actor = admin.execute("select id from account where username = %s", [username]).fetchone()
    assert actor is not None
    with psycopg.connect(seeded.web) as web:
        web.execute("select set_config('app.actor_id', %s, true)", [str(actor[0])])
        row = web.execute(
            "select (select count(*) from station), (select count(*) from record)"
        ).fetchone()
    assert row is not None
    assert row[0] == stations
    assert records <= row[1] <= records * 1.8


def test_a_correspondents_households_are_in_the_villages_served(seeded: DatabaseAddresses) -> None:
    with psycopg.connect(seeded.superuser) as connection:
        strangers = connection.execute(
            "select count(*) from served_household s join household h on h.id = s.household_id"
            " join record r on r.id = s.record_id where r.form = 'visit' and not exists"
            " (select from correspondent_village v where v.correspondent_id = s.correspondent_id"
            " and v.village_code = h.village_code)"
        ).fetchone()
    assert strangers == (0,)


def test_an_interrupted_seed_leaves_nothing(database: DatabaseAddresses, demo: DemoData) -> None:
    def interrupt(step: str, done: int, total: int) -> None:
        if step == LOADING and done > total // 10:
            raise KeyboardInterrupt

    assert not is_seeded(database.superuser)
    with pytest.raises(KeyboardInterrupt):
        load(database.superuser, demo, interrupt)
    assert not is_seeded(database.superuser)
    with psycopg.connect(database.superuser) as connection:
        assert connection.execute("select count(*) from division").fetchone() == (0,)


def test_a_loaded_database_counts_as_seeded(seeded: DatabaseAddresses) -> None:
    assert is_seeded(seeded.superuser)
    assert is_seeded(seeded.report)
