"""One program of ours as a process of its own, in a session of its own, with a log."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ops.demo.logs import last_lines
from ops.demo.supervise import Hurry

GRACE_SECONDS = 10.0
_READY = re.compile(rb"\bready\b")


class Program:
    """A command that runs until it is told to end; a `Service`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        ready: Callable[[], bool] | None = None,
        grace_s: float = GRACE_SECONDS,
    ) -> None:
        """Remember how to start it.

        Parameters
        ----------
        environment
            All of it: nothing is inherited from this process.
        ready
            Whether it does its work; None: when a line of its log has the word "ready".
        grace_s
            How long it may take to end before it is killed. [s]
        """
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = dict(environment)
        self._ready = ready
        self._grace_s = grace_s
        self._process: subprocess.Popen[bytes] | None = None
        self._log_begins = 0

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process; it is not waited for."""
        with self.log.open("ab") as log:
            self._log_begins = log.tell()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is the supervisor's to handle
                env=self._environment,
            )

    def ready(self) -> bool:
        """Whether it does its work."""
        return self._ready() if self._ready is not None else self._says_ready()

    def stop(self, hurry: Hurry) -> None:
        """Ask it to end; kill it when its time is up."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        deadline = time.monotonic() + self._grace_s
        while time.monotonic() < deadline and not hurry():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it leads its own group
        process.wait()

    def last_words(self) -> list[str]:
        """The last lines of its log."""
        return last_lines(self.log)

    def _says_ready(self) -> bool:
        with self.log.open("rb") as log:
            log.seek(self._log_begins)
            # "waiting for the database, not ready" is no readiness.
            return any(_READY.search(line) and b"waiting" not in line for line in log)
