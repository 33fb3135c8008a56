"""The gateway with a spool, while the database comes and goes and the gateway is killed."""

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ops.embedded.broker import Mosquitto
from ops.embedded.database import database_addresses
from ops.embedded.postgres import Cluster
from tests.gateway.gateway_process import (
    Gateways,
    Publisher,
    end_session,
    register_park,
    wait_until,
)

pytestmark = [pytest.mark.database, pytest.mark.broker]

NOW = int(datetime.now(UTC).timestamp()) - 3600


def batch(start: int, count: int = 20, sensor: str = "air_temperature") -> dict[str, object]:
    return {
        "readings": [
            {"sensor": sensor, "value": (start + i) % 40, "time": NOW - 400_000 + start + i}
            for i in range(count)
        ]
    }


def spooled(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.spool"))


@pytest.fixture
def house(own_cluster: Cluster, broker: Mosquitto, tmp_path: Path) -> Iterator[Gateways]:
    park = register_park(database_addresses(own_cluster, "park"))
    settings = {"TEPAI_GATEWAY_SPOOL": str(tmp_path / "spool")}
    gateways = Gateways(park, broker.host, broker.port, settings=settings)
    yield gateways
    gateways.kill()
    end_session(broker, gateways.client_id)


@pytest.fixture
def spool(house: Gateways) -> Path:
    return Path(house.settings["TEPAI_GATEWAY_SPOOL"])


def test_what_came_while_the_database_was_away_lands_once(
    house: Gateways, spool: Path, own_cluster: Cluster, broker: Mosquitto, publisher: Publisher
) -> None:
    park, port = house.park, own_cluster.port
    gateway = house.start()
    publisher.publish(park.topic, batch(0))
    wait_until(lambda: park.count() == 20, "the first readings")
    own_cluster.stop()
    timeless = {"sensor": "wind_speed", "value": 3}
    publisher.publish(park.topic, *(batch(20 * i) for i in range(1, 50)), timeless, b"garbage")
    wait_until(lambda: spooled(spool) > 49 * 20 * 40, "the spool")
    arrived = datetime.now(UTC)
    gateway.kill()  # so that only the spool knows of it
    end_session(broker, house.client_id)
    house.start(ready=False).says("51 messages in the spool from before")
    own_cluster.start(port)
    wait_until(lambda: park.count() == 1001, "everything")
    wait_until(lambda: spooled(spool) == 0, "an empty spool")
    assert park.count("reading_rejected") == 1
    ((time,),) = park.rows(
        "select time from reading where sensor_id = %(id)s", id=park.sensors["wind_speed"]
    )
    assert time < arrived  # not that of the replay


def test_a_full_spool_leaves_the_rest_with_the_broker(
    house: Gateways, spool: Path, own_cluster: Cluster, publisher: Publisher
) -> None:
    park, port = house.park, own_cluster.port
    gateway = house.start(TEPAI_GATEWAY_SPOOL_MAX_MB="1")
    own_cluster.stop()
    publisher.publish(park.topic, *(batch(20 * i) for i in range(2000)))
    gateway.says("waiting for room in the spool; the broker holds what arrives: full")
    assert 900_000 < spooled(spool) <= 1024 * 1024
    gateway.kill()
    house.start(ready=False, TEPAI_GATEWAY_SPOOL_MAX_MB="1")
    own_cluster.start(port)
    wait_until(lambda: park.count() == 40_000, "what the spool held and what the broker held", 60)
    assert park.count("reading_rejected") == 0
    publisher.publish(park.topic, batch(0, sensor="wind_speed"))
    wait_until(lambda: park.count() == 40_020, "what came after all that")


def test_live_readings_do_not_wait_for_the_whole_spool(
    house: Gateways, spool: Path, own_cluster: Cluster, publisher: Publisher
) -> None:
    park, port = house.park, own_cluster.port
    house.start()
    own_cluster.stop()
    publisher.publish(park.topic, *(batch(20 * i) for i in range(12_000)))
    own_cluster.start(port)
    wait_until(lambda: park.count() > 0, "the beginning of the drain", 30)
    publisher.publish(park.topic, batch(0, 1, sensor="wind_speed"))
    live = "select 1 from reading where sensor_id = %(id)s"
    wait_until(lambda: bool(park.rows(live, id=park.sensors["wind_speed"])), "the live reading")
    assert spooled(spool) > 0
    wait_until(lambda: park.count() == 240_001, "everything", 60)


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_with_the_database_up_and_down_neither_lose_nor_double(
    house: Gateways, spool: Path, own_cluster: Cluster, publisher: Publisher, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - kills, no secrets
    park, port = house.park, own_cluster.port
    house.settings["TEPAI_GATEWAY_SPOOL_MAX_MB"] = "4"
    messages, rounds = 6000, 6
    acknowledged = threading.Event()

    def send() -> None:
        for start in range(0, messages, 100):
            publisher.publish(park.topic, *(batch(20 * i) for i in range(start, start + 100)))
            acknowledged.wait(0.1)

    gateway = house.start()
    sender = threading.Thread(target=send)
    sender.start()
    away = False
    for _ in range(rounds):
        if dice.random() < 0.6:
            away = not away
            own_cluster.stop() if away else own_cluster.start(port)
        acknowledged.wait(dice.uniform(0.3, 1.5))
        gateway.kill()
        gateway = house.start(ready=False)
    if away:
        own_cluster.start(port)
    sender.join()
    wait_until(lambda: park.count() == messages * 20, "every acknowledged reading", 60)
    publisher.publish(park.topic, batch(0, 1, sensor="wind_speed"))
    wait_until(lambda: park.count() == messages * 20 + 1, "one more, after all of those")
    wait_until(lambda: spooled(spool) == 0, "an empty spool")
    assert park.count("reading_rejected") == 0
