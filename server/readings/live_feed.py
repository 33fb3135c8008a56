"""From the database's notifications to the browsers that wait for them."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg

from contracts.sql_files import beside

_SQL = beside(__file__)
_log = logging.getLogger(__name__)
_RETRY_S = 1.0
_LOOK_UP_S = 0.5


class Subscription:
    """One browser's wait for news of one station.

    A flag and not a queue: what is sent is always the newest state, so a browser that was slow
    goes on with the newest and nothing piles up.
    """

    def __init__(self, station_id: UUID) -> None:
        """Belongs to the event loop that runs."""
        self.station_id = str(station_id)
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Tell of news; from any thread."""
        try:
            self._loop.call_soon_threadsafe(self._news.set)
        except RuntimeError:  # the loop has ended, and the browser's stream with it
            return

    async def wait(self, seconds: float) -> bool:
        """Whether there are news, within some time."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return False
        self._news.clear()
        return True


class LiveFeed:
    """One listening connection for all browsers of this process; it starts with the first."""

    def __init__(self, conninfo: str) -> None:
        """Nothing is opened yet."""
        self._conninfo = conninfo
        self._subscriptions: set[Subscription] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def is_stopping(self) -> bool:
        """Whether streams should end."""
        return self._stopping.is_set()

    @contextmanager
    def subscribed(self, station_id: UUID) -> Iterator[Subscription]:
        """A subscription for as long as a browser stays."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._listen, name="live-feed", daemon=True)
            self._thread.start()
        subscription = Subscription(station_id)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def stop(self) -> None:
        """Let all streams end, without waiting; safe in a signal handler."""
        self._stopping.set()
        self._wake(None)

    def close(self) -> None:
        """Stop, and give the connection back."""
        self.stop()
        if self._thread is not None:
            self._thread.join(timeout=_LOOK_UP_S + 5)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(
                    self._conninfo, autocommit=True, connect_timeout=5
                ) as connection:
                    connection.execute(_SQL["listen_reading"])
                    self._wake(None)  # of what was committed while nobody listened
                    self._pass_on(connection)
            except psycopg.OperationalError as error:
                _log.warning("live stream waits for the database: %s", str(error).strip())
                self._stopping.wait(_RETRY_S)

    def _pass_on(self, connection: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            for notify in connection.notifies(timeout=_LOOK_UP_S, stop_after=1):
                self._wake(_station_ids(notify.payload))

    def _wake(self, station_ids: set[str] | None) -> None:
        for subscription in list(self._subscriptions):
            if station_ids is None or subscription.station_id in station_ids:
                subscription.wake()


def _station_ids(payload: str) -> set[str] | None:
    """The stations of a notification; None, meaning any, for what is no list of them."""
    try:
        ids = json.loads(payload)
    except ValueError:
        return None
    return {str(id_) for id_ in ids} if isinstance(ids, list) else None
