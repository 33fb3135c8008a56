"""What the demo keeps: ports, addresses for others, logs; and what `--fresh` takes away."""

import errno
import os
import socket
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest

from contracts.texts import mark
from ops.demo.command import run_demo
from ops.demo.explain import explain
from ops.demo.lock import AlreadyRunningError
from ops.demo.logs import last_lines, rotate
from ops.demo.ports import USUAL, Ports, choose_port, remember_ports, remembered_ports
from ops.demo.state import (
    DemoAddresses,
    demo_folder,
    read_addresses,
    remove_state,
    write_addresses,
)
from ops.demo.supervise import GaveUpError
from ops.embedded.database import DatabaseAddresses
from ops.embedded.postgres import ClusterError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEPAI_HOME", str(tmp_path / "家 home"))
    folder = demo_folder(timescale=False)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def addresses(folder: Path) -> DemoAddresses:
    return DemoAddresses(
        web="http://127.0.0.1:8080",
        database=DatabaseAddresses("s", "o", "w", "g", "j", "r"),
        mqtt_host="127.0.0.1",
        mqtt_port=1883,
        tier="plain",
        broker_kind="mosquitto",
        pid=os.getpid(),
        born=psutil.Process().create_time(),
        pids={"server": 12},
        folder=str(folder),
    )


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))  # noqa: S104 - a stranger that listens everywhere
        listener.listen()
        yield listener.getsockname()[1]


def test_taken_port_is_passed_over_for_the_next(taken: int) -> None:
    assert taken < choose_port(taken) < taken + 20


def test_ports_are_the_usual_ones_at_first_and_then_those_of_last_time(folder: Path) -> None:
    assert remembered_ports(folder) == USUAL
    remember_ports(folder, Ports(8081, 5433, 1884))
    assert remembered_ports(folder) == Ports(8081, 5433, 1884)
    (folder / "ports.json").write_text('{"web": ')
    assert remembered_ports(folder) == USUAL


def test_others_find_a_running_demo_and_nobody_else_may_read_it(addresses: DemoAddresses) -> None:
    assert read_addresses() is None
    write_addresses(addresses)
    assert read_addresses() == addresses
    file = Path(addresses.folder) / "addresses.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_demo_that_was_killed_is_not_found(addresses: DemoAddresses) -> None:
    write_addresses(replace(addresses, born=addresses.born - 3600))
    assert read_addresses() is None


def test_fresh_takes_only_what_is_the_demos(folder: Path, tmp_path: Path) -> None:
    for name in ("broker", "logs", "postgres"):
        (folder / name).mkdir()
    (folder / "ports.json").touch()
    (folder / "lock").touch()
    (folder / "mine.txt").touch()
    remove_state(folder, folder / "postgres")
    assert sorted(path.name for path in folder.iterdir()) == ["lock", "mine.txt"]


def test_large_log_is_moved_aside(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("a line\n" * 100)
    rotate(log)
    assert last_lines(log, 2) == ["a line", "a line"]
    rotate(log, largest_bytes=100)
    assert not log.exists()
    assert (tmp_path / "server.log.1").stat().st_size == 700


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "磁盘空间不足"),
        (ClusterError("initdb failed: could not write: No space left on device"), "磁盘空间不足"),
        (psycopg.errors.DiskFull("could not extend file"), "磁盘空间不足"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "没有写入权限：/x/y"),
        (OSError(errno.EROFS, "Read-only file system", "/x/y"), "没有写入权限：/x/y"),
        (ClusterError("the database server did not start: why"), "数据库出错：the database"),
        (GaveUpError("gateway", ["last", "words"]), "gateway 多次无法启动"),
        (GaveUpError("gateway", ["last", "words"]), "last\nwords"),
    ],
)
def test_failure_is_told_in_words(error: Exception, word: str, folder: Path) -> None:
    assert word in explain(error, folder, mark)


def test_second_demo_is_told_where_the_first_is(addresses: DemoAddresses, folder: Path) -> None:
    error = AlreadyRunningError(folder, 42)
    assert "42" in explain(error, folder, mark)
    write_addresses(addresses)
    assert "http://127.0.0.1:8080" in explain(error, folder, mark)


def test_home_that_cannot_be_written_is_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TEPAI_HOME", str(tmp_path / "file"))
    assert run_demo(fresh=False, timescale=False, port=None) == 1
    assert str(tmp_path / "file") in capsys.readouterr().out


def test_port_out_of_range_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_demo(fresh=False, timescale=False, port=65_536) == 2
    assert "65536" in capsys.readouterr().out
