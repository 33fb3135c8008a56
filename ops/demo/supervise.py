"""Keep services running: start in order, restart with backoff, stop in reverse order.

What is kept is anything with the few members of `Service`: a program of our own
(`ops.demo.program`), or the embedded database and broker (`ops.demo.embedded`). Nothing here
sleeps or blocks beyond a service's own start and stop: the caller calls `turn` several times a
second.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ops.embedded.postgres import ClusterError
from ops.embedded.process import ServerError

GIVE_UP_AFTER = 5
"""Failed starts in a row."""
STEADY_SECONDS = 10.0
"""A service that ran ready for so long has started; ending later is a new story."""

Hurry = Callable[[], bool]


class State(StrEnum):
    """What a service is doing."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Status:
    """What people are told of one service; `restarts` counts since the supervisor began."""

    name: str
    state: State
    restarts: int = 0
    pid: int | None = None


class Service(Protocol):
    """Something that runs until it is stopped, or ends by itself."""

    name: str

    def start(self) -> None:
        """Start it; OSError, ClusterError or ServerError if that fails."""
        ...

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        ...

    def ready(self) -> bool:
        """Whether it does its work; asked only while it runs."""
        ...

    def stop(self, hurry: Hurry) -> None:
        """Ask it to end and wait; kill it when its time is up or `hurry` says so."""
        ...

    def last_words(self) -> list[str]:
        """The last lines of its log."""
        ...


class GaveUpError(RuntimeError):
    """A service did not start `GIVE_UP_AFTER` times in a row."""

    def __init__(self, name: str, last_words: Sequence[str]) -> None:
        """Keep whose fault it is and what it said last."""
        super().__init__(name)
        self.name = name
        self.last_words = tuple(last_words)


@dataclass(slots=True)
class _Kept:
    service: Service
    state: State = State.STARTING
    restarts: int = 0
    failures: int = 0
    changed_at: float = 0.0
    after: str | None = None


class Supervisor:
    """Services in the order of their start."""

    def __init__(
        self,
        changed: Callable[[Status], None],
        *,
        backoff_s: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Report every change of state to `changed`; wait `backoff_s` x 2^n before restarts."""
        self._changed = changed
        self._backoff_s = backoff_s
        self._clock = clock
        self._kept: list[_Kept] = []

    @property
    def statuses(self) -> list[Status]:
        """Every service as it stands."""
        return [_status(kept) for kept in self._kept]

    def add(self, service: Service, after: str | None = None) -> None:
        """Start the service and keep it; what it raises at this first start is the caller's.

        Parameters
        ----------
        after
            The service that must be ready once before this one starts.
        """
        kept = _Kept(service, after=after)
        self._kept.append(kept)
        if after is not None:
            self._become(kept, State.WAITING)
            return
        self._become(kept, State.STARTING)
        service.start()
        if service.ready():
            self._become(kept, State.READY)

    def is_ready(self, name: str) -> bool:
        """Whether the service of this name does its work."""
        return any(kept.service.name == name and kept.state is State.READY for kept in self._kept)

    def turn(self) -> None:
        """Look after every service once.

        Raises
        ------
        GaveUpError
            If one did not start for the fifth time in a row.
        """
        for kept in self._kept:
            self._look_after(kept)

    def stop(self, hurry: Hurry = lambda: False) -> None:
        """Stop everything, the last started first."""
        for kept in reversed(self._kept):
            kept.service.stop(hurry)
            self._become(kept, State.STOPPED)

    def _look_after(self, kept: _Kept) -> None:
        elapsed = self._clock() - kept.changed_at
        if kept.state is State.WAITING:
            if kept.after is None or self.is_ready(kept.after):
                self._start(kept)
        elif kept.state is State.RESTARTING:
            if elapsed >= self._backoff_s * 2 ** (kept.failures - 1):
                self._start(kept)
        elif kept.service.pid is None:
            self._ended(kept, steady=kept.state is State.READY and elapsed >= STEADY_SECONDS)
        elif kept.state is State.STARTING and kept.service.ready():
            self._become(kept, State.READY)

    def _start(self, kept: _Kept) -> None:
        self._become(kept, State.STARTING)
        try:
            kept.service.start()
        except (OSError, ClusterError, ServerError):
            self._ended(kept, steady=False)

    def _ended(self, kept: _Kept, *, steady: bool) -> None:
        kept.failures = 1 if steady else kept.failures + 1
        if kept.failures >= GIVE_UP_AFTER:
            self._become(kept, State.FAILED)
            raise GaveUpError(kept.service.name, kept.service.last_words())
        kept.restarts += 1
        self._become(kept, State.RESTARTING)

    def _become(self, kept: _Kept, state: State) -> None:
        kept.state = state
        kept.changed_at = self._clock()
        self._changed(_status(kept))


def _status(kept: _Kept) -> Status:
    return Status(kept.service.name, kept.state, kept.restarts, kept.service.pid)
