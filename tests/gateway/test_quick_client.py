"""The quick client against a socket whose every byte the test holds, and against a real broker."""

import socket
import time
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from gateway.quick_client import BulkSocket, QuickClient
from tests.gateway.gateway_process import Publisher, wait_until


def test_what_paho_lends_us_is_still_there() -> None:
    assert {"_create_socket", "_packet_queue"} <= set(dir(Client))


def test_socket_reads_ahead_and_tells_what_is_left() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        bulk = BulkSocket(ours)
        bulk.setblocking(False)
        with pytest.raises(BlockingIOError):
            bulk.recv(1)
        theirs.sendall(b"abcdef")
        assert (bulk.recv(1), bulk.pending()) == (b"a", 5)
        theirs.sendall(b"gh")
        assert (bulk.recv(100), bulk.pending()) == (b"bcdef", 0)
        assert bulk.recv(100) == b"gh"
        assert bulk.send(b"xyz") == 3
        assert theirs.recv(10) == b"xyz"
        theirs.close()
        assert bulk.recv(1) == b""
        bulk.close()


@pytest.mark.broker
def test_what_is_acknowledged_in_bulk_does_not_come_again(broker, tmp_path: Path) -> None:
    topic = f"quick/{tmp_path.name}"
    client_id = f"quick-{time.time_ns()}"
    heard: list[MQTTMessage] = []
    answered: list[int] = []

    def connect() -> QuickClient:
        client = QuickClient(
            CallbackAPIVersion.VERSION2, client_id, clean_session=False, manual_ack=True
        )
        client.on_message = lambda _client, _userdata, message: heard.append(message)
        client.on_subscribe = lambda _client, _userdata, mid, *_: answered.append(mid)
        client.on_connect = lambda client, *_: client.subscribe(topic, 1)
        client.connect(broker.host, broker.port)
        client.loop_start()
        return client

    def leave(client: QuickClient) -> None:
        client.disconnect()
        client.loop_stop()

    def hear_all_said(client: QuickClient) -> None:
        """The broker answers in order: with this answer it has read every acknowledgement."""
        answered.clear()
        client.subscribe(topic, 1)
        wait_until(lambda: bool(answered), "the answer to a subscription")

    first = connect()
    wait_until(lambda: bool(answered), "the subscription")
    publisher = Publisher(broker.host, broker.port)
    payloads = [str(n).encode() * 300 for n in range(1000)]
    publisher.publish(topic, *payloads)
    publisher.close()
    wait_until(lambda: len(heard) == 1000, "a thousand messages")
    assert [message.payload for message in heard] == payloads
    first.acknowledge_all([message.mid for message in heard[:990]])
    hear_all_said(first)
    leave(first)

    heard.clear()
    second = connect()
    wait_until(lambda: len(heard) >= 10, "the ten that were not acknowledged")
    second.acknowledge_all([message.mid for message in heard])
    leave(second)
    assert [message.payload for message in heard] == payloads[990:]

    forget = Client(CallbackAPIVersion.VERSION2, client_id, clean_session=True)
    forget.connect(broker.host, broker.port)
    forget.loop(1)
    forget.disconnect()
