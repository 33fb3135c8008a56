import psycopg
import pytest

from ops.embedded.database import DatabaseAddresses
from ops.embedded.postgres import Cluster

pytestmark = pytest.mark.database


def test_every_table_view_and_unit_bearing_column_is_described(database: DatabaseAddresses) -> None:
    with psycopg.connect(database.superuser) as connection:
        undescribed = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p', 'v') and obj_description(oid) is null"
            " and not relispartition"
        ).fetchall()
    assert undescribed == []


def test_reading_is_a_hypertable_exactly_where_timescale_is(
    cluster: Cluster, database: DatabaseAddresses
) -> None:
    with psycopg.connect(database.superuser) as connection:
        kind = connection.execute(
            "select relkind from pg_class where relname = 'reading'"
        ).fetchone()
    assert kind == (("r",) if cluster.programs.timescale else ("p",))
