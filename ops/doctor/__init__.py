"""`./tepai doctor`: what is there, what is missing, which storage tier is in use, what to do."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts.texts import mark, translator
from ops.doctor.finding import Finding, State
from ops.doctor.machine import machine_findings
from ops.doctor.services import broker_kind, service_findings, storage_tier
from ops.doctor.test_tools import test_tool_findings
from ops.texts import ROOT, cli_language

_COLOURS = {State.OK: "green", State.LIMITED: "yellow", State.MISSING: "bold red"}
_WORDS = {State.OK: mark("正常"), State.LIMITED: mark("受限"), State.MISSING: mark("缺少")}


def run_doctor(*, as_json: bool = False) -> int:
    """Look everything over; 1 if something that the demo needs is missing."""
    findings = [*machine_findings(), *service_findings(), *test_tool_findings()]
    healthy = all(finding.state is not State.MISSING for finding in findings)
    if as_json:
        print(_as_json(findings, healthy=healthy))
    else:
        _show(findings, healthy=healthy)
    return 0 if healthy else 1


def _as_json(findings: Sequence[Finding], *, healthy: bool) -> str:
    whole = {
        "ok": healthy,
        "tier": storage_tier(),
        "broker": broker_kind(),
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(whole, ensure_ascii=False)


def _show(findings: Sequence[Finding], *, healthy: bool) -> None:
    _ = translator(cli_language(), ROOT / "ops" / "texts")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        said = escape(finding.detail)
        if finding.remedy:
            said += f"\n[bold]→ {escape(finding.remedy)}[/]"
        colour = _COLOURS[finding.state]
        table.add_row(f"[{colour}]{_(_WORDS[finding.state])}[/]", escape(finding.name), said)
    console = Console()
    console.print(table)
    if healthy:
        console.print(f"\n[green]{_(mark('可以运行 ./tepai demo'))}[/]")
    else:
        console.print(f"\n[bold red]{_(mark('演示还不能运行：请先补上缺少的'))}[/]")
