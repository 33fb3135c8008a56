"""`python -m server`: the web server."""

import logging
import sys
import time
from socket import socket
from types import FrameType

import psycopg
import uvicorn

from server.app import create_app
from server.readings.live_feed import LiveFeed
from server.settings import SettingsError, read_settings

_log = logging.getLogger("server")


def main() -> int:
    """Wait for the database, then serve until told to stop."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        settings = read_settings()
    except SettingsError as error:
        _log.error("%s", error)
        return 2
    _wait_for_database(settings.web_database)
    app = create_app(settings)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_level="warning",
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    _Server(config, app.state.live_feed).run()
    return 0


class _Server(uvicorn.Server):
    """Says when it listens; ends the live streams when told to stop, not to wait for them."""

    def __init__(self, config: uvicorn.Config, live_feed: LiveFeed) -> None:
        super().__init__(config)
        self._live_feed = live_feed

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _log.info("ready: http://%s:%s", self.config.host, self.config.port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._live_feed.stop()
        super().handle_exit(sig, frame)


def _wait_for_database(conninfo: str) -> None:
    said_at = 0.0
    while True:
        try:
            psycopg.connect(conninfo, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() - said_at >= 10:
                _log.warning("waiting for the database: %s", str(error).strip())
                said_at = time.monotonic()
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
