"""One sync: push what waits, oldest first, then pull what is new. Knows no window.

Nothing here loses a record: it leaves the outbox only in the transaction that keeps the server's
word on it. Whatever breaks off, the next sync goes on from there.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from threading import Event

from contracts.problems import NotSignedIn, Problem
from contracts.sync import MAX_PUSH_BYTES, MAX_RECORDS_PER_PUSH, Outcome, PushedRecord
from mobile.api import Server, ServerFault
from mobile.clock import Now
from mobile.store import Account, Store
from mobile.store_file import NotSaved

# A record that alone makes the server fail is passed over; so many in a row, and it is the server.
_FAULTS_IN_A_ROW = 3

Progress = Callable[[int, int], None]


class SyncEnd(StrEnum):
    """How a sync ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    SIGN_IN_AGAIN = "sign_in_again"
    BROKEN_OFF = "broken_off"


@dataclass(slots=True)
class SyncResult:
    """How a sync ended and what it did; `problem` says why it broke off."""

    end: SyncEnd = SyncEnd.DONE
    sent: int = 0
    rejected: int = 0
    conflicts: int = 0
    problem: Problem | None = None


def synchronise(
    store: Store,
    server: Server,
    account: Account,
    cancelled: Event,
    progress: Progress,
    now: Now,
) -> SyncResult:
    """Push and pull once; never raises a `Problem`, but tells it.

    Parameters
    ----------
    cancelled
        Looked at between requests; what has been settled by then stays settled.
    progress
        Told how many records of how many have been answered for.
    """
    result = SyncResult()
    try:
        skipped = _push(store, server, account, cancelled, progress, result)
        if not cancelled.is_set():
            _pull(store, server)
            if skipped is None:
                store.note_synced(now())
            else:
                result.end, result.problem = SyncEnd.BROKEN_OFF, skipped
    except NotSignedIn as problem:
        result.end, result.problem = SyncEnd.SIGN_IN_AGAIN, problem
        if account.token is not None:
            store.end_session(account.token)
    except Problem as problem:
        result.end, result.problem = SyncEnd.BROKEN_OFF, problem
    except sqlite3.Error:
        result.end, result.problem = SyncEnd.BROKEN_OFF, NotSaved()
    else:
        if cancelled.is_set():
            result.end = SyncEnd.CANCELLED
    return result


def _push(
    store: Store,
    server: Server,
    account: Account,
    cancelled: Event,
    progress: Progress,
    result: SyncResult,
) -> Problem | None:
    """Send all that waits; the fault of a record that had to be passed over, if one had."""
    total = store.count_waiting(account.id)
    answered = after = faults = 0
    size = MAX_RECORDS_PER_PUSH
    skipped: Problem | None = None
    progress(0, total)
    while not cancelled.is_set():
        records, places = store.outbox(account.id, after, size)
        records = _within_bytes(records)
        if not records:
            break
        try:
            outcomes = server.push(records)
        except ServerFault as fault:
            if len(records) > 1:
                size = 1
                continue
            faults, skipped, after = faults + 1, fault, places[0]
            if faults >= _FAULTS_IN_A_ROW:
                raise
            continue
        _count(result, store.settle(records, outcomes))
        after, faults = places[len(records) - 1], 0
        size = min(size * 4, MAX_RECORDS_PER_PUSH)
        answered += len(records)
        progress(min(answered, total), total)
    return skipped


def _within_bytes(records: list[PushedRecord]) -> list[PushedRecord]:
    """The first records that fit into one push; at least one."""
    used = 1024
    for place, record in enumerate(records):
        used += len(json.dumps(asdict(record), ensure_ascii=False).encode()) + 2
        if used > MAX_PUSH_BYTES and place > 0:
            return records[:place]
    return records


def _count(result: SyncResult, outcomes: list[Outcome]) -> None:
    result.rejected += outcomes.count(Outcome.REJECTED)
    result.conflicts += outcomes.count(Outcome.CONFLICT)
    result.sent += outcomes.count(Outcome.ACCEPTED) + outcomes.count(Outcome.DUPLICATE)


def _pull(store: Store, server: Server) -> None:
    account = store.account()
    store.keep_news(server.pull(None if account is None else account.pull_cursor))
