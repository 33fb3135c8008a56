"""`python -m ops.demo.lifeline MARK`: ends what a dead supervisor leaves behind.

Its standard input is a pipe whose other end only the supervisor holds. When the supervisor ends,
in whatever way, SIGKILL included, the system closes the pipe. This works alike on Linux and macOS,
and for programs that run as another user.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from ops.demo.leftovers import MARK, end_marked

ROOT = Path(__file__).resolve().parents[2]


class Lifeline:
    """The watching process, seen from the supervisor."""

    def __init__(self, mark: str, log: Path) -> None:
        """Start it for all processes of the mark."""
        self._mark = mark
        self._log = log
        self._process = self._start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def keep(self) -> None:
        """Start it again should somebody have killed it."""
        if self._process.poll() is not None:
            self._close()
            self._process = self._start()

    def let_go(self, seconds: float = 30) -> None:
        """Close the pipe: it ends whatever is left and then itself."""
        self._close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if key != MARK}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "ops.demo.lifeline", self._mark],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=ROOT,
                env={**environment, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            )

    def _close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()


def main(mark: str) -> None:
    """Wait for the supervisor's end, then end all that it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    count = end_marked(lambda of_process: of_process == mark)
    if count:
        print(f"ended {count} processes of {mark}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
