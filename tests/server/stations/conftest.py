"""A served application: `python -m server` on a free port, over this test's database."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ops.embedded.database import DatabaseAddresses
from tests.server.people import World
from tests.server.stations.field import Site, add_device


@dataclass(frozen=True)
class Served:
    """Where the server answers, and its process."""

    address: str
    process: subprocess.Popen[str]


@pytest.fixture
def served(database: DatabaseAddresses, world: World) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "server"],
        env={
            **os.environ,
            "TEPAI_WEB_DATABASE": database.web,
            "TEPAI_HTTP_PORT": str(port),
            "PYTHONPATH": str(Path.cwd()),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert any("ready" in line for line in process.stdout)
        yield Served(f"http://127.0.0.1:{port}", process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def site(database: DatabaseAddresses, world: World) -> Site:
    """The park's climate station: two sensors every 60 s."""
    site = Site(world.park)
    add_device(
        database.superuser,
        site,
        "climate-1",
        ("一号气候站", "Climate station 1"),
        [
            ("air_temperature", "air_temperature", 2.0),
            ("relative_humidity", "relative_humidity", 2.0),
        ],
        60,
    )
    return site
