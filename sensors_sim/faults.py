"""Messages as ill devices send them, so that the list of rejected ones has something to show."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sensors_sim.posting import Posting
from sensors_sim.signals import chance

RATE = 0.004

Fault = Callable[[Posting, str], bytes]


def _cut_off(posting: Posting, sensor: str) -> bytes:
    del sensor
    return posting.payload[:-17]


def _wrong_unit(posting: Posting, sensor: str) -> bytes:
    return _single(posting.time, sensor, posting.values[sensor], unit="furlong")


def _out_of_range(posting: Posting, sensor: str) -> bytes:
    return _single(posting.time, sensor, 1e6)


def _not_a_number(posting: Posting, sensor: str) -> bytes:
    return _single(posting.time, sensor, "ERR")


def _renamed(posting: Posting, sensor: str) -> bytes:
    return _single(posting.time, f"{sensor}_old", posting.values[sensor])


def _clock_years_off(posting: Posting, sensor: str) -> bytes:
    return _single(posting.time - timedelta(days=9131), sensor, posting.values[sensor])


FAULTS: tuple[Fault, ...] = (
    _cut_off, _wrong_unit, _out_of_range, _not_a_number, _renamed, _clock_years_off,
)  # fmt: skip


def faulty_payloads(seed: int, posting: Posting) -> Iterator[bytes]:
    """Now and then a bad message beside a good posting; the same for the same seed and posting."""
    what = (posting.topic, posting.time.isoformat())
    if chance(seed, "fault", *what) < RATE:
        fault = FAULTS[int(chance(seed, "kind", *what) * len(FAULTS))]
        yield fault(posting, next(iter(posting.values)))


def one_of_each(posting: Posting) -> Iterator[bytes]:
    """Every kind of bad message once."""
    for fault in FAULTS:
        yield fault(posting, next(iter(posting.values)))


def _single(time: datetime, sensor: str, value: object, unit: str | None = None) -> bytes:
    content = {"sensor": sensor, "value": value, "time": time.isoformat()}
    return json.dumps(content if unit is None else {**content, "unit": unit}).encode()
