"""JSON: series of a sensor, newest values of a station, rejected messages."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from server.current import CurrentActor, CurrentDatabase, CurrentTranslate, require_role
from server.readings import export_api, live_api
from server.readings.rejected import Rejected, read_rejected
from server.readings.series import Series, read_series, read_span
from server.stations.overview import visible_station

router = APIRouter()
_readings = APIRouter(prefix="/api/v1/readings", tags=["readings"])
SEES_UNKNOWN = ("city_office", "auditor", "administrator")


class LatestOut(BaseModel):
    """The newest reading of one sensor; values in the unit of its quantity."""

    sensor_id: int
    device: str
    sensor: str
    quantity: str
    time: datetime
    value: float
    quality: int


@_readings.get("", operation_id="read_series")
def get_series(
    actor: CurrentActor,
    database: CurrentDatabase,
    sensor: Annotated[int, Query(ge=1, le=2_147_483_647)],
    from_: Annotated[str | None, Query(alias="from")] = None,
    to: str | None = None,
    step: Literal["raw", "hour", "day", "auto"] = "auto",
) -> Series:
    """Points of one sensor in [from, to), ISO 8601 with an offset; the last 24 hours by default.

    `auto` takes raw readings up to 2 days, hours up to 60 days, else days. At most 20,000 points.
    """
    start, end = read_span(from_, to, datetime.now(UTC))
    with database.scoped_transaction(actor) as connection:
        return read_series(connection, sensor, start, end, None if step == "auto" else step)


@_readings.get("/latest", operation_id="read_latest")
def get_latest(station: str, actor: CurrentActor, database: CurrentDatabase) -> list[LatestOut]:
    """The newest reading of each sensor of a station."""
    with database.scoped_transaction(actor) as connection:
        found = visible_station(connection, station)
    return [
        LatestOut(
            sensor_id=sensor.id,
            device=device.code,
            sensor=sensor.code,
            quantity=sensor.quantity,
            time=sensor.time,
            value=sensor.value,
            quality=sensor.quality,
        )
        for device in found.devices
        for sensor in device.sensors
        if sensor.time is not None and sensor.value is not None and sensor.quality is not None
    ]


@_readings.get("/rejected", operation_id="list_rejected")
def get_rejected(
    actor: CurrentActor,
    database: CurrentDatabase,
    translate: CurrentTranslate,
    station: str | None = None,
    before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Rejected:
    """Rejected messages of a station; of no known station if none is given. Newest first."""
    if station is None:
        require_role(actor, *SEES_UNKNOWN)
    with database.scoped_transaction(actor) as connection:
        station_id: UUID | None = visible_station(connection, station).id if station else None
        return read_rejected(connection, station_id, translate, before=before, most=limit)


router.include_router(_readings)
router.include_router(export_api.router)
router.include_router(live_api.router)
