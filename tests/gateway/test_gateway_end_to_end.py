"""The gateway as a process, between a real broker and a real database."""

import json
import threading
from datetime import UTC, datetime

import psycopg
import pytest

from gateway.__main__ import run
from gateway.settings import Settings
from ops.embedded.broker import Mosquitto
from ops.embedded.database import database_addresses
from tests.gateway.gateway_process import (
    GatewayProcess,
    Gateways,
    Publisher,
    end_session,
    register_park,
    wait_until,
)

pytestmark = [pytest.mark.database, pytest.mark.broker]

NOW = int(datetime.now(UTC).timestamp()) - 3600


def batch(start: int, count: int = 20, sensor: str = "air_temperature") -> dict[str, object]:
    """Readings one second apart from `start` seconds after a moment days ago."""
    return {
        "readings": [
            {"sensor": sensor, "value": (start + i) % 40, "time": NOW - 400_000 + start + i}
            for i in range(count)
        ]
    }


def test_readings_land_with_latest_marks_and_notice(park, gateways, publisher) -> None:
    gateways.start()
    with psycopg.connect(park.database.superuser, autocommit=True) as listener:
        listener.execute("listen reading")
        publisher.publish(
            park.topic,
            {"sensor": "air_temperature", "value": 68, "unit": "[degF]", "time": NOW + 0.123456},
            {"time": NOW - 7200, "readings": [
                {"sensor": "air_temperature", "value": 10},
                {"sensor": "wind_speed", "value": 3.5}]},
        )  # fmt: skip
        wait_until(lambda: park.count() == 3, "three readings")
        notices = list(listener.notifies(timeout=5, stop_after=1))
    (station_id,) = park.rows("select id from station")[0]
    assert json.loads(notices[0].payload) == [str(station_id)]
    air = park.sensors["air_temperature"]
    first = park.rows("select time, value, quality from reading order by time desc limit 1")
    assert first == [(datetime.fromtimestamp(NOW, UTC).replace(microsecond=123456), 20.0, 1)]
    latest = park.rows("select value from reading_latest where sensor_id = %(id)s", id=air)
    assert latest == [(20.0,)]  # the later message was about an earlier time
    hours = {(NOW - 7200) // 3600, NOW // 3600}
    due = park.rows("select sensor_id, hour from rollup_due")
    assert {(s, h.timestamp() / 3600) for s, h in due} == {
        *((air, hour) for hour in hours),
        (park.sensors["wind_speed"], (NOW - 7200) // 3600),
    }


def test_repeats_are_ignored_and_contradictions_kept_aside(park, gateways, publisher) -> None:
    gateways.start()
    publisher.publish(park.topic, batch(0))
    wait_until(lambda: park.count() == 20, "the first batch")
    other = {"sensor": "air_temperature", "value": 39.5, "time": NOW - 400_000}
    twice = [
        {"sensor": "wind_speed", "value": 1, "time": NOW},
        {"sensor": "wind_speed", "value": 2, "time": NOW},
    ]
    publisher.publish(park.topic, batch(0), batch(10), other, other, twice)
    wait_until(lambda: park.count() == 31, "ten new readings and one wind speed")
    wait_until(lambda: park.count("reading_rejected") == 2, "the two contradictions")
    rejected = park.rows("select reason, sensor_code, detail from reading_rejected order by id")
    assert {row[:2] for row in rejected} == {
        ("conflicting_value", "air_temperature"),
        ("conflicting_value", "wind_speed"),
    }
    (told,) = [detail for _, code, detail in rejected if code == "air_temperature"]
    assert told["code"] == "value_conflicts"
    assert (told["parameters"]["given"], told["parameters"]["kept"]) == (39.5, 0)
    assert datetime.fromisoformat(told["parameters"]["measured_at"]).timestamp() == NOW - 400_000
    assert park.rows("select value from reading_latest where sensor_id = %(id)s",
                     id=park.sensors["wind_speed"]) == [(1.0,)]  # fmt: skip


def test_bad_messages_are_kept_with_reason_and_the_good_beside_them_land(
    park, gateways, publisher
) -> None:
    gateways.start()
    mixed = {"time": NOW, "readings": [
        {"sensor": "air_temperature", "value": 20}, {"sensor": "wind_speed", "value": 500},
        {"sensor": "relative_humidity", "value": 50, "unit": "percent"}]}  # fmt: skip
    garbage = b"\x00\xff{" * 7
    publisher.publish(park.topic, garbage, garbage, b"x" * 10_000_000, mixed)
    publisher.publish("tepai/v1/pear-park/nobody/telemetry", mixed)
    publisher.publish("tepai/v1/nowhere/nobody/telemetry", mixed)
    publisher.publish(
        park.topic, {"sensor": "air_temperature", "value": 1, "time": "1999-01-01T00:00:00Z"}
    )
    wait_until(lambda: park.count("reading_rejected") == 7, "seven rejections")
    assert park.rows("select value from reading") == [(20.0,)]
    kept = park.rows(
        "select reason, payload, payload_bytes, station_id is not null from reading_rejected"
    )
    by_reason = {row[0]: row for row in kept}
    assert by_reason["malformed"] == ("malformed", garbage, 21, True)
    assert by_reason["too_large"] == ("too_large", b"x" * 65536, 10_000_000, True)
    assert by_reason["out_of_range"][1] == json.dumps(mixed).encode()
    assert {(row[0], row[3]) for row in kept if row[0] == "unknown_device"} == {
        ("unknown_device", True),
        ("unknown_device", False),
    }
    assert {"wrong_unit", "bad_time"} <= set(by_reason)


def test_a_device_registered_later_is_known_within_seconds(park, gateways, publisher) -> None:
    gateways.start()
    with psycopg.connect(park.database.superuser) as connection:
        connection.execute(
            "insert into sensor (device_id, code, quantity)"
            " select id, 'soil_temperature', 'soil_temperature' from device"
        )
    seconds = iter(range(1000))

    def lands() -> bool:
        reading = {"sensor": "soil_temperature", "value": 15, "time": NOW + next(seconds)}
        publisher.publish(park.topic, reading)
        return park.count() > 0

    wait_until(lands, "a reading of the new sensor", 10)


def test_killing_the_gateway_neither_loses_nor_doubles(park, gateways, publisher) -> None:
    gateway = gateways.start()
    messages = 8000
    sender = threading.Thread(
        target=publisher.publish, args=(park.topic, *(batch(20 * i) for i in range(messages)))
    )
    sender.start()
    for part in (0.1, 0.4):
        wait_until(lambda part=part: park.count() > part * messages * 20, f"{part} of the readings")
        gateway.kill()
        assert park.count() < messages * 20
        gateway = gateways.start()
    sender.join()
    wait_until(lambda: park.count() == messages * 20, "every reading", 30)
    publisher.publish(park.topic, {"sensor": "wind_speed", "value": 1, "time": NOW})
    wait_until(lambda: park.count() == messages * 20 + 1, "one more, after all of those")
    assert park.count("reading_rejected") == 0


def test_a_message_that_the_database_refuses_for_good_is_put_aside_alone(
    park, gateways, publisher
) -> None:
    with psycopg.connect(park.database.owner) as connection:
        connection.execute("alter table reading add constraint no_33 check (value <> 33)")
    gateways.start().stop()  # so that all of them come in one batch
    poison = {"sensor": "wind_speed", "value": 33, "time": NOW}
    sound = [batch(i, 1) for i in range(30)]
    publisher.publish(park.topic, *sound[:17], poison, *sound[17:])
    gateways.start()
    wait_until(lambda: park.count() == 30 and park.count("reading_rejected") == 1, "31 messages")
    ((reason, detail, payload),) = park.rows("select reason, detail, payload from reading_rejected")
    assert reason == "malformed"
    assert detail["code"] == "refused_by_database"
    assert detail["parameters"]["sqlstate"] == "23514"
    assert payload == json.dumps(poison).encode()


def test_a_small_inbox_only_slows_the_gateway_down(park, broker, publisher, caplog) -> None:
    caplog.set_level("INFO", "gateway")
    settings = Settings(
        park.database.gateway, broker.host, broker.port, f"small-{NOW}",
        inbox_messages=5, batch_messages=3, linger_s=0,
    )  # fmt: skip
    stopping = threading.Event()
    gateway = threading.Thread(target=run, args=(settings, stopping))
    gateway.start()
    try:
        wait_until(lambda: "ready" in caplog.text, "the subscription")
        publisher.publish(park.topic, *(batch(20 * i) for i in range(300)))
        wait_until(lambda: park.count() == 6000, "all readings")
    finally:
        stopping.set()
        gateway.join(20)
        end_session(broker, settings.client_id)
    assert not gateway.is_alive()


def test_stopping_properly_leaves_nothing_unacknowledged(park, gateways, publisher) -> None:
    gateway = gateways.start()
    publisher.publish(park.topic, *(batch(20 * i) for i in range(100)))
    wait_until(lambda: park.count() == 2000, "all readings")
    assert gateway.stop() == 0
    publisher.publish(park.topic, batch(0, sensor="wind_speed"))
    again = gateways.start()
    wait_until(lambda: park.count() == 2020, "what came while it was away")
    assert again.stop() == 0
    assert "1 messages, 20 readings kept, 0 rejected" in again.said[-1]


def test_a_restarted_database_gets_everything_once(own_cluster, broker, publisher) -> None:
    park = register_park(database_addresses(own_cluster, "park"))
    gateways = Gateways(park, broker.host, broker.port)
    gateway = gateways.start()
    try:
        publisher.publish(park.topic, *(batch(20 * i) for i in range(50)))
        wait_until(lambda: park.count() == 1000, "the first half")
        port = own_cluster.port
        own_cluster.stop()
        publisher.publish(park.topic, *(batch(20 * i) for i in range(50, 100)))
        gateway.says(f"waiting for the database at 127.0.0.1:{port}")
        own_cluster.start(port)
        wait_until(lambda: park.count() == 2000, "both halves")
        assert park.count("reading_rejected") == 0

        assert gateway.stop() == 0
        own_cluster.stop()
        late = gateways.start(ready=False)
        late.says(f"waiting for the database at 127.0.0.1:{port}")
        publisher.publish(park.topic, batch(2000))
        own_cluster.start(port)
        late.says("ready")
        wait_until(lambda: park.count() == 2020, "what came while it was down at the start")
    finally:
        gateways.kill()
        end_session(broker, gateways.client_id)


def test_gateway_waits_for_a_broker_that_is_down_and_for_one_that_restarts(park, tmp_path) -> None:
    mosquitto = Mosquitto(tmp_path / "late")
    port = mosquitto.start()
    mosquitto.stop()
    gateways = Gateways(park, "127.0.0.1", port)
    gateway = gateways.start(ready=False)
    try:
        gateway.says(f"waiting for the broker at 127.0.0.1:{port}")
        for seconds in (0, 100):
            assert mosquitto.start(port) == port
            gateway.says("there again")
            gateway.said.clear()
            publisher = Publisher("127.0.0.1", port)
            publisher.publish(park.topic, batch(seconds))
            publisher.close()
            wait_until(lambda s=seconds: park.count() == 20 + s // 5, "the readings")
            mosquitto.stop()
        assert gateway.stop() == 0
    finally:
        gateway.kill()
        mosquitto.stop()


def test_gateway_without_settings_says_what_it_wants() -> None:
    gateway = GatewayProcess("", "127.0.0.1", 1883, "nobody")
    gateway.says("TEPAI_GATEWAY_DATABASE is not set")
    assert gateway.end() == 2
