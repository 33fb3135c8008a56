"""A server for the phone's tests: real HTTP on a free port, answers that can be made to fail."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LI = {
    "id": "0198c000-0000-7000-8000-000000000001",
    "username": "li.ming",
    "display_name": "李明",
    "role": "correspondent",
    "language": "zh",
    "correspondent_id": "0198c000-0000-7000-8000-000000000002",
}
HOUSEHOLDS = [f"0198c000-0000-7000-8000-00000000010{n}" for n in range(4)]
SUBJECTS = {
    "villages": [
        {"code": "341302001003", "name": "大李村", "township": "夹沟镇", "county": "埇桥区"},
        {"code": "341302001004", "name": "小王庄村", "township": "夹沟镇", "county": "埇桥区"},
    ],
    "households": [
        {"id": HOUSEHOLDS[0], "name": "王小明", "village_code": "341302001004"},
        {"id": HOUSEHOLDS[1], "name": "李大山", "village_code": "341302001003"},
        {"id": HOUSEHOLDS[2], "name": "李䶮", "village_code": "341302001003"},
    ],
    "organisations": [
        {"id": HOUSEHOLDS[3], "name": "丰收小麦种植专业合作社", "kind": "cooperative"}
    ],
    "stations": [
        {
            "id": "0198c000-0000-7000-8000-000000000201",
            "code": "yq-base-1",
            "name_zh": "夹沟示范基地",
            "name_en": "Jiagou demo base",
            "kind": "base",
        }
    ],
    "items": [
        {
            "id": "0198c000-0000-7000-8000-000000000301",
            "kind": "variety",
            "name": "烟农999",
            "crop": "wheat",
        }
    ],
}

# A fault takes the place of an answer: it gets the handler and writes what it likes, or nothing.
Fault = Callable[["_Handler"], None]


@dataclass
class FakeServer:
    """What the fake keeps; `faults[path]` are used up one per request to the path."""

    url: str = ""
    tokens: set[str] = field(default_factory=set)
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    pushes: list[list[str]] = field(default_factory=list)
    news: list[dict[str, Any]] = field(default_factory=list)
    refuse: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: dict[str, list[Fault | None]] = field(default_factory=dict)
    cursors: list[str | None] = field(default_factory=list)

    def push(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Outcomes as the real server gives them."""
        self.pushes.append([record["id"] for record in records])
        return [self._outcome(record) for record in records]

    def _outcome(self, record: dict[str, Any]) -> dict[str, Any]:
        id_ = record["id"]
        if id_ in self.refuse:
            return {"id": id_, "outcome": "rejected", "problems": self.refuse[id_]}
        before = self.stored.get(id_)
        if before is None or record["revision"] == before["revision"] + 1:
            self.stored[id_] = record
            return {"id": id_, "outcome": "accepted", "problems": []}
        same = before["values"] == record["values"]
        return {"id": id_, "outcome": "duplicate" if same else "conflict", "problems": []}


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: Any, kind: str = "application/json") -> None:
        """Send an answer; a str goes out as it is."""
        raw = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def problem(self, status: int, code: str) -> None:
        """Send a problem after RFC 9457."""
        body = {"type": "about:blank", "title": code, "status": status, "code": code}
        self.answer(status, body, "application/problem+json")

    def _handle(self) -> None:
        path, _, query = self.path.partition("?")
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        faults = self.fake.faults.get(path, [])
        fault = faults.pop(0) if faults else None
        if fault is not None:
            fault(self)
        elif path == "/api/v1/session":
            self._session(json.loads(raw) if raw else {})
        elif self.headers.get("authorization", "").removeprefix("Bearer ") not in self.fake.tokens:
            self.problem(401, "auth.not_signed_in")
        elif path == "/api/v1/sync/push":
            self.answer(200, {"outcomes": self.fake.push(json.loads(raw)["records"])})
        else:
            self.fake.cursors.append(query.removeprefix("cursor=") or None)
            news, self.fake.news = self.fake.news, []
            self.answer(200, {"cursor": "c2", "records": news, "subjects": SUBJECTS})

    def _session(self, given: dict[str, Any]) -> None:
        if self.command == "DELETE":
            self.send_response(204)
            self.end_headers()
        elif given.get("password") != "secret":
            self.problem(401, "auth.sign_in_failed")
        else:
            token = f"token-{len(self.fake.tokens) + 1}"
            self.fake.tokens.add(token)
            body = {"token": token, "expires_at": "2026-12-31T00:00:00+08:00", "account": LI}
            self.answer(201, body)

    do_GET = do_POST = do_DELETE = _handle  # noqa: N815 - the base class's names


def cut(handler: _Handler) -> None:
    """Drop the connection without an answer."""
    handler.connection.close()


def cut_after_storing(handler: _Handler) -> None:
    """Unused body: the record is stored, the answer is lost on its way."""
    handler.connection.close()


def fails(status: int) -> Fault:
    """The server fails with this status."""
    return lambda handler: handler.problem(status, "unavailable")


def portal(handler: _Handler) -> None:
    """A captive portal's page, with status 200."""
    handler.answer(200, "<html><body>请登录 Wi-Fi</body></html>", "text/html; charset=utf-8")


def portal_as_json(handler: _Handler) -> None:
    """A proxy that answers JSON, but not ours."""
    handler.answer(200, {"ok": True})


def expired(handler: _Handler) -> None:
    """The session ended."""
    handler.problem(401, "auth.not_signed_in")


@contextmanager
def serving() -> Iterator[FakeServer]:
    """A fake server that answers while the block runs."""
    fake = FakeServer()
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
