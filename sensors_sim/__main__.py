"""`python -m sensors_sim`: post readings as real devices would."""

import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

from contracts.stopping import stop_on_signals, told_to_stop
from sensors_sim.faults import faulty_payloads, one_of_each
from sensors_sim.fleet import fleet_postings
from sensors_sim.posting import Posting
from sensors_sim.publisher import Publisher
from sensors_sim.replay import glasshouse_postings
from sensors_sim.schedule import Tick, live_ticks, past_ticks
from sensors_sim.settings import Settings, settings_from

log = logging.getLogger("sensors_sim")
REPLAYED_STATION = "glasshouse"


def main() -> int:
    """Run until SIGTERM or SIGINT; the exit code."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    settings = settings_from()
    stopping = threading.Event()
    stop_on_signals(stopping)
    publisher = Publisher(settings.host, settings.port, stopping)
    if publisher.wait_for_broker():
        log.info("ready: posting for %s", ", ".join(settings.stations) or "no station")
        _post(settings, publisher, stopping)
    publisher.close()
    return 0


def _post(settings: Settings, publisher: Publisher, stopping: threading.Event) -> None:
    now = datetime.now(UTC)
    posted = sum(
        _post_tick(settings, publisher, tick) for tick in past_ticks(now, settings.backfill)
    )
    publisher.drain()
    if posted:
        log.info("posted the past %s: %d messages", settings.backfill, posted)
    if settings.faults:
        _post_faults_once(settings, publisher)
        publisher.drain()
    if not settings.live:
        return
    for tick in live_ticks(now, settings.interval):
        if told_to_stop(stopping, (tick.due - datetime.now(UTC)).total_seconds()):
            return
        _post_tick(settings, publisher, tick)


def _post_tick(settings: Settings, publisher: Publisher, tick: Tick) -> int:
    """Post everything of one step; how many messages."""
    count = 0
    for posting in postings(settings, tick):
        payloads = [posting.payload]
        if settings.faults:
            payloads.extend(faulty_payloads(settings.seed, posting))
        for payload in payloads:
            count += publisher.publish(posting.topic, payload)
    return count


def _post_faults_once(settings: Settings, publisher: Publisher) -> None:
    now = datetime.now(UTC)
    first = next(postings(settings, Tick(now, now, now)), None)
    if first is None:
        return
    for payload in one_of_each(first):
        publisher.publish(first.topic, payload)


def postings(settings: Settings, tick: Tick) -> Iterator[Posting]:
    """What all stations post at one step."""
    for station in settings.stations:
        if station == REPLAYED_STATION:
            yield from glasshouse_postings(station, tick.moment, tick.stamp)
        else:
            yield from fleet_postings(settings.seed, station, tick.moment, tick.stamp)


if __name__ == "__main__":
    sys.exit(main())
