"""Late, corrected and flagged readings leave every rollup as pandas recomputes it from raw."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ops.embedded.database import DatabaseAddresses
from server.jobs.rollups import LONGEST_GAP_S, roll_up_due
from server.readings.correct import correct_reading

pytestmark = pytest.mark.database
START = datetime(2026, 5, 30, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai: the next day is near
LATE = timedelta(weeks=3)
EXACT = ["count", "min", "max", "first", "last", "first_at", "last_at"]
ROUNDED = ["sum", "mean", "covered_s", "time_weighted_mean"]

moments = st.integers(0, 8 * 3600).map(lambda s: START + timedelta(seconds=s)) | st.integers(
    0, 300
).map(lambda step: START + timedelta(minutes=5 * step))
values = st.floats(-50, 50).map(lambda value: round(value, 2))
arrived = st.tuples(st.just("arrive"), st.integers(1, 2), moments, values)
changes = st.one_of(
    arrived,
    arrived.map(lambda one: (*one[:2], one[2] - LATE, one[3])),
    st.tuples(st.just("correct"), st.integers(0, 50), st.none(), values | st.none()),
    st.tuples(st.just("flag"), st.integers(0, 50), st.none(), st.sampled_from([1, 3, 4, 9])),
)


def recomputed(raw: pd.DataFrame, buckets: pd.Series) -> pd.DataFrame:
    """Rollups by (sensor_id, bucket), from (sensor_id, time, value, quality)."""
    told: dict[tuple[int, Any], dict[str, Any]] = {}
    sound = raw.assign(bucket=buckets)[~raw["quality"].isin([4, 9])].sort_values("time")
    for (sensor, bucket), part in sound.groupby(["sensor_id", "bucket"]):
        seconds = part["time"].diff().dt.total_seconds()
        seconds = seconds.where(seconds <= LONGEST_GAP_S, 0.0).fillna(0.0)
        area = (seconds * part["value"].rolling(2).mean().fillna(0.0)).sum()
        told[int(sensor), bucket] = {
            "count": len(part),
            "min": part["value"].min(),
            "max": part["value"].max(),
            "first": part["value"].iloc[0],
            "last": part["value"].iloc[-1],
            "first_at": part["time"].iloc[0],
            "last_at": part["time"].iloc[-1],
            "sum": part["value"].sum(),
            "mean": part["value"].mean(),
            "covered_s": seconds.sum(),
            "time_weighted_mean": area / seconds.sum() if seconds.sum() else part["value"].mean(),
        }
    return pd.DataFrame.from_dict(told, orient="index")


def frame(db: psycopg.Connection, query: str) -> pd.DataFrame:
    cursor = db.execute(query)
    names = [column.name for column in cursor.description or []]
    return pd.DataFrame(cursor.fetchall(), columns=names)


def change(db: psycopg.Connection, one: Any) -> None:
    """One thing that happens to the table, with the mark that belongs to it."""
    kind, which, time, value = one
    if kind == "arrive":
        with db.transaction():
            db.execute(
                "insert into reading values (%s, %s, %s, 1) on conflict do nothing",
                (which, time, value),
            )
            _mark(db, which, time)
        return
    stored = db.execute("select sensor_id, time from reading order by time, sensor_id").fetchall()
    if not stored:
        return
    sensor, time = stored[which % len(stored)]
    with db.transaction():
        if kind == "correct":
            correct_reading(db, sensor, time, value)
        else:
            db.execute(
                "update reading set quality = %s where sensor_id = %s and time = %s",
                (value, sensor, time),
            )
            _mark(db, sensor, time)


def _mark(db: psycopg.Connection, sensor: int, time: datetime) -> None:
    db.execute(
        "insert into rollup_due values (%s, date_trunc('hour', %s::timestamptz, 'UTC'),"
        " clock_timestamp()) on conflict (sensor_id, hour)"
        " do update set marked_at = excluded.marked_at",
        (sensor, time),
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rounds=st.lists(st.lists(changes, max_size=12), min_size=1, max_size=5))
def test_rollups_equal_pandas_after_late_corrected_and_flagged_readings(
    database: DatabaseAddresses, rounds: list[list[Any]]
) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as admin:
        admin.execute("truncate reading, reading_hour, reading_day, rollup_due")
    with psycopg.connect(database.jobs, autocommit=True) as db:
        for some in rounds:
            for one in some:
                change(db, one)
            roll_up_due(db, most=4)
        assert db.execute("select count(*) from rollup_due").fetchone() == (0,)
        raw = frame(db, "select * from reading")
        hours, days = (
            frame(db, "select * from reading_hour"),
            frame(db, "select * from reading_day"),
        )
    if raw.empty:
        assert hours.empty
        assert days.empty
        return
    raw["time"] = pd.to_datetime(raw["time"], utc=True)
    local = raw["time"].dt.tz_convert("Asia/Shanghai").dt.date
    for stored, key, buckets in ((hours, "hour", raw["time"].dt.floor("h")), (days, "day", local)):
        wanted = recomputed(raw, buckets)
        told = stored.set_index(["sensor_id", key]).to_dict(orient="index")
        assert told.keys() == set(wanted.index)
        for place, numbers in wanted.to_dict(orient="index").items():
            for name in EXACT:
                assert told[place][name] == numbers[name], (place, name)
            for name in ROUNDED:
                close = pytest.approx(numbers[name], rel=1e-9, abs=1e-9)
                assert told[place][name] == close, (place, name)


def test_time_weighted_mean_gives_a_burst_no_more_weight_than_its_time(
    database: DatabaseAddresses,
) -> None:
    """Ten minutes at 20, then a burst of a second at 30: the mean hardly moves."""
    with psycopg.connect(database.jobs, autocommit=True) as db:
        for seconds, value in ((0, 20.0), (600, 20.0), (600.5, 30.0), (601, 20.0)):
            change(db, ("arrive", 1, START + timedelta(seconds=seconds), value))
        roll_up_due(db)
        row = db.execute("select mean, time_weighted_mean, covered_s from reading_hour").fetchone()
    assert row == (22.5, pytest.approx(20 + 5 / 601), 601.0)
