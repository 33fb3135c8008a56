"""Findings about the machine and the project's folder: Python, assets, disk, rights."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from ops.demo.state import home
from ops.doctor.finding import Finding, State, translate
from ops.texts import ROOT, catalogues

DEMO_MEGABYTES = 500
COMFORTABLE_MEGABYTES = 2_000
_ASSETS = ("echarts", "htmx.org", "@mdi/font", "@expo-google-fonts/noto-sans-sc")


def machine_findings() -> list[Finding]:
    """Python, npm's assets, compiled texts, disk space, right to write."""
    return [_python(), _assets(), _texts(), _disk(), _writable()]


def _python() -> Finding:
    system = f"{platform.system()} {platform.machine()}"
    return Finding("Python", State.OK, f"{platform.python_version()}({system})")


def _assets() -> Finding:
    name = translate("网页脚本和字体")
    lacking = [asset for asset in _ASSETS if not (ROOT / "node_modules" / asset).is_dir()]
    if lacking:
        remedy = translate("删除 node_modules 后重新运行 ./tepai")
        return Finding(name, State.MISSING, ", ".join(lacking), remedy)
    node = shutil.which("node")
    if node is None:
        return Finding(name, State.OK, translate("齐全（Node 来自 PyPI）"))
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = told.stdout.strip()
    return Finding(name, State.OK, translate("齐全（Node %(version)s）") % {"version": version})


def _texts() -> Finding:
    name = translate("中英文文字")
    lacking = [po for po in catalogues() if not po.with_suffix(".mo").exists()]
    if lacking:
        return Finding(
            name,
            State.LIMITED,
            ", ".join(str(po.relative_to(ROOT)) for po in lacking),
            translate("由项目文件夹的主人运行一次 ./tepai doctor"),
        )
    return Finding(name, State.OK, translate("已编译"))


def _disk() -> Finding:
    free = shutil.disk_usage(_existing(home())).free // 1_000_000
    name, said = translate("磁盘"), translate("剩余 %(free)s MB") % {"free": free}
    if free >= COMFORTABLE_MEGABYTES:
        return Finding(name, State.OK, said)
    state = State.LIMITED if free >= DEMO_MEGABYTES else State.MISSING
    remedy = translate("请腾出至少 %(needed)s MB") % {"needed": COMFORTABLE_MEGABYTES}
    return Finding(name, state, said, remedy)


def _writable() -> Finding:
    name, folder = translate("写入权限"), home()
    if os.access(_existing(folder), os.W_OK):
        return Finding(name, State.OK, str(folder))
    remedy = translate("设置 TEPAI_HOME 为一个可写的文件夹")
    said = translate("不能写入 %(folder)s") % {"folder": folder}
    return Finding(name, State.MISSING, said, remedy)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
