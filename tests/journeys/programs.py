"""The real programs as processes of their own, as production starts them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from ops.embedded.postgres import free_port
from ops.texts import ROOT


class Programs:
    """Starts `python -m …`, keeps its words in a file, ends it by its id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, environment: Mapping[str, str], *arguments: str) -> Path:
        """Start a program and return when it has said that it is ready; the file of its words."""
        words = self._folder / f"{module}.log"
        with words.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self._running.append(process)
        wait_for(lambda: "ready" in words.read_text("utf-8"), 30, lambda: words.read_text("utf-8"))
        return words

    def start_server(self, web_database: str) -> str:
        """Start the web server on a free port; its address."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        self.start("server", {"TEPAI_WEB_DATABASE": web_database, "TEPAI_HTTP_PORT": str(port)})
        wait_for(lambda: _is_healthy(address), 30, lambda: address)
        return address

    def stop(self) -> None:
        """End all, the youngest first, as a supervisor does."""
        for process in reversed(self._running):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def wait_for(
    condition: Callable[[], object], seconds: float, explain: Callable[[], object]
) -> None:
    """Return once the condition holds; AssertionError with the explanation after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"did not come true in {seconds} s: {explain()}"
        time.sleep(0.05)


def _is_healthy(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health").status_code == 200
    except httpx.TransportError:
        return False
