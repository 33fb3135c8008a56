"""deploy/mosquitto.conf in a real Mosquitto: a device posts its own topic over TLS, no other."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from contracts.topics import TelemetryTopic
from ops.embedded.mosquitto import config_text
from ops.embedded.postgres import free_port
from ops.embedded.process import ServerProcess
from ops.setup.tools import MOSQUITTO
from tests.conftest import need

pytestmark = pytest.mark.broker
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@dataclass(frozen=True)
class Listeners:
    inside: int
    outside: int
    certificate: Path


@pytest.fixture
def listeners(tmp_path: Path) -> Iterator[Listeners]:
    """The broker with its paths and ports exchanged for some of the test's own."""
    program = need(MOSQUITTO)
    for tool in ("openssl", "mosquitto_passwd"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is missing")
    certificate, key = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "passwords").touch(0o600)
    subprocess.run(
        ["mosquitto_passwd", "-b", tmp_path / "passwords", "park-1/soil-1", "geheim"], check=True
    )
    inside, outside = free_port(), free_port()
    config = (DEPLOY / "mosquitto.conf").read_text(encoding="utf-8")
    for ours, theirs in (
        ("/mosquitto/config/mosquitto.acl", str(DEPLOY / "mosquitto.acl")),
        ("/mosquitto/secrets", str(tmp_path)),
        ("/mosquitto/data", str(tmp_path)),
        ("listener 1883", f"listener {inside} 127.0.0.1"),
        ("listener 8883", f"listener {outside} 127.0.0.1"),
    ):
        assert ours in config
        config = config.replace(ours, theirs)
    if "user root" in config_text(tmp_path, inside):  # in its container it is no root
        config += "\nuser root\n"
    (tmp_path / "mosquitto.conf").write_text(config, encoding="utf-8")
    server = ServerProcess(tmp_path)
    server.start([program, "-c", tmp_path / "mosquitto.conf"], inside)
    yield Listeners(inside, outside, certificate)
    server.stop()


def _device(listeners: Listeners, password: str) -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("park-1/soil-1", password)
    context = ssl.create_default_context(cafile=str(listeners.certificate))
    client.tls_set_context(context)
    return client


def _topic(station: str, device: str) -> str:
    return str(TelemetryTopic(station, device))


def _connects(client: mqtt.Client, port: int) -> bool:
    answered = threading.Event()
    accepted: list[bool] = []

    def on_connect(_c: object, _u: object, _f: object, reason: mqtt.ReasonCode, _p: object) -> None:
        accepted.append(not reason.is_failure)
        answered.set()

    client.on_connect = on_connect
    client.connect("localhost", port)
    client.loop_start()
    assert answered.wait(10)
    return accepted[0]


def test_device_posts_under_its_own_topic_alone(listeners: Listeners) -> None:
    heard: list[str] = []
    subscribed = threading.Event()
    gateway = mqtt.Client(CallbackAPIVersion.VERSION2)
    own, last = _topic("park-1", "soil-1"), _topic("park-1", "last")
    done = threading.Event()

    def on_message(_c: object, _u: object, message: mqtt.MQTTMessage) -> None:
        heard.append(message.topic)
        if message.topic == last:
            done.set()

    gateway.on_message = on_message
    gateway.on_subscribe = lambda *_: subscribed.set()
    assert _connects(gateway, listeners.inside)
    gateway.subscribe("tepai/v1/#", qos=1)
    assert subscribed.wait(10)
    device = _device(listeners, "geheim")
    assert _connects(device, listeners.outside)
    for topic in (_topic("park-1", "soil-2"), _topic("park-2", "soil-1"), own):
        device.publish(topic, "{}", qos=1).wait_for_publish(10)
    gateway.publish(last, "{}", qos=1)
    assert done.wait(10)
    for client in (device, gateway):
        client.disconnect()
        client.loop_stop()
    assert heard == [own, last]


def test_wrong_password_is_refused(listeners: Listeners) -> None:
    device = _device(listeners, "guess")
    assert not _connects(device, listeners.outside)
    device.disconnect()
    device.loop_stop()
