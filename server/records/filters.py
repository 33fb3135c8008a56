"""What a list of records is narrowed to, and where a page of it begins."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.codes import RECORD_STATUSES
from contracts.form_schema import load_catalogue
from contracts.problems import FieldProblem, Invalid

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """Each narrows the list unless None.

    Attributes
    ----------
    since, until : days of service, both included
    text : part of the name of a correspondent or village
    """

    status: str | None = None
    form: str | None = None
    county: str | None = None
    since: date | None = None
    until: date | None = None
    correspondent: UUID | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of the page before: a page begins after it. Newest day of service first."""

    occurred_on: date
    id: UUID

    def __str__(self) -> str:
        """As it stands in a link."""
        return f"{self.occurred_on}.{self.id}"


def read_filters(
    status: str = "",
    form: str = "",
    county: str = "",
    since: str = "",
    until: str = "",
    correspondent: str = "",
    text: str = "",
) -> Filters:
    """The filters of a query string; empty means any.

    Raises
    ------
    Invalid
        Naming each parameter that cannot be understood.
    """
    problems: list[FieldProblem] = []
    if status and status not in RECORD_STATUSES:
        choices = ", ".join(RECORD_STATUSES)
        problems.append(FieldProblem("status", "not_a_choice", status, {"choices": choices}))
    if form and form not in load_catalogue():
        choices = ", ".join(load_catalogue())
        problems.append(FieldProblem("form", "not_a_choice", form, {"choices": choices}))
    filters = Filters(
        status or None,
        form or None,
        county or None,
        _day("from", since, problems),
        _day("to", until, problems),
        _id("correspondent", correspondent, problems),
        # PostgreSQL's text has no NUL.
        text.replace("\0", "").strip()[:80] or None,
    )
    if problems:
        raise Invalid(*problems)
    return filters


def read_place(text: str) -> Place | None:
    """The place that a link names; None at the beginning.

    Raises
    ------
    Invalid
        If it is no link of ours.
    """
    if not text:
        return None
    day, _, id_ = text.partition(".")
    try:
        return Place(date.fromisoformat(day), UUID(id_))
    except ValueError:
        raise Invalid(FieldProblem("after", "not_id", text)) from None


def _day(name: str, text: str, problems: list[FieldProblem]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(FieldProblem(name, "not_date", text))
        return None


def _id(name: str, text: str, problems: list[FieldProblem]) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        problems.append(FieldProblem(name, "not_id", text))
        return None
