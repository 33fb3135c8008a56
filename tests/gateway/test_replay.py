"""Rejected messages replayed after the registry was put right, by the command people use."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from contracts.readings import MAX_PAYLOAD_BYTES
from gateway.decode import decode
from gateway.inbox import Message
from gateway.registry import load_registry
from gateway.storing import store
from ops.texts import ROOT
from tests.gateway.gateway_process import Park

pytestmark = pytest.mark.database

ARRIVED = datetime(2026, 11, 1, 8, tzinfo=UTC)
NOW = int(ARRIVED.timestamp()) - 3600


def arrives(park: Park, *contents: Any, device: str = "weather-1") -> None:
    """As from the broker, a second apart."""
    topic = f"tepai/v1/pear-park/{device}/telemetry"
    messages = []
    for number, content in enumerate(contents):
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        kept = payload if len(payload) <= MAX_PAYLOAD_BYTES else payload[: 64 * 1024]
        arrived_us = (int(ARRIVED.timestamp()) + number) * 1_000_000
        messages.append(Message(topic, kept, len(payload), arrived_us))
    with psycopg.connect(park.database.gateway, autocommit=True) as connection:
        registry = load_registry(connection)
        store(connection, messages, [decode(one, registry) for one in messages], registry)


def replayed(park: Park, *options: str) -> dict[str, Any]:
    done = run(park, "--json", *options)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(park: Park, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops", "readings", "replay", *options],
        env={**os.environ, "TEPAI_GATEWAY_DATABASE": park.database.gateway, "TEPAI_LANG": "en",
             "PYTHONPATH": str(ROOT)},
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def put_right(park: Park) -> None:
    with psycopg.connect(park.database.superuser) as connection:
        connection.execute(
            "insert into sensor (device_id, code, quantity)"
            " select id, 'soil_temperature', 'soil_temperature' from device"
        )


def test_what_a_fix_made_sound_is_stored_once_and_no_longer_rejected(park: Park) -> None:
    mixed = {"time": NOW, "readings": [
        {"sensor": "air_temperature", "value": 20}, {"sensor": "soil_temperature", "value": 15},
        {"sensor": "soil_temperature", "value": 999, "time": NOW + 1}]}  # fmt: skip
    timeless = {"sensor": "soil_temperature", "value": 16}
    arrives(park, mixed, timeless, b"garbage", b"x" * (MAX_PAYLOAD_BYTES + 1))
    assert (park.count(), park.count("reading_rejected")) == (1, 5)
    put_right(park)

    tried = replayed(park, "--dry-run")
    assert (park.count(), tried["stored"], tried["dry_run"]) == (1, 2, True)
    first = replayed(park)
    assert {**first, "dry_run": True} == tried
    assert (first["rows"], first["resolved"], first["stored"], first["cut"]) == (5, 2, 2, 1)
    assert first["there_already"] == 1
    assert first["still"] == {"out_of_range": 1, "malformed": 1}
    assert park.count() == 3
    assert park.rows("select time from reading where value = 16") == [
        (ARRIVED.replace(second=1),)  # its first arrival, not that of the replay
    ]
    left = park.rows("select reason from reading_rejected where replayed_at is null order by 1")
    assert left == [("malformed",), ("out_of_range",), ("too_large",)]
    assert park.rows("select distinct replayed_by <> '' from reading_rejected"
                     " where replayed_at is not null") == [(True,)]  # fmt: skip

    again = replayed(park)
    assert (again["rows"], again["resolved"], again["stored"]) == (3, 0, 0)
    assert (park.count(), park.count("reading_rejected")) == (3, 5)


def test_a_device_registered_later_gets_its_readings(park: Park) -> None:
    first = {"sensor": "wind", "value": 1, "time": NOW}
    bad = {"sensor": "wind", "value": 900, "time": NOW}
    arrives(park, first, bad, [first, {**bad, "time": NOW + 2}], device="late")
    with psycopg.connect(park.database.superuser) as connection:
        connection.execute(
            "with d as (insert into device (id, station_id, code, name_zh, name_en)"
            " select gen_random_uuid(), id, 'late', '晚', 'Late' from station returning id)"
            " insert into sensor (device_id, code, quantity) select id, 'wind', 'wind_speed' from d"
        )
    done = replayed(park, "--reason", "unknown_device", "--station", "pear-park")
    assert (done["rows"], done["resolved"], done["stored"], done["there_already"]) == (3, 2, 1, 1)
    left = park.rows("select reason, detail ->> 'code', detail ->> 'place' from reading_rejected"
                     " where replayed_at is null order by 3")  # fmt: skip
    assert left == [
        ("out_of_range", "value_outside_range", ""),
        ("out_of_range", "value_outside_range", "[1]"),
    ]


def test_a_contradiction_stays_one(park: Park) -> None:
    arrives(park, {"sensor": "wind_speed", "value": 1, "time": NOW})
    arrives(park, {"sensor": "wind_speed", "value": 2, "time": NOW})
    done = replayed(park)
    assert (done["stored"], done["there_already"], done["resolved"]) == (0, 0, 0)
    assert done["still"] == {"conflicting_value": 1}
    assert park.count("reading_rejected") == 1


def test_filters_and_words(park: Park) -> None:
    arrives(park, b"garbage")
    assert "no such rejected message" in run(park, "--station", "elsewhere").stdout
    assert "no such rejected message" in run(park, "--since", "2026-11-02").stdout
    assert "no such rejected message" in run(park, "--reason", "bad_time").stdout
    assert "Still rejected: 1:" in run(park, "--since", "2026-11-01").stdout
    wrong = run(park, "--reason", "bad_mood")
    assert (wrong.returncode, "unknown_device" in wrong.stderr) == (2, True)
    wrong = run(park, "--since", "yesterday")
    assert (wrong.returncode, "2026-11-23" in wrong.stderr) == (2, True)
