"""Publishes with QoS 1 and a bound on what the broker has not yet confirmed."""

import logging
import threading
import time
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

log = logging.getLogger("sensors_sim")
_WINDOW = 200
_SAY_EVERY_S = 10.0


class Publisher:
    """A connection that is made again whenever it breaks; what is unconfirmed is sent again."""

    def __init__(self, host: str, port: int, stopping: threading.Event) -> None:
        self._address = f"{host}:{port}"
        self._stopping = stopping
        self._window = threading.BoundedSemaphore(_WINDOW)
        self._said_at = float("-inf")
        self._connected = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311)
        self._client.max_inflight_messages_set(_WINDOW)
        self._client.reconnect_delay_set(1, 5)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.connect_async(host, port)
        self._client.loop_start()

    def wait_for_broker(self) -> bool:
        """Wait for the first connection; False if told to stop first."""
        while not self._stopping.is_set():
            if self._connected.wait(0.1):
                return True
        return False

    def publish(self, topic: str, payload: bytes) -> bool:
        """Hand the message over, waiting for room in the window; False if told to stop first."""
        while not self._window.acquire(timeout=0.1):
            if self._stopping.is_set():
                return False
        self._client.publish(topic, payload, qos=1)
        return True

    def drain(self) -> None:
        """Wait until the broker has confirmed everything, or we are told to stop."""
        for _ in range(_WINDOW):
            while not self._window.acquire(timeout=0.1):
                if self._stopping.is_set():
                    return
        for _ in range(_WINDOW):
            self._window.release()

    def close(self) -> None:
        """Part from the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self,
        client: Client,
        userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, flags, properties
        if reason.is_failure:
            self._say_waiting(str(reason))
        else:
            self._connected.set()
            self._said_at = float("-inf")

    def _on_connect_fail(self, client: Client, userdata: Any) -> None:
        del client, userdata
        self._say_waiting("no connection")

    def _on_disconnect(
        self,
        client: Client,
        userdata: Any,
        flags: DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, flags, properties
        self._connected.clear()
        if reason.is_failure:
            self._say_waiting(str(reason))

    def _on_publish(
        self, client: Client, userdata: Any, mid: int, reason: ReasonCode, properties: Properties
    ) -> None:
        del client, userdata, mid, reason, properties
        self._window.release()

    def _say_waiting(self, why: str) -> None:
        now = time.monotonic()
        if now - self._said_at >= _SAY_EVERY_S:
            self._said_at = now
            log.warning("waiting for the broker at %s: %s", self._address, why)
