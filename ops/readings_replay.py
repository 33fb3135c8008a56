"""`./tepai readings replay`: rejected messages again, after what was wrong has been put right."""

import getpass
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contracts.readings import RejectReason
from contracts.texts import Translate, mark, translator
from gateway.replay import Replayed, Wanted, count_replayable, replay
from ops.demo.state import read_addresses
from ops.texts import ROOT, cli_language
from server.languages import TEXTS as SERVER_TEXTS
from server.readings.rejected import reason_text

_ZONE = ZoneInfo("Asia/Shanghai")
_NO_DATABASE = mark("没有可重放的数据库：请设置 TEPAI_GATEWAY_DATABASE，或先运行 ./tepai demo")


class UsageError(ValueError):
    """An option that cannot be meant; the message is for people."""


def run_replay(
    reason: str | None,
    station: str | None,
    since: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Replay and say what came of it; 0, 1 without a database, 2 for wrong options."""
    _ = translator(cli_language(), ROOT / "ops" / "texts", SERVER_TEXTS)
    try:
        wanted = Wanted(_reason(reason, _), station, _since(since, _))
    except UsageError as error:
        return _refuse(str(error), 2)
    conninfo = _database()
    if conninfo is None:
        return _refuse(_(_NO_DATABASE), 1)
    try:
        with psycopg.connect(conninfo, autocommit=True, application_name="tepai-replay") as opened:
            done = _replay(opened, wanted, _, dry_run=dry_run)
    except psycopg.Error as error:
        return _refuse(_(mark("重放未完成：%(why)s")) % {"why": str(error).strip()}, 1)
    if as_json:
        print(json.dumps({**asdict(done), "dry_run": dry_run}, ensure_ascii=False))
    else:
        for line in _sentences(done, _, dry_run=dry_run):
            print(line)
    return 0


def _replay(
    connection: psycopg.Connection, wanted: Wanted, _: Translate, *, dry_run: bool
) -> Replayed:
    count, last = count_replayable(connection, wanted)
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    done = Replayed()
    with bars:
        task = bars.add_task(_(mark("正在重放被拒的消息")), total=count)
        for done in replay(connection, wanted, getpass.getuser(), last, dry_run=dry_run):
            bars.update(task, completed=done.rows)
    return done


def _sentences(done: Replayed, _: Translate, *, dry_run: bool) -> Iterator[str]:
    if not done.rows:
        yield _(mark("没有符合条件的被拒消息"))
        return
    if dry_run:
        yield _(mark("只检查，没有写入。若重放："))
    yield _(mark("检查被拒记录 %(rows)s 条，其中 %(resolved)s 条的问题已解决")) % {
        "rows": done.rows,
        "resolved": done.resolved,
    }
    yield _(mark("写入读数 %(count)s 个")) % {"count": done.stored}
    yield _(mark("早已写入的读数 %(count)s 个")) % {"count": done.there_already}
    for reason, count in sorted(done.still.items(), key=itemgetter(1), reverse=True):
        said = {"reason": reason_text(reason, _), "code": reason, "count": count}
        yield _(mark("仍然被拒 %(count)s 项：%(reason)s（%(code)s）")) % said
    if done.refused_by_database:
        yield _(mark("数据库不接受 %(count)s 条")) % {"count": done.refused_by_database}
    if done.cut:
        yield _(mark("无法重放 %(count)s 条：消息太大，当时只保留了开头")) % {"count": done.cut}


def _reason(given: str | None, _: Translate) -> str | None:
    known = [str(one) for one in RejectReason]
    if given is not None and given not in known:
        words = _(mark("没有名为 %(given)s 的原因；可选：%(known)s"))
        raise UsageError(words % {"given": given, "known": ", ".join(known)})
    return given


def _since(given: str | None, _: Translate) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        words = _(mark("%(given)s 不是时间；应写成 2026-11-23 或 2026-11-23T08:00"))
        raise UsageError(words % {"given": given}) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)


def _database() -> str | None:
    configured = os.environ.get("TEPAI_GATEWAY_DATABASE")
    running = None if configured else read_addresses()
    return configured or (running.database.gateway if running else None)


def _refuse(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status
