"""What phone and server say to each other about records (design §4). Standard library only."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_RECORDS_PER_PUSH = 200
MAX_PUSH_BYTES = 4 * 1024 * 1024


class SyncState(StrEnum):
    """Where a record on the phone stands; `mobile.store` keeps it beside the record."""

    DRAFT = "draft"
    QUEUED = "queued"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONFLICT = "conflict"


class RecordStatus(StrEnum):
    """Where a record on the server stands. Only VERIFIED is counted."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What became of one pushed record."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PushedRecord:
    """One record on its way to the server.

    Attributes
    ----------
    id : UUIDv7 made on the phone
    form, form_version : which form it was filled in
    values : field name to value, as the form's schema says
    captured_at : ISO 8601 with offset, by the phone's clock
    revision : 1 for the first sending; one more for each correction of a returned record
    """

    id: str
    form: str
    form_version: int
    values: dict[str, Any]
    captured_at: str
    revision: int = 1


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """The server's word on one pushed record; `problems` as `FieldProblem.as_json`."""

    id: str
    outcome: Outcome
    problems: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordNews:
    """What the office did with a record of mine, as pulled."""

    id: str
    status: RecordStatus
    revision: int
    reason: str | None = None
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Subjects:
    """What pickers choose from: rows of id or code, name, and what tells two alike apart."""

    villages: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    organisations: list[dict[str, Any]] = field(default_factory=list)
    stations: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What is new since `cursor`; hand the returned cursor to the next pull, unread."""

    cursor: str
    records: list[RecordNews]
    subjects: Subjects
