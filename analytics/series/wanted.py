"""What an export is of: a station, some of its sensors, a period and a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import psycopg
from psycopg.rows import DictRow

from contracts.problems import FieldProblem, Invalid
from contracts.quantities import QUANTITIES
from contracts.sql_files import beside

Step = Literal["raw", "hour", "day"]
STEPS: tuple[Step, ...] = ("raw", "hour", "day")
_SQL = beside(__file__)


@dataclass(frozen=True, slots=True)
class SensorSeries:
    """One sensor with the codes that stand in every row of its series."""

    id: int
    station: str
    device: str
    sensor: str
    quantity: str
    unit: str
    position_m: float | None

    @property
    def name(self) -> str:
        """What it is asked for by: "device/sensor"."""
        return f"{self.device}/{self.sensor}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Series of one station in [start, end), sensor by sensor, each oldest first.

    Attributes
    ----------
    name_zh, name_en : of the station
    start, end : moments with a zone; rollups belong to the period in which they begin
    """

    station: str
    name_zh: str
    name_en: str
    sensors: Sequence[SensorSeries]
    start: datetime
    end: datetime
    step: Step


def find_wanted(
    connection: psycopg.Connection[DictRow],
    station: str,
    sensors: Sequence[str],
    start: datetime,
    end: datetime,
    step: Step,
) -> Wanted:
    """The station and sensors behind the codes, as far as the connection's actor sees them.

    Parameters
    ----------
    sensors
        Each "sensor" (on every device that has it) or "device/sensor"; all sensors if empty.

    Raises
    ------
    Invalid
        If the station is not known or a sensor is none of its; the sensors that it has are named.
    """
    found = connection.execute(_SQL["select_station"], {"station": station}).fetchone()
    if found is None:
        raise Invalid(FieldProblem("station", "not_known", station))
    rows = connection.execute(_SQL["select_sensors"], {"station": station}).fetchall()
    known = [_series(row) for row in rows]
    names = {"name_zh": found["name_zh"], "name_en": found["name_en"]}
    return Wanted(
        station, **names, sensors=_chosen(known, sensors), start=start, end=end, step=step
    )


def _series(row: dict[str, Any]) -> SensorSeries:
    quantity = QUANTITIES.get(row["quantity"])
    return SensorSeries(**row, unit=quantity.unit if quantity else "")


def _chosen(known: list[SensorSeries], asked: Sequence[str]) -> list[SensorSeries]:
    if not asked:
        return known
    for name in asked:
        if not any(name in (one.sensor, one.name) for one in known):
            choices = {"choices": [one.name for one in known]}
            raise Invalid(FieldProblem("sensor", "not_a_choice", name, choices))
    return [one for one in known if one.sensor in asked or one.name in asked]
