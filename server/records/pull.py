"""What is new for a correspondent's phone since its last pull."""

import hashlib
from dataclasses import dataclass
from typing import Any

from contracts.sql_files import beside
from server.db.pool import DictConnection, rows

_SQL = beside(__file__, "pull.sql")


@dataclass(frozen=True, slots=True)
class _Now:
    """The database and the actor, as a cursor remembers them."""

    numbering: str
    xmin: int
    xmax: int
    scope: str

    def cursor(self) -> str:
        """The text that the phone keeps unread."""
        return f"{self.numbering}.{self.xmin}.{self.scope}"


def pull_changes(connection: DictConnection, cursor: str | None) -> dict[str, Any]:
    """News of the actor's records, and subjects to choose from, since the cursor.

    Rows are sent again while a transaction that was open at the last pull might have changed
    them, so none is skipped. A cursor that is malformed, of another database, or from before the
    actor's villages changed, gives everything.
    """
    now = _now(connection)
    since = {"since": _since(cursor, now)}
    return {
        "cursor": now.cursor(),
        "records": rows(connection, _SQL["select_changed_records"], since),
        "subjects": {
            "villages": rows(connection, _SQL["select_own_villages"]),
            "households": rows(connection, _SQL["select_changed_households"], since),
            "organisations": rows(connection, _SQL["select_changed_organisations"], since),
            "stations": rows(connection, _SQL["select_changed_stations"], since),
            "items": rows(connection, _SQL["select_changed_items"], since),
        },
    }


def _now(connection: DictConnection) -> _Now:
    (row,) = rows(connection, _SQL["select_now"])
    scope = hashlib.sha256(row["scope"].encode()).hexdigest()[:16]
    numbering = hashlib.sha256(row["numbering"].encode()).hexdigest()[:16]
    return _Now(numbering, int(row["xmin"]), int(row["xmax"]), scope)


def _since(cursor: str | None, now: _Now) -> str:
    """The first transaction whose changes the phone may lack; 0 for all."""
    numbering, _, rest = (cursor or "").partition(".")
    xmin, _, scope = rest.partition(".")
    if (numbering, scope) != (now.numbering, now.scope):
        return "0"
    if not (xmin.isascii() and xmin.isdigit()) or len(xmin) > 19 or int(xmin) > now.xmax:
        return "0"
    return xmin
