"""Create and change stations, devices and sensors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.errors import UniqueViolation

from contracts.ids import new_id
from contracts.problems import FieldProblem, Invalid, NotFound
from contracts.sql_files import beside
from server.auth.audit import write_audit_line
from server.current import require_role
from server.db.pool import Actor, DictConnection, rows
from server.stations.drafts import Given, device_draft, sensor_draft, station_draft
from server.stations.overview import DeviceNow, SensorNow, StationNow, visible_station

EDITORS = ("city_office", "administrator")
_SQL = beside(__file__)


def counties(connection: DictConnection) -> dict[str, str]:
    """Code to name of the counties that a station may lie in."""
    return {row["code"]: row["name"] for row in rows(connection, _SQL["select_counties"])}


def create_station(connection: DictConnection, actor: Actor, given: Given) -> str:
    """Enter a station; its code. Raises NotAllowed, or Invalid with a problem for each field."""
    require_role(actor, *EDITORS)
    draft, problems = station_draft(given, counties(connection))
    _raise_any(problems)
    id_ = new_id()
    with _taken_code(draft["code"]):
        connection.execute(_SQL["insert_station"], {**draft, "id": id_})
    write_audit_line(connection, actor, "station.created", "station", id_, code=draft["code"])
    return str(draft["code"])


def change_station(connection: DictConnection, actor: Actor, code: str, given: Given) -> None:
    """Change a station, its code excepted. Raises NotAllowed, NotFound, Invalid."""
    require_role(actor, *EDITORS)
    station = visible_station(connection, code)
    draft, problems = station_draft({**given, "code": code}, counties(connection))
    _raise_any(problems)
    connection.execute(_SQL["update_station"], {**draft, "id": station.id})
    write_audit_line(connection, actor, "station.changed", "station", station.id)


def create_device(connection: DictConnection, actor: Actor, code: str, given: Given) -> str:
    """Enter a device of a station; its code. Raises NotAllowed, NotFound, Invalid."""
    require_role(actor, *EDITORS)
    station = visible_station(connection, code)
    draft, problems = device_draft(given)
    _raise_any(problems)
    id_ = new_id()
    with _taken_code(draft["code"]):
        connection.execute(_SQL["insert_device"], {**draft, "id": id_, "station_id": station.id})
    write_audit_line(connection, actor, "device.created", "device", id_, code=draft["code"])
    return str(draft["code"])


def change_device(
    connection: DictConnection, actor: Actor, code: str, device_code: str, given: Given
) -> None:
    """Change or retire a device, its code excepted. Raises NotAllowed, NotFound, Invalid."""
    require_role(actor, *EDITORS)
    device = find_device(visible_station(connection, code), device_code)
    draft, problems = device_draft({**given, "code": device_code})
    _raise_any(problems)
    connection.execute(_SQL["update_device"], {**draft, "id": device.id})
    write_audit_line(connection, actor, "device.changed", "device", device.id)


def create_sensor(
    connection: DictConnection, actor: Actor, code: str, device_code: str, given: Given
) -> int:
    """Enter a sensor of a device; its number. Raises NotAllowed, NotFound, Invalid."""
    require_role(actor, *EDITORS)
    device = find_device(visible_station(connection, code), device_code)
    draft, problems = sensor_draft(given)
    _raise_any(problems)
    with _taken_code(draft["code"]):
        made = rows(connection, _SQL["insert_sensor"], {**draft, "device_id": device.id})
    id_: int = made[0]["id"]
    write_audit_line(connection, actor, "sensor.created", "sensor", id_, code=draft["code"])
    return id_


def change_sensor(
    connection: DictConnection, actor: Actor, code: str, sensor_id: int, given: Given
) -> None:
    """Change place and label of a sensor. Raises NotAllowed, NotFound, Invalid."""
    require_role(actor, *EDITORS)
    sensor = find_sensor(visible_station(connection, code), sensor_id)
    kept: dict[str, Any] = {"code": sensor.code, "quantity": sensor.quantity}
    draft, problems = sensor_draft({**given, **kept})
    _raise_any(problems)
    connection.execute(_SQL["update_sensor"], {**draft, "id": sensor.id})
    write_audit_line(connection, actor, "sensor.changed", "sensor", sensor.id)


def find_device(station: StationNow, code: str) -> DeviceNow:
    """The station's device of this code. Raises NotFound."""
    for device in station.devices:
        if device.code == code:
            return device
    raise NotFound


def find_sensor(station: StationNow, sensor_id: int) -> SensorNow:
    """The station's sensor of this number. Raises NotFound."""
    for device in station.devices:
        for sensor in device.sensors:
            if sensor.id == sensor_id:
                return sensor
    raise NotFound


def _raise_any(problems: list[FieldProblem]) -> None:
    if problems:
        raise Invalid(*problems)


@contextmanager
def _taken_code(code: str) -> Iterator[None]:
    """A code that stands there already is the field's problem, not the database's."""
    try:
        yield
    except UniqueViolation as error:
        raise Invalid(FieldProblem("code", "taken", code)) from error
