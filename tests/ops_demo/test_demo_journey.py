"""The whole demo: started, used, stopped with Ctrl-C, killed, and started again where it was."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from ops.demo.leftovers import has_ended
from ops.demo.ports import USUAL
from ops.demo.state import DemoAddresses, demo_folder, read_addresses
from ops.demo_data.roster import DEMO_PASSWORD
from ops.demo_data.stations import GLASSHOUSE_CODE
from ops.embedded.postgres import Cluster, wheel_programs
from tests.ops_demo.services import ROOT, wait_until

pytestmark = pytest.mark.journey
SERVICES = {"database", "broker", "server", "jobs", "gateway", "simulator"}


class Demo:
    """`python -m ops.demo.command` in a process of its own, without a terminal."""

    def __init__(self, home: Path, *options: str) -> None:
        self._began = time.monotonic()
        self.seconds_to_ready = float("inf")
        self.log = home / "demo.out"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ops.demo.command", *options],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "TEPAI_LANG": "en"},
                stdout=out,
                stderr=out,
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def wait_until_running(self) -> tuple[DemoAddresses, list[psutil.Process]]:
        """Where it is and its processes, once all of them are ready."""
        self.wait_for("The demo is ready")
        self.seconds_to_ready = time.monotonic() - self._began
        self.wait_for("Simulator: ready")
        wait_until(lambda: (found := read_addresses()) and set(found.pids) == SERVICES)
        addresses = read_addresses()
        assert addresses is not None
        return addresses, psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    home = tmp_path / "特派 demo"
    home.mkdir()
    monkeypatch.setenv("TEPAI_HOME", str(home))
    yield home
    # As root the cluster may lie elsewhere than in the temporary folder.
    Cluster(demo_folder(timescale=False) / "postgres", wheel_programs()).remove()


@pytest.fixture
def stranger() -> Iterator[None]:
    """Somebody has the usual port: another program of this machine, or else we."""
    with socket.socket() as listener:
        # Without it, connections that ended a moment ago keep us off a port that nobody has.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            listener.bind(("127.0.0.1", USUAL.web))
            listener.listen()
        yield


@pytest.mark.usefixtures("stranger")
def test_demo_from_a_killed_first_start_to_a_killed_last_one(home: Path) -> None:
    killed = Demo(home)
    try:
        killed.wait_for("demo data")
    finally:
        killed.end(signal.SIGKILL)
    first = _use_and_stop(Demo(home))
    _find_it_as_it_was_and_kill(Demo(home), *first)


def _use_and_stop(demo: Demo) -> tuple[str, datetime]:
    """Sign in, see readings move; then Ctrl-C. The address, and when the data were made."""
    try:
        addresses, processes = demo.wait_until_running()
        assert demo.seconds_to_ready < 60
        assert f"Port {USUAL.web} is taken" in demo.said()
        with httpx.Client(base_url=addresses.web, trust_env=False) as client:
            _sign_in(client)
            wait_until(lambda: _age(client) < timedelta(minutes=10), seconds=40)
            newest = _newest(client)
            wait_until(lambda: _newest(client) > newest, seconds=40)
        seeded_at = _seeded_at(addresses)
    finally:
        status = demo.end(signal.SIGINT)
    assert status == 0
    stopped = re.findall(r"(\w+(?: server)?): stopped", demo.said())
    assert stopped == ["Simulator", "Gateway", "Jobs", "Web server", "Broker", "Database"]
    assert all(map(has_ended, processes))
    assert read_addresses() is None
    return addresses.web, seeded_at


def _find_it_as_it_was_and_kill(demo: Demo, web: str, seeded_at: datetime) -> None:
    try:
        addresses, processes = demo.wait_until_running()
        assert "demo data" not in demo.said()
        assert addresses.web == web
        assert _seeded_at(addresses) == seeded_at
    finally:
        demo.end(signal.SIGKILL)
    wait_until(lambda: all(map(has_ended, processes)), seconds=40)


def _sign_in(client: httpx.Client) -> None:
    answer = client.post("/api/v1/session", json={"username": "city", "password": DEMO_PASSWORD})
    assert answer.status_code == 201, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"


def _newest(client: httpx.Client) -> datetime:
    """When the newest reading of the glasshouse was taken."""
    answer = client.get("/api/v1/readings/latest", params={"station": GLASSHOUSE_CODE})
    assert answer.status_code == 200, answer.text
    times = [datetime.fromisoformat(one["time"]) for one in answer.json()]
    return max(times, default=datetime.min.replace(tzinfo=UTC))


def _age(client: httpx.Client) -> timedelta:
    return datetime.now(UTC) - _newest(client)


def _seeded_at(addresses: DemoAddresses) -> datetime:
    with psycopg.connect(addresses.database.superuser) as connection:
        row = connection.execute("select min(created_at) from account").fetchone()
        assert row is not None
        assert isinstance(row[0], datetime)
        return row[0]
