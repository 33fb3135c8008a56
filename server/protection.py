"""Headers and checks on every request: no framing, own scripts only, no cross-site writes."""

from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts.problems import Problem
from contracts.texts import mark
from server.http_errors import problem_response

MAX_BODY_BYTES = 8 * 1024 * 1024
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class BodyTooLarge(Problem):
    """More than any route takes."""

    code = "body_too_large"
    status = 413
    title = mark("请求内容太大，最多 %(limit)s 字节")


class LengthRequired(Problem):
    """A body of unknown length could be of any: it is refused before it is read."""

    code = "length_required"
    status = 411
    title = mark("请求须注明内容长度（Content-Length）")


class CrossSite(Problem):
    """A browser says that another site made it send this."""

    code = "cross_site"
    status = 403
    title = mark("请求来自其他网站，已拒绝")


class Protection:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is too large or comes from another site; add headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if problem := _refusal(scope["method"], headers):
            await problem_response(Request(scope), problem)(scope, receive, send)
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("Content-Security-Policy", _POLICY)
                answer.setdefault("X-Content-Type-Options", "nosniff")
                answer.setdefault("Referrer-Policy", "same-origin")
                if not scope["path"].startswith(("/static", "/assets")):
                    answer.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _refusal(method: str, headers: Headers) -> Problem | None:
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        return BodyTooLarge(limit=MAX_BODY_BYTES)
    if "transfer-encoding" in headers:
        return LengthRequired()
    if method not in _SAFE_METHODS and _comes_from_elsewhere(headers):
        return CrossSite()
    return None


def _comes_from_elsewhere(headers: Headers) -> bool:
    """Whether a browser says that another site made it send this (cookies would go along)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
