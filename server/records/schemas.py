"""The JSON of records, in and out."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, WithJsonSchema

from contracts.sync import MAX_RECORDS_PER_PUSH, Outcome, RecordStatus

_ID = {"type": "string", "format": "uuid", "description": "UUIDv7 made on the phone"}
_PUSHED: dict[str, Any] = {
    "type": "object",
    "title": "PushedRecord",
    "required": ["id", "form", "form_version", "values", "captured_at"],
    "properties": {
        "id": _ID,
        "form": {"type": "string", "examples": ["visit"]},
        "form_version": {"type": "integer", "minimum": 1},
        "values": {"type": "object", "description": "Field name to value, after the form"},
        "captured_at": {"type": "string", "format": "date-time"},
        "revision": {"type": "integer", "minimum": 1, "default": 1},
    },
}


class PushIn(BaseModel):
    """Records on their way to the server, oldest first. Each is judged by itself."""

    records: Annotated[
        list[Annotated[Any, WithJsonSchema(_PUSHED)]],
        Field(description=f"At most {MAX_RECORDS_PER_PUSH}"),
    ]


class FieldProblemOut(BaseModel):
    """One thing wrong with one field, with what would be right, in the reader's language."""

    field: str
    code: str
    value: Any = None
    expected: dict[str, Any]
    message: str


class OutcomeOut(BaseModel):
    """What became of one record."""

    id: str
    outcome: Outcome
    problems: list[FieldProblemOut]


class PushOut(BaseModel):
    """One outcome per record, in the order pushed."""

    outcomes: list[OutcomeOut]


class RecordNewsOut(BaseModel):
    """What the office did with a record of mine."""

    id: UUID
    status: RecordStatus
    revision: int
    reason: str | None
    fields: list[str]


class VillageOut(BaseModel):
    """A village served."""

    code: str
    name: str
    township: str | None
    county: str | None


class HouseholdOut(BaseModel):
    """A household of a village served."""

    id: UUID
    name: str
    village_code: str


class OrganisationOut(BaseModel):
    """An organisation of a county served."""

    id: UUID
    name: str
    kind: str


class StationOut(BaseModel):
    """A park or demo base."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    kind: str


class ItemOut(BaseModel):
    """A technology or variety of the catalogue."""

    id: UUID
    kind: str
    name: str
    crop: str | None


class SubjectsOut(BaseModel):
    """What the phone's pickers choose from."""

    villages: list[VillageOut]
    households: list[HouseholdOut]
    organisations: list[OrganisationOut]
    stations: list[StationOut]
    items: list[ItemOut]


class PullOut(BaseModel):
    """What is new since the cursor; hand the new one to the next pull, unread."""

    cursor: str
    records: list[RecordNewsOut]
    subjects: SubjectsOut


class RecordOut(BaseModel):
    """One record; `field_values` after the form's schema."""

    id: UUID
    form: str
    form_version: int
    status: RecordStatus
    revision: int
    occurred_on: date
    service_mode: str | None
    service_days: float
    captured_at: datetime
    received_at: datetime
    correspondent_id: UUID
    correspondent: str
    county_code: str
    county: str
    village_code: str
    village: str
    field_values: dict[str, Any]


class RecordsOut(BaseModel):
    """A page of records; `after` of the next page, null on the last."""

    records: list[RecordOut]
    after: str | None


class HistoryOut(BaseModel):
    """A version received, or a decision made by a county office."""

    what: Annotated[str, Field(description="received, verified, returned or rejected")]
    revision: int
    at: datetime
    who: str | None
    reason: str
    fields: list[str]
    field_values: dict[str, Any] | None


class RecordDetailOut(RecordOut):
    """One record with everything that happened to it, oldest first."""

    history: list[HistoryOut]
