"""Real PostgreSQL for every test that asks: one cluster a run, one cloned database a test.

TEPAI_TEST_TIER chooses the storage tier: "plain" (the wheel's PostgreSQL) or "timescale-apache"
(Debian's packages, unpacked privately). `./tepai test` runs the database tests on both.

Likewise a real Mosquitto (`broker`) and a real Chromium (`browser`). A missing tool fails the test
in CI and skips it elsewhere, saying how to get it.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from ops.embedded.broker import Mosquitto
from ops.embedded.database import DatabaseAddresses, database_addresses, provide_database
from ops.embedded.postgres import Cluster, Programs, wheel_programs
from ops.setup.tools import CHROMIUM, MOSQUITTO, Tool
from ops.setup.virtual_display import virtual_display
from ops.texts import ROOT, compile_stale

TEMPLATE = "tepai_template"
_numbers = itertools.count(1)
_BROWSER_OPTIONS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_displays = ExitStack()


def pytest_configure() -> None:
    """English texts are read compiled: compile those that changed since.

    Each parallel worker has a display of its own, for windows on one display take each other's
    keyboard focus away.
    """
    compile_stale()
    if "PYTEST_XDIST_WORKER" in os.environ:
        _displays.enter_context(virtual_display())


def pytest_unconfigure() -> None:
    """End the display."""
    _displays.close()


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
        _close_template(cluster)
        yield cluster
    finally:
        cluster.remove()


def _close_template(cluster: Cluster) -> None:
    """Keep background workers out of the template: a database in use cannot be cloned."""
    with psycopg.connect(cluster.superuser, autocommit=True) as admin:
        admin.execute(
            sql.SQL("alter database {} with allow_connections false").format(
                sql.Identifier(TEMPLATE)
            )
        )
        admin.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s",
            (TEMPLATE,),
        )


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


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A running Mosquitto with our limits, at `.host` and `.port`; empty at first."""
    need(MOSQUITTO)
    mosquitto = Mosquitto(tmp_path_factory.mktemp("broker"))
    mosquitto.start()
    try:
        yield mosquitto
    finally:
        mosquitto.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running headless Chromium; open a context of your own for each test."""
    program = need(CHROMIUM)
    options = list(_BROWSER_OPTIONS)
    if os.name == "posix" and os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium's own refuses to run as root
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, headless=True, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder for pictures that people will look at."""
    folder = ROOT / ".tepai" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def need(tool: Tool) -> Path:
    """Where the tool is; without it the test fails in CI and is skipped elsewhere."""
    found = tool.find()
    if found is not None:
        return found
    sentence = f"{tool.name} is missing; on Debian: apt-get install {' '.join(tool.packages)}"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
