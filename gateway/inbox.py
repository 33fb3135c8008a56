"""What came from the broker and is not yet written, within a bound in messages and bytes."""

import threading
import time
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it arrived.

    Attributes
    ----------
    payload : the bytes; of one above the limit only the first 64 kB
    size : length of the whole payload. [byte]
    arrived_us : microseconds since 1970-01-01 UTC
    mid : the broker's number for it, needed to acknowledge
    session : counts connections; a message of an earlier one is not ours to acknowledge any more
    """

    topic: str
    payload: bytes
    size: int
    arrived_us: int
    mid: int = 0
    session: int = 0


class Inbox:
    """A queue that makes its filler wait instead of dropping anything."""

    def __init__(self, max_messages: int, max_bytes: int) -> None:
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """Messages waiting."""
        return len(self._waiting)

    def put(self, message: Message) -> bool:
        """Append the message, waiting for room; False if the inbox was closed meanwhile."""
        with self._changed:
            while self._is_full() and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            self._waiting.append(message)
            self._bytes += len(message.payload)
            if len(self._waiting) == 1:
                self._changed.notify_all()
            return True

    def oldest_us(self) -> int | None:
        """When the oldest message that waits arrived; None if none does."""
        try:
            return self._waiting[0].arrived_us
        except IndexError:
            return None

    def take(self, most: int, linger_s: float, wait_s: float | None = None) -> list[Message]:
        """All that waits, up to `most`, in order of arrival; empty once the inbox is closed.

        Parameters
        ----------
        linger_s
            Wait this long after the first message. [s]
        wait_s
            Wait at most this long for a first message, then return nothing; None: as long as it
            takes. [s]
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, wait_s)
            if not self._waiting:
                return []
        if linger_s > 0 and len(self._waiting) < most and not self._closed:
            time.sleep(linger_s)
        with self._changed:
            if self._closed:
                return []
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            self._bytes -= sum(len(message.payload) for message in taken)
            self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Let go of everyone who waits; what is still inside stays with the broker."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _is_full(self) -> bool:
        # An empty inbox takes a message of any size: otherwise a huge one would block for ever.
        return bool(self._waiting) and (
            len(self._waiting) >= self._max_messages or self._bytes >= self._max_bytes
        )
