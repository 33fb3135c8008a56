"""The language of one request: the `language` cookie, else the browser's wish, else Chinese."""

from pathlib import Path

from starlette.requests import Request

from contracts.texts import Language, Translate, choose_language, is_language, translator

TEXTS = Path(__file__).with_name("texts")
LANGUAGE_COOKIE = "tepai_language"


def request_language(request: Request) -> Language:
    """What to answer in."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if is_language(chosen):
        return chosen
    return choose_language(request.headers.get("accept-language"))


def request_translator(request: Request) -> Translate:
    """From Chinese text to the request's language."""
    return translator(request_language(request), TEXTS)
