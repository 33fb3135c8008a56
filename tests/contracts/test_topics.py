import pytest

from contracts.topics import (
    ForeignTopic,
    TelemetryTopic,
    TopicError,
    parse_foreign,
    parse_telemetry,
)


def test_a_topic_survives_being_built_and_parsed() -> None:
    topic = TelemetryTopic("glasshouse", "climate-1")
    assert str(topic) == "tepai/v1/glasshouse/climate-1/telemetry"
    assert parse_telemetry(str(topic)) == topic


@pytest.mark.parametrize(
    "topic",
    [
        "tepai/v1/glasshouse/telemetry",
        "tepai/v2/glasshouse/climate-1/telemetry",
        "tepai/v1/glasshouse/climate-1/telemetry/extra",
        "tepai/v1/温室/climate-1/telemetry",
        "tepai/v1//climate-1/telemetry",
        "tepai/v1/a+b/climate-1/telemetry",
        "",
    ],
)
def test_another_topic_is_refused(topic: str) -> None:
    with pytest.raises(TopicError):
        parse_telemetry(topic)


@pytest.mark.parametrize(
    ("topic", "codec", "ids", "carries"),
    [
        ("application/a/device/0102AB/event/up", "chirpstack", ("0102ab",), True),
        ("application/a/device/0102ab/event/join", "chirpstack", ("0102ab",), False),
        ("v3/app@t/devices/dev1/up", "things_stack", ("app@t/dev1", "dev1"), True),
        ("v3/app@t/devices/dev1/down/ack", "things_stack", ("app@t/dev1", "dev1"), False),
        ("tele/shed_1/SENSOR", "tasmota", ("shed_1",), True),
        ("tele/shed_1/LWT", "tasmota", ("shed_1",), False),
    ],
)
def test_a_foreign_topic_names_network_device_and_event(
    topic: str, codec: str, ids: tuple[str, ...], carries: bool
) -> None:
    assert parse_foreign(topic) == ForeignTopic(codec, ids, carries)


@pytest.mark.parametrize(
    "topic",
    [
        "tepai/v1/glasshouse/climate-1/telemetry",
        "application/a/device//event/up",
        "application/a/device/x/command/down",
        "v3/app@t/devices/dev1",
        "v3/app@t/devices//up",
        "tele/SENSOR",
        "",
    ],
)
def test_a_topic_of_no_network_is_none(topic: str) -> None:
    assert parse_foreign(topic) is None
