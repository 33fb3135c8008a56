"""From filled forms to records as the server holds them: typed, sent, reviewed, some revised."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.forms import FORMS
from ops.demo_data.dice import Dice
from ops.demo_data.rows import DemoRecord, Draft, Review, Revision
from server.records.body_hash import body_sha256
from server.records.facts import derive_facts

_RETURN_REASONS = (
    "日期与照片不符，请核对",
    "服务对象填写不全",
    "人数偏高，请附签到表",
    "请补充具体做法",
)
_REJECT_REASONS = ("与已有记录重复", "经电话核实，该服务未发生", "不属于科技服务内容")
_REVISED = 0.03
_LATE = 0.05
_LATE_IN_DECEMBER = 0.2


class Sender:
    """Gives drafts their ids, times, reviews and histories."""

    def __init__(self, dice: Dice, reviewers: Mapping[str, UUID]) -> None:
        """Keep the account of the county office of each county."""
        self._dice = dice
        self._reviewers = reviewers

    def record(self, draft: Draft) -> DemoRecord:
        """The draft as a record; its facts are derived as the server derives them."""
        dice = self._dice
        form = FORMS[draft.form]
        filled = form.model_validate(draft.values)
        typed_at = self._typed_at(filled.occurred_on, draft.captured_days_later)
        received_at = self._later(typed_at, hours=30)
        revised = dice.chance() < (0.2 if draft.status == "submitted" else _REVISED)
        id_ = dice.id_at(typed_at)
        first: tuple[Revision, ...] = ()
        reviews: list[Review] = []
        if revised and draft.status != "returned":
            first = (self._first_revision(draft, typed_at, received_at),)
            reviews.append(self._review(draft, 1, "returned", received_at))
            typed_at = self._later(reviews[0].reviewed_at, hours=60)
            received_at = self._later(typed_at, hours=30)
        revision = len(first) + 1
        if draft.status != "submitted":
            reviews.append(self._review(draft, revision, draft.status, received_at))
        return DemoRecord(
            id_, draft.form, draft.correspondent, filled.occurred_on, draft.status, revision,
            draft.values, body_sha256(draft.form, form.VERSION, draft.values),
            typed_at, received_at, derive_facts(filled), first, tuple(reviews),
        )  # fmt: skip

    def _typed_at(self, day: date, days_later: int | None) -> datetime:
        """Mostly the same evening; a December visit is often typed in January."""
        dice = self._dice
        if days_later is None:
            late = _LATE_IN_DECEMBER if day.month == 12 else _LATE
            if dice.chance() < late:
                days_later = dice.between(10, 40)
            else:
                days_later = dice.weighted((0, 1, 2, 5), (70, 15, 10, 5))
        return dice.evening_of(day + timedelta(days=days_later))

    def _later(self, moment: datetime, hours: int) -> datetime:
        return moment + timedelta(seconds=self._dice.between(60, hours * 3600))

    def _review(self, draft: Draft, revision: int, decision: str, received_at: datetime) -> Review:
        dice = self._dice
        reviewed_at = self._later(received_at, hours=14 * 24)
        reason = ""
        fields: tuple[str, ...] = ()
        if decision == "returned":
            reason, fields = dice.one_of(_RETURN_REASONS), ("occurred_on",)
        elif decision == "rejected":
            reason = dice.one_of(_REJECT_REASONS)
        reviewer = self._reviewers[draft.correspondent.county_code]
        return Review(
            dice.id_at(reviewed_at), revision, decision, reason, fields, reviewer, reviewed_at
        )  # fmt: skip

    def _first_revision(self, draft: Draft, typed_at: datetime, received_at: datetime) -> Revision:
        values = _mistaken(draft.form, draft.values)
        digest = body_sha256(draft.form, FORMS[draft.form].VERSION, values)
        return Revision(1, values, digest, typed_at, received_at)


def _mistaken(form: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same form with one value as it was first typed, wrongly."""
    key, change = _MISTAKES[form]
    return {**values, key: values[key] + change}


_MISTAKES: Mapping[str, tuple[str, Any]] = {
    "visit": ("service_days", 2.0),
    "training": ("attendance", 20),
    "promotion": ("area_mu", 100.0),
    "income": ("yield_kg_per_mu", 150),
    "technician": ("birth_year", 2),
    "base": ("area_mu", 50.0),
}
