"""The status for Prometheus, over HTTP on the loopback address: GET /metrics."""

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    text: Callable[[], str]


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        """Answer with the metrics."""
        if self.path != "/metrics":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = self.server.text().encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing of requests."""


class MetricsServer:
    """Serves from the start until `stop`; OSError if the port is taken."""

    def __init__(self, port: int, text: Callable[[], str]) -> None:
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.text = text
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics")
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
