"""Processes that belong to a demo, found by a mark in their environment, and ended.

Every process that a demo starts inherits the mark, PostgreSQL's and the broker's too, so that none
escapes however its supervisor ended: no list has to be kept that could be a process too short.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil

MARK = "TEPAI_DEMO_RUN"
GRACE_SECONDS = 10.0


def run_mark(folder: Path) -> str:
    """The mark of this process's demo in the folder: unlike that of any earlier one."""
    return f"{os.getpid()}.{time.time_ns()} {folder.resolve()}"


def is_of_folder(mark: str, folder: Path) -> bool:
    """Whether the mark is of some demo in the folder."""
    return mark.partition(" ")[2] == str(folder.resolve())


def marked_processes(belongs: Callable[[str], bool]) -> list[psutil.Process]:
    """Processes other than this one whose mark belongs, the newest first."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            mark = process.environ().get(MARK)
            if mark is not None and belongs(mark) and process.pid != os.getpid():
                found.append(process)
    return sorted(found, key=_age)


def end_marked(belongs: Callable[[str], bool], grace_s: float = GRACE_SECONDS) -> int:
    """End those processes, the newest first, for it uses the older ones; how many there were."""
    found = marked_processes(belongs)
    ids = {process.pid for process in found}
    for process in found:
        with contextlib.suppress(psutil.Error):
            if process.ppid() not in ids:  # the children of a server end with it
                _end(process, grace_s)
    for process in marked_processes(belongs):
        with contextlib.suppress(psutil.Error):
            process.kill()
    return len(found)


def _end(process: psutil.Process, grace_s: float) -> None:
    # SIGTERM would have PostgreSQL wait for its clients; SIGINT is its fast shutdown.
    fast = process.name().startswith("postgres")
    process.send_signal(signal.SIGINT if fast else signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    while time.monotonic() < deadline:
        if has_ended(process):
            return
        time.sleep(0.02)
    process.kill()


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone, or a zombie that nobody collects."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _age(process: psutil.Process) -> float:
    try:
        return -process.create_time()
    except psutil.Error:
        return 0.0
