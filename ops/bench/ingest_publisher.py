"""A publisher that is never the bottleneck: a bare socket, packets put together from parts.

Run as a process of its own: `python -m ops.bench.ingest_publisher HOST PORT COUNT RATE START_US`.
RATE is messages/s, or 0 for as fast as the broker takes them. At full speed message n is stamped
START_US plus one second for every round of all devices; at a set rate with the moment of sending.
Prints the moment of the first sending and that of the last confirmation, in seconds since 1970.
"""

import random
import socket
import sys
import time
from collections.abc import Callable, Iterator

from ops.bench.ingest_bed import DEVICES, SENSORS_PER_DEVICE

# Unconfirmed messages allowed; the broker's own limit is 2000.
_WINDOW = 1500
_BLOCK = 50
_PUBACK_BYTES = 4
_VARIANTS = 40


def message_us(number: int, start_us: int) -> int:
    """The time that message `number` is stamped with at full speed."""
    return start_us + number // DEVICES * 1_000_000


def publish_all(
    host: str, port: int, count: int, rate: float, start_us: int
) -> tuple[float, float]:
    """Publish with QoS 1; moments of the first sending and the last confirmation."""
    with socket.create_connection((host, port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _connect(connection)
        packets = _packets(count, (lambda n: message_us(n, start_us)) if rate == 0 else _now_us)
        begun = time.time()
        if rate == 0:
            _send_quickly(connection, packets, count)
        else:
            _send_paced(connection, packets, count, rate)
        ended = time.time()
        connection.sendall(b"\xe0\x00")  # DISCONNECT
    return begun, ended


def _connect(connection: socket.socket) -> None:
    client_id = b"tepai-bench-publisher"
    body = b"\x00\x04MQTT\x04\x02\x00\x00" + _text(client_id)
    connection.sendall(b"\x10" + _length(len(body)) + body)
    answer = connection.recv(4)
    if answer != b"\x20\x02\x00\x00":
        raise ConnectionError(f"the broker answers {answer!r}")


def _packets(count: int, stamp: Callable[[int], int]) -> Iterator[bytes]:
    topics = [_text(f"tepai/v1/bench/d{n:02d}/telemetry".encode()) for n in range(DEVICES)]
    bodies = _bodies()
    for n in range(count):
        us = stamp(n)
        payload = b'{"time":%d.%06d,"readings":[' % divmod(us, 1_000_000) + bodies[n % _VARIANTS]
        topic = topics[n % DEVICES]
        mid = (n % 65535 + 1).to_bytes(2)
        yield b"\x32" + _length(len(topic) + 2 + len(payload)) + topic + mid + payload


def _bodies() -> list[bytes]:
    """Lists of readings as JSON, to follow the time."""
    chance = random.Random(1)  # noqa: S311 - made-up values
    readings = '{{"sensor":"s{:02d}","value":{},"unit":"%"}}'
    return [
        (
            ",".join(
                readings.format(n, round(chance.uniform(5, 45), 2))
                for n in range(SENSORS_PER_DEVICE)
            )
            + "]}"
        ).encode()
        for _ in range(_VARIANTS)
    ]


def _send_quickly(connection: socket.socket, packets: Iterator[bytes], count: int) -> None:
    confirmed_bytes = 0
    block: list[bytes] = []
    for sent, packet in enumerate(packets, 1):
        block.append(packet)
        if len(block) == _BLOCK or sent == count:
            connection.sendall(b"".join(block))
            block.clear()
        while sent - confirmed_bytes // _PUBACK_BYTES >= _WINDOW:
            confirmed_bytes += _receive(connection)
    while confirmed_bytes < count * _PUBACK_BYTES:
        confirmed_bytes += _receive(connection)


def _send_paced(
    connection: socket.socket, packets: Iterator[bytes], count: int, rate: float
) -> None:
    begun = time.perf_counter()
    sent = confirmed_bytes = 0
    while sent < count:
        due = min(count, int((time.perf_counter() - begun) * rate))
        while sent < due:
            connection.sendall(next(packets))
            sent += 1
        connection.settimeout(0.002)
        try:
            confirmed_bytes += _receive(connection)
        except TimeoutError:
            continue
        finally:
            connection.settimeout(60)
    while confirmed_bytes < count * _PUBACK_BYTES:
        confirmed_bytes += _receive(connection)


def _receive(connection: socket.socket) -> int:
    received = len(connection.recv(65536))
    if not received:
        raise ConnectionError("the broker closed the connection")
    return received


def _now_us(number: int) -> int:
    del number
    return time.time_ns() // 1000


def _text(value: bytes) -> bytes:
    return len(value).to_bytes(2) + value


def _length(value: int) -> bytes:
    """MQTT's variable length (3.1.1, §2.2.3)."""
    out = bytearray()
    while True:
        value, digit = value >> 7, value & 0x7F
        out.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(out)


if __name__ == "__main__":
    host, port, count, rate, start_us = sys.argv[1:]
    print(*publish_all(host, int(port), int(count), float(rate), int(start_us)))
