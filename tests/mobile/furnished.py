"""A phone with one record in every standing, for tests that look at the list."""

from datetime import timedelta
from pathlib import Path

from contracts.form_schema import Form, load_catalogue
from contracts.sync import (
    Outcome,
    Pulled,
    PushOutcome,
    RecordNews,
    RecordStatus,
    Subjects,
)
from mobile.store import Account, Store
from tests.mobile.conftest import NOW
from tests.mobile.fake_server import HOUSEHOLDS, LI, SUBJECTS, FakeServer

ME = Account(**LI, token="token-1", expires_at="2026-12-31T00:00:00+08:00")
VISIT = {
    "occurred_on": "2026-05-30",
    "village": "341302001003",
    "households": [HOUSEHOLDS[1], HOUSEHOLDS[2]],
    "organisations": [HOUSEHOLDS[3]],
    "service_types": ["technical_guidance", "technology_transfer"],
    "service_mode": "association",
    "service_days": 0.5,
    "summary": "查看小麦赤霉病发生情况，指导农户在扬花期用药，约定下周复查。",
}
TRAINING = {
    "occurred_on": "2026-05-28",
    "village": "341302001004",
    "title": "小麦赤霉病防治",
    "attendance": 36,
    "service_days": 1,
}
REASON = "请写明防治的地块和面积，并补充参加农户的姓名"
PROBLEM = {"field": "service_days", "code": "too_large", "value": 40, "expected": {"maximum": 30}}


def furnish(folder: Path, server: FakeServer) -> dict[str, str]:
    """Fill the phone's folder; standing to record id."""
    server.tokens.add("token-1")
    store = Store.open(folder, NOW)
    store.sign_in(ME)
    store.keep_news(Pulled("c1", [], Subjects(**SUBJECTS)))  # type: ignore[arg-type]
    store.note_synced(NOW - timedelta(hours=5))
    sent = ["verified", "conflict", "rejected", "returned", "sent", "waiting", "draft"]
    ids = {name: _draft(store, name, place) for place, name in enumerate(sent)}
    for name in sent[:5]:
        values = TRAINING if name in ("sent", "rejected") else VISIT
        store.queue(ids[name], _form(name), values, NOW)
    pushed, _ = store.outbox(ME.id, 0, 10)
    outcomes = {ids["rejected"]: Outcome.REJECTED, ids["conflict"]: Outcome.CONFLICT}
    store.settle(
        pushed,
        [
            PushOutcome(
                record.id,
                outcomes.get(record.id, Outcome.ACCEPTED),
                [PROBLEM] if record.id == ids["rejected"] else [],
            )
            for record in pushed
        ],
    )
    news = [
        RecordNews(ids["verified"], RecordStatus.VERIFIED, 1),
        RecordNews(ids["returned"], RecordStatus.RETURNED, 1, REASON, ["summary"]),
    ]
    store.keep_news(Pulled("c1", news, Subjects()))
    store.queue(ids["waiting"], _form("waiting"), VISIT, NOW)
    store.close()
    return ids


def _form(name: str) -> Form:
    return load_catalogue()["training" if name in ("sent", "rejected") else "visit"]


def _draft(store: Store, name: str, place: int) -> str:
    values = TRAINING if name in ("sent", "rejected") else VISIT
    at = NOW - timedelta(days=7 - place)
    return store.add_draft(ME.id, _form(name), values, at)
