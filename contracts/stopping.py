"""How a program is told to stop. Standard library only."""

import _thread
import signal
import threading
from types import FrameType


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
