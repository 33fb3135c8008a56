"""One server program of ours: started in its own session, ended by its id, found again later."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

START_SECONDS = 20
STOP_SECONDS = 15


class ServerError(RuntimeError):
    """The program could not be started; the message ends with its own last words."""


class ServerProcess:
    """A program and the folder in which it keeps `server.log` and `server.pid`."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; nothing is started or written yet."""
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the program says."""
        return self.folder / "server.log"

    @property
    def pid(self) -> int | None:
        """Process id while the program runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(
        self, command: Sequence[str | Path], port: int, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the program and return when it accepts connections on the loopback port."""
        self.free_folder()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is the supervisor's to handle
                cwd=self.folder,
                env={**os.environ, **(environment or {})},
            )
        remember(self._pid_file, self._process.pid)
        self._wait_until_listening(port)

    def free_folder(self) -> None:
        """Make the folder, and end what an earlier, killed supervisor left running in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        end_left_over(self._pid_file)

    def stop(self) -> None:
        """Ask the program to end; kill it only if it does not."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        self._pid_file.unlink(missing_ok=True)

    @property
    def _pid_file(self) -> Path:
        return self.folder / "server.pid"

    def _wait_until_listening(self, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.pid is None:
                break
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.02)
        self.stop()
        words = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
        raise ServerError(" | ".join(words) or "it ended without a word")


def remember(pid_file: Path, pid: int) -> None:
    """Write down which process this is: its id alone may later belong to another."""
    with contextlib.suppress(psutil.NoSuchProcess):
        born = psutil.Process(pid).create_time()
        pid_file.write_text(json.dumps({"pid": pid, "born": born}), encoding="ascii")


def left_over(pid_file: Path) -> psutil.Process | None:
    """The process that the file names, if it still runs and is the same one."""
    try:
        known = json.loads(pid_file.read_text(encoding="ascii"))
        process = psutil.Process(known["pid"])
        same = abs(process.create_time() - known["born"]) < 1
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None
    return process if same and process.status() != psutil.STATUS_ZOMBIE else None


def end_left_over(pid_file: Path) -> bool:
    """End a server that an earlier, killed supervisor left behind; whether there was one."""
    process = left_over(pid_file)
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(5)
    pid_file.unlink(missing_ok=True)
    return True
