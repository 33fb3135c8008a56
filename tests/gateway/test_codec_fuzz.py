"""Thousands of broken messages over every codec: nothing crashes, nothing vanishes unsaid."""

import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.topics import parse_foreign
from gateway.decode import Decoded, decode
from gateway.inbox import Message
from gateway.instant import FUTURE_US, PAST_US
from gateway.registry import KnownDevice, Registry, known_sensor
from gateway.rejection import rejected_rows
from tests.gateway.test_codecs import CASES, Case, read_case

ROUNDS = 60
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -1e308, 10**400, math.nan, math.inf, "", " ", "1e999", "-7.5",
    "\0", "\ud800", "½", "九", [], {}, [[]], [{}], {"": {"": []}}, [None], 2**28, 1e11, -(2.0**63),
    "2026-11-23T08:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "1_0", "0x1F",
)  # fmt: skip


def broken_bytes(payload: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, cut out, doubled or cut off."""
    broken = bytearray(payload or b"{}")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(broken) + 1)
        match chance.randrange(4):
            case 0:
                broken[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del broken[place : place + chance.randint(1, 9)]
            case 2:
                broken[place:place] = broken[place : place + chance.randint(1, 9)]
            case _:
                del broken[chance.randrange(len(broken) + 1) :]
    return bytes(broken)


def broken_json(content: Any, chance: random.Random) -> Any:
    """One member somewhere replaced by something odd, taken out, or moved to another name."""
    if chance.random() < 0.15 or not isinstance(content, dict | list) or not content:
        return chance.choice(ODD)
    if isinstance(content, list):
        place = chance.randrange(len(content))
        return [*content[:place], broken_json(content[place], chance), *content[place + 1 :]]
    name = chance.choice(list(content))
    rest = {one: part for one, part in content.items() if one != name}
    match chance.randrange(5):
        case 0:
            return rest
        case 1:
            return {**rest, chance.choice(list(content)) + "_": content[name]}
        case _:
            return {**content, name: broken_json(content[name], chance)}


def broken(payload: bytes, chance: random.Random) -> bytes:
    try:
        content = json.loads(payload)
    except ValueError:
        return broken_bytes(payload, chance)
    if chance.random() < 0.4:
        return broken_bytes(payload, chance)
    return json.dumps(broken_json(content, chance)).encode()


def check(message: Message, decoded: Decoded, registry: Registry) -> None:
    """What must hold of whatever came."""
    foreign = parse_foreign(message.topic)
    left_out_knowingly = foreign is not None and not foreign.carries_readings
    if left_out_knowingly:
        assert not decoded.values
        assert not decoded.rejections
    else:
        assert decoded.values or decoded.rejections, message.payload
    assert len(decoded.values) == len(decoded.times_us) == len(decoded.sensor_ids)
    for value, time_us in zip(decoded.values, decoded.times_us, strict=True):
        assert math.isfinite(value)
        assert -PAST_US <= time_us - message.arrived_us <= FUTURE_US
    rows = list(rejected_rows(message, decoded.rejections, registry))
    assert len({row["redelivery_key"] for row in rows}) == len(rows), message.payload
    for row in rows:
        json.dumps(row["detail"].obj, allow_nan=False)
        for text in [*texts(row["detail"].obj), row["sensor_code"] or "", row["topic"]]:
            assert "\0" not in text
            text.encode()


def texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for part in content.values() if isinstance(content, dict) else ():
        yield from texts(part)
    for part in content if isinstance(content, list) else ():
        yield from texts(part)


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_broken_messages_are_kept_or_refused_with_a_reason(folder: Path) -> None:
    case: Case = read_case(folder)
    chance = random.Random(f"{folder.parent.name}/{folder.name}")  # noqa: S311 - a test's seed
    for _ in range(ROUNDS):
        payload = broken(case.message.payload, chance)
        message = Message(case.message.topic, payload, len(payload), case.message.arrived_us)
        check(message, decode(message, case.registry), case.registry)


def test_broken_topics_are_refused_with_a_reason_too() -> None:
    chance = random.Random(60)  # noqa: S311 - a test's seed
    for folder in CASES:
        case = read_case(folder)
        for _ in range(ROUNDS // 2):
            topic = broken_bytes(case.message.topic.encode(), chance).decode(errors="replace")
            given = case.message
            message = Message(topic, given.payload, given.size, given.arrived_us)
            check(message, decode(message, case.registry), case.registry)


def test_broken_native_messages_are_kept_or_refused_with_a_reason() -> None:
    sensor = known_sensor(1, "t", "air_temperature")
    assert sensor is not None
    registry = Registry(
        {},
        {
            ("park", "probe"): KnownDevice(
                read_case(CASES[0]).registry.stations["park"], {"t": sensor}
            )
        },
    )
    sound = json.dumps(
        [
            {"sensor": "t", "value": 21.5},
            {"time": 1795420740, "readings": [{"sensor": "t", "value": 2}]},
        ]
    ).encode()
    chance = random.Random(61)  # noqa: S311 - a test's seed
    for _ in range(1000):
        payload = broken(sound, chance)
        message = Message(
            "tepai/v1/park/probe/telemetry", payload, len(payload), 1_795_420_800_000_000
        )
        check(message, decode(message, registry), registry)
