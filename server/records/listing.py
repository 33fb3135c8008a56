"""Pages of records, counts by status, and one record with its history."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from contracts.problems import NotFound
from contracts.sql_files import beside
from server.db.pool import DictConnection, rows
from server.records.filters import PAGE, Filters, Place

_SQL = beside(__file__, "listing.sql")


def list_records(
    connection: DictConnection, filters: Filters, after: Place | None = None, limit: int = PAGE
) -> tuple[list[dict[str, Any]], Place | None]:
    """A page of records, newest day of service first, and where the next page begins."""
    found = rows(
        connection,
        _SQL["select_records"],
        {
            **_parameters(filters),
            "after_day": after.occurred_on if after else None,
            "after_id": after.id if after else None,
            "limit": limit + 1,
        },
    )
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], Place(last["occurred_on"], last["id"])


def count_by_status(connection: DictConnection, filters: Filters) -> dict[str, int]:
    """How many records each status has, under all filters but that of status."""
    found = rows(connection, _SQL["count_records_by_status"], _parameters(filters))
    return {row["status"]: row["count"] for row in found}


def find_record(connection: DictConnection, record_id: UUID) -> dict[str, Any]:
    """One record with its names.

    Raises
    ------
    NotFound
        If there is none, or it is not the actor's to see.
    """
    found = rows(connection, _SQL["select_record"], {"id": record_id})
    if not found:
        raise NotFound
    return found[0]


def record_history(connection: DictConnection, record_id: UUID) -> list[dict[str, Any]]:
    """Versions received and reviews made, oldest first: `what` is "received" or a decision."""
    return rows(connection, _SQL["select_history"], {"id": record_id})


def next_to_review(connection: DictConnection, besides: UUID) -> UUID | None:
    """The submitted record that has waited longest, other than this one."""
    found = rows(connection, _SQL["select_next_submitted"], {"besides": besides})
    return found[0]["id"] if found else None


def counties(connection: DictConnection) -> list[dict[str, Any]]:
    """Counties with code and name."""
    return rows(connection, _SQL["select_counties"])


def _parameters(filters: Filters) -> dict[str, Any]:
    parameters = asdict(filters)
    if filters.text:
        plain = filters.text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        parameters["text"] = f"%{plain}%"
    return parameters
