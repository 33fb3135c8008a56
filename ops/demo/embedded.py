"""The embedded database and broker as services that a supervisor keeps."""

from collections.abc import Callable
from pathlib import Path

from ops.demo.logs import last_lines
from ops.demo.supervise import Hurry
from ops.embedded.broker import Broker
from ops.embedded.postgres import Cluster
from ops.embedded.process import ServerError


class Embedded:
    """A server of `ops.embedded`, always on the port of its first start; a `Service`."""

    def __init__(
        self, name: str, server: Cluster | Broker, log: Path, port: Callable[[], int]
    ) -> None:
        """Remember the server and the port to ask for; nothing is started.

        Parameters
        ----------
        port
            Chosen as late as possible: at the first start, when what a killed demo left is gone.
        """
        self.name = name
        self._server = server
        self._log = log
        self._choose_port = port
        self.port = 0

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._server.pid

    def start(self) -> None:
        """Start it; it accepts connections when this returns.

        Raises
        ------
        ServerError
            At a restart, if another program took its port meanwhile: others know that port.
        """
        wanted = self.port or self._choose_port()
        self._server.start(wanted)
        if self.port and self._server.port != self.port:
            self._server.stop()
            raise ServerError(f"port {self.port} was taken by another program")
        self.port = self._server.port

    def ready(self) -> bool:
        """Whether it accepts connections: always, once started."""
        return self.pid is not None

    def stop(self, hurry: Hurry) -> None:
        """End it with everything on disk: what it was given must not be lost to a hurry."""
        del hurry
        self._server.stop()

    def last_words(self) -> list[str]:
        """The last lines of its log."""
        return last_lines(self._log)
