"""What is asked of the totals: a period of civil years and filters, each checked by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from contracts.codes import CORRESPONDENT_LEVELS, SERVICE_MODES, SPECIALTIES, Choices
from contracts.problems import FIELD_TEXTS, FieldProblem, Invalid
from contracts.texts import Translate, mark

FIRST_YEAR, LAST_YEAR = 2000, 2100
By = Literal[
    "county", "township", "village", "year", "month", "level", "specialty", "mode", "correspondent"
]
BREAKDOWNS: Mapping[By, str] = {
    "county": mark("县区"),
    "township": mark("乡镇街道"),
    "village": mark("村"),
    "year": mark("年份"),
    "month": mark("月份"),
    "level": mark("特派员级别"),
    "specialty": mark("专业"),
    "mode": mark("服务模式"),
    "correspondent": mark("特派员"),
}
_PREFIX_LENGTH = {"city": 4, "county": 6, "township": 9, "village": 12}
# Of a division, the part its totals are broken down into.
PARTS_OF: Mapping[str, By] = {
    "city": "county",
    "county": "township",
    "township": "village",
    "village": "village",
}


@dataclass(frozen=True, slots=True)
class Period:
    """Civil years, both ends included. Things are counted once over the whole period."""

    first_year: int
    last_year: int

    @property
    def first_day(self) -> date:
        """1 January of the first year."""
        return date(self.first_year, 1, 1)

    @property
    def last_day(self) -> date:
        """31 December of the last year."""
        return date(self.last_year, 12, 31)

    @property
    def years(self) -> range:
        """Every year of the period."""
        return range(self.first_year, self.last_year + 1)

    def __str__(self) -> str:
        """2025, or 2021-2025 with an en dash."""
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}–{self.last_year}"


@dataclass(frozen=True, slots=True)
class Division:
    """A division as the totals need it; `prefix` begins the codes of all villages in it."""

    code: str
    name: str
    level: str
    parent_code: str | None = None

    @property
    def prefix(self) -> str:
        """A city's code ends in 00, so the first four digits tell its counties."""
        return self.code[: _PREFIX_LENGTH[self.level]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the records down; None lets everything pass."""

    division: Division | None = None
    correspondent: UUID | None = None
    level: str | None = None
    specialty: str | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Period and filters together, as queries take them."""

    period: Period
    filters: Filters = field(default_factory=Filters)

    def parameters(self, by: By | None = None) -> dict[str, Any]:
        """Parameters of every query that reads `verified_record`."""
        filters = self.filters
        return {
            "first": self.period.first_day,
            "last": self.period.last_day,
            "prefix": filters.division.prefix if filters.division else "",
            "correspondent": filters.correspondent,
            "level": filters.level,
            "specialty": filters.specialty,
            "mode": filters.mode,
            "by": by,
        }


def check_period(first_year: int, last_year: int) -> Period:
    """The period; Invalid with the field if a year is out of range or the ends are swapped."""
    for name, year in (("from", first_year), ("to", last_year)):
        if year < FIRST_YEAR:
            raise Invalid(FieldProblem(name, "too_small", year, {"minimum": FIRST_YEAR}))
        if year > LAST_YEAR:
            raise Invalid(FieldProblem(name, "too_large", year, {"maximum": LAST_YEAR}))
    if first_year > last_year:
        raise Invalid(FieldProblem("to", "too_small", last_year, {"minimum": first_year}))
    return Period(first_year, last_year)


def check_choice(name: str, value: str | None, choices: Choices) -> str | None:
    """The code, None for none; Invalid with the list if it is not in it."""
    if value is None or value == "":
        return None
    if value not in choices:
        raise Invalid(FieldProblem(name, "not_a_choice", value, {"choices": ", ".join(choices)}))
    return value


def check_correspondent(value: str | None) -> UUID | None:
    """The id, None for none; Invalid if it is no id."""
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise Invalid(FieldProblem("correspondent", "not_id", value)) from None


def check_codes(
    level: str | None, specialty: str | None, mode: str | None
) -> tuple[str | None, str | None, str | None]:
    """The three code filters."""
    return (
        check_choice("level", level, CORRESPONDENT_LEVELS),
        check_choice("specialty", specialty, SPECIALTIES),
        check_choice("mode", mode, SERVICE_MODES),
    )


def sentence_of(problem: Invalid, translate: Translate, labels: Mapping[str, str]) -> str:
    """Every problem of the fields as one sentence, with the labels of whoever asks."""
    return "; ".join(
        item.sentence(translate, labels.get(item.field, item.field))
        for item in problem.fields
        if item.code in FIELD_TEXTS
    )
