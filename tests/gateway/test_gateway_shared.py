"""Two gateways share the messages; one of them may die at any moment."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ops.embedded.broker import Mosquitto
from tests.gateway.gateway_process import Gateways, Park, Publisher, end_session, wait_until

pytestmark = [pytest.mark.database, pytest.mark.broker]

NOW = int(datetime.now(UTC).timestamp()) - 400_000


def batch(start: int) -> dict[str, object]:
    readings = [
        {"sensor": "air_temperature", "value": (start + i) % 40, "time": NOW + start + i}
        for i in range(20)
    ]
    return {"readings": readings}


@pytest.fixture
def pair(park: Park, broker: Mosquitto) -> Iterator[Gateways]:
    pair = Gateways(park, broker.host, broker.port, settings={"TEPAI_GATEWAY_SHARED": "1"})
    yield pair
    pair.kill()
    for number in (1, 2):
        end_session(broker, f"{pair.client_id}-{number}")


def test_one_of_two_gateways_killed_in_mid_stream_costs_nothing(
    park: Park, pair: Gateways, publisher: Publisher
) -> None:
    first = pair.start(client_id=f"{pair.client_id}-1")
    second = pair.start(client_id=f"{pair.client_id}-2")
    messages = 6000
    sender = threading.Thread(
        target=publisher.publish, args=(park.topic, *(batch(20 * i) for i in range(messages)))
    )
    sender.start()
    wait_until(lambda: park.count() > 0.2 * messages * 20, "a fifth of the readings")
    first.kill()
    assert park.count() < messages * 20
    sender.join()
    print("without the first", end=" ")
    import time

    time.sleep(5)
    print(park.count(), messages * 20)
    pair.start(client_id=f"{pair.client_id}-1")
    wait_until(lambda: park.count() == messages * 20, "every reading", 30)
    assert park.count("reading_rejected") == 0
    assert second.stop() == 0
    assert " 0 messages" not in second.said[-1]


def test_a_message_goes_to_one_gateway_only(
    park: Park, pair: Gateways, publisher: Publisher
) -> None:
    both = [pair.start(client_id=f"{pair.client_id}-{number}") for number in (1, 2)]
    publisher.publish(park.topic, *(batch(20 * i) for i in range(100)))
    wait_until(lambda: park.count() == 2000, "a hundred messages")
    for gateway in both:
        gateway.stop()
    counts = [int(gateway.said[-1].split("after ")[1].split()[0]) for gateway in both]
    assert sum(counts) == 100
    assert min(counts) > 0


def test_switching_to_shared_leaves_no_second_subscription(
    park: Park, pair: Gateways, publisher: Publisher
) -> None:
    own = f"{pair.client_id}-1"
    pair.start(client_id=own, TEPAI_GATEWAY_SHARED="0").stop()
    again = pair.start(client_id=own)
    publisher.publish(park.topic, {"sensor": "wind_speed", "value": 1})
    wait_until(lambda: park.count() == 1, "the reading")
    assert again.stop() == 0
    assert "1 messages, 1 readings" in again.said[-1]
