"""The measured glasshouse month, freed of what was never measured (data/SOURCES.md)."""

import csv
import gzip
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

FILE = Path(__file__).with_name("data") / "glasshouse_month.csv.gz"
SOURCE_ZONE = ZoneInfo("Europe/Amsterdam")
STEP = timedelta(minutes=5)
DAYS = 30

# (device, sensor) -> what the header cell of its column begins with; two spaces are theirs.
_PMC = "Sensor PMC (21B) - "
_SOIL = "Sensor 0013A20041A24464 - "
_WEATHER = "Weather solutions station Pantar Tuinderij - "
COLUMNS: Mapping[tuple[str, str], str] = {
    ("climate-1", "air_temperature"): _PMC + "Air temperature (°C)",
    ("climate-1", "relative_humidity"): _PMC + "Humidity (%)",
    ("climate-1", "dew_point"): _PMC + "Dewpoint (°C)",
    ("climate-1", "vapour_pressure_deficit"): _PMC + "VPD (kPa)",
    ("climate-1", "absolute_humidity"): _PMC + "Absolute Humidity (g/m3)",
    ("co2-1", "co2_concentration"): "Sensor 0013A20041A0002A NIEUW - co2 (ppm)",
    ("par-1", "par"): "PAR Sensor (13D) - PAR",
    ("soil-1", "soil_moisture"): _SOIL + "VWC (%)",
    ("soil-1", "soil_temperature"): _SOIL + "Temp (°C)",
    ("soil-1", "soil_conductivity"): _SOIL + "ECb (",
    ("vents-1", "vent_windward"): "wind zijde raamstand - %",
    ("vents-1", "vent_leeward"): "luwe zijde raamstand - %",
    ("weather-1", "air_temperature"): _WEATHER + "Temperature (°C)",
    ("weather-1", "relative_humidity"): _WEATHER + "Relative humidity (%)",
    ("weather-1", "global_radiation"): _WEATHER + "Global radiation",
    ("weather-1", "wind_speed"): _WEATHER + "Wind speed (m/s)",
    ("weather-1", "wind_direction"): _WEATHER + "Wind direction",
    ("weather-1", "rainfall"): _WEATHER + "Rain (mm)",
    ("weather-1", "air_pressure"): _WEATHER + "Air pressure (hPa)",
}
QUANTITIES_OF: Mapping[str, str] = {"vent_windward": "vent_opening", "vent_leeward": "vent_opening"}

Measured = Mapping[str, Mapping[str, float]]


class MonthError(ValueError):
    """A file that is not the one described in data/SOURCES.md."""


@dataclass(frozen=True, slots=True)
class Month:
    """What each device measured, by sensor, in each 5 minutes since `begins`.

    Attributes
    ----------
    begins : the moment of the first step, UTC
    steps : device -> sensor -> value; a device that measured nothing is absent
    """

    begins: datetime
    steps: Sequence[Measured]


@cache
def glasshouse_month(path: Path = FILE) -> Month:
    """The month: 8,640 steps of 5 minutes, 30 whole days.

    Raises
    ------
    MonthError
        If a column is missing or the file does not begin on the grid.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        places = _places(next(rows))
        moments = resolved_moments(rows)
        begins, first = next(moments)
        steps: list[Measured] = [{}] * (DAYS * 24 * 12)
        steps[0] = _measured(first, places)
        for moment, cells in moments:
            step, beside = divmod(moment - begins, STEP)
            if not beside and step < len(steps):
                steps[step] = _measured(cells, places)
    return Month(begins, steps)


def resolved_moments(rows: Iterable[list[str]]) -> Iterator[tuple[datetime, list[str]]]:
    """The rows that begin with a local time, each with its instant, in order.

    The hour that occurs twice in autumn is told apart by order: where its first occurrence would
    lie before the row above, it is the second.
    """
    before = datetime.min.replace(tzinfo=UTC)
    for row in rows:
        try:
            local = datetime.fromisoformat(row[0])
        except (ValueError, IndexError):
            continue  # the summary at the end
        for fold in (0, 1):
            moment = local.replace(tzinfo=SOURCE_ZONE, fold=fold)
            if moment.astimezone(UTC) > before:
                before = moment.astimezone(UTC)
                yield before, row
                break


def _places(header: list[str]) -> Mapping[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for key, beginning in COLUMNS.items():
        matching = [place for place, name in enumerate(header) if name.startswith(beginning)]
        if len(matching) != 1:
            raise MonthError(f"{len(matching)} columns begin with {beginning!r}; want one")
        found[key] = matching[0]
    return found


def _measured(cells: list[str], places: Mapping[tuple[str, str], int]) -> Measured:
    devices: dict[str, dict[str, float]] = {}
    for (device, sensor), place in places.items():
        value = float(cells[place] or "nan")
        if math.isfinite(value):
            devices.setdefault(device, {})[sensor] = value
    if devices.get("weather-1", {}).get("air_pressure") == 0:
        del devices["weather-1"]  # zeros of a weather station that was not heard
    return devices
