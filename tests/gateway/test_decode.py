"""Decoder cases as folders: topic, payload, expected."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from contracts.readings import MAX_PAYLOAD_BYTES, RejectReason
from gateway.careful import decode_carefully
from gateway.decode import decode
from gateway.inbox import Message
from gateway.registry import KnownDevice, Registry, known_sensor
from gateway.rejection import Rejection, rejected_rows

CASES = sorted(Path(__file__).with_name("decode_cases").iterdir())
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ARRIVED = datetime(2026, 11, 23, 8, tzinfo=UTC)
ARRIVED_US = (ARRIVED - EPOCH) // timedelta(microseconds=1)
STATION = UUID("019a0000-0000-7000-8000-000000000001")
CODES = ("air_temperature", "relative_humidity", "soil_moisture", "soil_conductivity")
SENSORS = {
    code: sensor
    for number, code in enumerate(CODES, 1)
    if (sensor := known_sensor(number, code, code)) is not None
}
DEVICE = KnownDevice(STATION, SENSORS)
REGISTRY = Registry(
    {"glasshouse": STATION},
    {("glasshouse", "climate-1"): DEVICE},
    dict.fromkeys(range(1, 5), STATION),
    dict(enumerate(CODES, 1)),
)
TOPIC = "tepai/v1/glasshouse/climate-1/telemetry"


def message(payload: bytes, topic: str = TOPIC) -> Message:
    return Message(topic, payload, len(payload), ARRIVED_US)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_decode_case(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text())
    decoded = decode(
        message((case / "payload").read_bytes(), (case / "topic").read_text()), REGISTRY
    )
    landed = [
        [CODES[sensor_id - 1], (EPOCH + timedelta(microseconds=us)).isoformat(), value]
        for sensor_id, us, value in zip(
            decoded.sensor_ids, decoded.times_us, decoded.values, strict=True
        )
    ]
    assert landed == [
        [code, time, pytest.approx(value, rel=1e-12)] for code, time, value in expected["readings"]
    ]
    got = [(str(one.reason), one.sensor_code) for one in decoded.rejections]
    assert got == [(want["reason"], want["sensor"]) for want in expected["rejections"]]
    for one, want in zip(decoded.rejections, expected["rejections"], strict=True):
        assert one.detail() == want["detail"]


def test_every_reason_that_a_message_alone_can_give_has_a_case() -> None:
    seen = {
        rejection["reason"]
        for case in CASES
        for rejection in json.loads((case / "expected.json").read_text())["rejections"]
    }
    elsewhere = {RejectReason.TOO_LARGE, RejectReason.CONFLICTING_VALUE}
    assert seen == set(RejectReason) - elsewhere


def test_a_payload_too_large_is_not_parsed() -> None:
    sound = b'{"sensor":"air_temperature","value":21.4}'
    decoded = decode(Message(TOPIC, sound, MAX_PAYLOAD_BYTES + 1, ARRIVED_US), REGISTRY)
    assert [one.reason for one in decoded.rejections] == [RejectReason.TOO_LARGE]
    assert not decoded.values


def test_a_message_of_too_many_readings_is_refused_whole() -> None:
    many = [{"sensor": "air_temperature", "value": 2}] * 5001
    payload = json.dumps({"time": 1795420740, "readings": many}, separators=(",", ":")).encode()
    decoded = decode(message(payload), REGISTRY)
    assert [one.reason for one in decoded.rejections] == [RejectReason.TOO_LARGE]
    (one,) = decoded.rejections
    assert (one.detail_code, one.parameters) == ("too_many_readings", {"given": 5001, "most": 5000})
    assert not decoded.values


def test_the_quick_and_the_careful_way_agree_on_sound_messages() -> None:
    chance = random.Random(20261123)  # noqa: S311 - a test's seed
    for _ in range(300):
        members = [
            {
                "sensor": chance.choice(CODES),
                "value": round(chance.uniform(0, 80), chance.randint(0, 3)),
                **({"time": 1795420740 + chance.random()} if chance.random() < 0.5 else {}),
            }
            for _ in range(chance.randint(1, 5))
        ]
        content = {"time": "2026-11-23T07:00:00Z", "readings": members}
        sent = message(json.dumps(chance.choice([content, members, members[0]])).encode())
        quick = decode(sent, REGISTRY)
        refused: list[Rejection] = []
        careful = list(decode_carefully(sent, DEVICE, refused))
        assert not refused
        assert not quick.rejections
        assert careful == list(zip(quick.sensor_ids, quick.times_us, quick.values, strict=True))


def test_no_bytes_whatever_raise_anything() -> None:
    chance = random.Random(4)  # noqa: S311 - a test's seed
    sound = b'[{"sensor":"air_temperature","value":21.4,"unit":"Cel","time":1795420740}]'
    for _ in range(3000):
        broken = bytearray(sound)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        decoded = decode(message(bytes(broken)), REGISTRY)
        assert len(decoded.values) + len(decoded.rejections) >= 1


def test_what_postgresql_cannot_hold_is_replaced_in_texts() -> None:
    sent = message(b'{"sensor":"a\\u0000\\ud800","value":1}')
    decoded = decode(sent, REGISTRY)
    (row,) = rejected_rows(sent, decoded.rejections, REGISTRY)
    assert row["reason"] == "unknown_sensor"
    given = row["detail"].obj["parameters"]["given"]
    assert "\0" not in given + row["sensor_code"]
    (given + row["sensor_code"]).encode()
    assert row["payload"] == sent.payload


def test_rejections_of_one_message_keep_a_bounded_amount_of_its_bytes() -> None:
    members = [{"sensor": "air_temperature", "value": f"x{i}"} for i in range(4000)]
    sent = message(json.dumps(members).encode())
    decoded = decode(sent, REGISTRY)
    rows = list(rejected_rows(sent, decoded.rejections, REGISTRY))
    assert len(rows) == 4000
    assert sum(len(row["payload"]) for row in rows) < 600 * 1024
    assert rows[0]["payload"] == sent.payload[: 64 * 1024]
    assert b'"x3999"' in rows[-1]["payload"]
    assert len({row["redelivery_key"] for row in rows}) == 4000
