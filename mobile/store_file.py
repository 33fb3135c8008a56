"""The database file: opened, brought up to date, and set aside if it cannot be read."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from contracts.problems import Problem
from contracts.texts import mark

FILE_NAME = "tepai.db"
_STEPS = Path(__file__).with_name("schema")
_NUMBER = re.compile(r"^(\d{4})_[a-z_]+\.sql$")


class NewerFile(Problem):
    """The file was written by a later app: reading on could lose what it added."""

    code = "phone.newer_file"
    title = mark("手机上的数据由更新版本的应用写入，请更新应用；数据未改动")


class NotSaved(Problem):
    """The phone could not write: usually it is full."""

    code = "phone.not_saved"
    title = mark("未能保存：手机存储空间不足或无法写入。内容仍在屏幕上，请腾出空间后再保存")


def open_file(folder: Path, now: datetime) -> tuple[sqlite3.Connection, Path | None]:
    """A connection to the phone's database, and where a damaged one was set aside, if it was.

    Raises
    ------
    NewerFile
        If a later version of the app wrote the file.
    NotSaved
        If the folder cannot be written.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            path.chmod(0o600)
        else:
            path.touch(mode=0o600)
    except OSError as error:
        raise NotSaved from error
    try:
        return _opened_and_checked(path), None
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise NotSaved from error
    aside = _set_aside(path, now)
    path.touch(mode=0o600)
    return _opened_and_checked(path), aside


def connect(path: Path) -> sqlite3.Connection:
    """A connection for one thread. A commit is on the disk when it returns (synchronous=full)."""
    connection = sqlite3.connect(path, timeout=5, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing; an error of the database comes out as `NotSaved`."""
    try:
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
    except sqlite3.OperationalError as error:
        raise NotSaved from error


def schema_steps(folder: Path = _STEPS) -> list[Path]:
    """The steps from an empty file to the newest version; the nth step makes version n."""
    steps = sorted(path for path in folder.iterdir() if _NUMBER.match(path.name))
    for place, step in enumerate(steps, 1):
        if int(step.name[:4]) != place:
            raise ValueError(f"{step}: expected number {place:04}")
    return steps


def upgrade(connection: sqlite3.Connection, steps: Sequence[Path]) -> None:
    """Bring the schema to the newest version, each step in a transaction of its own."""
    (version,) = connection.execute("pragma user_version").fetchone()
    if version > len(steps):
        raise NewerFile
    for number, step in enumerate(steps[version:], version + 1):
        body = step.read_text(encoding="utf-8")
        try:
            connection.executescript(f"begin;{body};pragma user_version = {number};commit;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("rollback")
            raise


def _opened_and_checked(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    try:
        (answer,) = connection.execute("pragma quick_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)
        upgrade(connection, schema_steps())
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is bad; a full disk or a locked file is not."""
    return not isinstance(error, sqlite3.OperationalError) or (
        getattr(error, "sqlite_errorname", "") in ("SQLITE_CORRUPT", "SQLITE_NOTADB")
    )


def _set_aside(path: Path, now: datetime) -> Path:
    """Rename the file and its journal, never delete; the new path."""
    stamp = now.strftime("%Y%m%dT%H%M%S")
    aside = path.with_name(f"{path.stem}-damaged-{stamp}.db")
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside
