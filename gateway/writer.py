"""The one thread that decodes and writes, and acknowledges only what is committed."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg

from contracts.readings import RejectReason
from gateway.decode import Decoded, decode
from gateway.inbox import Inbox, Message
from gateway.patience import Patience
from gateway.registry import RegistryCache
from gateway.rejection import Rejection
from gateway.settings import Settings
from gateway.storing import Stored, store

log = logging.getLogger("gateway.writer")
# Classes of SQLSTATE that lie in the data itself: sending them again cannot help. Everything else
# (no connection, deadlock, shutdown, disk full, tables not migrated yet) passes or gets mended.
_PERMANENT = frozenset({"22", "23", "54"})
_UNKNOWN = frozenset({RejectReason.UNKNOWN_DEVICE, RejectReason.UNKNOWN_SENSOR})
_LONGEST_PAUSE_S = 5.0


@dataclass(slots=True)
class Counts:
    """What was done since the start."""

    messages: int = 0
    readings: int = 0
    rejected: int = 0


class Writer:
    """Takes what has piled up, writes it, acknowledges it; from the start until `stop`."""

    def __init__(
        self, settings: Settings, inbox: Inbox, acknowledge: Callable[[Sequence[Message]], None]
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._acknowledge = acknowledge
        self._registry = RegistryCache()
        self._connection: psycopg.Connection | None = None
        self._stopping = threading.Event()
        info = psycopg.conninfo.conninfo_to_dict(settings.database)
        self._patience = Patience(
            log, f"the database at {info.get('host', 'localhost')}:{info.get('port', 5432)}"
        )
        self._thread = threading.Thread(target=self._run, name="writer")
        self.counts = Counts()
        self.connected = threading.Event()
        self.failed = threading.Event()

    def start(self) -> None:
        """Begin, with waiting for the database if need be."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand, if the database lets us, and end."""
        self._stopping.set()
        self._inbox.close()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._until_done(self._connect)
            while not self._stopping.is_set():
                batch = self._inbox.take(self._settings.batch_messages, self._settings.linger_s)
                if batch and self._until_done(partial(self._write, batch)):
                    self._acknowledge(batch)
                    self.counts.messages += len(batch)
        except Exception:
            log.exception("the writer has failed; nothing unacknowledged is lost")
            self.failed.set()
            self._inbox.close()
        finally:
            if self._connection is not None:
                self._connection.close()

    def _until_done(self, step: Callable[[], None]) -> bool:
        """Repeat the step while only passing trouble hinders it; False if told to stop first."""
        pause = 0.1
        while True:
            try:
                step()
            except psycopg.Error as error:
                self._patience.waiting(str(error))
                if self._stopping.wait(pause):
                    return False
                pause = min(pause * 2, _LONGEST_PAUSE_S)
            else:
                self._patience.over()
                return True

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


def _quarantined(code: str, **parameters: str | None) -> Decoded:
    return Decoded(rejections=[Rejection(RejectReason.MALFORMED, code, parameters)])
