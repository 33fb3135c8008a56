"""The one thread that decodes and writes, and acknowledges only what is committed."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import psycopg

from contracts.readings import RejectReason
from gateway.decode import Decoded, decode
from gateway.inbox import Inbox, Message
from gateway.patience import Patience
from gateway.registry import RegistryCache
from gateway.rejection import Rejection
from gateway.settings import Settings
from gateway.spool import Spool
from gateway.storing import Stored, store

log = logging.getLogger("gateway.writer")
# Classes of SQLSTATE that lie in the data itself: sending them again cannot help. Everything else
# (no connection, deadlock, shutdown, disk full, tables not migrated yet) passes or gets mended.
_PERMANENT = frozenset({"22", "23", "54"})
_UNKNOWN = frozenset({RejectReason.UNKNOWN_DEVICE, RejectReason.UNKNOWN_SENSOR})
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0


@dataclass(slots=True)
class Counts:
    """What was done since the start.

    Attributes
    ----------
    messages : acknowledged, after a commit or when safe in the spool
    by_reason : rejected readings and messages by reason
    committed_us : when the last transaction ended, microseconds since 1970 (UTC)
    """

    messages: int = 0
    readings: int = 0
    rejected: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    committed_us: int | None = None


class Writer:
    """Takes what has piled up, writes it, acknowledges it; from the start until `stop`.

    With a spool: while the database is away, what arrives goes there and is acknowledged once it is
    on the disk. When the database is back, each turn writes one batch from the spool's head and one
    of what has arrived since, so that neither waits for the whole of the other.
    """

    def __init__(
        self,
        settings: Settings,
        inbox: Inbox,
        acknowledge: Callable[[Sequence[Message]], None],
        spool: Spool | None = None,
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._acknowledge = acknowledge
        self._spool = spool
        self._registry = RegistryCache()
        self._connection: psycopg.Connection | None = None
        self._stopping = threading.Event()
        info = psycopg.conninfo.conninfo_to_dict(settings.database)
        self._patience = Patience(
            log, f"the database at {info.get('host', 'localhost')}:{info.get('port', 5432)}"
        )
        self._room = Patience(log, "room in the spool; the broker holds what arrives")
        self._pause = _SHORTEST_PAUSE_S
        self._retry_at = 0.0
        self._in_hand: list[Message] = []
        self._thread = threading.Thread(target=self._run, name="writer")
        self.counts = Counts()
        self.connected = threading.Event()
        self.failed = threading.Event()
        self.database_there = False

    def start(self) -> None:
        """Begin, with waiting for the database if need be."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand, if the database lets us, and end."""
        self._stopping.set()
        self._inbox.close()
        self._thread.join()

    @property
    def in_hand(self) -> int:
        """Messages taken from the inbox and not yet safe."""
        return len(self._in_hand)

    def oldest_us(self) -> int | None:
        """When the oldest message that is not yet in the database arrived; None if all are."""
        in_hand = self._in_hand
        found = [
            self._spool.oldest_us if self._spool else None,
            in_hand[0].arrived_us if in_hand else None,
            self._inbox.oldest_us(),
        ]
        return min((one for one in found if one is not None), default=None)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn()
        except Exception:
            log.exception("the writer has failed; nothing unacknowledged is lost")
            self.failed.set()
            self._inbox.close()
        finally:
            if self._connection is not None:
                self._connection.close()

    def _turn(self) -> None:
        """Take what waits; write it and the head of the spool, or else put it into the spool."""
        if not self._in_hand:
            self._in_hand = self._inbox.take(
                self._settings.batch_messages, self._settings.linger_s, self._wait_s()
            )
        elif not self.database_there:
            self._stopping.wait(self._until_retry_s())
        if not self._until_retry_s() and self._try(self._write_head_of_spool):
            batch = self._in_hand
            if batch and self._try(partial(self._write, batch)):
                self._let_go(len(batch))
        if self._in_hand and not self.database_there and self._spool is not None:
            self._put_into(self._spool)

    def _wait_s(self) -> float | None:
        """How long to wait for messages before something else is to be done; None: for ever."""
        if not self.database_there:
            return self._until_retry_s()
        return 0 if self._spool is not None and self._spool.messages else None

    def _until_retry_s(self) -> float:
        return 0 if self.database_there else max(0.0, self._retry_at - time.monotonic())

    def _try(self, step: Callable[[], None]) -> bool:
        """Do it; False if passing trouble hindered it, which is then left alone for a while."""
        try:
            step()
        except psycopg.Error as error:
            self.database_there = False
            self._patience.waiting(str(error))
            self._retry_at = time.monotonic() + self._pause
            self._pause = min(self._pause * 2, _LONGEST_PAUSE_S)
            return False
        self.database_there = True
        self._pause = _SHORTEST_PAUSE_S
        self._patience.over()
        return True

    def _write_head_of_spool(self) -> None:
        self._connect()
        if self._spool is None:
            return
        batch = self._spool.head(self._settings.batch_messages)
        if batch:
            self._write(batch)
            self._spool.forget_head()

    def _put_into(self, spool: Spool) -> None:
        """Make what is in hand safe on the disk and acknowledge that much of it."""
        try:
            taken = spool.append(self._in_hand)
        except OSError as error:
            self._room.waiting(str(error))
            return
        if taken < len(self._in_hand):
            self._room.waiting(f"full with {spool.messages} messages")
        else:
            self._room.over()
        self._let_go(taken)

    def _let_go(self, count: int) -> None:
        """The first of those in hand are safe: tell the broker."""
        self._acknowledge(self._in_hand[:count])
        self.counts.messages += count
        self._in_hand = self._in_hand[count:]

    def _connect(self) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._settings.database,
                autocommit=True,
                connect_timeout=5,
                application_name="tepai-gateway",
            )
            self._registry.refresh(self._connection)
            self.connected.set()

    def _write(self, batch: Sequence[Message]) -> None:
        self._connect()
        assert self._connection is not None  # noqa: S101 - just made
        self._registry.refresh(self._connection)
        decoded = self._decode_all(batch)
        if any(refusal.reason in _UNKNOWN for one in decoded for refusal in one.rejections) and (
            self._registry.refresh(self._connection, missed=True)
        ):
            decoded = self._decode_all(batch)
        self._store_or_isolate(self._connection, batch, decoded)

    def _decode_all(self, batch: Sequence[Message]) -> list[Decoded]:
        registry = self._registry.registry
        found: list[Decoded] = []
        for message in batch:
            try:
                found.append(decode(message, registry))
            except Exception as error:  # one message must never stop the others
                log.exception("decoding a message on %r failed", message.topic)
                said = f"{type(error).__name__}: {error}"
                found.append(_quarantined("decoding_failed", said=said))
        return found

    def _store_or_isolate(
        self, connection: psycopg.Connection, batch: Sequence[Message], decoded: list[Decoded]
    ) -> None:
        """Store the batch; if something in it can never be stored, halve until that is alone."""
        try:
            self._count(store(connection, batch, decoded, self._registry.registry))
        except psycopg.Error as error:
            if (error.sqlstate or "")[:2] not in _PERMANENT:
                raise
            if len(batch) == 1:
                said = error.diag.message_primary
                aside = [_quarantined("refused_by_database", sqlstate=error.sqlstate, said=said)]
                self._count(store(connection, batch, aside, self._registry.registry))
                return
            half = len(batch) // 2
            self._store_or_isolate(connection, batch[:half], decoded[:half])
            self._store_or_isolate(connection, batch[half:], decoded[half:])

    def _count(self, stored: Stored) -> None:
        self.counts.readings += stored.readings
        self.counts.rejected += stored.rejected
        self.counts.by_reason.update(stored.by_reason())
        self.counts.committed_us = time.time_ns() // 1000


def _quarantined(code: str, **parameters: str | None) -> Decoded:
    return Decoded(rejections=[Rejection(RejectReason.MALFORMED, code, parameters)])
