"""Tiny programs that stand in for ours, and waiting."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from ops.demo.program import Program

ROOT = Path(__file__).resolve().parents[2]

SERVE = "import time; print('ready', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SERVE}"


def program(
    name: str,
    code: str,
    folder: Path,
    *arguments: str,
    grace_s: float = 5,
    more: Mapping[str, str] | None = None,
) -> Program:
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, **(more or {})}
    return Program(name, command, environment, folder / f"{name}.log", grace_s=grace_s)


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
