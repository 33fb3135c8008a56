"""Verified records in two counties, some of them of the same things."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from contracts.ids import new_id
from ops.embedded.database import DatabaseAddresses
from tests.server.people import World

AddRecord = Callable[..., UUID]


@pytest.fixture
def add_record(database: DatabaseAddresses, world: World) -> AddRecord:
    """Insert a record with facts; returns its id."""

    def add(
        occurred_on: date = date(2024, 5, 1),
        *,
        far: bool = False,
        status: str = "verified",
        households: tuple[UUID, ...] = (),
        organisations: tuple[UUID, ...] = (),
        item: tuple[UUID, str] | None = None,
        session: tuple[str, int] | None = None,
        income: tuple[UUID, str, Decimal, bool] | None = None,
    ) -> UUID:
        id_ = new_id()
        who = world.other_correspondent if far else world.correspondent
        village = world.far_village if far else world.village
        common = (id_, who, village[:6])
        with psycopg.connect(database.superuser) as db:
            db.execute(
                "insert into record (id, form, form_version, correspondent_id, county_code,"
                " village_code, occurred_on, service_days, status, field_values, body_sha256,"
                " captured_at) values (%s, 'visit', 1, %s, %s, %s, %s, 1, %s,"
                " '{\"title\": \"赤霉病防控\"}', decode(repeat('00', 32), 'hex'), now())",
                (id_, who, village[:6], village, occurred_on, status),
            )
            columns = "(record_id, correspondent_id, county_code"
            for household in households:
                db.execute(
                    f"insert into served_household {columns}, household_id)"
                    " values (%s, %s, %s, %s)",
                    (*common, household),
                )
            for organisation in organisations:
                db.execute(
                    f"insert into assisted_organisation {columns}, organisation_id)"
                    " values (%s, %s, %s, %s)",
                    (*common, organisation),
                )
            if item:
                db.execute(
                    f"insert into promoted_item {columns}, item_id, kind)"
                    " values (%s, %s, %s, %s, %s)",
                    (*common, *item),
                )
            if session:
                db.execute(
                    f"insert into training_report {columns}, session_key, attendance)"
                    " values (%s, %s, %s, %s, %s)",
                    (*common, *session),
                )
            if income:
                household, product, gain, has_baseline = income
                db.execute(
                    f"insert into income_line {columns}, household_id, year, product, gain_yuan,"
                    " has_baseline) values (%s, %s, %s, %s, %s, %s, %s, %s)",
                    (*common, household, occurred_on.year, product, gain, has_baseline),
                )
        return id_

    return add
