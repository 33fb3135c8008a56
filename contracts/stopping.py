"""How a program is told to stop. Standard library only."""

import _thread
import signal
import threading
import time
from types import FrameType

_SLICE_S = 0.5


def stop_on_signals(stopping: threading.Event) -> None:
    """Make SIGTERM and SIGINT set the event; call it from the main thread.

    The handler runs in the main thread, perhaps in the middle of `stopping.wait()`, which holds
    the event's lock for a moment: `set()` there would wait for itself for ever. So another
    thread sets it, started below `threading`, whose own locks the main thread might hold too.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        del number, frame
        _thread.start_new_thread(stopping.set, ())

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)


def told_to_stop(stopping: threading.Event, seconds: float | None = None) -> bool:
    """Wait until the event is set, at most `seconds` (None: without end); whether it is.

    In slices: a signal that arrives between the interpreter's last look and the beginning of a
    wait does not interrupt that wait, and its handler runs only when the wait ends.
    """
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        left = _SLICE_S if end is None else min(_SLICE_S, end - time.monotonic())
        if stopping.wait(max(0.0, left)):
            return True
        if end is not None and time.monotonic() >= end:
            return False
