"""`./tepai test`: checks and tests, each step timed, every one run even if another fails."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from contracts.texts import mark, translator
from ops.setup.debian import can_install, install, install_line
from ops.setup.tools import TEST_TOOLS, missing
from ops.setup.virtual_display import virtual_display
from ops.texts import ROOT, cli_language

# What a unit test may not need; an ordinary laptop without any tool runs the rest.
UNIT = "not database and not broker and not browser and not window and not journey"
_WORKERS = ("-n", "2", "--dist", "loadfile")
_translate = translator(cli_language(), ROOT / "ops" / "texts")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the closing table."""

    name: str
    passed: bool
    seconds: float


def run_tests(arguments: Sequence[str]) -> int:
    """Run everything, or `unit`, or what the pytest arguments choose; 0 if all passed."""
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    if arguments and arguments[0] == "unit":
        return _pytest("-m", UNIT, *_WORKERS, *arguments[1:])
    if arguments:
        with virtual_display():
            return _pytest(*arguments)
    return _everything()


def _everything() -> int:
    steps: list[Step] = []

    def step(name: str, action: Callable[[], int]) -> None:
        print(f"\n── {name} ──", flush=True)
        begun = time.monotonic()
        passed = action() == 0
        steps.append(Step(name, passed, time.monotonic() - begun))

    step(_translate(mark("本机工具")), provide_tools)
    step("ruff check", lambda: _tool("ruff", "check", "--output-format", "concise"))
    step("ruff format", lambda: _tool("ruff", "format", "--check"))
    step("mypy --strict", lambda: _module("mypy"))
    step("import-linter", lambda: _tool("lint-imports"))
    with virtual_display():
        step(_translate(mark("测试：PostgreSQL")), lambda: _pytest(*_WORKERS))
    step(_translate(mark("测试：TimescaleDB")), _pytest_on_timescale)
    _show(steps)
    return 0 if all(step.passed for step in steps) else 1


def provide_tools() -> int:
    """Find the machine's tools; as root on Debian install those missing, else say how; 0 if all."""
    lacking = missing(TEST_TOOLS)
    packages = sorted({package for tool in lacking for package in tool.packages})
    if lacking and can_install():
        print(_translate(mark("安装：%(packages)s")) % {"packages": " ".join(packages)}, flush=True)
        install(packages)
        lacking = missing(TEST_TOOLS)
    for tool in lacking:
        purpose = _translate(tool.purpose)
        words = {"tool": tool.name, "purpose": purpose, "command": install_line(tool.packages)}
        print(_translate(mark("缺少 %(tool)s(%(purpose)s);Debian:%(command)s")) % words)
    if lacking and not os.environ.get("CI"):
        print(_translate(mark("需要它们的测试将被跳过")))
        return 0
    return 1 if lacking else 0


def _pytest_on_timescale() -> int:
    return _pytest("-m", "database", *_WORKERS, environment={"TEPAI_TEST_TIER": "timescale-apache"})


def _pytest(*arguments: str, environment: dict[str, str] | None = None) -> int:
    return _module("pytest", *arguments, environment=environment)


def _module(name: str, *arguments: str, environment: dict[str, str] | None = None) -> int:
    return _call([sys.executable, "-m", name, *arguments], environment)


def _tool(name: str, *arguments: str) -> int:
    code = {"lint-imports": "from importlinter.cli import lint_imports_command as main; main()"}
    if name in code:  # its own script names the folder that .venv was made in
        return _call([sys.executable, "-c", code[name], *arguments], None)
    return _module(name, *arguments)


def _call(command: Sequence[str], environment: dict[str, str] | None) -> int:
    """Run in the project's folder; its words go straight to the terminal."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode


def _show(steps: Sequence[Step]) -> None:
    table = Table(title=_translate(mark("测试汇总")), title_justify="left")
    table.add_column(_translate(mark("步骤")))
    table.add_column(_translate(mark("结果")))
    table.add_column(_translate(mark("秒")), justify="right")
    for step in steps:
        verdict = (
            f"[green]{_translate(mark('通过'))}[/]"
            if step.passed
            else f"[bold red]{_translate(mark('失败'))}[/]"
        )
        table.add_row(step.name, verdict, f"{step.seconds:.1f}")
    Console().print("\n", table)
