"""Which moments are simulated, and with which time their readings are stamped."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sensors_sim.month import STEP

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Tick:
    """One step: post at `due` what happened at `moment`, stamped with `stamp`."""

    due: datetime
    moment: datetime
    stamp: datetime


def on_grid(moment: datetime) -> datetime:
    """The beginning of the 5 minutes that the moment lies in."""
    return moment - (moment - _EPOCH) % STEP


def past_ticks(now: datetime, span: timedelta) -> Iterator[Tick]:
    """Every step of the span that ends now, all due at once."""
    moment = on_grid(now - span) + STEP
    while moment <= now:
        yield Tick(now, moment, moment)
        moment += STEP


def live_ticks(now: datetime, interval: timedelta | None) -> Iterator[Tick]:
    """The steps from now on, without end.

    Parameters
    ----------
    interval
        Time between two steps; each is then stamped with the time it is posted at, so that
        nothing lies in the future. If None, each step is posted when it is due.
    """
    moment = on_grid(now)
    due = now
    while True:
        moment += STEP
        due = moment if interval is None else due + interval
        yield Tick(due, moment, due)
