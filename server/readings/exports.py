"""Exports under way: files made by background threads, and streams; a few for each person.

A file lies in a folder of its own under `folder` until it was fetched or its time is over. What a
server that ended left behind is removed by age, at the start and before each new export.
"""

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from uuid import UUID

from analytics.series.csv_file import csv_parts
from analytics.series.export import Format, Said, export_series
from analytics.series.pages import Page
from analytics.series.wanted import Wanted
from contracts.ids import new_id
from contracts.problems import NotFound, Problem, Unavailable
from contracts.texts import mark

State = Literal["running", "ready", "failed", "cancelled"]
MOST_EACH, MOST = 2, 4
LIVES_S = 900.0
_STALLED_S = 120.0  # a stream whose reader took nothing for so long no longer counts
_log = logging.getLogger(__name__)


class TooManyExports(Problem):
    """A person, or everybody together, has as many exports under way as are allowed."""

    code = "readings.too_many_exports"
    status = 429
    title = mark("正在进行的导出太多（每人最多 %(each)s 个），请等其中一个完成或取消后再试")


class NotReady(Problem):
    """The file is still being made, or could not be."""

    code = "readings.export_not_ready"
    status = 409
    title = mark("导出的文件还没有生成好")


class _Cancelled(Exception):  # noqa: N818 - no error
    """Whoever asked no longer wants it."""


@dataclass(slots=True)
class Export:
    """One export of one account; `done` of about `total` rows (0: not known)."""

    owner: UUID
    name: str
    format: Format
    total: int = 0
    done: int = 0
    state: State = "running"
    problem: Problem | None = None
    id: UUID = field(default_factory=new_id)
    file: Path | None = None
    touched: float = field(default_factory=time.monotonic)
    cancelled: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def tell(self, done: int, total: int) -> None:
        """Note the progress; ends the export if it was cancelled."""
        if self.cancelled.is_set():
            raise _Cancelled
        self.done, self.total, self.touched = done, total, time.monotonic()


class Exports:
    """All exports of this server."""

    def __init__(self, folder: Path, lives_s: float = LIVES_S) -> None:
        """Remove what a former server left; nothing is made before the first export."""
        self._folder, self._lives_s = folder, lives_s
        self._lock = threading.Lock()
        self._all: dict[UUID, Export] = {}
        self._remove_leftovers()

    def start_file(
        self, owner: UUID, name: str, format_: Format, wanted: Wanted,
        pages: Iterable[Page], said: Said, expected: int,
    ) -> Export:  # fmt: skip
        """An export that a background thread is making.

        Raises
        ------
        TooManyExports
            If as many as allowed are under way.
        """
        export = Export(owner, name, format_, expected)
        self._admit(export)
        export.thread = threading.Thread(
            target=self._make,
            args=(export, wanted, pages, said, expected),
            name=f"export-{export.id}",
            daemon=True,
        )
        export.thread.start()
        return export

    def stream_csv(
        self, owner: UUID, name: str, wanted: Wanted, pages: Iterable[Page]
    ) -> Iterator[bytes]:
        """The parts of a CSV, counted among the person's exports while they are taken.

        Raises
        ------
        TooManyExports
            If as many as allowed are under way.
        """
        export = Export(owner, name, "csv")
        self._admit(export)
        return self._stream(export, wanted, pages)

    def check_room(self, owner: UUID) -> None:
        """Nothing, if this person may begin another export just now.

        Raises
        ------
        TooManyExports
            If as many as allowed are under way.
        """
        running = [one.owner for one in list(self._all.values()) if one.state == "running"]
        if running.count(owner) >= MOST_EACH or len(running) >= MOST:
            raise TooManyExports(each=MOST_EACH)

    def find(self, owner: UUID, export_id: str) -> Export:
        """An export of this person's.

        Raises
        ------
        NotFound
            If there is none, no longer, or it is somebody else's.
        """
        self._sweep()
        with suppress(ValueError):
            found = self._all.get(UUID(export_id))
            if found is not None and found.owner == owner:
                return found
        raise NotFound

    def cancel(self, export: Export) -> None:
        """End it, or remove its file."""
        export.cancelled.set()
        # Of a file that is being made, its thread removes what there is.
        if export.state != "running":
            self._remove_file(export)
        export.state = "cancelled"
        with self._lock:
            self._all.pop(export.id, None)

    def fetched(self, export: Export) -> None:
        """The file was sent whole: it is not kept any longer."""
        self._forget(export)

    def close(self) -> None:
        """End all and remove their files; what a stuck thread leaves is removed by age."""
        ended = list(self._all.values())
        for export in ended:
            self.cancel(export)
        for export in ended:
            if export.thread is not None:
                export.thread.join(2)

    def _stream(self, export: Export, wanted: Wanted, pages: Iterable[Page]) -> Iterator[bytes]:
        try:
            for part in csv_parts(pages, wanted.step):
                export.touched = time.monotonic()
                yield part
        finally:
            self._forget(export)

    def _make(
        self, export: Export, wanted: Wanted, pages: Iterable[Page], said: Said, expected: int
    ) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            own = Path(tempfile.mkdtemp(prefix="export-", dir=self._folder))
            export.file = own / export.name
            export_series(export.file, export.format, wanted, pages, said, export.tell, expected)
            export.state = "ready"
        except _Cancelled:
            export.state = "cancelled"
        except Problem as problem:
            export.problem, export.state = problem, "failed"
        except Exception:  # noqa: BLE001 - a thread's end: told to whoever asks, and logged
            _log.exception("export %s failed", export.name)
            export.problem, export.state = Unavailable(), "failed"
        export.touched = time.monotonic()
        if export.state != "ready" or export.cancelled.is_set():
            self._remove_file(export)
            return
        timer = threading.Timer(self._lives_s + 1, self._sweep)
        timer.daemon = True
        timer.start()

    def _admit(self, export: Export) -> None:
        self._sweep()
        with self._lock:
            self.check_room(export.owner)
            self._all[export.id] = export

    def _sweep(self) -> None:
        now = time.monotonic()
        for export in list(self._all.values()):
            streamed = export.format == "csv" and export.file is None
            lives = _STALLED_S if streamed else self._lives_s
            if now - export.touched > lives and (streamed or export.state != "running"):
                self._forget(export)
        self._remove_leftovers()

    def _forget(self, export: Export) -> None:
        with self._lock:
            self._all.pop(export.id, None)
        if export.state != "running":
            self._remove_file(export)

    def _remove_file(self, export: Export) -> None:
        if export.file is not None:
            shutil.rmtree(export.file.parent, ignore_errors=True)

    def _remove_leftovers(self) -> None:
        """By age, for another server on this machine may be making a file just now."""
        known = {one.file.parent for one in list(self._all.values()) if one.file is not None}
        for own in self._folder.glob("export-*"):
            with suppress(OSError):
                newest = max(path.stat().st_mtime for path in (own, *own.rglob("*")))
                if own not in known and time.time() - newest > self._lives_s:
                    shutil.rmtree(own, ignore_errors=True)
