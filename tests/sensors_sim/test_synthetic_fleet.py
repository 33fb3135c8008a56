"""The invented stations: repeatable, with days and nights, and never outside what can be."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from contracts.quantities import QUANTITIES
from sensors_sim import signals
from sensors_sim.faults import FAULTS, faulty_payloads, one_of_each
from sensors_sim.fleet import fleet_postings
from sensors_sim.schedule import live_ticks, past_ticks
from sensors_sim.settings import settings_from

NOON = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_same_seed_station_and_moment_give_the_same_and_others_do_not() -> None:
    def posted(seed: int, station: str) -> list[bytes]:
        return [one.payload for one in fleet_postings(seed, station, NOON, NOON)]

    assert posted(1, "base-1") == posted(1, "base-1")
    assert posted(1, "base-1") != posted(2, "base-1")
    assert posted(1, "base-1") != posted(1, "base-2")


def test_a_year_stays_within_the_limits_of_each_quantity() -> None:
    for hours in range(0, 366 * 24, 7):
        moment = NOON + timedelta(hours=hours)
        for posting in fleet_postings(1, "base-1", moment, moment):
            for sensor, value in posting.values.items():
                low, high = QUANTITIES[posting.quantities[sensor]].valid
                assert low <= value <= high


def test_afternoons_are_warmer_drier_and_brighter_than_nights() -> None:
    days = [NOON + timedelta(days=day) for day in range(0, 360, 6)]
    nights = [day - timedelta(hours=8) for day in days]

    def mean(signal, moments) -> float:
        return sum(signal(1, "base-1", moment) for moment in moments) / len(moments)

    assert mean(signals.air_temperature, days) > mean(signals.air_temperature, nights) + 4
    assert mean(signals.relative_humidity, days) < mean(signals.relative_humidity, nights) - 10
    assert mean(signals.global_radiation, days) > 200
    assert mean(signals.global_radiation, nights) == 0


def test_soil_answers_rain_and_does_not_jump() -> None:
    hours = [NOON + timedelta(hours=hour) for hour in range(24 * 60)]
    moisture = [signals.soil_moisture(1, "base-1", hour, 0.1) for hour in hours]
    assert max(moisture) - min(moisture) > 2
    assert max(abs(b - a) for a, b in pairwise(moisture)) < 2
    rain = sum(signals.rainfall(1, "base-1", NOON + timedelta(minutes=5 * i)) for i in range(17280))
    assert 20 < rain < 800  # two summer months, mm


def test_every_kind_of_fault_occurs_and_is_rare() -> None:
    posting = next(fleet_postings(1, "base-1", NOON, NOON))
    assert len({*one_of_each(posting)}) == len(FAULTS)
    found = 0
    for step in range(5000):
        moment = NOON + timedelta(minutes=5 * step)
        found += sum(1 for _ in faulty_payloads(1, next(fleet_postings(1, "a", moment, moment))))
    assert 5 <= found <= 50


def test_past_ends_now_and_lies_on_the_grid() -> None:
    now = datetime(2026, 11, 23, 8, 2, 30, tzinfo=UTC)
    ticks = list(past_ticks(now, timedelta(hours=48)))
    assert len(ticks) == 576
    assert ticks[-1].stamp == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert all(tick.stamp == tick.moment for tick in ticks)


@pytest.mark.parametrize("interval", [None, timedelta(seconds=10)])
def test_live_goes_on_where_the_past_ended_and_never_into_the_future(interval) -> None:
    now = datetime(2026, 11, 23, 8, 2, 30, tzinfo=UTC)
    ticks = live_ticks(now, interval)
    for step in range(1, 100):
        tick = next(ticks)
        assert tick.moment == datetime(2026, 11, 23, 8, 0, tzinfo=UTC) + step * timedelta(minutes=5)
        assert tick.stamp <= tick.due
        assert tick.due > now
        if interval is not None:
            assert tick.due == now + step * interval


def test_settings_come_from_command_line_and_environment(capsys) -> None:
    given = settings_from(
        ["--stations", "glasshouse,base-1", "--backfill", "48h", "--speed", "60", "--faults"],
        {"TEPAI_MQTT_PORT": "18830"},
    )
    assert given.stations == ("glasshouse", "base-1")
    assert given.backfill == timedelta(hours=48)
    assert given.interval == timedelta(seconds=5)
    assert given.port == 18830
    assert settings_from([], {"TEPAI_SIM_STATIONS": "a, b"}).stations == ("a", "b")
    for wrong in (["--stations", "A B"], ["--backfill", "2w"], ["--interval", "0"]):
        with pytest.raises(SystemExit):
            settings_from(wrong, {})
    assert "want a number and m, h or d" in capsys.readouterr().err


def test_payload_is_what_the_contract_says() -> None:
    weather, soil = fleet_postings(1, "base-1", NOON, NOON)
    content = json.loads(weather.payload)
    assert content["time"] == NOON.isoformat()
    assert {one["sensor"] for one in content["readings"]} == {
        "air_temperature", "relative_humidity", "rainfall", "wind_speed", "global_radiation",
    }  # fmt: skip
    assert set(soil.values) == {
        "soil_moisture_10cm", "soil_moisture_30cm",
        "soil_temperature_10cm", "soil_temperature_30cm",
    }  # fmt: skip
