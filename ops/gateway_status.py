"""`./tepai gateway status`: what the gateway last said of itself, as a table or as JSON."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from contracts.texts import Translate, mark, translator
from gateway.settings import status_file
from gateway.status import Status
from ops.demo.state import read_addresses, spool_folder
from ops.texts import ROOT, cli_language

FRESH_S = 10.0
"""The gateway writes every second: what is older comes from one that hangs or was killed."""
_NOWHERE = mark(
    "不知道网关的状态文件在哪里：请设置 TEPAI_GATEWAY_STATUS 或 TEPAI_GATEWAY_SPOOL，"
    "与网关的设置相同，或先运行 ./tepai demo"
)


def run_gateway_status(as_json: bool) -> int:
    """Print; 0 if the gateway runs, else 1."""
    _ = translator(cli_language(), ROOT / "ops" / "texts")
    file = _status_file()
    if file is None:
        return _say(_(_NOWHERE), {"state": "unknown"}, as_json=as_json)
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        status = Status(**known)
    except FileNotFoundError:
        words = _(mark("网关没有运行过：没有状态文件 %(file)s")) % {"file": file}
        return _say(words, {"state": "never_ran", "file": str(file)}, as_json=as_json)
    except (OSError, ValueError, TypeError) as error:
        words = _(mark("状态文件 %(file)s 读不了：%(why)s")) % {"file": file, "why": error}
        return _say(words, {"state": "unreadable", "file": str(file)}, as_json=as_json)
    age_s = max(0.0, time.time() - status.written_at)
    state = "stopped" if status.stopped else "stale" if age_s > FRESH_S else "running"
    if as_json:
        print(json.dumps({"state": state, "age_s": round(age_s, 1), **known}, ensure_ascii=False))
    else:
        _show(status, state, age_s, _)
    return 0 if state == "running" else 1


def _status_file() -> Path | None:
    """As the environment says, else that of the running demo."""
    configured = status_file()
    if configured is not None:
        return configured
    running = read_addresses()
    return spool_folder(Path(running.folder)) / "status.json" if running else None


def _say(words: str, content: dict[str, Any], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(content, ensure_ascii=False))
    else:
        print(words, file=sys.stderr)
    return 1


def _show(status: Status, state: str, age_s: float, _: Translate) -> None:
    said = {"pid": status.pid, "age": f"{age_s:.0f}", "client": status.client_id}
    headings = {
        "running": mark("网关 %(client)s 正在运行（进程 %(pid)s）"),
        "stopped": mark("网关 %(client)s 已正常停止；以下是它 %(age)s 秒前停止时的状态"),
        "stale": mark(
            "网关 %(client)s（进程 %(pid)s）已有 %(age)s 秒没有更新状态："
            "它可能被强行结束或卡住了；以下内容已过时"
        ),
    }
    console = Console()
    style = "green" if state == "running" else "yellow"
    console.print(_(headings[state]) % said, style=style, markup=False, highlight=False)
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in _lines(status, _):
        table.add_row(name, value)
    console.print(table)


def _lines(status: Status, _: Translate) -> Iterator[tuple[str, str]]:
    yes, no = _(mark("已连接")), _(mark("未连接"))
    yield _(mark("数据库")), yes if status.database_connected else no
    yield _(mark("消息服务")), yes if status.broker_connected else no
    yield _(mark("内存中等待的消息")), f"{status.queue_messages:,}"
    if status.spool_limit_bytes:
        yield _(mark("暂存盘中的消息")), f"{status.spool_messages:,}"
        used, most = status.spool_bytes / 2**20, status.spool_limit_bytes / 2**20
        yield _(mark("暂存盘已用")), f"{used:,.1f} / {most:,.0f} MB"
    else:
        yield _(mark("暂存盘")), _(mark("未启用"))
    waited = _(mark("%(seconds)s 秒")) % {"seconds": f"{status.oldest_unwritten_seconds:,.1f}"}
    yield _(mark("最早一条未写入的已等待")), waited if status.oldest_unwritten_seconds else "–"
    yield _(mark("已写入的读数")), f"{status.readings_total:,}"
    yield _(mark("已确认的消息")), f"{status.messages_total:,}"
    yield _(mark("被拒的读数或消息")), f"{sum(status.rejected_total.values()):,}"
    for reason, count in sorted(status.rejected_total.items()):
        yield f"  {reason}", f"{count:,}"
    committed = status.last_commit_timestamp_seconds
    yield _(mark("最近一次写入")), _moment(committed) if committed else "–"
    yield _(mark("启动时间")), _moment(status.started_at)


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds).astimezone():%Y-%m-%d %H:%M:%S %z}"
