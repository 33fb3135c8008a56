"""Real PostgreSQL for every test that asks: one cluster a run, one cloned database a test.

TEPAI_TEST_TIER chooses the storage tier: "plain" (the wheel's PostgreSQL) or "timescale-apache"
(Debian's packages, unpacked privately). `./tepai test` runs the database tests on both.
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ops.embedded.database import DatabaseAddresses, database_addresses, provide_database
from ops.embedded.postgres import Cluster, Programs, wheel_programs

TEMPLATE = "tepai_template"
_numbers = itertools.count(1)


def _programs() -> Programs:
    tier = os.environ.get("TEPAI_TEST_TIER", "plain")
    if tier == "plain":
        return wheel_programs()
    from ops.embedded.timescale import debian_programs

    return debian_programs()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running cluster with a migrated template database; fast, because nothing in it lasts."""
    folder: Path = tmp_path_factory.mktemp("cluster")
    fast = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    cluster = Cluster(folder / "postgres", _programs(), fast)
    cluster.start()
    try:
        provide_database(cluster, TEMPLATE)
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def database(cluster: Cluster) -> Iterator[DatabaseAddresses]:
    """A database of this test's own, empty but migrated."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(cluster.superuser, autocommit=True) as admin:
        admin.execute(
            sql.SQL("create database {} template {} owner tepai_owner").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
    _grant_connect(cluster, name)
    yield database_addresses(cluster, name)
    with psycopg.connect(cluster.superuser, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _grant_connect(cluster: Cluster, name: str) -> None:
    """A clone has its template's content but not its template's database-level rights."""
    with psycopg.connect(cluster.superuser, autocommit=True) as admin:
        admin.execute(
            sql.SQL("grant connect, temporary on database {} to public").format(
                sql.Identifier(name)
            )
        )
