"""Which stations, devices and sensors there are, as last read from the database."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from contracts.quantities import QUANTITIES, Quantity
from contracts.sql_files import beside
from contracts.topics import ForeignTopic, TelemetryTopic
from gateway.profile import Profile, profile_from

_SQL = beside(__file__)
RELOAD_AFTER_S = 60.0
RELOAD_AFTER_MISS_S = 2.0


@dataclass(frozen=True, slots=True)
class KnownSensor:
    """A sensor of the registry; the limits are copied from the quantity for the quick check."""

    id: int
    code: str
    quantity: Quantity
    unit: str
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of the registry with its sensors by code; without a profile it speaks natively."""

    station_id: UUID
    sensors: Mapping[str, KnownSensor]
    profile: Profile | None = None
    external_id: str | None = None


@dataclass(frozen=True)
class Registry:
    """One reading of the registry; never changed, only replaced.

    Attributes
    ----------
    stations : station code -> id
    devices : station code, device code -> device
    station_of, sensor_codes : sensor id -> id of its station, code
    """

    stations: Mapping[str, UUID] = field(default_factory=dict)
    devices: Mapping[tuple[str, str], KnownDevice] = field(default_factory=dict)
    station_of: Mapping[int, UUID] = field(default_factory=dict)
    sensor_codes: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def by_topic(self) -> Mapping[str, KnownDevice]:
        """Devices by the topic they post under."""
        return {str(TelemetryTopic(*codes)): device for codes, device in self.devices.items()}

    @cached_property
    def _by_external_id(self) -> Mapping[tuple[str, str], KnownDevice]:
        found: dict[tuple[str, str], KnownDevice] = {}
        for device in self.devices.values():
            if device.profile is not None and device.external_id is not None:
                # A DevEUI is a number in hexadecimal; other networks' names mind upper case.
                lower = device.profile.codec == "chirpstack"
                name = device.external_id.lower() if lower else device.external_id
                found[device.profile.codec, name] = device
        return found

    def foreign_device(self, topic: ForeignTopic) -> KnownDevice | None:
        """The device that a foreign network posts about, if its profile is of that network."""
        for name in topic.external_ids:
            device = self._by_external_id.get((topic.codec, name))
            if device is not None:
                return device
        return None


def known_sensor(id_: int, code: str, quantity_key: str) -> KnownSensor | None:
    """The sensor, or None if this program does not know its quantity."""
    quantity = QUANTITIES.get(quantity_key)
    if quantity is None:
        return None
    return KnownSensor(id_, code, quantity, quantity.unit, *quantity.valid)


def load_registry(connection: psycopg.Connection) -> Registry:
    """The registry as the database has it now."""
    stations: dict[str, UUID] = {}
    sensors: dict[tuple[str, str], dict[str, KnownSensor]] = {}
    station_of: dict[int, UUID] = {}
    codes: dict[int, str] = {}
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(_SQL["select_sensors"]):
            stations[row["station_code"]] = row["station_id"]
            if row["device_code"] is None:
                continue
            of_device = sensors.setdefault((row["station_code"], row["device_code"]), {})
            if row["sensor_id"] is None:
                continue
            sensor = known_sensor(row["sensor_id"], row["sensor_code"], row["quantity"])
            if sensor is not None:
                of_device[sensor.code] = sensor
                station_of[sensor.id] = row["station_id"]
                codes[sensor.id] = sensor.code
    profiles = _load_profiles(connection)
    devices = {
        key: KnownDevice(stations[key[0]], found, *profiles.get(key, (None, None)))
        for key, found in sensors.items()
    }
    return Registry(stations, devices, station_of, codes)


def _load_profiles(
    connection: psycopg.Connection,
) -> dict[tuple[str, str], tuple[Profile, str | None]]:
    """Profile and external id of each device that has a profile, by codes."""
    read: dict[str, Profile] = {}
    found: dict[tuple[str, str], tuple[Profile, str | None]] = {}
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(_SQL["select_profiles"]):
            profile = read.get(row["code"])
            if profile is None:
                profile = profile_from(row["code"], row["codec"], row["zone"], row["fields"])
                read[row["code"]] = profile
            found[row["station_code"], row["device_code"]] = profile, row["external_id"]
    return found


class RegistryCache:
    """The registry, read again every minute, and sooner when something unknown turns up."""

    def __init__(self) -> None:
        self.registry = Registry()
        self._loaded_at = float("-inf")

    def refresh(self, connection: psycopg.Connection, *, missed: bool = False) -> bool:
        """Read again if it is time; whether it was read.

        Parameters
        ----------
        missed
            Something unknown turned up: a registry of a few seconds ago will not do.
        """
        age = time.monotonic() - self._loaded_at
        if age < (RELOAD_AFTER_MISS_S if missed else RELOAD_AFTER_S):
            return False
        self.registry = load_registry(connection)
        self._loaded_at = time.monotonic()
        return True
