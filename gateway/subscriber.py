"""The subscription at the broker: the callback only puts into the inbox."""

import logging
import time
from collections.abc import Iterable
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contracts.readings import MAX_PAYLOAD_BYTES
from contracts.topics import READING_FILTERS, SHARED_READING_FILTERS
from gateway.inbox import Inbox, Message
from gateway.patience import Patience
from gateway.quick_client import QuickClient
from gateway.rejection import KEPT_BYTES
from gateway.settings import Settings

log = logging.getLogger("gateway.subscriber")
_QOS = 1
_KEEPALIVE_S = 60


class Subscriber:
    """A durable session (MQTT 3.1.1, clean session off) under a fixed client id.

    While the inbox is full the callback waits, so the socket is not read and the broker holds back
    what is unacknowledged. If it gives the connection up meanwhile, a new one is made once there is
    room, and the broker sends again what was not acknowledged; the writer knows such repeats.
    """

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self._settings = settings
        self._inbox = inbox
        self._patience = Patience(log, f"the broker at {settings.mqtt_host}:{settings.mqtt_port}")
        filters = [READING_FILTERS, SHARED_READING_FILTERS]
        self._other_filters, self._filters = filters if settings.shared else reversed(filters)
        self._session = 0
        self.subscribed = False
        client = QuickClient(
            CallbackAPIVersion.VERSION2,
            client_id=settings.client_id,
            clean_session=False,
            protocol=MQTTv311,
            manual_ack=True,
        )
        client.reconnect_delay_set(1, 5)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        self._client = client

    def start(self) -> None:
        """Connect in the background, again and again until the broker is there."""
        self._client.connect_async(
            self._settings.mqtt_host, self._settings.mqtt_port, keepalive=_KEEPALIVE_S
        )
        self._client.loop_start()

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Tell the broker, in order of arrival, that these are kept for good.

        Those of an earlier connection are left out: the broker has sent them again under numbers
        that may by now mean other messages.
        """
        session = self._session
        self._client.acknowledge_all(
            [message.mid for message in messages if message.session == session]
        )

    def stop(self) -> None:
        """Send what acknowledgements are waiting, then part from the broker properly."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        del client, userdata
        payload = bytes(message.payload)
        size = len(payload)
        self._inbox.put(
            Message(
                message.topic,
                payload if size <= MAX_PAYLOAD_BYTES else payload[:KEPT_BYTES],
                size,
                time.time_ns() // 1000,
                message.mid,
                self._session,
            )
        )

    def _on_connect(
        self,
        client: Client,
        userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del userdata, flags, properties
        if reason.is_failure:
            self._patience.waiting(str(reason))
            return
        # A durable session remembers what an earlier start with the other setting asked for.
        client.unsubscribe(list(self._other_filters))
        client.subscribe([(name, _QOS) for name in self._filters])

    def _on_subscribe(
        self,
        client: Client,
        userdata: Any,
        mid: int,
        reasons: list[ReasonCode],
        properties: Properties | None,
    ) -> None:
        del client, userdata, mid, properties
        for name, reason in zip(self._filters, reasons, strict=False):
            if reason.is_failure:
                log.error("the broker refuses the subscription to %s", name)
        if any(reason.is_failure for reason in reasons):
            return
        self.subscribed = True
        self._patience.over()

    def _on_connect_fail(self, client: Client, userdata: Any) -> None:
        del client, userdata
        self._patience.waiting("no connection")

    def _on_disconnect(
        self,
        client: Client,
        userdata: Any,
        flags: DisconnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        del client, userdata, flags, properties
        self._session += 1
        self.subscribed = False
        if reason.is_failure:
            self._patience.waiting(str(reason))
