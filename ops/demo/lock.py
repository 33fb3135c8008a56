"""One demo per state folder: a lock that the system lets go when its holder dies."""

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import TextIO


class AlreadyRunningError(RuntimeError):
    """Another demo has this folder; `pid` is its supervisor's, 0 if not known."""

    def __init__(self, folder: Path, pid: int) -> None:
        """Keep where and who."""
        super().__init__(f"a demo is already running in {folder}: process {pid}")
        self.folder = folder
        self.pid = pid


class FolderLock:
    """Held from `with` on; a lock file left by a dead process holds nothing."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder, which must exist."""
        self._folder = folder
        self._file: TextIO | None = None

    def __enter__(self) -> "FolderLock":
        """Take the lock.

        Raises
        ------
        AlreadyRunningError
            If another process holds it.
        """
        file = (self._folder / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _holder(file)
            file.close()
            raise AlreadyRunningError(self._folder, pid) from None
        file.truncate(0)
        json.dump({"pid": os.getpid()}, file)
        file.flush()
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let it go; the file stays, for deleting it would race with the next holder."""
        if self._file is not None:
            self._file.close()


def _holder(file: TextIO) -> int:
    file.seek(0)
    try:
        return int(json.load(file)["pid"])
    except (ValueError, KeyError, TypeError):
        return 0
