"""The gateway as a real process, a park for it to write for, and someone who publishes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from contracts.ids import new_id
from ops.embedded.broker import Mosquitto
from ops.embedded.database import DatabaseAddresses

CODES = ("air_temperature", "relative_humidity", "soil_moisture", "wind_speed")


def wait_until(truth: Callable[[], bool], what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


@dataclass
class Park:
    """A registered station `pear-park` with the device `weather-1`, and its database."""

    database: DatabaseAddresses
    sensors: dict[str, int] = field(default_factory=dict)
    topic: str = "tepai/v1/pear-park/weather-1/telemetry"

    def rows(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database.superuser) as connection:
            return connection.execute(statement, parameters).fetchall()

    def count(self, table: str = "reading") -> int:
        return int(self.rows(f"select count(*) from {table}")[0][0])


def register_park(database: DatabaseAddresses) -> Park:
    station, device = new_id(), new_id()
    with psycopg.connect(database.superuser) as connection:
        connection.execute(
            "insert into division values ('341300', '宿州市', 'city', null),"
            " ('341321', '砀山县', 'county', '341300')"
        )
        connection.execute(
            "insert into station (id, code, kind, name_zh, name_en, county_code)"
            " values (%s, 'pear-park', 'park', '梨园', 'Pear park', '341321')",
            [station],
        )
        connection.execute(
            "insert into device (id, station_id, code, name_zh, name_en)"
            " values (%s, %s, 'weather-1', '气象站', 'Weather station')",
            [device, station],
        )
        for code in CODES:
            connection.execute(
                "insert into sensor (device_id, code, quantity) values (%s, %s, %s)",
                [device, code, code],
            )
    park = Park(database)
    for code, id_ in park.rows("select code, id from sensor"):
        park.sensors[code] = id_
    return park


class GatewayProcess:
    """`python -m gateway`, with what it says."""

    def __init__(self, database: str, host: str, port: int, client_id: str, **more: str) -> None:
        self.said: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "gateway"],
            env={
                **os.environ,
                "TEPAI_GATEWAY_DATABASE": database,
                "TEPAI_GATEWAY_CLIENT_ID": client_id,
                "TEPAI_MQTT_HOST": host,
                "TEPAI_MQTT_PORT": str(port),
                **more,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.said.append(line)

    def says(self, words: str, seconds: float = 20) -> None:
        wait_until(lambda: any(words in line for line in self.said), words, seconds)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(10)
        self._reader.join()

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> int:
        code = self._process.wait(20)
        self._reader.join()
        return code


@dataclass
class Gateways:
    """Starts gateways, all of one durable session, and leaves none behind."""

    park: Park
    host: str
    port: int
    client_id: str = field(default_factory=lambda: f"gateway-{uuid4().hex[:12]}")
    started: list[GatewayProcess] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def start(self, *, ready: bool = True, **more: str) -> GatewayProcess:
        """Start one more; `more` are settings of its own beside those of all."""
        gateway = GatewayProcess(
            self.park.database.gateway, self.host, self.port,
            **{"client_id": self.client_id, **self.settings, **more},
        )  # fmt: skip
        self.started.append(gateway)
        if ready:
            gateway.says("ready")
        return gateway

    def kill(self) -> None:
        for gateway in self.started:
            gateway.kill()


def end_session(broker: Mosquitto, client_id: str) -> None:
    """Connecting once with a clean session makes the broker forget the durable one."""
    forget = Client(CallbackAPIVersion.VERSION2, client_id, clean_session=True)
    forget.connect(broker.host, broker.port)
    while not forget.is_connected():
        forget.loop(0.1)
    forget.disconnect()
    forget.loop(0.1)


class Publisher:
    """Publishes with QoS 1 and waits until the broker has everything."""

    def __init__(self, host: str, port: int) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.max_inflight_messages_set(1000)
        self._client.connect(host, port)
        self._client.loop_start()

    def publish(self, topic: str, *contents: Any) -> None:
        sent = [
            self._client.publish(
                topic, content if isinstance(content, bytes) else json.dumps(content), qos=1
            )
            for content in contents
        ]
        for one in sent:
            one.wait_for_publish(30)
            assert one.is_published()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
