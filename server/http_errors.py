"""Problems as RFC 9457 JSON for programs and as a page for people."""

import logging
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request

from contracts.problems import Invalid, NotFound, NotSignedIn, Problem, Unavailable
from contracts.texts import mark
from server.languages import request_translator
from server.rendering import render

_log = logging.getLogger(__name__)


class Fault(Problem):
    """A bug of ours."""

    code = "fault"
    status = 500
    title = mark("系统出错了，我们已记录；请稍后再试")


class BadRequest(Problem):
    """HTTP that no route takes."""

    code = "bad_request"
    status = 400
    title = mark("请求的格式不对")


def add_error_handlers(app: FastAPI) -> None:
    """Render every failure of the app in one form."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(PoolTimeout, _on_database_away)
    app.add_exception_handler(psycopg.OperationalError, _on_database_away)
    app.add_exception_handler(Exception, _on_fault)


def problem_response(request: Request, problem: Problem, **members: Any) -> Response:
    """The problem as JSON under /api, as a page elsewhere; a signed-out page leads to sign-in."""
    translate = request_translator(request)
    if request.url.path.startswith("/api/"):
        body = {
            "type": "about:blank",
            "title": translate(problem.title) % problem.members,
            "status": problem.status,
            "detail": problem.sentence(translate),
            "code": problem.code,
            "instance": request.url.path,
            **members,
        }
        return JSONResponse(body, problem.status, media_type="application/problem+json")
    if isinstance(problem, NotSignedIn):
        # Of a part to be swapped in, the page around it is what the person wants back.
        page = urlsplit(request.headers.get("hx-current-url", "")).path or request.url.path
        target = f"/sign-in?next={quote(page)}"
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={"HX-Redirect": target})
        return RedirectResponse(target, status_code=303)
    return render(
        request,
        "problem.html",
        status_code=problem.status,
        title=translate(problem.title) % problem.members,
        detail=problem.sentence(translate),
        status=problem.status,
        fields=members.get("fields", []),
    )


def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for Problem alone
    if isinstance(error, Invalid):
        translate = request_translator(request)
        fields = [field.as_json(translate, field.field) for field in error.fields]
        return problem_response(request, error, fields=fields)
    return problem_response(request, error)


def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = [
        {
            "field": ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0]),
            "code": item["type"],
            "value": _shortened(item.get("input")),
            "expected": {key: str(value) for key, value in item.get("ctx", {}).items()},
            "message": item["msg"],
        }
        for item in error.errors()
    ]
    return problem_response(request, Invalid(), fields=fields)


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    problem = NotFound() if error.status_code == 404 else BadRequest()
    problem.status = error.status_code  # type: ignore[misc] # this answer's own status
    return problem_response(request, problem)


def _on_database_away(request: Request, error: Exception) -> Response:
    _log.warning("the database does not answer: %s", error)
    return problem_response(request, Unavailable())


def _on_fault(request: Request, error: Exception) -> Response:
    _log.exception("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_response(request, Fault())
