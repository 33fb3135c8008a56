"""The MQTT broker of demo and tests: Mosquitto where there is one, else amqtt from PyPI.

Both listen on the loopback address only and take anonymous clients. amqtt serves the demo alone:
`AMQTT_COSTS` says what is lost with it.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import ClassVar

from contracts.texts import mark
from ops.embedded.mosquitto import config_text
from ops.embedded.postgres import free_port, port_is_free
from ops.embedded.process import ServerError, ServerProcess

ROOT = Path(__file__).resolve().parents[2]
PREFERRED_PORT = 1883
AMQTT_COSTS = mark(
    "没有持久会话：网关离线期间发布的读数会丢失；不支持 MQTT 5 和共享订阅；仅供演示，不作零丢失保证"
)


class Broker:
    """A broker process on the loopback address; `kind` is "mosquitto" or "amqtt"."""

    kind: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        """Choose the folder of store, log and pid file; nothing is written yet."""
        self.folder = folder.resolve()
        self.host = "127.0.0.1"
        self.port = 0
        self._server = ServerProcess(self.folder)

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._server.pid

    @property
    def log(self) -> Path:
        """What the broker says."""
        return self._server.log

    def start(self, port: int | None = None) -> int:
        """Start on the port if it is free, else on another; which one it is."""
        self._server.free_folder()  # first, for the one left over may hold the port
        self.port = _choose_port(port)
        self._launch()
        return self.port

    def stop(self) -> None:
        """End the broker; what it must remember is on disk by then."""
        self._server.stop()

    def _launch(self) -> None:
        raise NotImplementedError


class Mosquitto(Broker):
    """Mosquitto with a durable store in `folder` and limits of our own."""

    kind: ClassVar[str] = "mosquitto"

    def _launch(self) -> None:
        program = mosquitto_program()
        if program is None:
            raise ServerError("mosquitto is not installed")
        config = self.folder / "mosquitto.conf"
        config.write_text(config_text(self.folder, self.port), encoding="utf-8")
        self._server.start([program, "-c", config], self.port)


class Amqtt(Broker):
    """amqtt in a process of its own, everything in memory; it remembers nothing."""

    kind: ClassVar[str] = "amqtt"

    def _launch(self) -> None:
        command = [sys.executable, "-m", "ops.embedded.amqtt_broker", str(self.port)]
        self._server.start(command, self.port, {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"})


def choose_broker(folder: Path) -> Broker:
    """Mosquitto where the machine has it, else amqtt; TEPAI_BROKER=amqtt asks for the latter."""
    if os.environ.get("TEPAI_BROKER") == "amqtt" or mosquitto_program() is None:
        return Amqtt(folder)
    return Mosquitto(folder)


def mosquitto_program() -> Path | None:
    """The machine's Mosquitto; Debian keeps it where an ordinary user's PATH does not look."""
    places = os.pathsep.join(
        (os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
    )
    found = shutil.which("mosquitto", path=places)
    return Path(found) if found else None


def _choose_port(wanted: int | None) -> int:
    return wanted if wanted is not None and port_is_free(wanted) else free_port()
