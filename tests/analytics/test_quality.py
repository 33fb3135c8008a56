"""Flags on series made by hand, and on the measured glasshouse month."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from analytics.quality import FAIL, GOOD, SUSPECT, TESTS, quality_flags
from contracts.quality_limits import QUALITY_LIMITS
from contracts.quantities import QUANTITIES
from sensors_sim.month import COLUMNS, QUANTITIES_OF, STEP, glasshouse_month

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)


def at(*minutes: float, start: datetime = SUMMER) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([pd.Timestamp(start) + pd.Timedelta(minutes=one) for one in minutes])


def flags(quantity: str, times: pd.DatetimeIndex, *values: float) -> list[int]:
    told = quality_flags(times, np.array(values, dtype=float), QUALITY_LIMITS[quantity])
    return [int(level) for level in told.worst]


def test_every_quantity_has_limits_within_what_is_possible() -> None:
    assert QUALITY_LIMITS.keys() == QUANTITIES.keys()
    for key, limits in QUALITY_LIMITS.items():
        low, high = QUANTITIES[key].valid
        for span in (limits.span, *limits.by_month.values()):
            assert low <= span[0] < span[1] <= high or (key == "air_pressure" and low <= span[0])
        if limits.fail_span:
            assert limits.fail_span[0] <= limits.span[0]
            assert limits.fail_span[1] >= limits.span[1]
        assert limits.source


def test_range_is_of_the_season() -> None:
    winter = datetime(2026, 1, 15, tzinfo=UTC)
    assert flags("air_temperature", at(0), 2.0) == [SUSPECT]
    assert flags("air_temperature", at(0, start=winter), 2.0) == [GOOD]
    assert flags("co2_concentration", at(0, 5, 10), 290, 420, 100) == [SUSPECT, GOOD, FAIL]


def test_season_begins_at_midnight_of_shanghai() -> None:
    eve = datetime(2026, 5, 31, 15, 59, tzinfo=UTC)  # 23:59 there
    assert flags("air_temperature", at(0, 1, start=eve), 4.0, 4.0) == [GOOD, SUSPECT]


def test_spike_is_flagged_and_its_neighbours_are_not() -> None:
    assert flags("air_temperature", at(0, 5, 10, 15, 20), 20, 20.1, 25, 20.2, 20) == [
        GOOD, GOOD, SUSPECT, GOOD, GOOD,
    ]  # fmt: skip
    assert flags("soil_temperature", at(0, 5, 10), 20, 30, 20) == [GOOD, FAIL, GOOD]


def test_step_and_first_and_last_are_no_spikes() -> None:
    assert flags("air_temperature", at(0, 5, 10, 15), 20, 20, 28, 28) == [GOOD] * 4
    assert flags("air_temperature", at(0, 5), 20, 28) == [GOOD] * 2


def test_readings_far_apart_are_no_neighbours() -> None:
    assert flags("air_temperature", at(0, 121, 242), 20, 45, 20) == [GOOD] * 3


def test_rate_grows_with_time_beyond_an_hour() -> None:
    assert flags("air_temperature", at(0, 5), 20, 31) == [GOOD, SUSPECT]
    assert flags("air_temperature", at(0, 110), 20, 31) == [GOOD, GOOD]


def test_false_zero_does_not_make_spikes_of_its_neighbours() -> None:
    told = flags("relative_humidity", at(0, 2, 5, 7, 10), 80, 0, 81, 0, 80)
    assert told == [GOOD, FAIL, GOOD, FAIL, GOOD]


def hours(n: int, every: int = 30) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.date_range(SUMMER, periods=n * 60 // every + 1, freq=f"{every}min"))


def test_flat_line_is_suspect_after_its_time_then_fails() -> None:
    times = hours(30)
    told = flags("air_temperature", times, *[25.0] * len(times))
    lasted = [(time - times[0]).total_seconds() / 3600 for time in times]
    # Two hours may lie between neighbours, so a line counts from its first reading's end of gap.
    first_suspect = lasted[told.index(SUSPECT)]
    assert 12 <= first_suspect <= 14
    assert 24 <= lasted[told.index(FAIL)] <= 26
    moving = [25.0 + 0.1 * (n % 2) for n in range(len(times))]
    assert set(flags("air_temperature", times, *moving)) == {GOOD}


def test_flat_line_with_a_gap_in_it_is_not_judged() -> None:
    times = hours(14).delete(slice(8, 14))  # 3 h are missing
    assert set(flags("air_temperature", times, *[25.0] * len(times))) == {GOOD}


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("rainfall", 0.0),  # weeks without rain
        ("par", 180.0),  # lamps
        ("vent_opening", 0.0),
        ("relative_humidity", 100.0),  # fog
        ("wind_speed", 0.0),  # calm
    ],
)
def test_what_may_rest_is_never_flat(quantity: str, value: float) -> None:
    times = hours(24 * 21)
    assert set(flags(quantity, times, *[value] * len(times))) == {GOOD}


def test_empty_series_has_no_flags() -> None:
    assert flags("air_temperature", at(0)[:0]) == []


def month_of(device: str, sensor: str) -> tuple[pd.DatetimeIndex, np.ndarray]:
    month = glasshouse_month()
    found = [
        (month.begins + n * STEP, step[device][sensor])
        for n, step in enumerate(month.steps)
        if sensor in step.get(device, {})
    ]
    return pd.DatetimeIndex([time for time, _ in found]), np.array([value for _, value in found])


def test_measured_month_flags_the_carbon_dioxide_that_cannot_be() -> None:
    times, values = month_of("co2-1", "co2_concentration")
    worst = quality_flags(times, values, QUALITY_LIMITS["co2_concentration"]).worst
    low = values < 300
    assert low.sum() == 91  # as counted in the file
    assert (worst[low] >= SUSPECT).all()
    assert (worst[values < 150] == FAIL).all()
    assert (worst[~low] > GOOD).mean() < 0.005


@pytest.mark.parametrize("key", [key for key in COLUMNS if key[0] != "co2-1"])
def test_measured_month_is_otherwise_nearly_free_of_flags(key: tuple[str, str]) -> None:
    """A sound month: what is flagged in it is a false alarm; less than one in 500 may be."""
    times, values = month_of(*key)
    limits = QUALITY_LIMITS[QUANTITIES_OF.get(key[1], key[1])]
    by_test = quality_flags(times, values, limits).by_test
    told = {name: int((row > GOOD).sum()) for name, row in zip(TESTS, by_test, strict=True)}
    assert sum(told.values()) <= len(values) / 500, told


def test_false_zeros_of_the_month_are_flagged() -> None:
    """The rows off the grid of 2020-08-16, put back where the file has them."""
    for sensor in ("air_temperature", "relative_humidity", "dew_point", "absolute_humidity"):
        times, values = month_of("climate-1", sensor)
        zeros = pd.DatetimeIndex([times[0] + pd.Timedelta(minutes=one) for one in (2, 7, 12)])
        series = pd.concat([pd.Series(values, index=times), pd.Series(0.0, index=zeros)])
        series = series.sort_index()
        worst = quality_flags(
            pd.DatetimeIndex(series.index), series.to_numpy(), QUALITY_LIMITS[sensor]
        ).worst
        assert (worst[series.index.isin(zeros)] >= SUSPECT).all(), sensor
        assert (worst[~series.index.isin(zeros)][:10] == GOOD).all(), sensor
