"""One demo from its first file to its last process."""

import errno
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import psutil

from ops.demo import programs
from ops.demo.board import Board
from ops.demo.embedded import Embedded
from ops.demo.leftovers import MARK, end_marked, is_of_folder, run_mark
from ops.demo.lifeline import Lifeline
from ops.demo.logs import rotate
from ops.demo.past import missing_past, newest_reading_at
from ops.demo.ports import Ports, choose_port, remember_ports, remembered_ports
from ops.demo.state import DemoAddresses, forget_addresses, remove_state, write_addresses
from ops.demo.supervise import Hurry, Status, Supervisor
from ops.demo.welcome import welcome
from ops.demo_data import is_seeded, seed_demo
from ops.embedded.broker import choose_broker
from ops.embedded.database import DatabaseAddresses, provide_database
from ops.embedded.postgres import Cluster
from ops.embedded.postgres import Programs as DatabasePrograms

NEEDED_BYTES = 400 * 1024 * 1024
"""A first start writes about half of it."""
_LOGS = ("server", "jobs", "gateway", "simulator", "lifeline")


class House:
    """Database, broker and programs of the demo in one state folder, whose lock is held."""

    def __init__(
        self, folder: Path, database_programs: DatabasePrograms, web_port: int | None, board: Board
    ) -> None:
        """Choose folders; nothing is written yet."""
        self.folder = folder
        self.supervisor = Supervisor(self._changed)
        self._began = time.monotonic()
        self._mark = run_mark(folder)
        self._board = board
        self._cluster = Cluster(folder / "postgres", database_programs)
        self._broker = choose_broker(folder / "broker")
        self._wanted = remembered_ports(folder)
        self._web_port = web_port or self._wanted.web
        self._lifeline: Lifeline | None = None
        self._addresses: DemoAddresses | None = None
        self._stale = False
        self._welcomed = False

    def end_leftovers(self) -> None:
        """End what a killed demo left running in this folder."""
        count = end_marked(lambda mark: is_of_folder(mark, self.folder) and mark != self._mark)
        forget_addresses(self.folder)
        if count:
            text = self._board.translate("上次演示留下了 %(count)s 个进程，已结束")
            self._board.say(text % {"count": count}, "yellow")

    def erase(self) -> None:
        """Delete the demo's data, logs and ports, and nothing else."""
        remove_state(self.folder, self._cluster.folder)
        self._wanted = remembered_ports(self.folder)

    def open(self) -> None:
        """Start everything; the programs become ready in later turns."""
        logs = self.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        for log in (*(logs / f"{name}.log" for name in _LOGS), self._cluster.log, self._broker.log):
            rotate(log)
        os.environ[MARK] = self._mark  # all that is started from here on inherits it
        self._lifeline = Lifeline(self._mark, logs / "lifeline.log")
        database = self._open_database()
        self._open_broker()
        web_port = self._choose(self._web_port)
        around = programs.Surroundings(
            database, self._broker.host, self._broker.port, web_port, logs
        )
        ports = Ports(web_port, self._cluster.port, self._broker.port)
        remember_ports(self.folder, ports)
        self._addresses = self._describe(database, ports)
        self.supervisor.add(programs.server(around))
        self.supervisor.add(programs.jobs(around))
        self.supervisor.add(programs.gateway(around))
        past = missing_past(newest_reading_at(database.superuser))
        # The broker forgets what is published before the gateway has ever subscribed.
        self.supervisor.add(programs.simulator(around, past), after="gateway")

    def turn(self) -> None:
        """Look after everything once; see `Supervisor.turn`."""
        self.supervisor.turn()
        if self._lifeline is not None:
            self._lifeline.keep()
        if self._addresses is not None and self._stale:
            self._stale = False
            pids = {one.name: one.pid for one in self.supervisor.statuses if one.pid is not None}
            write_addresses(replace(self._addresses, pids=pids))
        if self._addresses is not None and not self._welcomed:
            self._welcomed = self.supervisor.is_ready("server")
            if self._welcomed:
                welcome(self._board, self._addresses, time.monotonic() - self._began)

    def close(self, hurry: Hurry) -> None:
        """Stop everything; no process of this demo is left."""
        self.supervisor.stop(hurry)
        if self._lifeline is not None:
            self._lifeline.let_go()
        forget_addresses(self.folder)
        os.environ.pop(MARK, None)

    def _open_database(self) -> DatabaseAddresses:
        self._check_space()
        cluster = self._cluster
        self.supervisor.add(
            Embedded(
                "database",
                cluster,
                cluster.log,
                lambda: self._choose(self._wanted.database),
            )
        )
        addresses = provide_database(cluster)
        if not is_seeded(addresses.superuser):
            try:
                seed_demo(addresses.superuser, self._board.progress)
            finally:
                self._board.progress_ended()
        return addresses

    def _open_broker(self) -> None:
        broker = self._broker
        self.supervisor.add(
            Embedded("broker", broker, broker.log, lambda: self._choose(self._wanted.mqtt))
        )

    def _choose(self, wanted: int) -> int:
        port = choose_port(wanted)
        if port != wanted:
            text = self._board.translate("端口 %(wanted)s 已被占用，改用 %(port)s")
            self._board.say(text % {"wanted": wanted, "port": port}, "yellow")
        return port

    def _check_space(self) -> None:
        if self._cluster.data.exists():
            return
        existing = self._cluster.folder
        while not existing.exists():
            existing = existing.parent
        if shutil.disk_usage(existing).free < NEEDED_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(existing))

    def _changed(self, status: Status) -> None:
        self._stale = True
        self._board.changed(status)

    def _describe(self, database: DatabaseAddresses, ports: Ports) -> DemoAddresses:
        return DemoAddresses(
            web=f"http://127.0.0.1:{ports.web}",
            database=database,
            mqtt_host=self._broker.host,
            mqtt_port=ports.mqtt,
            tier=self._cluster.programs.tier,
            broker_kind=self._broker.kind,
            pid=os.getpid(),
            born=psutil.Process().create_time(),
            pids={},
            folder=str(self.folder),
        )
