"""The single measurements of the ingest benchmark."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import psycopg

from contracts.sql_files import beside
from gateway.rows import Rows
from gateway.storing import COPY_READINGS
from ops.bench.ingest_bed import DEVICES, SENSORS_PER_DEVICE, Bed, BenchError
from ops.bench.ingest_publisher import message_us
from ops.texts import ROOT

_SQL = beside(__file__, "ingest.sql")
_COPY_BATCH = 10_000
_PATIENCE_S = 300.0

Advance = Callable[[float], None]


def copy_rate(bed: Bed, messages: int, advance: Advance) -> float:
    """The ceiling: readings/s of binary COPY into the same table, 10,000 a commit."""
    start_us = _empty(bed)
    sensor_ids = np.array(bed.sensor_ids, np.int32)
    numbers = np.arange(messages)
    ids = sensor_ids[numbers % DEVICES].reshape(-1)
    times = np.repeat(start_us + numbers // DEVICES * 1_000_000, SENSORS_PER_DEVICE)
    values = np.random.default_rng(1).uniform(5, 45, len(ids)).round(2)
    with psycopg.connect(bed.database.gateway, autocommit=True) as connection:
        begun = time.perf_counter()
        for start in range(0, len(ids), _COPY_BATCH):
            part = slice(start, start + _COPY_BATCH)
            rows = Rows(ids[part], times[part], values[part])
            with connection.cursor() as cursor, cursor.copy(COPY_READINGS) as copy:
                copy.write(rows.as_copy())
            advance(min(1.0, (start + _COPY_BATCH) / len(ids)))
        took = time.perf_counter() - begun
    _check(bed, len(ids))
    return len(ids) / took


def gateway_rate(bed: Bed, messages: int, advance: Advance) -> float:
    """Readings/s committed, from the first publish to the moment the last one can be read."""
    start_us = _empty(bed)
    last = {
        "sensor_id": bed.sensor_ids[(messages - 1) % DEVICES][0],
        "time_us": message_us(messages - 1, start_us),
    }
    with _publishing(bed, messages, 0, start_us) as publisher:
        _wait_for(bed, last, messages, advance)
        seen = time.time()
        begun = float(publisher().split()[0])  # the last reading may be there before its PUBACK
    advance(1.0)
    _check(bed, messages * SENSORS_PER_DEVICE)
    return messages * SENSORS_PER_DEVICE / (seen - begun)


def latencies_ms(bed: Bed, rate: float, seconds: float, advance: Advance) -> list[float]:
    """For each message at `rate` messages/s: from its sending until its commit is announced."""
    _empty(bed)
    messages = round(rate * seconds)
    heard: list[float] = []
    stop = threading.Event()
    listener = threading.Thread(target=_listen, args=(bed, heard, stop))
    listener.start()
    try:
        with _publishing(bed, messages, rate, 0) as publisher:
            publisher(advance, seconds)
        _settle(bed, messages * SENSORS_PER_DEVICE)
        advance(1.0)
    finally:
        stop.set()
        listener.join()
    _check(bed, messages * SENSORS_PER_DEVICE)
    return _latencies(bed, heard)


def _latencies(bed: Bed, heard: list[float]) -> list[float]:
    """Commits are announced in their order, one word each: the nth word is the nth transaction."""
    firsts = [ids[0] for ids in bed.sensor_ids]
    with psycopg.connect(bed.database.superuser) as connection:
        rows = connection.execute(_SQL["select_transactions"], {"sensor_ids": firsts}).fetchall()
    transactions = sorted({transaction for _, transaction in rows})
    if len(transactions) != len(heard):
        raise BenchError(f"{len(transactions)} commits, but {len(heard)} announced")
    announced = dict(zip(transactions, heard, strict=True))
    return [announced[transaction] * 1000 - time_us / 1000 for time_us, transaction in rows]


def _listen(bed: Bed, heard: list[float], stop: threading.Event) -> None:
    with psycopg.connect(bed.database.superuser, autocommit=True) as connection:
        connection.execute(_SQL["listen"])
        while not stop.is_set():
            for _ in connection.notifies(timeout=0.2):
                heard.append(time.time())  # noqa: PERF401 - the moment matters


@contextmanager
def _publishing(
    bed: Bed, messages: int, rate: float, start_us: int
) -> Iterator[Callable[..., str]]:
    """A publisher process; the function given waits for its end and returns what it printed."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ops.bench.ingest_publisher", bed.broker.host),
            *(str(bed.broker.port), str(messages), repr(rate), str(start_us)),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def wait(advance: Advance | None = None, seconds: float = 0) -> str:
        begun = time.monotonic()
        while advance is not None and process.poll() is None:
            advance(min(0.99, (time.monotonic() - begun) / seconds))
            time.sleep(0.2)
        out, words = process.communicate(timeout=_PATIENCE_S)
        if process.returncode != 0:
            said = "".join(words.strip().splitlines()[-1:])
            raise BenchError(f"the publisher ended with {process.returncode}: {said}")
        return out

    try:
        yield wait
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _wait_for(bed: Bed, last: dict[str, int], messages: int, advance: Advance) -> None:
    """Wait until the last message's reading is there: the writer keeps the order of sending."""
    deadline = time.monotonic() + _PATIENCE_S
    with psycopg.connect(bed.database.superuser, autocommit=True) as connection:
        while True:
            row = connection.execute(_SQL["select_arrived"], last).fetchone()
            if row and row[0]:
                return
            if row:
                advance(max(0.0, 1 - (last["time_us"] - row[1]) / 1e6 * DEVICES / messages))
            if time.monotonic() > deadline:
                raise BenchError(f"not all arrived: {bed.gateway_log.read_text()[-500:]}")
            time.sleep(0.01)


def _settle(bed: Bed, readings: int) -> None:
    deadline = time.monotonic() + 30
    with psycopg.connect(bed.database.superuser, autocommit=True) as connection:
        while time.monotonic() < deadline:
            row = connection.execute(_SQL["count_readings"]).fetchone()
            if row and row[0] >= readings:
                time.sleep(0.3)  # the word about the last commit is on its way
                return
            time.sleep(0.1)


def _empty(bed: Bed) -> int:
    """Empty tables on a rested disk; a start for times, three days ago."""
    with psycopg.connect(bed.database.superuser, autocommit=True) as connection:
        connection.execute(_SQL["empty_readings"])
        connection.execute(_SQL["checkpoint"])
    return (time.time_ns() // 1_000_000_000 - 3 * 86_400) * 1_000_000


def _check(bed: Bed, readings: int) -> None:
    with psycopg.connect(bed.database.superuser) as connection:
        found = connection.execute(_SQL["count_readings"]).fetchone()
    if found != (readings, 0):
        raise BenchError(f"sent {readings} readings; kept and rejected are {found}")
