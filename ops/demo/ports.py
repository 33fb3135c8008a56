"""Ports of the demo: those of last time, else the usual ones, else others."""

import json
import socket
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ops.demo.state import write_private
from ops.embedded.postgres import free_port, port_is_free

NEIGHBOURS = 20
"""How many numbers after a taken one are tried: 8081 is easier to remember than 43117."""


@dataclass(frozen=True, slots=True)
class Ports:
    """A loopback TCP port each."""

    web: int = 8080
    database: int = 5432
    mqtt: int = 1883


USUAL = Ports()


def remembered_ports(folder: Path) -> Ports:
    """The ports of last time; the usual ones if there was none or its file is damaged."""
    try:
        known = json.loads((folder / "ports.json").read_text(encoding="ascii"))
        return Ports(**{field.name: int(known[field.name]) for field in fields(Ports)})
    except (OSError, ValueError, KeyError, TypeError):
        return USUAL


def remember_ports(folder: Path, ports: Ports) -> None:
    """Keep them for next time."""
    write_private(folder / "ports.json", json.dumps(asdict(ports)))


def choose_port(wanted: int) -> int:
    """The port itself if nobody has it, else the next free one, else any."""
    for port in range(wanted, min(wanted + NEIGHBOURS, 65_536)):
        if is_usable(port):
            return port
    return free_port()


def is_usable(port: int) -> bool:
    """Whether nobody listens on it, on this address or on all addresses."""
    if not port_is_free(port):
        return False
    with socket.socket() as probe:  # macOS lets one bind beside a listener on all addresses
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) != 0
