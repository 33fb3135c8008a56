"""The live stream of one station, as Server-Sent Events: the only asynchronous code."""

import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from psycopg_pool import PoolTimeout
from starlette.requests import Request

from contracts.problems import NotFound, NotSignedIn
from server.current import CurrentActor, CurrentDatabase, actor_of_token, session_token
from server.db.pool import Actor, Database
from server.readings.live_feed import LiveFeed, Subscription
from server.stations.overview import StationNow, visible_station

HEARTBEAT_S = 15.0
AT_MOST_EVERY_S = 1.0
SESSION_CHECK_S = 5.0
_log = logging.getLogger(__name__)
router = APIRouter(prefix="/api/v1/stations", tags=["readings"])


def get_live_feed(request: Request) -> LiveFeed:
    """The feed that `create_app` made."""
    feed: LiveFeed = request.app.state.live_feed
    return feed


@dataclass(slots=True)
class Watcher:
    """Reads one station for one browser, with that browser's rights."""

    database: Database
    actor: Actor
    token: str
    code: str
    checked_at: float

    def look(self) -> StationNow:
        """The station now. Raises NotSignedIn or NotFound once it is no longer for this browser."""
        if time.monotonic() - self.checked_at >= SESSION_CHECK_S:
            self.actor = actor_of_token(self.database, self.token)
            self.checked_at = time.monotonic()
        with self.database.scoped_transaction(self.actor) as connection:
            return visible_station(connection, self.code)


@router.get(
    "/{code}/live",
    operation_id="watch_station",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-Sent Events"}},
)
def watch_station(
    code: str,
    request: Request,
    actor: CurrentActor,
    database: CurrentDatabase,
    feed: Annotated[LiveFeed, Depends(get_live_feed)],
) -> StreamingResponse:
    """Events `readings` with the newest values, at once, after each commit and every 15 s.

    Their data is `{"state", "devices": {code: {"state", "last_reading_at"}}, "sensors": [[id,
    time, value, quality, today_min, today_max, today_sum], ...]}`. `away` tells that the
    database does not answer just now, `end` that the session ended.
    """
    watcher = Watcher(database, actor, session_token(request) or "", code, time.monotonic())
    station = watcher.look()
    return StreamingResponse(
        _events(feed, watcher, station),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(feed: LiveFeed, watcher: Watcher, station: StationNow) -> AsyncIterator[str]:
    with feed.subscribed(station.id) as subscription:
        subscription.wake()  # for what came in after the station was read
        yield "retry: 2000\n\n" + event("readings", told(station))
        while not feed.is_stopping():
            sent_at = time.monotonic()
            await subscription.wait(HEARTBEAT_S)
            await _pause(subscription, feed, sent_at + AT_MOST_EVERY_S)
            if feed.is_stopping():
                return
            try:
                now = await run_in_threadpool(watcher.look)
            except (NotSignedIn, NotFound):
                yield event("end", {})
                return
            except (psycopg.OperationalError, PoolTimeout):
                yield event("away", {})
                subscription.wake()  # look again soon
            else:
                yield event("readings", told(now))


async def _pause(subscription: Subscription, feed: LiveFeed, until: float) -> None:
    """Let news pile up until a moment, so that a busy station sends one event a second."""
    while not feed.is_stopping() and (left := until - time.monotonic()) > 0:
        await subscription.wait(left)


def event(name: str, data: Any) -> str:
    """One event as sent."""
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def told(station: StationNow) -> dict[str, Any]:
    """What a browser is told of a station."""
    return {
        "state": station.state,
        "devices": {
            device.code: {
                "state": device.state,
                "last_reading_at": device.last_reading_at and device.last_reading_at.isoformat(),
            }
            for device in station.devices
        },
        "sensors": [
            [
                sensor.id,
                sensor.time.isoformat(),
                sensor.value,
                sensor.quality,
                sensor.today_min,
                sensor.today_max,
                sensor.today_sum,
            ]
            for device in station.devices
            for sensor in device.sensors
            if sensor.time
        ],
    }
