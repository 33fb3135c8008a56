"""The command line of `./tepai`. Each command imports its module only when it runs."""

import gettext
import os
from importlib import import_module
from typing import Annotated

from contracts.texts import translator
from ops.texts import ROOT, cli_language

OPS_TEXTS = ROOT / "ops" / "texts"
LANGUAGE = cli_language()
if LANGUAGE == "zh":  # Typer's own words, from ops/texts/zh/LC_MESSAGES/messages.po
    os.environ["LANGUAGE"] = "zh"
    gettext.bindtextdomain("messages", str(OPS_TEXTS))

import typer  # noqa: E402 - it reads its words while it is imported

_ = translator(LANGUAGE, OPS_TEXTS)

app = typer.Typer(
    help=_(
        "Tepai 特派：科技特派员的田间服务与园区传感器，同在一处。\n\n"
        "第一次使用：./tepai demo 启动完整演示；./tepai doctor 检查本机。"
    ),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

_gateway = typer.Typer(help=_("网关：运行状态"), no_args_is_help=True)
app.add_typer(_gateway, name="gateway")

_readings = typer.Typer(help=_("读数：导出，重放被拒的消息"), no_args_is_help=True)
app.add_typer(_readings, name="readings")

_JSON = Annotated[bool, typer.Option("--json", help=_("最后一行输出一个 JSON 对象"))]


@app.command(help=_("启动演示：数据库、消息服务、服务器、网关和模拟传感器；Ctrl-C 停止"))
def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help=_("删除演示数据，从头开始"))] = False,
    timescale: Annotated[
        bool, typer.Option("--timescale", help=_("使用 TimescaleDB(从 Debian 软件包私下解开)"))
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help=_("网页端口；被占用时另选一个"))
    ] = None,
) -> None:
    """Start the whole demo."""
    _run("ops.demo.command", "run_demo", fresh=fresh, timescale=timescale, port=port)


@app.command(
    help=_("运行测试：不带参数为全部；unit 为一分钟内的部分；其余参数交给 pytest"),
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def test(
    context: typer.Context,
    what: Annotated[
        str | None, typer.Argument(metavar="[unit|…]", help=_("unit，或 pytest 的参数"))
    ] = None,  # noqa: PT028 - a command, not a test
) -> None:
    """Run checks and tests."""
    arguments = ([what] if what else []) + context.args
    _run("ops.run_tests", "run_tests", arguments=arguments)


@app.command(help=_("检查本机：有什么、缺什么、用哪一级存储、该怎么办"))
def doctor(as_json: _JSON = False) -> None:
    """Look the machine over."""
    _run("ops.doctor", "run_doctor", as_json=as_json)


@app.command(help=_("年度服务成效：九项指标"))
def totals(
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help=_("某一年"))] = None,
    from_year: Annotated[
        int | None, typer.Option("--from", min=2000, max=2100, help=_("期间的第一年"))
    ] = None,
    to_year: Annotated[
        int | None, typer.Option("--to", min=2000, max=2100, help=_("期间的最后一年"))
    ] = None,
    division: Annotated[
        str | None, typer.Option(metavar="CODE", help=_("行政区划代码，如 341302"))
    ] = None,
    as_json: _JSON = False,
    out: Annotated[
        str | None, typer.Option(metavar="FILE.xlsx", help=_("写入 Excel 工作簿"))
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help=_("在临时数据库中统计五年演示数据"))] = False,
) -> None:
    """Count the nine indicators."""
    period = {"year": year, "from_year": from_year, "to_year": to_year}
    _run(
        "ops.totals", "run_totals", **period, division=division, as_json=as_json, out=out, demo=demo
    )


@app.command(help=_("性能测试：ingest(读数写入)或 totals(统计)"))
def bench(
    name: Annotated[str, typer.Argument(metavar="ingest|totals", help=_("测哪一项"))],
    as_json: _JSON = False,
) -> None:
    """Measure."""
    _run("ops.bench.command", "run_bench", name=name, as_json=as_json)


@_gateway.command(
    name="status", help=_("网关的状态：等待的消息、暂存盘、被拒的读数、与数据库和消息服务的连接")
)
def gateway_status(as_json: _JSON = False) -> None:
    """Tell how the gateway is."""
    _run("ops.gateway_status", "run_gateway_status", as_json=as_json)


@_readings.command(
    name="replay", help=_("重放被拒的消息：按现在的登记重新检查，合格的写入；重复运行无害")
)
def readings_replay(
    reason: Annotated[
        str | None, typer.Option(metavar="REASON", help=_("只重放因此被拒的，如 unknown_device"))
    ] = None,
    station: Annotated[
        str | None, typer.Option(metavar="CODE", help=_("只重放这个园区的(主题中的代码)"))
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help=_("只重放此时以后到达的，如 2026-11-23"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只检查，不写入"))] = False,
    as_json: _JSON = False,
) -> None:
    """Replay rejected readings."""
    options = {"reason": reason, "station": station, "since": since}
    _run("ops.readings_replay", "run_replay", **options, dry_run=dry_run, as_json=as_json)


@app.command(help=_("打开手机应用的窗口，连接演示服务器"))
def phone(
    server: Annotated[
        str | None, typer.Option(metavar="URL", help=_("服务器地址；不写则为正在运行的演示"))
    ] = None,
) -> None:
    """Open the phone app's window."""
    _run("ops.phone", "run_phone", server=server)


@_readings.command("export", help=_("把一个园区或基地的读数序列写成 CSV、XLSX 或 Parquet 文件"))
def readings_export(
    station: Annotated[str, typer.Option(metavar="CODE", help=_("园区或基地的编码，如 park-1"))],
    from_: Annotated[
        str, typer.Option("--from", metavar="ISO", help=_("起，带时区，如 2026-05-01T00:00+08:00"))
    ],
    to: Annotated[str, typer.Option(metavar="ISO", help=_("止（不含），带时区"))],
    out: Annotated[
        str, typer.Option(metavar="FILE.csv|.xlsx|.parquet", help=_("写入哪个文件；格式由后缀决定"))
    ],
    sensor: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help=_("传感器编码或“设备/传感器”，可多次；不写则为全部")),
    ] = None,
    step: Annotated[
        str, typer.Option(metavar="raw|hour|day", help=_("原始读数、按小时或按日"))
    ] = "raw",
    language: Annotated[
        str | None, typer.Option(metavar="zh|en", help=_("文件中说明的语言"))
    ] = None,
) -> None:
    """Write series to a file."""
    asked = {"station": station, "sensor": sensor or [], "from": from_, "to": to, "step": step}
    _run("ops.readings_export", "run_export", **asked, out=out, language=language)


def _run(module: str, function: str, **options: object) -> None:
    """Call the command's function and end with the number it returns."""
    raise typer.Exit(getattr(import_module(module), function)(**options))


def main() -> None:
    """Run the command line."""
    app(prog_name="./tepai")
