"""Pages: sign-in, sign-out, language."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from contracts.problems import Problem
from contracts.texts import is_language
from server.auth.sign_in import sign_in, sign_out
from server.current import SESSION_COOKIE, CurrentDatabase, CurrentSettings, session_token
from server.languages import LANGUAGE_COOKIE, request_translator
from server.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the link's word
    """The sign-in page."""
    return render(request, "auth/sign_in.html", next=_local(next), username="", problem=None)


@router.post("/sign-in")
def sign_in_form(
    request: Request,
    database: CurrentDatabase,
    settings: CurrentSettings,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Sign in and go on to where the person wanted to be; a failure keeps the name typed."""
    try:
        token = sign_in(
            database, settings, username, password, request.headers.get("user-agent", "")
        )
    except Problem as problem:
        sentence = problem.sentence(request_translator(request))
        return render(
            request,
            "auth/sign_in.html",
            status_code=problem.status,
            next=_local(next),
            username=username,
            problem=sentence,
        )
    response = RedirectResponse(_local(next), status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(settings.session_lives.total_seconds()),
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )
    return response


@router.post("/sign-out")
def sign_out_form(request: Request, database: CurrentDatabase) -> Response:
    """End the session."""
    if token := session_token(request):
        sign_out(database, token)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/language/{language}")
def choose_language_link(language: str, next: str = "/") -> Response:  # noqa: A002
    """Remember the language and return to the page."""
    response = RedirectResponse(_local(next), status_code=303)
    if is_language(language):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax")
    return response


def _local(target: str) -> str:
    """A path of this site, whatever was asked for: never another host."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
