"""Stations as they stand now: devices, sensors, newest values, who is silent."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.problems import NotFound
from contracts.sql_files import beside
from server.db.pool import DictConnection, rows

DeviceState = Literal["online", "silent", "never", "retired"]
StationState = Literal["online", "partly", "silent", "never"]
SILENT_AFTER_INTERVALS = 3
_ZONE = ZoneInfo("Asia/Shanghai")
_SQL = beside(__file__)


@dataclass(frozen=True, slots=True)
class SensorNow:
    """A sensor with its newest reading and today's extremes and sum, in its quantity's unit."""

    id: int
    code: str
    quantity: str
    position_m: float | None
    label_zh: str
    label_en: str
    time: datetime | None
    value: float | None
    quality: int | None
    today_min: float | None
    today_max: float | None
    today_sum: float | None


@dataclass(frozen=True, slots=True)
class DeviceNow:
    """A device; `silent` when its newest reading is older than three of its intervals."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    report_interval_s: int
    state: DeviceState
    last_reading_at: datetime | None
    sensors: list[SensorNow]


@dataclass(frozen=True, slots=True)
class StationNow:
    """A station; `partly` when some of its devices in use report and others do not."""

    id: UUID
    code: str
    kind: Literal["park", "base"]
    grade: Literal["national", "provincial", "city"] | None
    name_zh: str
    name_en: str
    county_code: str
    county: str
    longitude: float | None
    latitude: float | None
    state: StationState
    last_reading_at: datetime | None
    devices: list[DeviceNow]


def visible_stations(connection: DictConnection, now: datetime | None = None) -> list[StationNow]:
    """Every station that the transaction's actor may see."""
    return _stations(connection, None, now or datetime.now(UTC))


def visible_station(
    connection: DictConnection, code: str, now: datetime | None = None
) -> StationNow:
    """One station.

    Raises
    ------
    NotFound
        If there is none of this code, or not for this actor.
    """
    found = _stations(connection, code, now or datetime.now(UTC))
    if not found:
        raise NotFound
    return found[0]


def device_state(
    last: datetime | None, interval_s: int, now: datetime, *, retired: bool = False
) -> DeviceState:
    """What a device is doing, by its newest reading."""
    if retired:
        return "retired"
    if last is None:
        return "never"
    silent_after = timedelta(seconds=SILENT_AFTER_INTERVALS * interval_s)
    return "silent" if now - last > silent_after else "online"


def station_state(devices: list[DeviceState]) -> StationState:
    """What a station is doing, by its devices in use."""
    used = [state for state in devices if state != "retired"]
    if "online" in used:
        return "online" if all(state == "online" for state in used) else "partly"
    return "silent" if "silent" in used else "never"


def _stations(connection: DictConnection, code: str | None, now: datetime) -> list[StationNow]:
    stations = rows(connection, _SQL["select_stations"], {"code": code})
    ids = {"station_ids": [station["id"] for station in stations]}
    sensors = rows(connection, _SQL["select_sensors"], ids)
    wanted = {"sensor_ids": [sensor["id"] for sensor in sensors]}
    latest = {row["sensor_id"]: row for row in rows(connection, _SQL["select_latest"], wanted)}
    today = {row["sensor_id"]: row for row in rows(connection, _SQL["select_today"], wanted)}
    sensors_of: dict[UUID, list[SensorNow]] = defaultdict(list)
    for sensor in sensors:
        newest = latest.get(sensor["id"], {})
        sensors_of[sensor.pop("device_id")].append(
            _sensor(sensor, newest, today.get(sensor["id"], {}), now)
        )
    devices_of: dict[UUID, list[DeviceNow]] = defaultdict(list)
    for device in rows(connection, _SQL["select_devices"], ids):
        devices_of[device["station_id"]].append(_device(device, sensors_of[device["id"]], now))
    return [_station(station, devices_of[station["id"]]) for station in stations]


def _sensor(
    sensor: dict[str, Any], newest: dict[str, Any], today: dict[str, Any], now: datetime
) -> SensorNow:
    """Today's extremes take in the newest reading, which the rollup may not hold yet."""
    time, value = newest.get("time"), newest.get("value")
    extremes = [number for number in (today.get("min"), today.get("max")) if number is not None]
    sound = newest.get("quality") not in (4, 9)
    if time and sound and time.astimezone(_ZONE).date() == now.astimezone(_ZONE).date():
        extremes.append(value)
    return SensorNow(
        **sensor,
        time=time,
        value=value,
        quality=newest.get("quality"),
        today_min=min(extremes, default=None),
        today_max=max(extremes, default=None),
        today_sum=today.get("sum"),
    )


def _device(device: dict[str, Any], sensors: list[SensorNow], now: datetime) -> DeviceNow:
    last = max((sensor.time for sensor in sensors if sensor.time), default=None)
    retired = device["retired_at"] is not None
    return DeviceNow(
        id=device["id"],
        code=device["code"],
        name_zh=device["name_zh"],
        name_en=device["name_en"],
        report_interval_s=device["report_interval_s"],
        state=device_state(last, device["report_interval_s"], now, retired=retired),
        last_reading_at=last,
        sensors=sensors,
    )


def _station(station: dict[str, Any], devices: list[DeviceNow]) -> StationNow:
    times = [device.last_reading_at for device in devices if device.last_reading_at]
    return StationNow(
        **station,
        state=station_state([device.state for device in devices]),
        last_reading_at=max(times, default=None),
        devices=devices,
    )
