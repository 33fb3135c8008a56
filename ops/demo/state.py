"""Where the demo keeps its state, and where others find a demo that is running."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from ops.embedded.database import DatabaseAddresses

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class DemoAddresses:
    """A running demo.

    Attributes
    ----------
    web : address of its first page, without a slash at the end
    database : connection strings by role
    tier : storage tier, as `ops.embedded.postgres.Programs.tier`
    broker_kind : "mosquitto" or "amqtt"
    pid, born : the supervisor's process id and when that process began [s since 1970]
    pids : process id of each service that runs, by name
    folder : the demo's state folder
    """

    web: str
    database: DatabaseAddresses
    mqtt_host: str
    mqtt_port: int
    tier: str
    broker_kind: str
    pid: int
    born: float
    pids: Mapping[str, int]
    folder: str


def home() -> Path:
    """The folder of everything that Tepai writes: `.tepai` in the project, or TEPAI_HOME."""
    return Path(os.environ.get("TEPAI_HOME") or ROOT / ".tepai").absolute()


def demo_folder(*, timescale: bool) -> Path:
    """The state folder of the demo on this kind of storage."""
    return home() / ("demo-timescale" if timescale else "demo")


def spool_folder(folder: Path) -> Path:
    """Where the gateway of the demo in this state folder keeps what the database cannot take."""
    return folder / "spool"


def read_addresses() -> DemoAddresses | None:
    """The running demo, that on plain PostgreSQL first; None if there is none."""
    for timescale in (False, True):
        found = read_addresses_in(demo_folder(timescale=timescale))
        if found is not None:
            return found
    return None


def read_addresses_in(folder: Path) -> DemoAddresses | None:
    """The demo that runs in this state folder; None if there is none."""
    try:
        known: dict[str, Any] = json.loads(_addresses_file(folder).read_text(encoding="utf-8"))
        addresses = DemoAddresses(**known | {"database": DatabaseAddresses(**known["database"])})
        born = psutil.Process(addresses.pid).create_time()
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None
    # The id of a killed supervisor may by now be somebody else's.
    return addresses if abs(born - addresses.born) < 1 else None


def write_addresses(addresses: DemoAddresses) -> None:
    """Tell others where the demo is; the file holds passwords, so nobody else may read it."""
    text = json.dumps(asdict(addresses), ensure_ascii=False, indent=1)
    write_private(_addresses_file(Path(addresses.folder)), text)


def forget_addresses(folder: Path) -> None:
    """Nothing runs here any more."""
    _addresses_file(folder).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file, mode 0600, that appears whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.replace(path)


def remove_state(folder: Path, cluster_folder: Path) -> None:
    """Delete what the demo wrote, and nothing else that may lie beside it.

    Parameters
    ----------
    cluster_folder
        Elsewhere than in `folder` when root runs the demo in a closed folder.
    """
    for ours in (cluster_folder, folder / "broker", folder / "logs", spool_folder(folder)):
        if ours.exists():
            shutil.rmtree(ours)
    for file in (_addresses_file(folder), folder / "ports.json"):
        file.unlink(missing_ok=True)


def _addresses_file(folder: Path) -> Path:
    return folder / "addresses.json"
