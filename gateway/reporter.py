"""Looks at the gateway's parts and tells how they are, by file and by HTTP."""

import logging
import os
import time

from gateway.inbox import Inbox
from gateway.metrics import MetricsServer
from gateway.settings import Settings
from gateway.spool import Spool
from gateway.status import Status, StatusFile, prometheus_text
from gateway.subscriber import Subscriber
from gateway.writer import Writer

log = logging.getLogger("gateway.reporter")


class Reporter:
    """What the settings ask for: a status file, a port for Prometheus, both or none."""

    def __init__(
        self,
        settings: Settings,
        inbox: Inbox,
        subscriber: Subscriber,
        writer: Writer,
        spool: Spool | None,
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._subscriber = subscriber
        self._writer = writer
        self._spool = spool
        self._started_at = time.time()
        self._file = StatusFile(settings.status, self.measure) if settings.status else None
        self._server: MetricsServer | None = None
        self._complained = False

    def start(self) -> None:
        """Open the port, if one is asked for; OSError if it is taken."""
        if self._settings.metrics_port is not None:
            self._server = MetricsServer(
                self._settings.metrics_port, lambda: prometheus_text(self.measure())
            )

    def report(self, *, stopped: bool = False) -> None:
        """Write the file if it is time; trouble with it is said once and stops nothing."""
        if self._file is None:
            return
        try:
            self._file.write_if_due(stopped=stopped)
        except OSError as error:
            if not self._complained:
                log.warning("the status cannot be written: %s", error)
            self._complained = True
        else:
            self._complained = False

    def stop(self) -> None:
        """Say in the file that the gateway has ended, and close the port."""
        self.report(stopped=True)
        if self._server is not None:
            self._server.stop()

    def measure(self) -> Status:
        """The gateway as it is now."""
        now = time.time()
        spool, counts = self._spool, self._writer.counts
        oldest_us = self._writer.oldest_us()
        return Status(
            pid=os.getpid(),
            client_id=self._settings.client_id,
            started_at=self._started_at,
            written_at=now,
            queue_messages=len(self._inbox) + self._writer.in_hand,
            spool_messages=spool.messages if spool else 0,
            spool_bytes=spool.bytes if spool else 0,
            spool_limit_bytes=self._settings.spool_bytes if spool else 0,
            oldest_unwritten_seconds=0 if oldest_us is None else max(0, now - oldest_us / 1e6),
            messages_total=counts.messages,
            readings_total=counts.readings,
            rejected_total=dict(counts.by_reason),
            database_connected=self._writer.database_there,
            broker_connected=self._subscriber.subscribed,
            last_commit_timestamp_seconds=(counts.committed_us or 0) / 1e6,
        )
