"""What the demo says when its first page can be opened."""

from contracts.texts import mark
from ops.demo.board import Board, logins_table
from ops.demo.state import DemoAddresses
from ops.demo_data.roster import DEMO_PASSWORD
from ops.embedded.broker import AMQTT_COSTS

LOGINS = (
    ("city", mark("市科技局")),
    ("county-341302", mark("县区科技局（埇桥区）")),
    ("park", mark("园区管理员")),
    ("kejite001", mark("科技特派员")),
    ("auditor", mark("审计员")),
    ("admin", mark("系统管理员")),
)
_TIERS = {
    "plain": mark("PostgreSQL(按时间分区)"),
    "timescale-apache": mark("TimescaleDB Apache 版"),
    "timescale-community": mark("TimescaleDB 社区版"),
}


def welcome(board: Board, addresses: DemoAddresses, seconds: float) -> None:
    """Print the address, the logins, what it runs on, and how to stop it."""
    say = board.translate
    board.say("")
    board.say(
        say("演示已就绪（%(seconds)s 秒）：%(web)s")
        % {"seconds": f"{seconds:.0f}", "web": addresses.web},
        "bold green",
    )
    board.show(logins_table(say, LOGINS, DEMO_PASSWORD))
    tier = say(_TIERS.get(addresses.tier, addresses.tier))
    board.say(say("存储：%(tier)s") % {"tier": tier})
    board.say(
        say("消息服务：%(kind)s,%(host)s:%(port)s")
        % {
            "kind": addresses.broker_kind,
            "host": addresses.mqtt_host,
            "port": addresses.mqtt_port,
        }
    )
    if addresses.broker_kind == "amqtt":
        board.say(f"  {say(AMQTT_COSTS)}", "yellow")
    board.say(say("日志：%(folder)s") % {"folder": f"{addresses.folder}/logs"})
    board.say(say("按 Ctrl-C 停止，数据会保留；加 --fresh 从头开始"), "dim")
    board.say("")
