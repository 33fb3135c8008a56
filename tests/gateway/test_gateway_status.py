"""What the gateway tells of itself: by `./tepai gateway status` and to Prometheus."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.embedded.broker import Mosquitto
from ops.embedded.database import database_addresses
from ops.embedded.postgres import Cluster
from ops.texts import ROOT
from tests.gateway.gateway_process import (
    Gateways,
    Publisher,
    end_session,
    register_park,
    wait_until,
)

pytestmark = [pytest.mark.database, pytest.mark.broker]


def status(folder: Path, *options: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops", "gateway", "status", *options],
        env={**os.environ, "TEPAI_GATEWAY_SPOOL": str(folder), "TEPAI_LANG": language,
             "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def house(own_cluster: Cluster, broker: Mosquitto, tmp_path: Path) -> Iterator[Gateways]:
    park = register_park(database_addresses(own_cluster, "park"))
    settings = {
        "TEPAI_GATEWAY_SPOOL": str(tmp_path / "spool"),
        "TEPAI_GATEWAY_METRICS_PORT": str(free_port()),
    }
    gateways = Gateways(park, broker.host, broker.port, settings=settings)
    yield gateways
    gateways.kill()
    end_session(broker, gateways.client_id)


def metrics(house: Gateways) -> dict[str, float]:
    address = f"http://127.0.0.1:{house.settings['TEPAI_GATEWAY_METRICS_PORT']}/metrics"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = answer.read().decode().splitlines()
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    }


def test_status_from_before_the_start_to_after_the_end(
    house: Gateways, own_cluster: Cluster, publisher: Publisher
) -> None:
    folder = Path(house.settings["TEPAI_GATEWAY_SPOOL"])
    park, file = house.park, folder / "status.json"

    def told() -> Any:
        return json.loads(file.read_text())

    never = status(folder)
    assert never.returncode == 1
    assert "has not run" in never.stderr

    gateway = house.start()
    sound = {"sensor": "wind_speed", "value": 1}
    publisher.publish(park.topic, sound, b"garbage", {"sensor": "wind_speed", "value": 500})
    wait_until(lambda: told()["readings_total"] == 1, "the status of one reading")
    own_cluster.stop()
    publisher.publish(park.topic, sound, sound)
    wait_until(lambda: told()["spool_messages"] == 2, "the status of the spool")
    wait_until(lambda: told()["oldest_unwritten_seconds"] > 1, "an age")
    running = status(folder, "--json")
    assert running.returncode == 0
    content = json.loads(running.stdout)
    assert content["state"] == "running"
    assert content["rejected_total"] == {"malformed": 1, "out_of_range": 1}
    assert content["spool_bytes"] > 0
    assert (content["database_connected"], content["broker_connected"]) == (False, True)
    assert 0 < content["last_commit_timestamp_seconds"] < content["written_at"]

    found = metrics(house)
    assert found["tepai_gateway_spool_messages"] == 2
    assert found["tepai_gateway_oldest_unwritten_seconds"] > 1
    assert found['tepai_gateway_rejected_total{reason="malformed"}'] == 1
    assert found["tepai_gateway_database_connected"] == 0

    assert gateway.stop() == 0
    stopped = status(folder)
    assert stopped.returncode == 1
    assert "was stopped properly" in stopped.stdout

    file.write_text(json.dumps({**told(), "stopped": False, "written_at": 0}))
    stale = status(folder, language="zh")
    assert stale.returncode == 1
    assert "已过时" in stale.stdout
    assert "暂存盘" in stale.stdout
    file.write_text("{")
    assert "cannot be read" in status(folder).stderr
