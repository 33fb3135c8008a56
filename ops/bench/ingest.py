"""`./tepai bench ingest`: readings through broker and gateway against the ceiling of bare COPY."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from contracts.texts import Translate, translator
from ops.bench.ingest_bed import SENSORS_PER_DEVICE, BenchError, bench_bed
from ops.bench.ingest_runs import Advance, copy_rate, gateway_rate, latencies_ms
from ops.embedded.process import ServerError
from ops.texts import ROOT, cli_language


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: messages of 20 readings a run, runs, seconds of the latency run."""

    messages: int
    runs: int
    latency_s: float


FULL = Size(100_000, 3, 15)
QUICK = Size(5_000, 1, 2)
_LOAD = 0.5


@dataclass(frozen=True, slots=True)
class Measured:
    """The keys of docs/benchmarks.md; rates are medians over the runs."""

    ratio_to_copy: float
    readings_per_s: float
    p99_ms: float
    p50_ms: float
    copy_per_s: float
    latency_load_per_s: float
    readings_per_run: int
    runs: int


def run(*, as_json: bool, size: Size = FULL) -> int:
    """Measure and print; 0, or 1 if it could not be measured."""
    translate = translator(cli_language(), ROOT / "ops" / "texts")
    try:
        measured = measure(size, translate)
    except (BenchError, ServerError) as error:
        print(translate("测试未完成：%(why)s") % {"why": error}, file=sys.stderr)
        return 1
    _show(measured, translate)
    if as_json:
        print(json.dumps(asdict(measured)))
    return 0


def measure(size: Size, translate: Translate) -> Measured:
    """All runs: ceiling and gateway by turns, then the latency at half of the gateway's rate.

    Raises
    ------
    BenchError
        If something does not start, or what is kept is not what was sent.
    """
    copied: list[float] = []
    landed: list[float] = []
    with _bars() as bars, bench_bed() as bed:
        for number in range(1, size.runs + 1):
            advance = _bar(bars, f"{translate('直接 COPY')} {number}/{size.runs}")
            copied.append(copy_rate(bed, size.messages, advance))
            advance = _bar(bars, f"{translate('经消息服务和网关')} {number}/{size.runs}")
            landed.append(gateway_rate(bed, size.messages, advance))
        rate = median(landed) * _LOAD / SENSORS_PER_DEVICE
        advance = _bar(bars, translate("半载时的延迟"))
        waits = latencies_ms(bed, rate, size.latency_s, advance)
    percentiles = quantiles(waits, n=100)
    return Measured(
        ratio_to_copy=round(median(landed) / median(copied), 3),
        readings_per_s=round(median(landed)),
        p99_ms=round(percentiles[98], 1),
        p50_ms=round(percentiles[49], 1),
        copy_per_s=round(median(copied)),
        latency_load_per_s=round(rate * SENSORS_PER_DEVICE),
        readings_per_run=size.messages * SENSORS_PER_DEVICE,
        runs=size.runs,
    )


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _bar(bars: Progress, description: str) -> Advance:
    task = bars.add_task(description, total=1.0)
    return lambda share: bars.update(task, completed=share)


def _show(measured: Measured, translate: Translate) -> None:
    table = Table(title=translate("读数写入"), title_justify="left")
    table.add_column(translate("测量"))
    table.add_column(translate("数值"), justify="right")
    rows: Sequence[tuple[str, str]] = (
        (translate("直接 COPY 的上限（条/秒）"), f"{measured.copy_per_s:,.0f}"),
        (translate("经消息服务和网关（条/秒）"), f"{measured.readings_per_s:,.0f}"),
        (translate("与上限之比"), f"{measured.ratio_to_copy:.0%}"),
        (translate("半载延迟，中位数（毫秒）"), f"{measured.p50_ms:.1f}"),
        (translate("半载延迟，99%(毫秒)"), f"{measured.p99_ms:.1f}"),
    )
    for row in rows:
        table.add_row(*row)
    Console().print(table)
