"""`./tepai phone`: the phone app's window beside a running demo."""

import os
import subprocess
import sys

from contracts.texts import mark, translator
from ops.demo.state import read_addresses
from ops.texts import ROOT, cli_language


def run_phone(server: str | None) -> int:
    """Open the app's window and wait until it is closed; the app's own exit code."""
    _ = translator(cli_language(), ROOT / "ops" / "texts")
    if server is None:
        running = read_addresses()
        if running is None:
            print(
                _(mark("没有正在运行的演示；请先运行 ./tepai demo，或用 --server 给出服务器地址"))
            )
            return 1
        server = running.web
    if not _has_display():
        print(_(mark("本机没有图形界面，无法打开窗口")))
        return 1
    app = subprocess.Popen(
        [sys.executable, "-P", "-m", "mobile", "--server", server],
        env={**os.environ, "PYTHONPATH": str(ROOT), "KIVY_NO_ARGS": "1"},
    )
    try:
        return app.wait()
    except KeyboardInterrupt:  # the window was asked as well, and closes by itself
        return app.wait()


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
