"""Ctrl-C, SIGTERM and a closed terminal as wishes, never as a broken-off stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopWish:
    """Counts the wishes: one is to stop, a second one to hurry.

    While `breaks` is on, the first wish also raises KeyboardInterrupt, so that long preparations
    end at once.
    """

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._count = 0
        self.breaks = True

    @property
    def asked(self) -> bool:
        """Whether to stop."""
        return self._count > 0

    def hurry(self) -> bool:
        """Whether to stop at once."""
        return self._count > 1

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While inside, the signals come here."""
        before = {number: signal.signal(number, self._take) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._count += 1
        if self.breaks:
            self.breaks = False
            raise KeyboardInterrupt
