"""As many records as wanted, for benches: made inside the database, in sets."""

import psycopg

from contracts.sql_files import beside
from ops.demo_data.figures import DEMO_SEED
from ops.demo_data.load import copy_rows
from ops.demo_data.places import divisions

_SQL = beside(__file__, "million.sql")
_LOAD = beside(__file__, "load.sql")
_STEPS = (
    "create_scratch_id",
    "create_subject_id",
    "create_person",
    "insert_people",
    "create_draft",
    "insert_served_household",
    "insert_assisted_organisation",
    "insert_training_report",
    "insert_promoted_item",
    "insert_income_line",
    "insert_technician_training",
    "insert_base_establishment",
    "insert_record",
)


def seed_records(superuser_conninfo: str, count: int, seed: int = DEMO_SEED) -> None:
    """Fill an empty, migrated scratch database with `count` records over 2021 to 2025.

    The mix of forms and decisions is about that of the demo, with all facts; there are no reviews
    and no revisions. One transaction; statistics are gathered at its end.
    """
    values = {"count": count, "seed": seed % 2**31}
    with psycopg.connect(superuser_conninfo) as connection:
        connection.execute(_SQL["prepare"])
        connection.execute(_SQL["start_chance"], values)
        places = [(d.code, d.name, d.level, d.parent_code) for d in divisions()]
        copy_rows(connection, "division", places)
        for step in _STEPS:
            # Composed by the client: a statement that defines a function takes no parameters.
            psycopg.ClientCursor(connection).execute(_SQL[step], values)
        connection.execute(_LOAD["analyze"])
