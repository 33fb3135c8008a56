"""Rejected messages again, against the registry of today: what is sound now is stored.

The same way as from the broker: `decode`, then `store`. A message keeps the time of its first
arrival, so replaying twice, or a message of which a part was stored at once, doubles nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from contracts.sql_files import beside
from gateway.decode import decode
from gateway.inbox import Message
from gateway.registry import Registry, load_registry
from gateway.storing import store

_SQL = beside(__file__, "replay.sql")
_ROWS_AT_ONCE = 500
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rejected rows; None leaves a thing open. `station` is its code."""

    reason: str | None = None
    station: str | None = None
    since: datetime | None = None

    def parameters(self) -> dict[str, Any]:
        """As the queries take them."""
        return {"reason": self.reason, "station": self.station, "since": self.since}


@dataclass(slots=True)
class Replayed:
    """What came of it.

    Attributes
    ----------
    rows : rejected rows looked at
    resolved : of them those whose refusal no longer holds
    stored, there_already : readings of their messages, new and kept before
    cut : rows of which only a part of the message was kept, which cannot be replayed
    refused_by_database : rows whose message the database refuses for good
    still : what is refused again of their messages, by today's reason
    """

    rows: int = 0
    resolved: int = 0
    stored: int = 0
    there_already: int = 0
    cut: int = 0
    refused_by_database: int = 0
    still: dict[str, int] = field(default_factory=dict)


def count_replayable(connection: psycopg.Connection, wanted: Wanted) -> tuple[int, int]:
    """How many rows are wanted, and the id of the last."""
    found = connection.execute(_SQL["count_replayable"], wanted.parameters()).fetchone()
    return (int(found[0]), int(found[1] or 0)) if found else (0, 0)


def replay(
    connection: psycopg.Connection, wanted: Wanted, by: str, last: int, *, dry_run: bool = False
) -> Iterator[Replayed]:
    """Replay all wanted rows up to the id `last`; after each part, what came of all so far.

    Parameters
    ----------
    connection
        Of the role tepai_gateway, in autocommit mode: each part is one transaction.
    dry_run
        Do the same and take it back.
    """
    done = Replayed()
    registry = load_registry(connection)
    after = 0
    while part := _part(connection, wanted, after, last):
        after = part[-1]["id"]
        done.rows += len(part)
        whole = [row for row in part if len(row["payload"]) >= row["payload_bytes"]]
        done.cut += len(part) - len(whole)
        _replay_or_isolate(connection, _by_message(whole), registry, by, done, dry_run=dry_run)
        yield done


def _part(
    connection: psycopg.Connection, wanted: Wanted, after: int, last: int
) -> Sequence[dict[str, Any]]:
    parameters = wanted.parameters() | {"after": after, "last": last, "most": _ROWS_AT_ONCE}
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_SQL["select_replayable"], parameters).fetchall()


def _by_message(rows: Sequence[Row]) -> dict[Message, list[Row]]:
    """The rows of each message: every refused reading of one has a row of its own."""
    found: dict[Message, list[Row]] = {}
    for row in rows:
        message = Message(row["topic"], row["payload"], row["payload_bytes"], row["arrived_us"])
        found.setdefault(message, []).append(row)
    return found


def _replay_or_isolate(
    connection: psycopg.Connection,
    messages: Mapping[Message, Sequence[Row]],
    registry: Registry,
    by: str,
    done: Replayed,
    *,
    dry_run: bool,
) -> None:
    """One transaction; if something can never be stored, halve until that is alone."""
    if not messages:
        return
    try:
        with connection.transaction(force_rollback=dry_run):
            _replay_together(connection, messages, registry, by, done)
    except (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded):
        if len(messages) == 1:
            done.refused_by_database += sum(map(len, messages.values()))
            return
        listed = list(messages.items())
        half = len(listed) // 2
        for part in (dict(listed[:half]), dict(listed[half:])):
            _replay_or_isolate(connection, part, registry, by, done, dry_run=dry_run)


def _replay_together(
    connection: psycopg.Connection,
    messages: Mapping[Message, Sequence[Row]],
    registry: Registry,
    by: str,
    done: Replayed,
) -> None:
    decoded = [decode(message, registry) for message in messages]
    stored = store(connection, list(messages), decoded, registry)
    refused = {row["redelivery_key"]: row for row in stored.refused}
    rows = [row for of_message in messages.values() for row in of_message]
    resolved: list[int] = []
    for row in rows:
        again = refused.get(row["redelivery_key"])
        if again is None:
            resolved.append(row["id"])
        else:
            connection.execute(_SQL["update_rejected"], {**again, "id": row["id"]})
    connection.execute(_SQL["mark_replayed"], {"ids": resolved, "by": by})
    conflicts = sum(row["reason"] == "conflicting_value" for row in stored.refused)
    readings = sum(len(one.values) for one in decoded)
    for reason, count in stored.by_reason().items():
        done.still[reason] = done.still.get(reason, 0) + count
    done.resolved += len(resolved)
    done.stored += stored.readings
    done.there_already += readings - stored.readings - conflicts
