"""Sync against a real HTTP server that fails in every way the field knows."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.form_schema import load_catalogue
from contracts.problems import SignInFailed, SignInLocked
from contracts.sync import MAX_RECORDS_PER_PUSH
from contracts.texts import mark
from mobile import sync as sync_module
from mobile.api import NoAnswer, NotOurServer, Refused, Server, ServerFault
from mobile.records import Standing
from mobile.store import Account, Store
from mobile.sync import SyncEnd, SyncResult, synchronise
from mobile.words import problem_words
from mobile.worker import SignedIn, Worker
from tests.mobile.conftest import NOW
from tests.mobile.fake_server import FakeServer, cut, expired, fails, portal, portal_as_json

VISIT = load_catalogue()["visit"]
PUSH, PULL = "/api/v1/sync/push", "/api/v1/sync/pull"


@pytest.fixture
def me(store: Store, server: FakeServer) -> Account:
    client = Server(server.url, "zh")
    store.sign_in(client.sign_in("li.ming", "secret"))
    client.close()
    account = store.account()
    assert account is not None
    return account


@pytest.fixture
def client(server: FakeServer, me: Account) -> Iterator[Server]:
    client = Server(server.url, "zh", me.token)
    yield client
    client.close()


def fill(store: Store, me: Account, count: int) -> list[str]:
    ids = []
    for number in range(count):
        values = {"summary": f"第{number}次指导"}
        ids.append(store.add_draft(me.id, VISIT, values, NOW))
        store.queue(ids[-1], VISIT, values, NOW)
    return ids


def sync(store: Store, client: Server, me: Account) -> SyncResult:
    return synchronise(store, client, me, threading.Event(), lambda *_: None, lambda: NOW)


def standings(store: Store, ids: list[str]) -> list[Standing]:
    return [store.record(id_).standing for id_ in ids]


def test_sync_sends_oldest_first_and_pulls(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    ids = fill(store, me, 3)
    result = sync(store, client, me)
    assert (result.end, result.sent) == (SyncEnd.DONE, 3)
    assert server.pushes == [ids]
    assert standings(store, ids) == [Standing.SENT] * 3
    assert store.search("village", "大李")
    account = store.account()
    assert account is not None
    assert account.last_sync_at == "2026-05-31T14:20:00+08:00"
    sync(store, client, me)
    assert server.cursors == [None, "c2"]
    assert len(server.pushes) == 1


def test_sync_sends_in_batches_and_tells_progress(
    store: Store, client: Server, me: Account, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "MAX_RECORDS_PER_PUSH", 4)
    ids = fill(store, me, 10)
    told: list[tuple[int, int]] = []
    synchronise(store, client, me, threading.Event(), lambda *n: told.append(n), lambda: NOW)
    assert [len(push) for push in server.pushes] == [4, 4, 2]
    assert [id_ for push in server.pushes for id_ in push] == ids
    assert told == [(0, 10), (4, 10), (8, 10), (10, 10)]
    assert MAX_RECORDS_PER_PUSH == 200


def test_sync_keeps_a_push_within_the_bytes_allowed(
    store: Store, client: Server, me: Account, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "MAX_PUSH_BYTES", 1500)
    ids = fill(store, me, 5)
    assert sync(store, client, me).sent == 5
    assert max(len(push) for push in server.pushes) < 5
    assert [id_ for push in server.pushes for id_ in push] == ids


@pytest.mark.parametrize("fault", [cut, fails(503), portal, portal_as_json])
def test_without_a_real_answer_records_still_wait_and_go_with_the_next_sync(
    store: Store, client: Server, me: Account, server: FakeServer, fault: object
) -> None:
    ids = fill(store, me, 2)
    server.faults[PUSH] = [fault, fault, fault]  # type: ignore[list-item]
    result = sync(store, client, me)
    assert result.end is SyncEnd.BROKEN_OFF
    assert isinstance(result.problem, NoAnswer | ServerFault | NotOurServer)
    assert standings(store, ids) == [Standing.WAITING] * 2
    server.faults.clear()
    assert sync(store, client, me).sent == 2
    assert standings(store, ids) == [Standing.SENT] * 2


def test_answer_lost_after_the_server_stored_is_a_duplicate_next_time(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    (id_,) = fill(store, me, 1)
    pushed, _ = store.outbox(me.id, 0, 10)
    server.push([{"id": r.id, "values": r.values, "revision": r.revision} for r in pushed])
    assert sync(store, client, me).sent == 1
    assert store.record(id_).standing is Standing.SENT
    assert len(server.stored) == 1


def test_record_that_makes_the_server_fail_does_not_hold_up_the_others(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    ids = fill(store, me, 4)
    # The whole batch fails, then the first record alone; the rest is good.
    server.faults[PUSH] = [fails(500), fails(500)]
    result = sync(store, client, me)
    assert (result.end, result.sent) == (SyncEnd.BROKEN_OFF, 3)
    assert standings(store, ids) == [Standing.WAITING] + [Standing.SENT] * 3


def test_server_that_always_fails_is_left_alone_soon(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    fill(store, me, 50)
    faults: list[object] = [fails(500)] * 50
    server.faults[PUSH] = faults  # type: ignore[assignment]
    assert sync(store, client, me).end is SyncEnd.BROKEN_OFF
    assert len(faults) == 46
    assert store.count_waiting(me.id) == 50


def test_expired_session_in_the_middle_keeps_what_is_unsent(
    store: Store, client: Server, me: Account, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "MAX_RECORDS_PER_PUSH", 2)
    ids = fill(store, me, 5)
    server.faults[PUSH] = [None, expired]
    result = sync(store, client, me)
    assert (result.end, result.sent) == (SyncEnd.SIGN_IN_AGAIN, 2)
    assert standings(store, ids) == [Standing.SENT] * 2 + [Standing.WAITING] * 3
    account = store.account()
    assert account is not None
    assert (account.token, account.id) == (None, me.id)


def test_rejected_comes_with_its_problems_and_the_others_land(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    ids = fill(store, me, 3)
    problem = {"field": "village", "code": "not_known", "value": "x", "expected": {}, "message": ""}
    server.refuse[ids[1]] = [problem]
    result = sync(store, client, me)
    assert (result.sent, result.rejected) == (2, 1)
    assert standings(store, ids) == [Standing.SENT, Standing.REJECTED, Standing.SENT]
    assert store.record(ids[1]).problems == (problem,)
    server.refuse.clear()
    store.queue(ids[1], VISIT, {"summary": "更正了"}, NOW)
    assert sync(store, client, me).sent == 1


def test_other_body_under_the_same_id_is_a_conflict_and_stays_visible(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    (id_,) = fill(store, me, 1)
    server.stored[id_] = {"values": {"summary": "别的"}, "revision": 1}
    assert sync(store, client, me).conflicts == 1
    assert store.record(id_).standing is Standing.CONFLICT


def test_outcome_missing_from_the_answer_means_still_waiting(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    ids = fill(store, me, 2)
    outcome = {"id": ids[0], "outcome": "accepted"}
    stranger = {"id": "0198c000-0000-7000-8000-00000000ffff", "outcome": "rejected"}
    server.faults[PUSH] = [lambda handler: handler.answer(200, {"outcomes": [outcome, stranger]})]
    result = sync(store, client, me)
    assert (result.sent, result.rejected) == (1, 0)
    assert standings(store, ids) == [Standing.SENT, Standing.WAITING]


def test_news_and_their_reason_arrive(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    (id_,) = fill(store, me, 1)
    server.news = [
        {"id": id_, "status": "returned", "revision": 1, "reason": "缺地块", "fields": ["summary"]}
    ]
    sync(store, client, me)
    record = store.record(id_)
    assert record.returned is not None
    assert (record.standing, record.returned.fields) == (Standing.RETURNED, ("summary",))


def test_pull_that_breaks_off_keeps_cursor_and_what_was_sent(
    store: Store, client: Server, me: Account, server: FakeServer
) -> None:
    ids = fill(store, me, 1)
    server.faults[PULL] = [cut]
    assert sync(store, client, me).end is SyncEnd.BROKEN_OFF
    account = store.account()
    assert account is not None
    assert (account.pull_cursor, account.last_sync_at) == (None, None)
    assert standings(store, ids) == [Standing.SENT]


def test_cancelled_sync_stops_between_requests(
    store: Store, client: Server, me: Account, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "MAX_RECORDS_PER_PUSH", 1)
    ids = fill(store, me, 3)
    cancelled = threading.Event()

    def progress(answered: int, total: int) -> None:
        if answered == 1:
            cancelled.set()

    result = synchronise(store, client, me, cancelled, progress, lambda: NOW)
    assert (result.end, result.sent) == (SyncEnd.CANCELLED, 1)
    assert standings(store, ids) == [Standing.SENT, Standing.WAITING, Standing.WAITING]
    assert server.cursors == []


def test_server_that_is_not_there_is_no_answer(store: Store, me: Account) -> None:
    fill(store, me, 1)
    client = Server("http://127.0.0.1:9", "zh", "t")
    result = sync(store, client, me)
    client.close()
    assert isinstance(result.problem, NoAnswer)
    assert store.count_waiting(me.id) == 1


def test_wrong_password_and_refusal_are_told(server: FakeServer) -> None:
    client = Server(server.url, "zh")
    with pytest.raises(SignInFailed):
        client.sign_in("li.ming", "wrong")
    server.faults["/api/v1/session"] = [fails(400), portal]
    with pytest.raises(Refused):
        client.sign_in("li.ming", "secret")
    with pytest.raises(NotOurServer):
        client.sign_in("li.ming", "secret")
    client.close()


def test_lock_is_told_in_the_server_s_words(server: FakeServer) -> None:
    body = {"code": "auth.locked", "status": 429, "detail": "请于 7 分钟后再试（100%）"}
    kind = "application/problem+json"
    server.faults["/api/v1/session"] = [lambda handler: handler.answer(429, body, kind)]
    client = Server(server.url, "zh")
    with pytest.raises(SignInLocked) as caught:
        client.sign_in("li.ming", "wrong")
    client.close()
    assert problem_words(caught.value, mark) == "请于 7 分钟后再试（100%）"


def test_worker_signs_in_and_syncs_in_its_own_thread(tmp_path: Path, server: FakeServer) -> None:
    store = Store.open(tmp_path, NOW)
    results: queue.Queue[object] = queue.Queue()
    worker = Worker(
        tmp_path,
        lambda language, token: Server(server.url, language, token),
        lambda call: call(),
        lambda: NOW,
    )
    try:
        worker.sign_in("li.ming", "wrong", "zh", results.put)
        refused = results.get(timeout=10)
        assert isinstance(refused, SignedIn)
        assert isinstance(refused.problem, SignInFailed)
        worker.sign_in("li.ming", "secret", "zh", results.put)
        signed_in = results.get(timeout=10)
        assert isinstance(signed_in, SignedIn)
        assert signed_in.account is not None
        fill(store, signed_in.account, 2)
        worker.synchronise(signed_in.account, "zh", lambda *_: None, results.put)
        result = results.get(timeout=10)
        assert isinstance(result, SyncResult)
        assert result.sent == 2
        assert store.count_waiting(signed_in.account.id) == 0
    finally:
        worker.stop()
        store.close()
