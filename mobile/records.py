"""A record as the phone holds it, and what a person is told about where it stands."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from sqlite3 import Row
from typing import Any

from contracts.sync import RecordStatus, SyncState


class Standing(StrEnum):
    """Where a record stands, as shown: the phone's state and the office's word in one."""

    DRAFT = "draft"
    WAITING = "waiting"
    SENT = "sent"
    RETURNED = "returned"
    VERIFIED = "verified"
    REJECTED = "rejected"
    CONFLICT = "conflict"


_OF_STATE = {
    SyncState.DRAFT: Standing.DRAFT,
    SyncState.QUEUED: Standing.WAITING,
    SyncState.ACCEPTED: Standing.SENT,
    SyncState.REJECTED: Standing.REJECTED,
    SyncState.CONFLICT: Standing.CONFLICT,
}
_OF_STATUS = {
    RecordStatus.SUBMITTED: Standing.SENT,
    RecordStatus.RETURNED: Standing.RETURNED,
    RecordStatus.VERIFIED: Standing.VERIFIED,
    RecordStatus.REJECTED: Standing.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Review:
    """The office's last word on a record."""

    status: RecordStatus
    revision: int
    reason: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One filled form on the phone.

    Attributes
    ----------
    problems : what the server found wrong, as `FieldProblem.as_json`
    village : its village's name, if the phone knows it
    """

    id: str
    form: str
    form_version: int
    values: Mapping[str, Any]
    captured_at: str
    revision: int
    state: SyncState
    problems: tuple[Mapping[str, Any], ...] = ()
    review: Review | None = None
    village: str | None = None

    @property
    def standing(self) -> Standing:
        """Where it stands; the office's word counts once the phone's revision has arrived."""
        if (
            self.state is SyncState.ACCEPTED
            and self.review is not None
            and self.review.revision >= self.revision
        ):
            return _OF_STATUS[self.review.status]
        return _OF_STATE[self.state]

    @property
    def returned(self) -> Review | None:
        """The review that asks for a correction, also while the correction is being written."""
        asked = self.review is not None and self.review.status is RecordStatus.RETURNED
        being_written = self.state in (SyncState.DRAFT, SyncState.REJECTED) and self.revision > 1
        return (
            self.review if asked and (self.standing is Standing.RETURNED or being_written) else None
        )

    @property
    def editable(self) -> bool:
        """Whether the person may change it now."""
        return (
            self.state in (SyncState.DRAFT, SyncState.REJECTED)
            or self.standing is Standing.RETURNED
        )

    @property
    def deletable(self) -> bool:
        """Whether it was never sent successfully, so that only this phone knows it."""
        return self.state in (SyncState.DRAFT, SyncState.REJECTED) and self.revision == 1


def record_from(row: Row) -> Record:
    """The record in a row of `select_record` or `select_records`."""
    review = None
    if row["news_status"] is not None:
        review = Review(
            RecordStatus(row["news_status"]),
            row["news_revision"],
            row["news_reason"] or "",
            tuple(json.loads(row["news_fields_json"])),
        )
    return Record(
        id=row["id"],
        form=row["form"],
        form_version=row["form_version"],
        values=json.loads(row["values_json"]),
        captured_at=row["captured_at"],
        revision=row["revision"],
        state=SyncState(row["state"]),
        problems=tuple(json.loads(row["problems_json"])),
        review=review,
        village=row["village"],
    )
