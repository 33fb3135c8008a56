"""The server's SQL and the pandas of `analytics` count the same, whatever the records are."""

from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from analytics.annual import AnnualTotals, annual_totals, select_records
from analytics.frames import Export, read_export, read_frames
from ops.demo_data import seed_demo
from ops.demo_data.figures import PLAN_FIGURES
from ops.embedded.database import DatabaseAddresses, provide_database
from ops.embedded.postgres import Cluster
from server.totals.count import Totals, count_indicators, count_parts
from server.totals.places import find_city, find_division
from server.totals.scope import Division, Filters, Period, Scope
from tests.analytics.random_world import (
    CORRESPONDENTS,
    RandomRecord,
    insert_record,
    insert_subjects,
    random_records,
)

pytestmark = pytest.mark.database
COUNTIES = ("341302", "341321", "341322", "341323", "341324")


def assert_equal(sql: Totals, frames: AnnualTotals) -> None:
    assert dict(sql.indicators) == dict(frames.indicators)
    assert dict(sql.pair_counts) == dict(frames.pair_counts)
    assert sql.income_gain_estimated == frames.income_gain_estimated
    beside = (sql.correspondents, sql.villages, sql.records, sql.service_days)
    assert beside == (frames.correspondents, frames.villages, frames.records, frames.service_days)


@pytest.fixture(scope="module")
def demo(cluster: Cluster) -> DatabaseAddresses:
    addresses = provide_database(cluster, "demo_for_annual")
    seed_demo(addresses.superuser)
    return addresses


@pytest.fixture(scope="module")
def report(demo: DatabaseAddresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(demo.report, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture(scope="module")
def export(demo: DatabaseAddresses) -> Export:
    return read_export(demo.report)


def test_both_give_the_plans_figures_over_the_five_years(
    report: psycopg.Connection, export: Export
) -> None:
    sql = count_indicators(report, Scope(Period(2021, 2025)))
    assert dict(sql.indicators) == dict(PLAN_FIGURES)
    assert_equal(sql, annual_totals(export, select_records(export, 2021, 2025)))


@pytest.mark.parametrize("year", range(2021, 2026))
def test_each_year_is_counted_alike(report: psycopg.Connection, export: Export, year: int) -> None:
    sql = count_indicators(report, Scope(Period(year, year)))
    assert sql.indicators["households_led"] > 0
    assert_equal(sql, annual_totals(export, select_records(export, year, year)))


@pytest.mark.parametrize("county", COUNTIES)
def test_each_county_is_counted_alike(
    report: psycopg.Connection, export: Export, county: str
) -> None:
    filters = Filters(division=find_division(report, county))
    sql = count_indicators(report, Scope(Period(2021, 2025), filters))
    assert sql.indicators["households_led"] > 0
    assert_equal(sql, annual_totals(export, select_records(export, 2021, 2025, division=county)))


def test_parts_by_year_and_county_are_the_same_as_counting_each(
    report: psycopg.Connection, export: Export
) -> None:
    scope = Scope(Period(2021, 2025))
    for year, totals in count_parts(report, scope, "year").items():
        assert_equal(totals, annual_totals(export, select_records(export, int(year), int(year))))
    counties = count_parts(report, scope, "county")
    assert tuple(counties) == COUNTIES
    for county, totals in counties.items():
        frames = annual_totals(export, select_records(export, 2021, 2025, division=county))
        assert_equal(totals, frames)


def test_the_citys_code_takes_in_all_its_counties(
    report: psycopg.Connection, export: Export
) -> None:
    city = find_city(report)
    assert city is not None
    sql = count_indicators(report, Scope(Period(2021, 2025), Filters(division=city)))
    assert sql.records == count_indicators(report, Scope(Period(2021, 2025))).records
    assert_equal(sql, annual_totals(export, select_records(export, 2021, 2025, division=city.code)))


def test_a_naive_sum_of_the_demo_is_visibly_wrong(export: Export) -> None:
    assert len(export.served_household) > 2 * PLAN_FIGURES["households_led"]
    assert export.training_report["attendance"].sum() > PLAN_FIGURES["trainee_person_times"]


@pytest.fixture(scope="module")
def small(cluster: Cluster) -> Iterator[psycopg.Connection]:
    """A connection in whose transaction each example is played, then undone."""
    addresses = provide_database(cluster, "small_for_annual")
    with psycopg.connect(addresses.superuser) as connection:
        insert_subjects(connection)
        connection.commit()
        yield connection


_divisions = st.sampled_from(
    [
        None,
        Division("341300", "", "city"),
        Division("341302", "", "county"),
        Division("341302001", "", "township"),
        Division("341321001001", "", "village"),
    ]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=random_records,
    years=st.sampled_from([(2021, 2021), (2022, 2022), (2021, 2022), (2023, 2024)]),
    division=_divisions,
    level=st.sampled_from([None, "city", "county"]),
    specialty=st.sampled_from([None, "livestock"]),
    mode=st.sampled_from([None, "enterprise"]),
    correspondent=st.sampled_from([None, None, None, *CORRESPONDENTS]),
)
def test_random_worlds_are_counted_alike(
    small: psycopg.Connection,
    records: list[RandomRecord],
    years: tuple[int, int],
    division: Division | None,
    level: str | None,
    specialty: str | None,
    mode: str | None,
    correspondent: object,
) -> None:
    with small.transaction(force_rollback=True):
        for record in records:
            insert_record(small, record)
        small.execute("set local role tepai_report")
        export = read_frames(small)
        filters = Filters(division, correspondent, level, specialty, mode)  # type: ignore[arg-type]
        small.row_factory = dict_row
        sql = count_indicators(small, Scope(Period(*years), filters))
        small.row_factory = psycopg.rows.tuple_row
    frames = annual_totals(
        export,
        select_records(
            export,
            *years,
            division=division.code if division else "",
            level=level,
            specialty=specialty,
            mode=mode,
            correspondent=str(correspondent) if correspondent else None,
        ),
    )
    assert_equal(sql, frames)


def test_nothing_recorded_counts_to_zero(small: psycopg.Connection) -> None:
    with psycopg.connect(small.info.dsn, password=small.info.password, row_factory=dict_row) as db:
        totals = count_indicators(db, Scope(Period(2021, 2021)))
    assert set(totals.indicators.values()) == {0, Decimal("0.00")}
    assert totals.records == 0
