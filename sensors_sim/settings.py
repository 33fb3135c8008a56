"""What the simulator is told by command line and environment."""

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contracts.topics import CODE
from sensors_sim.month import STEP

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST_BACKFILL = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Settings:
    """What to post, and where.

    Attributes
    ----------
    stations : codes; `glasshouse` replays the measured month, all others are invented
    backfill : how much of the past is posted first
    interval : time between two steps of 5 minutes; None posts each when it is due
    live : go on after the backfill
    """

    host: str
    port: int
    stations: Sequence[str]
    seed: int
    backfill: timedelta
    interval: timedelta | None
    faults: bool
    live: bool


def settings_from(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """The settings of a start; a wrong one ends the program with words about it."""
    parser = argparse.ArgumentParser(
        prog="sensors_sim",
        description="Posts readings of simulated stations: the station 'glasshouse' replays a"
        " month measured in a real glasshouse, the others are invented from a seed.",
    )
    parser.add_argument(
        "--stations",
        type=_codes,
        default=_codes(environment.get("TEPAI_SIM_STATIONS", "glasshouse")),
        help="codes of the stations, with commas between (TEPAI_SIM_STATIONS)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of everything invented")
    parser.add_argument(
        "--backfill", type=_span, default=timedelta(), help="post the past first, e.g. 48h"
    )
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument(
        "--interval",
        type=float,
        help="post the next step of 5 minutes every so many seconds, stamped with the present:"
        " the days of the simulated places then go by faster than yours",
    )
    pace.add_argument("--speed", type=float, help="the same as --interval 300/SPEED")
    parser.add_argument("--faults", action="store_true", help="post a bad message now and then")
    parser.add_argument("--no-live", action="store_true", help="end after the backfill")
    given = parser.parse_args(arguments)
    return Settings(
        host=environment.get("TEPAI_MQTT_HOST", "127.0.0.1"),
        port=int(environment.get("TEPAI_MQTT_PORT", "1883")),
        stations=given.stations,
        seed=given.seed,
        backfill=given.backfill,
        interval=_interval(parser, given.interval, given.speed),
        faults=given.faults,
        live=not given.no_live,
    )


def _interval(
    parser: argparse.ArgumentParser, interval: float | None, speed: float | None
) -> timedelta | None:
    if speed is not None:
        if not 0 < speed <= 3000:
            parser.error(f"--speed {speed:g}: want more than 0, at most 3000")
        interval = STEP.total_seconds() / speed
    if interval is None:
        return None
    if not 0.1 <= interval <= STEP.total_seconds():
        parser.error(f"--interval {interval:g}: want 0.1 to {STEP.total_seconds():g} seconds")
    return timedelta(seconds=interval)


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(part.strip() for part in text.split(",") if part.strip())
    for code in codes:
        if not CODE.fullmatch(code):
            raise argparse.ArgumentTypeError(f"{code!r} is no station code: want a-z, 0-9, - and _")
    return codes


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"(\d+)([mhd])", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r}: want a number and m, h or d, e.g. 48h")
    span = int(found[1]) * _UNITS[found[2]]
    if span > _LONGEST_BACKFILL:
        raise argparse.ArgumentTypeError(f"{text!r}: want at most {_LONGEST_BACKFILL.days}d")
    return span
