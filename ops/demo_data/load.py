"""Load the demo into an empty, migrated database, all of it or nothing."""

import psycopg
from argon2 import PasswordHasher

from contracts.sql_files import beside
from contracts.texts import mark
from ops.demo_data.figures import DEMO_SEED
from ops.demo_data.generate import Progress, generate
from ops.demo_data.roster import DEMO_PASSWORD
from ops.demo_data.rows import DemoData
from ops.demo_data.tables import Row, record_tables, register_tables
from ops.demo_data.targets import REPORTED_FIGURES, TARGETS

LOADING = mark("正在写入演示数据")
_SQL = beside(__file__, "load.sql")


def is_seeded(conninfo: str) -> bool:
    """Whether the database has a roster: the demo's, or somebody's own.

    `conninfo` is that of the superuser or of tepai_report; other roles see no row without an actor.
    """
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(_SQL["has_correspondents"]).fetchone()
        return row is not None and bool(row[0])


def seed_demo(
    superuser_conninfo: str, progress: Progress | None = None, seed: int = DEMO_SEED
) -> None:
    """Generate the demo and load it by COPY in one transaction; an interrupted run leaves nothing.

    Parameters
    ----------
    superuser_conninfo
        Row security bars every other role from COPY.
    progress
        Called with what is being done (Chinese, a message id), steps done and steps in all.
    """
    load(superuser_conninfo, generate(seed, progress), progress)


def load(superuser_conninfo: str, data: DemoData, progress: Progress | None = None) -> None:
    """Load what `generate` made; see `seed_demo`."""
    # One hash for all: each takes argon2 as long as a sign-in.
    password_hash = PasswordHasher().hash(DEMO_PASSWORD)
    tables = [*register_tables(data, password_hash), *record_tables(data)]
    total = sum(len(rows) for _, rows in tables)
    done = 0
    with psycopg.connect(superuser_conninfo) as connection:
        for table, rows in tables:
            copy_rows(connection, table, rows)
            done += len(rows)
            if progress is not None:
                progress(LOADING, done, total)
        for target in TARGETS:
            connection.execute(_SQL["insert_target"], target)
        for figure in REPORTED_FIGURES:
            connection.execute(_SQL["insert_reported_figure"], figure)
        connection.execute(_SQL["analyze"])


def copy_rows(connection: psycopg.Connection, table: str, rows: list[Row]) -> None:
    """Append the rows to the table; they are in the column order of `load.sql`."""
    with connection.cursor() as cursor, cursor.copy(_SQL[f"copy_{table}"]) as copy:
        for row in rows:
            copy.write_row(row)
