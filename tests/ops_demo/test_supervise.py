"""Services are kept running, given up with their last words, and stopped in reverse order."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from ops.demo.supervise import GaveUpError, State, Status, Supervisor
from tests.ops_demo.services import SERVE, STUBBORN, program, wait_until

FAILS_TWICE = (
    "import sys; from pathlib import Path; tries = Path(sys.argv[1]);"
    "tries.write_text(tries.read_text() + 'x' if tries.exists() else 'x');"
    f"sys.exit(1) if len(tries.read_text()) < 3 else None; {SERVE}"
)
WRITES_ITS_END = (
    "import signal, sys; from pathlib import Path\n"
    "def end(*_):\n"
    "    with Path(sys.argv[1]).open('a') as file: file.write(sys.argv[2] + ' ')\n"
    "    sys.exit()\n"
    f"signal.signal(signal.SIGTERM, end); {SERVE}"
)


class Watched(Supervisor):
    """A supervisor with a short patience that remembers what it said."""

    def __init__(self) -> None:
        self.said: list[Status] = []
        super().__init__(self.said.append, backoff_s=0.02)

    def turn_until(self, name: str, state: State) -> None:
        def reached() -> bool:
            self.turn()
            return any(one.name == name and one.state is state for one in self.statuses)

        wait_until(reached)


@pytest.fixture
def supervisor() -> Iterator[Watched]:
    supervisor = Watched()
    yield supervisor
    supervisor.stop(lambda: True)


def test_crashing_program_is_restarted_until_it_is_ready(
    supervisor: Watched, tmp_path: Path
) -> None:
    supervisor.add(program("one", FAILS_TWICE, tmp_path, str(tmp_path / "tries")))
    supervisor.turn_until("one", State.READY)
    assert supervisor.statuses[0].restarts == 2
    assert [one.state for one in supervisor.said] == [
        State.STARTING, State.RESTARTING, State.STARTING, State.RESTARTING, State.STARTING,
        State.READY,
    ]  # fmt: skip


def test_killed_program_gets_a_new_process(supervisor: Watched, tmp_path: Path) -> None:
    supervisor.add(program("one", SERVE, tmp_path))
    supervisor.turn_until("one", State.READY)
    first = supervisor.statuses[0].pid
    assert first is not None
    psutil.Process(first).kill()
    supervisor.turn_until("one", State.RESTARTING)
    supervisor.turn_until("one", State.READY)
    assert supervisor.statuses[0].pid != first


def test_program_that_cannot_start_ends_it_with_its_last_words(
    supervisor: Watched, tmp_path: Path
) -> None:
    supervisor.add(program("bad", "raise SystemExit('no such database')", tmp_path))
    with pytest.raises(GaveUpError) as caught:
        supervisor.turn_until("bad", State.READY)
    assert caught.value.name == "bad"
    assert caught.value.last_words == ("no such database",) * 5


def test_waits_are_doubled(tmp_path: Path) -> None:
    now = 0.0
    starts: list[float] = []

    class Failing:
        name = "failing"
        pid = None

        def start(self) -> None:
            starts.append(now)

        def ready(self) -> bool:
            return False

        def stop(self, hurry: object) -> None: ...

        def last_words(self) -> list[str]:
            return []

    supervisor = Supervisor(lambda _: None, backoff_s=1, clock=lambda: now)
    supervisor.add(Failing())

    def turn_for_long() -> None:
        nonlocal now
        while now < 100:
            supervisor.turn()
            now += 0.5

    with pytest.raises(GaveUpError):
        turn_for_long()
    assert [round(later - sooner) for sooner, later in pairwise(starts)] == [1, 2, 4, 8]


def test_service_waits_for_the_one_it_needs(supervisor: Watched, tmp_path: Path) -> None:
    go = tmp_path / "go"
    slow = f"import sys, time; from pathlib import Path\nwhile not Path(sys.argv[1]).exists(): time.sleep(0.01)\n{SERVE}"  # noqa: E501
    supervisor.add(program("slow", slow, tmp_path, str(go)))
    supervisor.add(program("later", SERVE, tmp_path), after="slow")
    for _ in range(5):
        supervisor.turn()
    assert supervisor.statuses[1].state is State.WAITING
    assert supervisor.statuses[1].pid is None
    go.touch()
    supervisor.turn_until("later", State.READY)


def test_stop_ends_the_last_started_first(supervisor: Watched, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    for name in ("database", "server", "gateway"):
        supervisor.add(program(name, WRITES_ITS_END, tmp_path, str(ends), name))
        supervisor.turn_until(name, State.READY)
    supervisor.stop()
    assert ends.read_text().split() == ["gateway", "server", "database"]
    assert {one.state for one in supervisor.statuses} == {State.STOPPED}


@pytest.mark.parametrize(("grace_s", "hurry"), [(0.2, False), (60, True)])
def test_program_that_will_not_end_is_killed(
    supervisor: Watched, tmp_path: Path, grace_s: float, hurry: bool
) -> None:
    supervisor.add(program("stubborn", STUBBORN, tmp_path, grace_s=grace_s))
    supervisor.turn_until("stubborn", State.READY)
    pid = supervisor.statuses[0].pid
    assert pid is not None
    began = time.monotonic()
    supervisor.stop(lambda: hurry)
    assert time.monotonic() - began < 5
    assert not psutil.pid_exists(pid)


def test_word_ready_of_an_earlier_start_does_not_count(supervisor: Watched, tmp_path: Path) -> None:
    (tmp_path / "one.log").write_text("ready\n")
    waits = "import time; print('waiting until ready', flush=True); time.sleep(60)"
    supervisor.add(program("one", waits, tmp_path))
    wait_until(lambda: "waiting" in (tmp_path / "one.log").read_text())
    supervisor.turn()
    assert supervisor.statuses[0].state is State.STARTING
