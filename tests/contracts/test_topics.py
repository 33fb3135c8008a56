import pytest

from contracts.topics import TelemetryTopic, TopicError, parse_telemetry


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
