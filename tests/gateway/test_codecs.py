"""Codec cases as folders: topic, payload, profile, expected readings and rejections."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.rejections import REJECTION_TEXTS, rejection_sentence
from contracts.texts import translator
from gateway.codecs import senml
from gateway.codecs.mapping import CODECS
from gateway.decode import Decoded, decode
from gateway.inbox import Message
from gateway.profile import profile_from
from gateway.registry import KnownDevice, Registry, known_sensor
from gateway.rejection import rejected_rows

FOLDER = Path(__file__).with_name("codec_cases")
CASES = sorted(path.parent for path in FOLDER.glob("*/*/expected.json"))
RESOLVED = sorted(path.parent for path in FOLDER.glob("*/*/resolved.json"))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATION = UUID(int=7)


def microseconds(moment: str) -> int:
    return (datetime.fromisoformat(moment) - EPOCH) // timedelta(microseconds=1)


@dataclass
class Case:
    message: Message
    registry: Registry
    codes: list[str]
    expected: dict[str, Any]

    def decoded(self) -> Decoded:
        return decode(self.message, self.registry)


def read_case(folder: Path) -> Case:
    given = json.loads((folder / "profile.json").read_text())
    profile = profile_from("probe", given["codec"], given["zone"], given["fields"])
    sensors = {}
    for number, (code, quantity) in enumerate(given["sensors"].items()):
        sensor = known_sensor(number, code, quantity)
        assert sensor is not None
        sensors[code] = sensor
    device = KnownDevice(STATION, sensors, profile, given["external_id"])
    registry = Registry({"park": STATION}, {("park", "probe"): device})
    payload = (folder / "payload").read_bytes()
    topic = (folder / "topic").read_text()
    message = Message(topic, payload, len(payload), microseconds(given["arrived_at"]))
    expected = json.loads((folder / "expected.json").read_text())
    return Case(message, registry, list(sensors), expected)


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_codec_case(folder: Path) -> None:
    case = read_case(folder)
    decoded = case.decoded()
    landed = [
        [case.codes[sensor_id], (EPOCH + timedelta(microseconds=us)).isoformat(), value]
        for sensor_id, us, value in zip(
            decoded.sensor_ids, decoded.times_us, decoded.values, strict=True
        )
    ]
    assert landed == [
        [code, time, pytest.approx(value, rel=1e-12)]
        for code, time, value in case.expected["readings"]
    ]
    refused = [
        [str(one.reason), one.detail_code, one.sensor_code, one.place] for one in decoded.rejections
    ]
    assert refused == case.expected["rejections"]


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_each_rejection_is_told_in_both_languages_and_kept_with_its_station(folder: Path) -> None:
    case = read_case(folder)
    decoded = case.decoded()
    for one in decoded.rejections:
        for language in ("zh", "en"):
            sentence = rejection_sentence(one.detail(), translator(language))
            assert one.detail_code in REJECTION_TEXTS
            assert one.detail_code not in sentence
            assert "%(" not in sentence
    rows = list(rejected_rows(case.message, decoded.rejections, case.registry))
    assert len({row["redelivery_key"] for row in rows}) == len(rows)
    unknown = {"unknown_external_device"}
    for one, row in zip(decoded.rejections, rows, strict=True):
        assert row["station_id"] == (None if one.detail_code in unknown else STATION)


@pytest.mark.parametrize("folder", RESOLVED, ids=lambda path: path.name)
def test_senml_packs_resolve_as_the_rfc_says(folder: Path) -> None:
    case = read_case(folder)
    now_s = case.message.arrived_us / 1e6
    records = senml.resolve(json.loads(case.message.payload), case.message.arrived_us)
    resolved = [
        {"n": r.name, "u": r.unit, "t": now_s if r.time is None else r.time, "v": r.value}
        for r in records
    ]
    expected = json.loads((folder / "resolved.json").read_text())
    assert resolved == [{**one, "t": pytest.approx(one["t"], abs=1e-6)} for one in expected]


def test_every_codec_has_cases() -> None:
    assert {folder.parent.name for folder in CASES} == set(CODECS)
    assert len(RESOLVED) == 3


def test_a_number_scaled_by_tenths_is_the_nearest_number() -> None:
    field = profile_from("p", "tasmota", "UTC", {"x": {"sensor": "s", "factor": 0.1}}).fields["x"]
    assert [field.scaled(n) for n in (3, 6, 7, 337)] == [0.3, 0.6, 0.7, 33.7]
