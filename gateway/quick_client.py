"""paho's client with fewer system calls: it reads the socket in bulk and acknowledges in bulk.

As it comes, paho makes four reads and a select for every message, and a write for every
acknowledgement; those were more than half of the gateway's work. The two methods of paho that are
overridden or called here and are not part of its documented interface are `_create_socket` and
`_packet_queue`; `tests/gateway/test_quick_client.py` fails if an update takes them away.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from paho.mqtt.client import PUBACK, Client
from paho.mqtt.enums import MQTTErrorCode

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

_READ_BYTES = 256 * 1024
_PACKETS_AT_ONCE = 200


class BulkSocket:
    """A socket that reads ahead; `pending` tells paho that there is more without asking the system.

    Only what paho uses of a socket is here.
    """

    def __init__(self, connection: "SocketLike") -> None:
        self._connection = connection
        self._ahead = b""
        self._place = 0

    def recv(self, buffer_size: int) -> bytes:
        """Up to `buffer_size` bytes; BlockingIOError if there are none yet."""
        if self._place >= len(self._ahead):
            self._ahead = self._connection.recv(max(buffer_size, _READ_BYTES))
            self._place = 0
        start = self._place
        self._place = min(start + buffer_size, len(self._ahead))
        return self._ahead[start : self._place]

    def pending(self) -> int:
        """Bytes read ahead and not yet taken."""
        return len(self._ahead) - self._place

    def send(self, buffer: bytes | bytearray) -> int:
        """Send; how many bytes were taken."""
        return self._connection.send(buffer)

    def fileno(self) -> int:
        """For select."""
        return self._connection.fileno()

    def setblocking(self, flag: bool) -> None:
        """Whether reads and writes wait."""
        self._connection.setblocking(flag)

    def close(self) -> None:
        """Close the socket."""
        self._connection.close()


class QuickClient(Client):
    """A paho client for much traffic towards us; without TLS, whose sockets read ahead as well."""

    def acknowledge_all(self, mids: Sequence[int]) -> None:
        """PUBACK (MQTT 3.1.1, §3.4) for each message id, in order, in one write."""
        if mids:
            packets = b"".join(b"\x40\x02" + mid.to_bytes(2) for mid in mids)
            self._packet_queue(PUBACK, packets, mids[-1], 1)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle packets while some are at hand, but let acknowledgements out in between."""
        del max_packets  # paho itself does not heed it
        result = super().loop_read()
        for _ in range(_PACKETS_AT_ONCE):
            held = self._sock
            if result or not isinstance(held, BulkSocket) or not held.pending():
                break
            result = super().loop_read()
        return result

    def _create_socket(self) -> "SocketLike":
        return BulkSocket(super()._create_socket())
