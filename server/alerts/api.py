"""JSON: alerts of the visible stations."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from contracts.sql_files import beside
from server.current import CurrentActor, CurrentDatabase
from server.db.pool import DictConnection, rows

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"])
_SQL = beside(__file__)


class AlertOut(BaseModel):
    """One alert; open as long as `closed_at` is null."""

    id: UUID
    kind: Literal["station_silent"]
    station: str
    device: str | None
    name_zh: str | None
    name_en: str | None
    opened_at: datetime
    closed_at: datetime | None
    last_reading_at: datetime | None


@router.get("", operation_id="list_alerts")
def read_alerts(
    actor: CurrentActor,
    database: CurrentDatabase,
    station: str | None = None,
    open_only: bool = True,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[AlertOut]:
    """Alerts, open ones first, newest first; of one station if its code is given."""
    with database.scoped_transaction(actor) as connection:
        return select_alerts(connection, station, open_only=open_only, most=limit)


def select_alerts(
    connection: DictConnection, station: str | None, *, open_only: bool = True, most: int = 200
) -> list[AlertOut]:
    """The alerts that the transaction's actor may see."""
    wanted = {"station": station, "open_only": open_only, "most": most}
    return [AlertOut(**row) for row in rows(connection, _SQL["select_alerts"], wanted)]
