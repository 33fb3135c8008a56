"""`./tepai demo`: the whole of Tepai on this machine, until Ctrl-C."""

import argparse
import sys
import time
from pathlib import Path

import psycopg

from ops.demo.board import Board
from ops.demo.explain import explain
from ops.demo.house import House
from ops.demo.lock import FolderLock
from ops.demo.state import demo_folder
from ops.demo.stopping import StopWish
from ops.embedded.postgres import Programs, wheel_programs
from ops.embedded.timescale import debian_programs

_TURN_SECONDS = 0.15


def run_demo(fresh: bool, timescale: bool, port: int | None) -> int:
    """Run the demo until it is told to stop; the exit status.

    Parameters
    ----------
    fresh
        Delete the demo's own data first, without asking.
    timescale
        On TimescaleDB, in a state folder of its own.
    port
        Of the web page, if it is free.
    """
    board = Board()
    folder = demo_folder(timescale=timescale)
    if port is not None and not 0 < port < 65_536:
        text = board.translate("端口 %(port)s 不存在：应为 1 到 65535")
        board.say(text % {"port": port}, "bold red")
        return 2
    wish = StopWish()
    try:
        with wish.listening():
            _run_in(folder, wish, board, fresh=fresh, timescale=timescale, port=port)
    except KeyboardInterrupt:
        return 130
    except (OSError, RuntimeError, psycopg.Error) as error:
        board.say(explain(error, folder, board.translate), "bold red")
        return 1
    return 0


def _run_in(
    folder: Path, wish: StopWish, board: Board, *, fresh: bool, timescale: bool, port: int | None
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with FolderLock(folder), board.live():
        house = House(folder, _database_programs(board, timescale=timescale), port, board)
        try:
            house.end_leftovers()
            if fresh:
                house.erase()
            house.open()
            wish.breaks = False
            while not wish.asked:
                house.turn()
                time.sleep(_TURN_SECONDS)
        finally:
            wish.breaks = False
            board.say(board.translate("正在停止……"), "yellow")
            house.close(wish.hurry)


def _database_programs(board: Board, *, timescale: bool) -> Programs:
    if not timescale:
        return wheel_programs()
    return debian_programs(board.say)


def main(arguments: list[str] | None = None) -> int:
    """`python -m ops.demo.command`: the same without the rest of the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--timescale", action="store_true")
    parser.add_argument("--port", type=int)
    wanted = parser.parse_args(arguments)
    return run_demo(wanted.fresh, wanted.timescale, wanted.port)


if __name__ == "__main__":
    sys.exit(main())
