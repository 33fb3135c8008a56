"""The measured month, counted against the file."""

import csv
import gzip
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from contracts.quantities import QUANTITIES
from sensors_sim.month import (
    COLUMNS,
    FILE,
    QUANTITIES_OF,
    MonthError,
    glasshouse_month,
    resolved_moments,
)
from sensors_sim.replay import STATION_ZONE, glasshouse_postings, measured_at

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_month_is_thirty_whole_days_from_its_first_row() -> None:
    month = glasshouse_month()
    assert len(month.steps) == 30 * 288
    assert month.begins == datetime(2020, 8, 16, 10, 45, tzinfo=UTC)  # 12:45 at +02:00


def test_every_value_of_the_file_is_there_less_the_known_false_zeros() -> None:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    in_file: Counter[tuple[str, str]] = Counter()
    for key, beginning in COLUMNS.items():
        (place,) = [i for i, name in enumerate(header) if name.startswith(beginning)]
        in_file[key] = sum(
            1 for row in rows if len(row) == len(header) and row[place] not in ("", "NaN")
        )
    read = Counter(
        (device, sensor)
        for step in glasshouse_month().steps
        for device, values in step.items()
        for sensor in values
    )
    # Off the grid: three rows of zeros, of which one holds the climate computer and all three the
    # weather; then the last row, which holds everything; then 8 rows of silent weather.
    fewer = {"climate-1": 1, "co2-1": 1, "par-1": 1, "soil-1": 1, "vents-1": 2, "weather-1": 12}
    assert {key: in_file[key] - read[key] for key in COLUMNS} == {
        key: fewer[key[0]] for key in COLUMNS
    }
    assert read["co2-1", "co2_concentration"] == 8640
    assert read["weather-1", "air_temperature"] == 720


def test_no_false_zero_is_left() -> None:
    never_zero = {
        "air_temperature", "relative_humidity", "dew_point", "absolute_humidity", "air_pressure",
        "soil_temperature", "soil_moisture", "soil_conductivity", "co2_concentration",
    }  # fmt: skip
    for step in glasshouse_month().steps:
        for values in step.values():
            assert not [sensor for sensor in never_zero & set(values) if values[sensor] == 0]


def test_every_value_is_one_that_the_gateway_takes() -> None:
    for step in glasshouse_month().steps:
        for values in step.values():
            for sensor, value in values.items():
                low, high = QUANTITIES[QUANTITIES_OF.get(sensor, sensor)].valid
                assert low <= value <= high


def test_the_hour_that_occurs_twice_and_the_one_that_is_missing_are_resolved() -> None:
    autumn = [["2019-10-27 01:55:00"], ["2019-10-27 02:00:00"], ["2019-10-27 02:55:00"],
              ["2019-10-27 02:00:00"], ["2019-10-27 02:55:00"], ["2019-10-27 03:00:00"],
              [""], ["Link to dashboard"]]  # fmt: skip
    moments = [moment for moment, _ in resolved_moments(autumn)]
    steps = [after - before for before, after in pairwise(moments)]
    five, long = timedelta(minutes=5), timedelta(minutes=55)
    assert steps == [five, long, five, long, five]
    spring = [["2020-03-29 01:55:00"], ["2020-03-29 03:00:00"]]
    first, second = (moment for moment, _ in resolved_moments(spring))
    assert second - first == five


def test_replay_keeps_the_time_of_day_and_repeats_after_thirty_days() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
    radiation = measured_at(noon)["weather-1"]["global_radiation"]
    assert radiation > 50
    assert measured_at(noon + timedelta(hours=12))["weather-1"]["global_radiation"] < 1
    assert measured_at(noon + timedelta(days=30)) == measured_at(noon)
    source = datetime(2020, 8, 20, 14, 5, tzinfo=STATION_ZONE)
    assert measured_at(source) == measured_at(source + timedelta(days=30 * 77))
    # The row of 2020-08-20 14:05 in the file.
    assert measured_at(source)["par-1"]["par"] == _in_file("2020-08-20 14:05:00", "PAR Sensor")


def _in_file(local_time: str, column: str) -> float:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    (place,) = [i for i, name in enumerate(header) if name.startswith(column)]
    (row,) = [row for row in rows if row and row[0] == local_time]
    return float(row[place])


def test_postings_bear_units_and_the_stamp() -> None:
    moment = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
    stamp = moment + timedelta(seconds=3)
    posted = {one.topic: json.loads(one.payload) for one in glasshouse_postings("p", moment, stamp)}
    assert set(posted) == {
        f"tepai/v1/p/{device}/telemetry"
        for device in ("climate-1", "co2-1", "par-1", "soil-1", "vents-1", "weather-1")
    }
    vents = posted["tepai/v1/p/vents-1/telemetry"]
    assert vents["time"] == "2026-11-23T12:00:03+08:00"
    assert {(one["sensor"], one["unit"]) for one in vents["readings"]} == {
        ("vent_windward", "%"),
        ("vent_leeward", "%"),
    }


def test_another_file_is_refused_with_the_missing_column(tmp_path) -> None:
    other = tmp_path / "other.csv.gz"
    other.write_bytes(gzip.compress(b",a,b\n2020-08-16 12:45:00,1,2\n"))
    with pytest.raises(MonthError, match=r"PMC \(21B\)"):
        glasshouse_month(other)
