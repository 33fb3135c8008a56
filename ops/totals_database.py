"""The database that `./tepai totals` counts: a scratch one, a configured one, or the demo's."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from contracts.texts import mark
from ops.demo.lock import AlreadyRunningError, FolderLock
from ops.demo.state import demo_folder, home, read_addresses
from ops.demo_data import seed_demo
from ops.embedded.database import provide_database
from ops.embedded.postgres import Cluster, Programs, wheel_programs
from ops.embedded.timescale import debian_programs

Progress = Callable[[str, int, int], None]
# Nothing in a scratch cluster outlives the command, so nothing waits for the disk.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
NO_DATABASE = mark(
    "没有可统计的数据库：请设置 TEPAI_REPORT_DATABASE，"
    "或先运行 ./tepai demo，或用 --demo 统计演示数据"
)
DEMO_BUSY = mark("演示正在启动或停止，请稍后再试（进程 %(pid)s）")


class NoDatabaseError(RuntimeError):
    """Nothing to count; the message is a text id, `members` its parameters."""

    def __init__(self, text: str, **members: object) -> None:
        """Keep the text and its parameters."""
        super().__init__(text)
        self.text = text
        self.members = members


@contextmanager
def scratch_cluster(settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """A running cluster of its own; removed whatever happens."""
    folder = home() / f"scratch-{os.getpid()}-{secrets.token_hex(3)}"
    with ExitStack() as stack:
        folder.mkdir(parents=True)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = Cluster(folder / "postgres", wheel_programs(), {**_FAST, **(settings or {})})
        stack.callback(cluster.remove)
        cluster.start()
        yield cluster


@contextmanager
def demo_data_database(progress: Progress | None) -> Iterator[str]:
    """Connection string, as tepai_report, of a scratch database with the demo data."""
    with scratch_cluster() as cluster:
        addresses = provide_database(cluster, "totals")
        seed_demo(addresses.superuser, progress)
        yield addresses.report


@contextmanager
def report_database() -> Iterator[str]:
    """Connection string, as tepai_report, of the operator's database.

    TEPAI_REPORT_DATABASE, else the running demo's, else that of a stopped demo, which is started
    for as long as this lasts.

    Raises
    ------
    NoDatabaseError
        If there is none of them, or the demo is just starting or stopping.
    """
    configured = os.environ.get("TEPAI_REPORT_DATABASE")
    running = None if configured else read_addresses()
    if configured or running:
        yield configured or (running.database.report if running else "")
        return
    for timescale in (False, True):
        folder = demo_folder(timescale=timescale)
        if (folder / "lock").exists():
            with _stopped_demo(folder, timescale=timescale) as conninfo:
                if conninfo is not None:
                    yield conninfo
                    return
    raise NoDatabaseError(NO_DATABASE)


@contextmanager
def _stopped_demo(folder: Path, *, timescale: bool) -> Iterator[str | None]:
    try:
        with FolderLock(folder), ExitStack() as stack:
            cluster = Cluster(folder / "postgres", _programs(timescale=timescale))
            if not (cluster.data / "PG_VERSION").exists():
                yield None
                return
            stack.callback(cluster.stop)
            cluster.start()
            yield provide_database(cluster).report
    except AlreadyRunningError as error:
        raise NoDatabaseError(DEMO_BUSY, pid=error.pid) from None


def _programs(*, timescale: bool) -> Programs:
    return debian_programs() if timescale else wheel_programs()
