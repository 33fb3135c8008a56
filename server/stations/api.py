"""JSON: stations with their newest values; creating and changing them."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from server.current import CurrentActor, CurrentDatabase
from server.stations import edit
from server.stations.overview import (
    DeviceNow,
    SensorNow,
    StationNow,
    visible_station,
    visible_stations,
)

router = APIRouter(prefix="/api/v1/stations", tags=["stations"])
StationCode = Annotated[str, Path(description="Code of the station, as in its topics")]
DeviceCode = Annotated[str, Path(description="Code of the device within the station")]


class _Given(BaseModel):
    """Loosely typed: the use case checks field by field and says what would be right."""

    model_config = ConfigDict(extra="forbid")


class StationChange(_Given):
    """What can be changed of a station. Degrees of WGS-84."""

    kind: str | None = None
    grade: str | None = None
    name_zh: str | None = None
    name_en: str | None = None
    county_code: str | None = None
    longitude: float | str | None = None
    latitude: float | str | None = None


class StationNew(StationChange):
    """A station to enter; the code becomes part of its topics and stays."""

    code: str | None = None


class DeviceChange(_Given):
    """What can be changed of a device; silent after three report intervals [s]."""

    name_zh: str | None = None
    name_en: str | None = None
    report_interval_s: int | float | str | None = None
    retired: bool = False


class DeviceNew(DeviceChange):
    """A device to enter; the code becomes part of its topic and stays."""

    code: str | None = None


class SensorChange(_Given):
    """Place [m above ground, negative for depth] and label of a sensor."""

    position_m: float | str | None = None
    label_zh: str | None = None
    label_en: str | None = None


class SensorNew(SensorChange):
    """A sensor to enter; code and quantity stay."""

    code: str | None = None
    quantity: str | None = None


@router.get("", operation_id="list_stations")
def read_stations(actor: CurrentActor, database: CurrentDatabase) -> list[StationNow]:
    """Stations that the account may see, with newest values and who is silent."""
    with database.scoped_transaction(actor) as connection:
        return visible_stations(connection)


@router.get("/{code}", operation_id="read_station")
def read_station(code: StationCode, actor: CurrentActor, database: CurrentDatabase) -> StationNow:
    """One station; 404 if there is none or it is not for this account."""
    with database.scoped_transaction(actor) as connection:
        return visible_station(connection, code)


@router.post("", status_code=201, operation_id="create_station")
def post_station(given: StationNew, actor: CurrentActor, database: CurrentDatabase) -> StationNow:
    """Enter a station; 403, or 422 with a problem for each field."""
    with database.scoped_transaction(actor) as connection:
        code = edit.create_station(connection, actor, given.model_dump())
        return visible_station(connection, code)


@router.put("/{code}", operation_id="change_station")
def put_station(
    code: StationCode, given: StationChange, actor: CurrentActor, database: CurrentDatabase
) -> StationNow:
    """Change a station; 403, 404, or 422 with a problem for each field."""
    with database.scoped_transaction(actor) as connection:
        edit.change_station(connection, actor, code, given.model_dump())
        return visible_station(connection, code)


@router.post("/{code}/devices", status_code=201, operation_id="create_device")
def post_device(
    code: StationCode, given: DeviceNew, actor: CurrentActor, database: CurrentDatabase
) -> DeviceNow:
    """Enter a device; 403, 404, or 422 with a problem for each field."""
    with database.scoped_transaction(actor) as connection:
        device = edit.create_device(connection, actor, code, given.model_dump())
        return edit.find_device(visible_station(connection, code), device)


@router.put("/{code}/devices/{device}", operation_id="change_device")
def put_device(
    code: StationCode,
    device: DeviceCode,
    given: DeviceChange,
    actor: CurrentActor,
    database: CurrentDatabase,
) -> DeviceNow:
    """Change or retire a device; 403, 404, or 422 with a problem for each field."""
    with database.scoped_transaction(actor) as connection:
        edit.change_device(connection, actor, code, device, given.model_dump())
        return edit.find_device(visible_station(connection, code), device)


@router.post("/{code}/devices/{device}/sensors", status_code=201, operation_id="create_sensor")
def post_sensor(
    code: StationCode,
    device: DeviceCode,
    given: SensorNew,
    actor: CurrentActor,
    database: CurrentDatabase,
) -> SensorNow:
    """Enter a sensor; 403, 404, or 422 with a problem for each field."""
    with database.scoped_transaction(actor) as connection:
        sensor = edit.create_sensor(connection, actor, code, device, given.model_dump())
        return edit.find_sensor(visible_station(connection, code), sensor)


@router.put("/{code}/sensors/{sensor}", operation_id="change_sensor")
def put_sensor(
    code: StationCode,
    sensor: int,
    given: SensorChange,
    actor: CurrentActor,
    database: CurrentDatabase,
) -> SensorNow:
    """Change place and label of a sensor; 403, 404, or 422 with a problem for each field."""
    with database.scoped_transaction(actor) as connection:
        edit.change_sensor(connection, actor, code, sensor, given.model_dump())
        return edit.find_sensor(visible_station(connection, code), sensor)
