"""What the ingest benchmark runs on: a cluster, a broker and a gateway of its own."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from contracts.ids import new_id
from contracts.sql_files import beside
from ops.embedded.broker import Mosquitto
from ops.embedded.database import DatabaseAddresses, provide_database
from ops.embedded.postgres import Cluster, wheel_programs
from ops.texts import ROOT

_SQL = beside(__file__, "ingest.sql")
# fsync and synchronous_commit stay as they come: on.
_SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "8GB"}
_START_SECONDS = 30
DEVICES = 25
SENSORS_PER_DEVICE = 20


class BenchError(RuntimeError):
    """The benchmark could not be run, or what it counted is not what it sent."""


@dataclass(frozen=True, slots=True)
class Bed:
    """Everything running, with 500 sensors registered.

    Attributes
    ----------
    sensor_ids : by device, then by sensor; device `d07` has the sensors `s00` to `s19`
    """

    database: DatabaseAddresses
    broker: Mosquitto
    sensor_ids: list[list[int]]
    gateway_log: Path


@contextmanager
def bench_bed() -> Iterator[Bed]:
    """Set up, and take down whatever happens."""
    folder = ROOT / ".tepai" / f"bench-{os.getpid()}-{secrets.token_hex(3)}"
    with ExitStack() as stack:
        folder.mkdir(parents=True)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = Cluster(folder / "postgres", wheel_programs(), _SETTINGS)
        stack.callback(cluster.remove)
        cluster.start()
        addresses = provide_database(cluster, "bench")
        sensor_ids = _register(addresses)
        broker = Mosquitto(folder / "mosquitto")
        stack.callback(broker.stop)
        broker.start()
        log = folder / "gateway.log"
        gateway = _start_gateway(addresses, broker, log)
        stack.callback(_stop, gateway)
        _wait_until_ready(gateway, log)
        yield Bed(addresses, broker, sensor_ids, log)


def _register(addresses: DatabaseAddresses) -> list[list[int]]:
    with psycopg.connect(addresses.superuser) as connection:
        connection.execute(_SQL["insert_city"])
        connection.execute(_SQL["insert_county"])
        station_id = new_id()
        connection.execute(_SQL["insert_station"], {"id": station_id})
        return [_register_device(connection, station_id, f"d{n:02d}") for n in range(DEVICES)]


def _register_device(connection: psycopg.Connection, station_id: object, code: str) -> list[int]:
    device_id = new_id()
    connection.execute(
        _SQL["insert_device"], {"id": device_id, "station_id": station_id, "code": code}
    )
    ids: list[int] = []
    for n in range(SENSORS_PER_DEVICE):
        sensor = {"device_id": device_id, "code": f"s{n:02d}"}
        row = connection.execute(_SQL["insert_sensor"], sensor).fetchone()
        ids.extend(row or ())
    return ids


def _start_gateway(
    addresses: DatabaseAddresses, broker: Mosquitto, log: Path
) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TEPAI_GATEWAY_DATABASE": make_conninfo(addresses.gateway),
        "TEPAI_GATEWAY_CLIENT_ID": "tepai-bench",
        "TEPAI_MQTT_HOST": broker.host,
        "TEPAI_MQTT_PORT": str(broker.port),
    }
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "gateway"], env=environment, stdout=out, stderr=out
        )


def _wait_until_ready(gateway: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while b"ready" not in log.read_bytes():
        if gateway.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f"the gateway did not get ready: {log.read_text()[-500:]}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
