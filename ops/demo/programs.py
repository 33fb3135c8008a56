"""The four programs of the demo, each with its own environment and nothing of another's."""

import http.client
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ops.demo.leftovers import MARK
from ops.demo.program import Program
from ops.demo.state import ROOT, spool_folder
from ops.demo_data.stations import STATIONS
from ops.embedded.database import DatabaseAddresses

STEP_SECONDS = 15
"""Between two steps of five minutes of the simulated places: one sees the curves grow."""
GATEWAY_GRACE_SECONDS = 20.0
"""It commits and acknowledges what it holds before it ends."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the programs must know of each other."""

    database: DatabaseAddresses
    mqtt_host: str
    mqtt_port: int
    web_port: int
    logs: Path


def server(around: Surroundings) -> Program:
    """The web server; ready when it answers /health."""
    environment = {
        "TEPAI_WEB_DATABASE": around.database.web,
        "TEPAI_HTTP_HOST": "127.0.0.1",
        "TEPAI_HTTP_PORT": str(around.web_port),
        "TEPAI_MQTT_HOST": around.mqtt_host,
        "TEPAI_MQTT_PORT": str(around.mqtt_port),
    }
    return _program(around, "server", ["server"], environment, answers_health(around.web_port))


def jobs(around: Surroundings) -> Program:
    """The jobs process."""
    environment = {"TEPAI_JOBS_DATABASE": around.database.jobs}
    return _program(around, "jobs", ["server.jobs"], environment)


def gateway(around: Surroundings) -> Program:
    """The gateway."""
    environment = {
        "TEPAI_GATEWAY_DATABASE": around.database.gateway,
        "TEPAI_GATEWAY_SPOOL": str(spool_folder(around.logs.parent)),
        "TEPAI_MQTT_HOST": around.mqtt_host,
        "TEPAI_MQTT_PORT": str(around.mqtt_port),
    }
    return _program(around, "gateway", ["gateway"], environment, grace_s=GATEWAY_GRACE_SECONDS)


def simulator(around: Surroundings, past: timedelta) -> Program:
    """The replayed glasshouse and the synthetic fleet of all other stations."""
    environment = {
        "TEPAI_MQTT_HOST": around.mqtt_host,
        "TEPAI_MQTT_PORT": str(around.mqtt_port),
    }
    arguments = ["sensors_sim", "--stations", ",".join(station.code for station in STATIONS)]
    arguments += ["--backfill", f"{past // timedelta(minutes=1)}m", "--interval", str(STEP_SECONDS)]
    arguments += ["--faults"]  # so that the list of rejected messages has something to show
    return _program(around, "simulator", arguments, environment)


def answers_health(port: int) -> Callable[[], bool]:
    """A function that says whether the web server answers that it is well."""

    def answers() -> bool:
        # Not urllib: it would ask a proxy of the environment even for the loopback address.
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return answers


def _program(
    around: Surroundings,
    name: str,
    module_and_arguments: list[str],
    own: Mapping[str, str],
    ready: Callable[[], bool] | None = None,
    grace_s: float = 10.0,
) -> Program:
    return Program(
        name,
        [sys.executable, "-m", *module_and_arguments],
        {**dict(_inherited()), **own},
        around.logs / f"{name}.log",
        ready,
        grace_s,
    )


def _inherited() -> Iterator[tuple[str, str]]:
    for key, value in os.environ.items():
        # The operator's own settings are for a real installation, not for the demo.
        if not key.startswith(("TEPAI_", "PG")) or key in ("TEPAI_LANG", MARK):
            yield key, value
    yield "PYTHONPATH", str(ROOT)
    yield "PYTHONUTF8", "1"
    yield "PYTHONUNBUFFERED", "1"
