"""What the generator makes and the loader stores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ops.demo_data.stations import DemoStation
from server.records.facts import Facts


@dataclass(frozen=True, slots=True)
class Division:
    """City, county, township or village."""

    code: str
    name: str
    level: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A person dispatched, the login, and the villages served: the last one is a neighbour's."""

    id: UUID
    name: str
    level: str
    specialty: str
    county_code: str
    username: str
    villages: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in; all with the one demo password."""

    id: UUID
    username: str
    display_name: str
    role: str
    county_code: str | None = None
    correspondent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlacedStation:
    """A station with its id and a rough place inside its county, in degrees (WGS-84)."""

    id: UUID
    station: DemoStation
    longitude: float
    latitude: float
    device_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Household:
    """One farm household."""

    id: UUID
    village_code: str
    head_name: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that may be assisted."""

    id: UUID
    name: str
    kind: str
    county_code: str


@dataclass(frozen=True, slots=True)
class Item:
    """A technology or variety of the catalogue."""

    id: UUID
    kind: str
    name: str
    crop: str | None


@dataclass(frozen=True, slots=True)
class Technician:
    """A person trained; village, name and year of birth tell people apart."""

    id: UUID
    name: str
    village_code: str
    birth_year: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A filled form before it is sent: `values` as the phone holds them.

    `captured_days_later` fixes when it was typed, where that matters; else chance decides.
    """

    form: str
    correspondent: Correspondent
    values: dict[str, Any]
    status: str = "verified"
    captured_days_later: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What a record was before its present version."""

    revision: int
    values: Mapping[str, Any]
    body_sha256: bytes
    captured_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """What the county office decided on one revision."""

    id: UUID
    revision: int
    decision: str
    reason: str
    fields: tuple[str, ...]
    reviewer_id: UUID
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class DemoRecord:
    """One record as the server holds it, with its facts and its history."""

    id: UUID
    form: str
    correspondent: Correspondent
    occurred_on: date
    status: str
    revision: int
    values: Mapping[str, Any]
    body_sha256: bytes
    captured_at: datetime
    received_at: datetime
    facts: Facts
    revisions: tuple[Revision, ...] = ()
    reviews: tuple[Review, ...] = ()


@dataclass(slots=True)
class DemoData:
    """Everything that is loaded; lists are in the order of their generation."""

    divisions: list[Division] = field(default_factory=list)
    stations: list[PlacedStation] = field(default_factory=list)
    correspondents: list[Correspondent] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    technicians: list[Technician] = field(default_factory=list)
    records: list[DemoRecord] = field(default_factory=list)
