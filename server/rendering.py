"""Pages from Jinja templates, in the request's language."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request

from contracts import codes
from server.db.pool import Actor
from server.languages import request_language, request_translator
from server.navigation import entries_for

ZONE = ZoneInfo("Asia/Shanghai")
_FOLDER = Path(__file__).with_name("templates")
_environment = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    request: Request,
    template: str,
    actor: Actor | None = None,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """The template as a page; every template has `_`, `language`, `actor`, `navigation`, `path`."""
    language = request_language(request)
    page = _environment.get_template(template).render(
        _=request_translator(request),
        language=language,
        actor=actor,
        navigation=entries_for(actor),
        path=request.url.path,
        here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        version=request.app.version,
        **context,
    )
    return HTMLResponse(page, status_code=status_code, headers=dict(headers or {}))


def shown_time(moment: datetime | None) -> str:
    """A moment as people here read it: Asia/Shanghai, to the minute; a dash for none."""
    return "–" if moment is None else moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def shown_number(value: float | Decimal | None, decimals: int = 0) -> str:
    """A number with thousands set apart; a dash for none."""
    return "–" if value is None else f"{value:,.{decimals}f}"


def shown_code(code: str, list_name: str, language: str) -> str:
    """What a code means, as `{{ row.status|code("RECORD_STATUSES", language) }}`."""
    choices: codes.Choices = getattr(codes, list_name)
    return codes.code_label(choices, code, language)


def shown_day(day: date | None) -> str:
    """A date as 2026-05-31; a dash for none."""
    return "–" if day is None else day.isoformat()


_environment.filters |= {
    "time": shown_time,
    "number": shown_number,
    "code": shown_code,
    "day": shown_day,
}
