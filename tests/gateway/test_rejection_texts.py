"""Everything the gateway refuses is told in Chinese and in English, with what was given."""

import ast
import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import contracts.topics
import gateway
from contracts.readings import RejectReason
from contracts.rejections import REJECTION_TEXTS, rejection_sentence
from contracts.texts import translator
from contracts.topics import TopicError, parse_telemetry
from gateway.decode import Decoded, decode
from gateway.inbox import Message
from gateway.registry import KnownDevice, Registry, known_sensor
from gateway.rejection import Rejection

CASES = sorted(Path(__file__).with_name("decode_cases").glob("*/expected.json"))
DETAILS = {
    f"{case.parent.name}-{number}": rejection["detail"]
    for case in CASES
    for number, rejection in enumerate(json.loads(case.read_text())["rejections"])
}
SOURCES = [*Path(gateway.__file__).parent.rglob("*.py"), Path(contracts.topics.__file__)]
# Where a detail code stands among the arguments of a call.
PLACE_OF_CODE = {
    "Rejection": 1, "RefusalError": 1, "BadTimeError": 0, "TopicError": 0, "_malformed": 0,
    "_quarantined": 0,
}  # fmt: skip
ZH, EN = translator("zh"), translator("en")
SENSOR = known_sensor(1, "soil_conductivity", "soil_conductivity")
TOPIC = "tepai/v1/glasshouse/climate-1/telemetry"


def decoded(payload: bytes) -> Decoded:
    assert SENSOR is not None
    device = KnownDevice(UUID(int=1), {SENSOR.code: SENSOR})
    registry = Registry({}, {("glasshouse", "climate-1"): device}, {}, {})
    return decode(Message(TOPIC, payload, len(payload), 1_795_420_800_000_000), registry)


def refused(payload: bytes) -> Rejection:
    (rejection,) = decoded(payload).rejections
    return rejection


def nodes() -> list[ast.AST]:
    return [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text()))]


def test_every_code_in_the_gateway_has_a_text() -> None:
    used = {
        node.args[place].value
        for node in nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (place := PLACE_OF_CODE.get(node.func.id, 99)) < len(node.args)
        and isinstance(node.args[place], ast.Constant)
    }
    assert len(used) > 15
    assert used <= set(REJECTION_TEXTS)


def test_every_text_is_used() -> None:
    constants = {node.value for node in nodes() if isinstance(node, ast.Constant)}
    assert not set(REJECTION_TEXTS) - constants


@pytest.mark.parametrize("detail", DETAILS.values(), ids=DETAILS)
def test_each_decode_case_is_told_in_both_languages(detail: dict[str, Any]) -> None:
    chinese, english = rejection_sentence(detail, ZH), rejection_sentence(detail, EN)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert not re.search(r"[\u3400-\u9fff]", english)
    for sentence in (chinese, english):
        assert sentence.startswith(detail["place"])
        for name, value in detail["parameters"].items():
            if name in ("given", "known", "accepted"):
                for one in value if isinstance(value, list) else [value]:
                    assert str(one).removesuffix(".0") in sentence


@pytest.mark.parametrize(
    ("payload", "code", "says"),
    [
        (b"", "payload_empty", "empty"),
        (b" \n ", "payload_empty", "empty"),
        (b"hello", "json_value_expected", "line 1, column 1 wants a value, but has “hello”"),
        (b"{'sensor': 1}", "json_name_expected", "“'sensor': 1}”"),
        (b'{"sensor": "a"\n "value": 1}', "json_comma_expected", "line 2, column 2"),
        (b'{"sensor" "a"}', "json_colon_expected", "wants a colon, but has “\"a\"}”"),
        (b'{"sensor": "a}', "json_text_unclosed", "“\"a}”, has no closing double quote"),
        (b'{"sensor": "a\tb"}', "json_control_character", "“\\t”"),
        (b'{"sensor": "\\q"}', "json_escape_invalid", "“\\q\"}”"),
        (b'{"sensor": "a", "val', "json_text_unclosed", "“\"val”"),
        (b'{"sensor": "a", "value": 1', "json_cut_off", "line 1, column 27"),
        (b'{"sensor": "a"} {}', "json_followed_by_more", "“{}”"),
        (b'{"value": 1' + b"0" * 5000 + b"}", "number_too_long", "4300"),
        (b'{"value": 1}', "sensor_missing", "sensor is missing"),
        (b"\xff", "not_utf8", "From byte 1 on this is not UTF-8: ff"),
    ],
)  # fmt: skip
def test_text_that_is_no_json_is_told_with_place_and_excerpt(
    payload: bytes, code: str, says: str
) -> None:
    rejection = refused(payload)
    assert rejection.detail_code == code
    assert says in rejection_sentence(rejection.detail(), EN)
    assert rejection_sentence(rejection.detail(), ZH) != rejection_sentence(rejection.detail(), EN)


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("tepai/v2/a/b/telemetry", "topic_malformed"),
        ("tepai/v1/-/b/telemetry", "station_code_malformed"),
        ("tepai/v1/a/B/telemetry", "device_code_malformed"),
    ],
)
def test_each_malformed_topic_has_its_code(topic: str, code: str) -> None:
    with pytest.raises(TopicError) as raised:
        parse_telemetry(topic)
    assert raised.value.code == code
    assert code in REJECTION_TEXTS


def test_a_detail_is_json_whatever_the_number() -> None:
    rejection = refused(b'{"sensor": "soil_conductivity", "value": 1e308, "unit": "S/m"}')
    assert rejection.detail_code == "converted_outside_range"
    json.dumps(rejection.detail(), allow_nan=False)
    assert "1e+308 S/m is inf μS/cm" in rejection_sentence(rejection.detail(), EN)


def test_a_long_list_of_what_is_known_is_cut_short() -> None:
    known = [f"sensor-{number}" for number in range(300)]
    rejection = Rejection(RejectReason.UNKNOWN_SENSOR, "unknown_sensor", {"known": known})
    assert rejection.detail()["parameters"]["known"] == [*known[:20], "…"]
