"""What was acknowledged while the database was away: on disk, in order, within a bound.

Segments are files of framed messages (`gateway.segment`), numbered, appended to, and deleted once
all they hold is committed. A gateway that dies in between reads its oldest segment again from its
beginning: every message keeps the time of its first arrival, so what was committed already is
recognised as such. See docs/decisions/0011.
"""

import fcntl
import logging
import os
import shutil
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.inbox import Message
from gateway.segment import (
    MAGIC,
    begins_well,
    framed,
    read_message,
    sync_folder,
    write_durably,
)

log = logging.getLogger("gateway.spool")
SEGMENT_BYTES = 8 * 1024 * 1024
_HEAD_BYTES = 4 * 1024 * 1024


class SpoolInUseError(RuntimeError):
    """Another gateway has this folder."""


@dataclass(slots=True)
class _Segment:
    """A file and how much of it is sound: bytes, and messages not yet done with."""

    path: Path
    bytes: int
    waiting: int


class Spool:
    """Append at one end, take from the other; for one thread, and one process at a time."""

    def __init__(self, folder: Path, max_bytes: int, segment_bytes: int = SEGMENT_BYTES) -> None:
        """Open the folder, making it if need be, and cut what a crash has left half written.

        Raises
        ------
        SpoolInUseError
            If another process has it.
        OSError
            If it cannot be made or read.
        """
        self._folder = folder
        self._max_bytes = max_bytes
        self._segment_bytes = segment_bytes
        self._segments: deque[_Segment] = deque()
        self._handle: int | None = None
        self._place = len(MAGIC)
        self._shown: tuple[int, int] = (0, 0)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = (folder / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise SpoolInUseError(f"another gateway uses the spool {folder}") from None
        found = sorted(folder.glob("*.spool"))
        self._number = int(found[-1].stem) if found else 0
        for path in found:
            self._take_up(path, last=path == found[-1])
        self.messages = sum(segment.waiting for segment in self._segments)
        self.bytes = sum(segment.bytes for segment in self._segments)
        self.oldest_us = self._oldest_us()

    def append(self, messages: Sequence[Message]) -> int:
        """How many of the messages, from the first, are safe now; fewer than all when it is full.

        Raises
        ------
        OSError
            If the disk takes none of them; the spool is as it was before.
        """
        taken = 0
        while taken < len(messages):
            piece, count = self._piece(messages, taken)
            if not count:
                break
            try:
                self._write(b"".join(piece), count)
            except OSError:
                if not taken:
                    raise
                break  # what is safe is safe; the rest meets the same trouble on its own
            if self.oldest_us is None:
                self.oldest_us = messages[0].arrived_us
            taken += count
        return taken

    def head(self, most: int) -> list[Message]:
        """The oldest messages, up to `most` and about 4 MB; none if the spool is empty."""
        while self._segments:
            segment = self._segments[0]
            shown = self._read(segment, most)
            if shown:
                return shown
            self._put_aside(segment)
        return []

    def forget_head(self) -> None:
        """The messages that `head` gave last are committed: let go of them."""
        place, count = self._shown
        self._shown = (0, 0)
        if not count:
            return
        segment = self._segments[0]
        self._place = place
        segment.waiting -= count
        self.messages -= count
        if not segment.waiting:
            self._drop_first(segment)
            segment.path.unlink()
            sync_folder(self._folder)
        self.oldest_us = self._oldest_us()

    def close(self) -> None:
        """Let the files and the folder go."""
        self._close_tail()
        self._lock.close()

    def _take_up(self, path: Path, *, last: bool) -> None:
        """Count what the segment holds; cut what follows its last sound record."""
        sound, count = 0, 0
        with path.open("r+b") as file:
            if begins_well(file):
                sound = file.tell()
                while read_message(file) is not None:
                    sound, count = file.tell(), count + 1
            if sound < path.stat().st_size:
                if not last:  # the tail of the last was never acknowledged; this was
                    log.error("the spool file %s is damaged: a copy is kept beside it", path)
                    shutil.copyfile(path, path.with_suffix(".damaged"))
                file.truncate(sound)
                os.fsync(file.fileno())
        if count:
            self._segments.append(_Segment(path, sound, count))
        else:
            path.unlink()

    def _piece(self, messages: Sequence[Message], start: int) -> tuple[list[bytes], int]:
        """Records from `start` that fit into the last segment and into the bound."""
        if self._handle is not None and self._segments[-1].bytes >= self._segment_bytes:
            self._close_tail()
        room = self._max_bytes - self.bytes
        in_segment = self._segment_bytes
        if self._handle is None:
            room -= len(MAGIC)
        else:
            in_segment -= self._segments[-1].bytes
        piece: list[bytes] = []
        while start + len(piece) < len(messages) and in_segment > 0:
            record = framed(messages[start + len(piece)])
            if len(record) > room:
                break
            piece.append(record)
            room -= len(record)
            in_segment -= len(record)
        return piece, len(piece)

    def _write(self, content: bytes, count: int) -> None:
        if self._handle is None:
            self._write_new(content, count)
            return
        segment = self._segments[-1]
        try:
            write_durably(self._handle, content)
        except OSError:
            # After a failed fsync nobody knows what the disk holds: this file gets no more.
            try:
                os.ftruncate(self._handle, segment.bytes)
                os.fsync(self._handle)
            finally:
                self._close_tail()
            raise
        segment.bytes += len(content)
        segment.waiting += count
        self.bytes += len(content)
        self.messages += count

    def _write_new(self, content: bytes, count: int) -> None:
        path = self._folder / f"{self._number + 1:012d}.spool"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        try:
            write_durably(handle, MAGIC + content)
            sync_folder(self._folder)
        except OSError:
            os.close(handle)
            path.unlink(missing_ok=True)
            raise
        self._number += 1
        self._handle = handle
        size = len(MAGIC) + len(content)
        self._segments.append(_Segment(path, size, count))
        self.bytes += size
        self.messages += count

    def _close_tail(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)

    def _read(self, segment: _Segment, most: int) -> list[Message]:
        found: list[Message] = []
        with segment.path.open("rb") as file:
            file.seek(self._place)
            while len(found) < min(most, segment.waiting):
                if file.tell() - self._place >= _HEAD_BYTES:
                    break
                message = read_message(file)
                if message is None:
                    break
                found.append(message)
            self._shown = (file.tell(), len(found))
        return found

    def _put_aside(self, segment: _Segment) -> None:
        """A disk gave other bytes than it took: keep the file for people, and go on."""
        aside = segment.path.with_suffix(".damaged")
        log.error(
            "the spool file %s is damaged: %d messages in %s cannot be read",
            segment.path, segment.waiting, aside,
        )  # fmt: skip
        self.messages -= segment.waiting
        self._drop_first(segment)
        segment.path.rename(aside)
        self.oldest_us = self._oldest_us()

    def _drop_first(self, segment: _Segment) -> None:
        if len(self._segments) == 1:
            self._close_tail()
        self._segments.popleft()
        self.bytes -= segment.bytes
        self._place = len(MAGIC)

    def _oldest_us(self) -> int | None:
        if not self._segments:
            return None
        first = self._read(self._segments[0], 1)
        self._shown = (0, 0)
        return first[0].arrived_us if first else None
