"""The brokers of demo and tests: reachable, durable where they claim it, gone when stopped."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
import psutil
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Browser

from ops.embedded.broker import ROOT, Amqtt, Broker, Mosquitto, choose_broker
from ops.embedded.postgres import free_port

pytestmark = pytest.mark.broker

TEN_MEGABYTES = 10 * 1024 * 1024


def _client(broker: Broker, name: str = "") -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=not name)
    client.connect(broker.host, broker.port)
    client.loop_start()
    return client


def _end(client: mqtt.Client) -> None:
    client.disconnect()
    client.loop_stop()


def _publish(broker: Broker, topic: str, payload: bytes) -> None:
    client = _client(broker)
    client.publish(topic, payload, qos=1).wait_for_publish(20)
    _end(client)


def _wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


class _Subscriber:
    def __init__(self, broker: Broker, topic: str, name: str = "") -> None:
        self.payloads: list[bytes] = []
        subscribed = threading.Event()
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=name, clean_session=not name
        )
        self.client.on_message = lambda _c, _u, message: self.payloads.append(message.payload)
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()
        self.client.subscribe(topic, qos=1)
        assert subscribed.wait(10)


@pytest.mark.parametrize("kind", [Mosquitto, Amqtt])
def test_broker_delivers_and_leaves_no_process(
    kind: type[Mosquitto] | type[Amqtt], tmp_path: Path
) -> None:
    folder = tmp_path / "路径 with 空格"
    broker = kind(folder)
    broker.start()
    pid = broker.pid
    assert pid is not None
    subscriber = _Subscriber(broker, "a/#")
    _publish(broker, "a/b", b"21.4")
    _wait_until(lambda: subscriber.payloads == [b"21.4"])
    _end(subscriber.client)
    broker.stop()
    assert not psutil.pid_exists(pid)


def test_a_taken_port_is_passed_over(tmp_path: Path, broker: Mosquitto) -> None:
    second = Mosquitto(tmp_path)
    try:
        assert second.start(broker.port) != broker.port
    finally:
        second.stop()


def test_payload_of_ten_megabytes_reaches_a_subscriber(broker: Mosquitto) -> None:
    subscriber = _Subscriber(broker, "big/+")
    _publish(broker, "big/one", b"x" * TEN_MEGABYTES)
    _wait_until(lambda: bool(subscriber.payloads))
    _end(subscriber.client)
    assert len(subscriber.payloads[0]) == TEN_MEGABYTES


def test_messages_for_an_absent_subscriber_outlive_a_restart(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    broker.start()
    try:
        _end(_Subscriber(broker, "t/#", "gateway").client)
        publisher = _client(broker)
        for number in range(3_000):  # more than Mosquitto's default queue of 1000
            last = publisher.publish("t/x", str(number), qos=1)
        last.wait_for_publish(20)
        _end(publisher)
        broker.stop()
        broker.start()
        subscriber = _Subscriber(broker, "t/#", "gateway")
        _wait_until(lambda: len(subscriber.payloads) >= 3_000)
        _end(subscriber.client)
        assert sorted(map(int, subscriber.payloads)) == list(range(3_000))
    finally:
        broker.stop()


def test_a_broker_left_by_a_killed_supervisor_is_ended(tmp_path: Path) -> None:
    port = free_port()
    program = (
        "import sys, time; from pathlib import Path; from ops.embedded.broker import Mosquitto\n"
        "broker = Mosquitto(Path(sys.argv[1])); broker.start(int(sys.argv[2]))\n"
        "print(broker.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as supervisor:
        assert supervisor.stdout is not None
        orphan = int(supervisor.stdout.readline())
        supervisor.send_signal(signal.SIGKILL)
    assert psutil.pid_exists(orphan)
    broker = Mosquitto(tmp_path)
    try:
        assert broker.start(port) == port
        _wait_until(lambda: _ended(orphan))
    finally:
        broker.stop()


def _ended(pid: int) -> bool:
    """Gone, or a zombie that nobody in this container collects."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_pid_file_of_another_process_is_let_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "30"]) as innocent:
        known = json.dumps({"pid": innocent.pid, "born": 1.0})
        (tmp_path / "server.pid").write_text(known, encoding="ascii")
        broker = Mosquitto(tmp_path)
        broker.start()
        broker.stop()
        assert innocent.poll() is None
        innocent.terminate()


def test_without_mosquitto_amqtt_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_broker(tmp_path).kind == "mosquitto"
    monkeypatch.setattr("ops.embedded.broker.mosquitto_program", lambda: None)
    assert choose_broker(tmp_path).kind == "amqtt"


@pytest.mark.browser
def test_browser_shows_a_page_in_chinese(browser: Browser, screenshots: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<h1>特派</h1>")
    assert page.get_by_role("heading").inner_text() == "特派"
    assert screenshots.is_dir()
    context.close()
