"""However a supervisor ends, its processes end too, then or at the next start."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ops.demo.leftovers import end_marked, has_ended, is_of_folder, marked_processes, run_mark
from ops.demo.lock import AlreadyRunningError, FolderLock
from tests.ops_demo.services import ROOT, SERVE, STUBBORN, wait_until

# A supervisor of three programs, one of which does not listen to SIGTERM.
SUPERVISOR = f"""
import os, sys, time
from pathlib import Path
from ops.demo.leftovers import MARK, run_mark
from ops.demo.lifeline import Lifeline
from ops.demo.lock import FolderLock
from ops.demo.program import Program
from ops.demo.supervise import State, Supervisor
folder = Path(sys.argv[1])
with FolderLock(folder):
    os.environ[MARK] = mark = run_mark(folder)
    lifeline = Lifeline(mark, folder / "lifeline.log")
    supervisor = Supervisor(lambda status: None)
    for name, code in (("a", {SERVE!r}), ("b", {STUBBORN!r}), ("c", {SERVE!r})):
        command = [sys.executable, "-c", code]
        supervisor.add(Program(name, command, dict(os.environ), folder / name))
    while not all(one.state is State.READY for one in supervisor.statuses):
        supervisor.turn()
        time.sleep(0.02)
    print(lifeline.pid, *(one.pid for one in supervisor.statuses), flush=True)
    time.sleep(60)
"""


class Running:
    """The supervisor above in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        pids = [int(word) for word in self.process.stdout.readline().split()]
        self.lifeline, *self.programs = [psutil.Process(pid) for pid in pids]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.kill()
    assert running.process.stdout is not None
    running.process.stdout.close()
    end_marked(lambda mark: is_of_folder(mark, tmp_path), grace_s=1)


def test_programs_of_a_killed_supervisor_end(running: Running) -> None:
    running.kill()
    everything = [*running.programs, running.lifeline]
    wait_until(lambda: all(map(has_ended, everything)), seconds=30)


def test_next_start_ends_what_killed_supervisor_and_lifeline_left(
    running: Running, tmp_path: Path
) -> None:
    running.lifeline.kill()
    running.kill()
    assert not any(map(has_ended, running.programs))
    assert end_marked(lambda mark: is_of_folder(mark, tmp_path), grace_s=0.5) == 3
    assert all(map(has_ended, running.programs))


def test_processes_of_another_folder_are_let_alone(running: Running, tmp_path: Path) -> None:
    assert end_marked(lambda mark: is_of_folder(mark, tmp_path / "other")) == 0
    assert end_marked(lambda mark: mark == run_mark(tmp_path)) == 0
    assert len(marked_processes(lambda mark: is_of_folder(mark, tmp_path))) == 3


def test_folder_is_locked_while_its_supervisor_lives(running: Running, tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunningError) as caught, FolderLock(tmp_path):
        pass
    assert caught.value.pid == running.process.pid
    running.kill()
    with FolderLock(tmp_path):  # the file is still there, but holds nothing
        assert (tmp_path / "lock").read_text() == f'{{"pid": {os.getpid()}}}'
