"""What the simulator posts for the demo's stations is what the gateway takes, faults apart."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from contracts.readings import RejectReason
from gateway.decode import decode
from gateway.inbox import Message
from gateway.registry import KnownDevice, Registry, known_sensor
from ops.demo_data.stations import STATIONS, DemoDevice
from sensors_sim.__main__ import postings
from sensors_sim.faults import one_of_each
from sensors_sim.schedule import Tick, past_ticks
from sensors_sim.settings import settings_from

NOW = datetime(2026, 11, 23, 8, 2, tzinfo=UTC)
NOW_US = int(NOW.timestamp()) * 1_000_000
SETTINGS = settings_from(["--stations", ",".join(station.code for station in STATIONS)], {})


def demo_registry() -> Registry:
    ids = {station.code: uuid4() for station in STATIONS}
    numbers = count(1)

    def known(station: str, device: DemoDevice) -> KnownDevice:
        sensors = (known_sensor(next(numbers), one.code, one.quantity) for one in device.sensors)
        return KnownDevice(ids[station], {sensor.code: sensor for sensor in sensors if sensor})

    return Registry(
        ids,
        {
            (station.code, device.code): known(station.code, device)
            for station in STATIONS
            for device in station.devices
        },
    )


def test_every_reading_of_a_day_is_taken_and_every_sensor_of_the_demo_speaks() -> None:
    registry = demo_registry()
    seen: set[int] = set()
    for tick in past_ticks(NOW, timedelta(days=1)):
        for posting in postings(SETTINGS, tick):
            payload = posting.payload
            decoded = decode(Message(posting.topic, payload, len(payload), NOW_US), registry)
            assert not decoded.rejections
            seen.update(decoded.sensor_ids)
    assert len(seen) == sum(len(device.sensors) for one in STATIONS for device in one.devices)


def test_each_fault_is_refused_for_its_own_reason() -> None:
    registry = demo_registry()
    posting = next(postings(SETTINGS, Tick(NOW, NOW, NOW)))
    reasons = [
        decode(Message(posting.topic, payload, len(payload), NOW_US), registry).rejections[0].reason
        for payload in one_of_each(posting)
    ]
    assert set(reasons) == {
        RejectReason.MALFORMED,
        RejectReason.WRONG_UNIT,
        RejectReason.OUT_OF_RANGE,
        RejectReason.NOT_A_NUMBER,
        RejectReason.UNKNOWN_SENSOR,
        RejectReason.BAD_TIME,
    }
