"""`python -m gateway`: subscribe, decode, write, acknowledge."""

import logging
import sys
import threading
import time

from contracts.stopping import stop_on_signals
from gateway.inbox import Inbox
from gateway.reporter import Reporter
from gateway.settings import Settings, SettingsError, settings_from
from gateway.spool import Spool, SpoolInUseError
from gateway.subscriber import Subscriber
from gateway.writer import Counts, Writer

log = logging.getLogger("gateway")
_STATUS_EVERY_S = 10.0
_LOOK_EVERY_S = 0.1


def main() -> int:
    """Run until SIGTERM or SIGINT; the exit code."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        settings = settings_from()
    except SettingsError as error:
        log.error("%s", error)  # noqa: TRY400 - the text says all
        return 2
    stopping = threading.Event()
    stop_on_signals(stopping)
    return run(settings, stopping)


def run(settings: Settings, stopping: threading.Event) -> int:
    """Run until `stopping` is set; 0, or 1 if the writer has failed or the spool cannot be had."""
    try:
        spool = Spool(settings.spool, settings.spool_bytes) if settings.spool else None
    except (SpoolInUseError, OSError) as error:
        log.error("the spool cannot be used: %s", error)  # noqa: TRY400 - the text says all
        return 1
    if spool is not None and spool.messages:
        log.info("%d messages in the spool from before", spool.messages)
    inbox = Inbox(settings.inbox_messages, settings.inbox_bytes)
    subscriber = Subscriber(settings, inbox)
    writer = Writer(settings, inbox, subscriber.acknowledge, spool)
    reporter = Reporter(settings, inbox, subscriber, writer, spool)
    try:
        reporter.start()
    except OSError as error:
        log.error("TEPAI_GATEWAY_METRICS_PORT cannot be opened: %s", error)  # noqa: TRY400
        return 1
    writer.start()
    subscriber.start()
    _watch(settings, stopping, inbox, subscriber, writer, reporter)
    writer.stop()
    subscriber.stop()
    reporter.stop()
    if spool is not None:
        spool.close()
    log.info("stopped after %s", _totals(writer.counts))
    return 1 if writer.failed.is_set() else 0


def _watch(
    settings: Settings,
    stopping: threading.Event,
    inbox: Inbox,
    subscriber: Subscriber,
    writer: Writer,
    reporter: Reporter,
) -> None:
    """Say when all is ready, then every ten seconds what was done, if anything was."""
    ready = False
    said, said_readings, said_at = "", 0, time.monotonic()
    while not stopping.wait(_LOOK_EVERY_S) and not writer.failed.is_set():
        if not ready and writer.connected.is_set() and subscriber.subscribed:
            ready = True
            log.info(
                "ready: reading from %s:%d as %s",
                settings.mqtt_host, settings.mqtt_port, settings.client_id,
            )  # fmt: skip
        reporter.report()
        now = time.monotonic()
        if now - said_at >= _STATUS_EVERY_S:
            status = _totals(writer.counts)
            rate = (writer.counts.readings - said_readings) / (now - said_at)
            if status != said:
                log.info("%s; %.0f readings/s, %d waiting", status, rate, len(inbox))
            said, said_readings, said_at = status, writer.counts.readings, now


def _totals(counts: Counts) -> str:
    return (
        f"{counts.messages} messages, {counts.readings} readings kept, {counts.rejected} rejected"
    )


if __name__ == "__main__":
    sys.exit(main())
