"""What the phone keeps: who is signed in, records and their outbox, news, picker rows.

One `Store` belongs to one thread; several may be open on one file (WAL).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from contracts.ids import new_id
from contracts.problems import Problem
from contracts.sql_files import beside
from contracts.sync import Outcome, Pulled, PushedRecord, PushOutcome, SyncState
from contracts.texts import mark
from mobile.records import Record, record_from
from mobile.store_file import FILE_NAME, connect, open_file, transaction
from mobile.subjects import Subject, subject_from, subject_rows

_SQL = beside(__file__)

_STATE_AFTER = {
    Outcome.ACCEPTED: SyncState.ACCEPTED,
    Outcome.DUPLICATE: SyncState.ACCEPTED,
    Outcome.REJECTED: SyncState.REJECTED,
    Outcome.CONFLICT: SyncState.CONFLICT,
}


class NotEditable(Problem):
    """A record that waits or is settled cannot be changed here."""

    code = "phone.not_editable"
    status = 409
    title = mark("这条记录正在等待发送或已处理，现在不能修改")


@dataclass(frozen=True, slots=True)
class Account:
    """The person on this phone; `token` is None once the session has ended."""

    id: str
    username: str
    display_name: str
    role: str
    language: str
    correspondent_id: str | None
    token: str | None
    expires_at: str | None
    pull_cursor: str | None = None
    last_sync_at: str | None = None


class Store:
    """The phone's database, for one thread."""

    def __init__(self, connection: Connection, set_aside: Path | None = None) -> None:
        """Take an open connection; `set_aside` tells where a damaged file went at opening."""
        self.connection = connection
        self.set_aside = set_aside

    @classmethod
    def open(cls, folder: Path, now: datetime) -> "Store":
        """The store in the folder, made or upgraded; see `store_file.open_file` for problems."""
        return cls(*open_file(folder, now))

    @classmethod
    def again(cls, folder: Path) -> "Store":
        """Another store on a file that `open` has brought up to date, for another thread."""
        return cls(connect(folder / FILE_NAME))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    # Settings and person

    def setting(self, name: str) -> str | None:
        """A setting's value; None if it was never set."""
        row = self.connection.execute(_SQL["select_setting"], {"name": name}).fetchone()
        return None if row is None else str(row["value"])

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting."""
        with transaction(self.connection) as connection:
            connection.execute(_SQL["upsert_setting"], {"name": name, "value": value})

    def account(self) -> Account | None:
        """The person on this phone; None before the first sign-in."""
        row = self.connection.execute(_SQL["select_account"]).fetchone()
        return None if row is None else Account(**{k: row[k] for k in row.keys() if k != "one"})  # noqa: SIM118 - a Row iterates its values

    def sign_in(self, account: Account) -> None:
        """Keep the person; somebody else than before gets empty pickers, the records stay."""
        before = self.account()
        members = {name: getattr(account, name) for name in Account.__slots__}
        with transaction(self.connection) as connection:
            connection.execute(_SQL["upsert_account"], members)
            if before is None or before.id != account.id:
                connection.execute(_SQL["delete_subjects"])

    def end_session(self, token: str) -> None:
        """Forget an ended token; work goes on without it."""
        with transaction(self.connection) as connection:
            connection.execute(_SQL["end_session"], {"token": token})

    def sign_out(self) -> None:
        """Forget the person; the records stay for when the person comes back."""
        with transaction(self.connection) as connection:
            connection.execute(_SQL["delete_account"])
            connection.execute(_SQL["delete_subjects"])

    # Records

    def add_draft(
        self,
        account_id: str,
        form: Mapping[str, Any],
        values: Mapping[str, Any],
        now: datetime,
    ) -> str:
        """The id of a new draft."""
        id_ = str(new_id())
        members = {
            **_written(id_, form, values, now),
            "account_id": account_id,
            "form": form["name"],
        }
        with transaction(self.connection) as connection:
            connection.execute(_SQL["insert_draft"], members)
        return id_

    def save_draft(
        self, id_: str, form: Mapping[str, Any], values: Mapping[str, Any], now: datetime
    ) -> None:
        """Keep changed values; a returned record becomes a draft of its next revision."""
        with transaction(self.connection) as connection:
            members = _written(id_, form, values, now)
            if connection.execute(_SQL["update_draft"], members).rowcount != 1:
                raise NotEditable

    def queue(
        self, id_: str, form: Mapping[str, Any], values: Mapping[str, Any], now: datetime
    ) -> None:
        """Keep the values and put the record into the outbox, both or neither."""
        members = _written(id_, form, values, now)
        with transaction(self.connection) as connection:
            if connection.execute(_SQL["update_draft"], members).rowcount != 1:
                raise NotEditable
            connection.execute(_SQL["queue_record"], {"id": id_, "at": members["at"]})
            connection.execute(_SQL["insert_outbox"], {"id": id_, "at": members["at"]})

    def delete_draft(self, id_: str) -> None:
        """Remove a draft that was never sent."""
        with transaction(self.connection) as connection:
            if connection.execute(_SQL["delete_draft"], {"id": id_}).rowcount != 1:
                raise NotEditable

    def record(self, id_: str) -> Record:
        """One record; KeyError if there is none."""
        row = self.connection.execute(_SQL["select_record"], {"id": id_}).fetchone()
        if row is None:
            raise KeyError(id_)
        return record_from(row)

    def records(self, account_id: str) -> list[Record]:
        """The records of one person, newest first."""
        rows = self.connection.execute(_SQL["select_records"], {"account_id": account_id})
        return [record_from(row) for row in rows]

    def count_waiting(self, account_id: str) -> int:
        """How many records of one person wait to be sent."""
        row = self.connection.execute(_SQL["count_waiting"], {"account_id": account_id})
        return int(row.fetchone()["waiting"])

    def count_drafts(self, account_id: str) -> int:
        """How many records of one person are unfinished."""
        row = self.connection.execute(_SQL["count_drafts"], {"account_id": account_id})
        return int(row.fetchone()["drafts"])

    # Sync

    def outbox(
        self, account_id: str, after: int, limit: int
    ) -> tuple[list[PushedRecord], list[int]]:
        """The next records to send, oldest first, and their places in the outbox."""
        rows = self.connection.execute(
            _SQL["select_outbox"], {"account_id": account_id, "after": after, "limit": limit}
        ).fetchall()
        records = [
            PushedRecord(
                row["id"],
                row["form"],
                row["form_version"],
                json.loads(row["values_json"]),
                row["captured_at"],
                row["revision"],
            )
            for row in rows
        ]
        return records, [row["place"] for row in rows]

    def settle(
        self, pushed: Sequence[PushedRecord], outcomes: Sequence[PushOutcome]
    ) -> list[Outcome]:
        """Keep what became of pushed records; one without an outcome still waits."""
        settled = []
        revisions = {record.id: record.revision for record in pushed}
        with transaction(self.connection) as connection:
            for outcome in outcomes:
                if outcome.id not in revisions:
                    continue
                members = {
                    "id": outcome.id,
                    "revision": revisions[outcome.id],
                    "state": _STATE_AFTER[outcome.outcome].value,
                    "problems_json": _json(outcome.problems),
                }
                connection.execute(_SQL["settle_record"], members)
                connection.execute(_SQL["delete_outbox"], {"id": outcome.id})
                settled.append(outcome.outcome)
        return settled

    def keep_news(self, pulled: Pulled) -> None:
        """Keep news, picker rows and the cursor, all or none; records are never touched."""
        with transaction(self.connection) as connection:
            for news in pulled.records:
                members = {
                    "id": news.id,
                    "status": news.status.value,
                    "revision": news.revision,
                    "reason": news.reason,
                    "fields_json": _json(news.fields),
                }
                connection.execute(_SQL["upsert_news"], members)
            connection.executemany(_SQL["upsert_subject"], subject_rows(pulled.subjects))
            connection.execute(_SQL["update_cursor"], {"cursor": pulled.cursor})

    def note_synced(self, now: datetime) -> None:
        """Note that a sync finished now."""
        with transaction(self.connection) as connection:
            connection.execute(_SQL["update_synced"], {"at": now.isoformat(timespec="seconds")})

    # Pickers

    def search(
        self,
        kind: str,
        typed: str,
        subkind: str | None = None,
        village: str | None = None,
        limit: int = 100,
    ) -> list[Subject]:
        """Picker rows whose text holds what was typed; those of the village first."""
        members = {
            "kind": kind,
            "typed": typed.strip().lower(),
            "subkind": subkind,
            "village": village,
            "limit": limit,
        }
        rows = self.connection.execute(_SQL["search_subjects"], members)
        return [subject_from(row) for row in rows]

    def subject(self, kind: str, id_: str) -> Subject | None:
        """One picker row; None if the phone does not have it."""
        row = self.connection.execute(_SQL["select_subject"], {"kind": kind, "id": id_}).fetchone()
        return None if row is None else subject_from(row)


def _written(
    id_: str, form: Mapping[str, Any], values: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "id": id_,
        "form_version": form["version"],
        "values_json": _json(values),
        "at": now.isoformat(timespec="milliseconds"),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
