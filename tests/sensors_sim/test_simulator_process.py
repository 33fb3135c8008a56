"""`python -m sensors_sim` against a real broker."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from contracts.topics import parse_telemetry
from ops.embedded.broker import Mosquitto

pytestmark = pytest.mark.broker
STATIONS = "glasshouse,sim-base"


@pytest.fixture
def heard(broker: Mosquitto) -> Iterator[list[tuple[str, bytes]]]:
    """What comes in under our stations' topics while the test runs."""
    messages: list[tuple[str, bytes]] = []
    subscribed: list[bool] = []
    client = Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _c, _u, message: messages.append((message.topic, message.payload))
    client.on_subscribe = lambda *_: subscribed.append(True)
    client.connect(broker.host, broker.port)
    client.subscribe([(f"tepai/v1/{station}/#", 1) for station in STATIONS.split(",")])
    client.loop_start()
    wait_until(lambda: bool(subscribed))
    yield messages
    client.disconnect()
    client.loop_stop()


def wait_until(truth, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start(port: int, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sensors_sim", "--stations", STATIONS, *arguments],
        env={**os.environ, "TEPAI_MQTT_HOST": "127.0.0.1", "TEPAI_MQTT_PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_backfill_posts_every_step_of_the_past_once_and_ends(broker, heard) -> None:
    before = datetime.now(UTC)
    process = start(broker.port, "--backfill", "2h", "--no-live")
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "ready" in out
    (said,) = [int(line.split()[-2]) for line in out.splitlines() if "posted the past" in line]
    wait_until(lambda: len(heard) >= said)
    steps = Counter(parse_telemetry(topic).device for topic, _ in heard if "sim-base" in topic)
    assert steps == {"weather-1": 24, "soil-1": 24}
    times = {datetime.fromisoformat(json.loads(payload)["time"]) for _, payload in heard}
    assert before - timedelta(hours=2) < min(times) <= max(times) <= datetime.now(UTC)


def test_live_moves_on_with_faults_beside_and_ends_on_sigterm(broker, heard) -> None:
    process = start(broker.port, "--interval", "0.1", "--faults")
    try:
        wait_until(
            lambda: sum(topic.endswith("/sim-base/soil-1/telemetry") for topic, _ in heard) >= 5
        )
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "ready" in out
    payloads = [bytes(payload) for _, payload in heard]
    assert any(b"furlong" in payload for payload in payloads)
    assert any(not payload.endswith(b"}") for payload in payloads)


def test_simulator_waits_for_a_broker_that_is_down(tmp_path) -> None:
    mosquitto = Mosquitto(tmp_path / "late")
    port = mosquitto.start()
    mosquitto.stop()
    process = start(port, "--backfill", "5m", "--no-live")
    try:
        assert process.stdout is not None
        assert f"waiting for the broker at 127.0.0.1:{port}" in process.stdout.readline()
        assert mosquitto.start(port) == port
        out, _ = process.communicate(timeout=20)
        assert "ready" in out
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()
        mosquitto.stop()
