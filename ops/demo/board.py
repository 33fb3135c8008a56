"""What people see of the demo: a live table on a terminal, else one line per change."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from contracts.texts import Translate, mark, translator
from ops.demo.supervise import State, Status
from ops.texts import cli_language

TEXTS = Path(__file__).resolve().parents[1] / "texts"

SERVICE_NAMES = {
    "database": mark("数据库"),
    "broker": mark("消息服务"),
    "server": mark("网页服务"),
    "jobs": mark("定时任务"),
    "gateway": mark("网关"),
    "simulator": mark("传感器模拟"),
}
STATE_NAMES = {
    State.WAITING: mark("等待中"),
    State.STARTING: mark("正在启动"),
    State.READY: mark("就绪"),
    State.RESTARTING: mark("意外结束，将重新启动"),
    State.STOPPED: mark("已停止"),
    State.FAILED: mark("无法启动"),
}
_STYLES = {
    State.WAITING: "dim",
    State.STARTING: "yellow",
    State.READY: "green",
    State.RESTARTING: "bold yellow",
    State.STOPPED: "dim",
    State.FAILED: "bold red",
}


class _PatientConsole(Console):
    """A console whose reader may leave: the demo must stop its services all the same."""

    def on_broken_pipe(self) -> None:
        """Say nothing more, where rich would end the process."""
        self.quiet = True
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Board:
    """The demo's face; every text goes through `translate`."""

    def __init__(self, console: Console | None = None, translate: Translate | None = None) -> None:
        """Write to the console, standard output by default."""
        self.console = console or _PatientConsole(highlight=False, markup=False, soft_wrap=True)
        self.translate = translate or translator(cli_language(), TEXTS)
        self._statuses: dict[str, Status] = {}
        self._live: Live | None = None
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%")
        )
        self._task: TaskID | None = None
        self._said_share: tuple[str, int] | None = None

    @contextmanager
    def live(self) -> Iterator[None]:
        """While inside, a terminal shows the table below what is said."""
        if not self.console.is_terminal:
            yield
            return
        live = Live(get_renderable=self._table, console=self.console, refresh_per_second=4)
        with live as self._live:
            yield
        self._live = None

    def say(self, text: str, style: str = "") -> None:
        """One line or more, already translated."""
        self.show(Text(text, style=style))

    def show(self, renderable: RenderableType) -> None:
        """Something larger, a table for instance."""
        with suppress(OSError):  # a terminal that was closed
            self.console.print(renderable)

    def changed(self, status: Status) -> None:
        """A service's state is another now."""
        before = self._statuses.get(status.name)
        self._statuses[status.name] = status
        if self._live is not None:
            self._live.refresh()
        elif before is None or before.state is not status.state:
            name, state, restarts = self._words(status)
            self.say(
                f"{name}: {state}{f' ({restarts})' if restarts else ''}", _STYLES[status.state]
            )

    def progress(self, text: str, done: int, total: int) -> None:
        """How far the long work has come; `text` is Chinese, a message id."""
        text = self.translate(text)
        if self._live is None:
            share = (text, 4 * done // max(total, 1))
            if share != self._said_share:  # a log wants quarters, no more
                self.say(f"{text} {25 * share[1]}%")
            self._said_share = share
            return
        if self._task is None:
            self._task = self._progress.add_task(text)
        self._progress.update(self._task, description=text, completed=done, total=total)

    def progress_ended(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None

    def _words(self, status: Status) -> tuple[str, str, str]:
        say = self.translate
        restarts = say("第 %(count)s 次重启") % {"count": status.restarts}
        return (
            say(SERVICE_NAMES.get(status.name, status.name)),
            say(STATE_NAMES[status.state]),
            restarts if status.restarts else "",
        )

    def _table(self) -> Group:
        table = Table(box=None, show_header=False, padding=(0, 3, 0, 0))
        for status in self._statuses.values():
            name, state, restarts = self._words(status)
            style = _STYLES[status.state]
            table.add_row(Text("●", style), name, Text(state, style), Text(restarts, "dim"))
        return Group(table, *([self._progress] if self._task is not None else []))


def logins_table(translate: Translate, logins: Sequence[tuple[str, str]], password: str) -> Table:
    """User names with their roles; one password for all."""
    table = Table(
        translate("用户名"), translate("身份"), translate("密码"),
        title=translate("演示账号"), title_justify="left", box=SIMPLE,
    )  # fmt: skip
    for username, role in logins:
        table.add_row(username, translate(role), password)
    return table
