"""A reading, from an MQTT publish to the dashboard in the browser."""

import json
from pathlib import Path
from uuid import UUID

import paho.mqtt.client as paho
import psycopg
import pytest
from playwright.sync_api import Browser, expect

from contracts.ids import new_id
from contracts.topics import TelemetryTopic
from ops.embedded.broker import Mosquitto
from ops.embedded.database import DatabaseAddresses
from tests.journeys.people import signed_in
from tests.journeys.programs import Programs
from tests.server.people import World

# `database`: the way of a reading is walked on every storage tier.
pytestmark = [
    pytest.mark.journey,
    pytest.mark.broker,
    pytest.mark.browser,
    pytest.mark.database,
]


def test_a_published_reading_appears_on_the_open_dashboard(
    database: DatabaseAddresses,
    world: World,
    programs: Programs,
    broker: Mosquitto,
    browser: Browser,
    screenshots: Path,
) -> None:
    register_thermometer(database.superuser, world.park)
    mqtt = {"TEPAI_MQTT_HOST": broker.host, "TEPAI_MQTT_PORT": str(broker.port)}
    programs.start("gateway", {"TEPAI_GATEWAY_DATABASE": database.gateway, **mqtt})
    server = programs.start_server(database.web)
    page = signed_in(browser, server, "park")
    page.goto(f"{server}/stations/park-1")
    expect(page.get_by_text("实时").first).to_be_visible()

    publish(broker, {"sensor": "air_temperature", "value": 72.5, "unit": "[degF]"})
    expect(page.get_by_text("22.5").first).to_be_visible()
    page.screenshot(path=screenshots / "journey-dashboard.png", full_page=True)

    publish(broker, {"sensor": "air_temperature", "value": 1200})
    page.goto(f"{server}/stations/park-1/rejected")
    expect(page.get_by_text("-60 至 80 °C").first).to_be_visible()
    page.screenshot(path=screenshots / "journey-rejected.png", full_page=True)
    page.context.close()


def register_thermometer(superuser: str, station: UUID) -> None:
    with psycopg.connect(superuser) as db:
        device = new_id()
        db.execute(
            "insert into device (id, station_id, code, name_zh, name_en)"
            " values (%s, %s, 'climate-1', '一号气候站', 'Climate 1')",
            (device, station),
        )
        db.execute(
            "insert into sensor (device_id, code, quantity, position_m)"
            " values (%s, 'air_temperature', 'air_temperature', 2)",
            (device,),
        )


def publish(broker: Mosquitto, reading: dict[str, object]) -> None:
    """Publish as a device does, and return when the broker has it."""
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.connect(broker.host, broker.port)
    client.loop_start()
    topic = str(TelemetryTopic("park-1", "climate-1"))
    client.publish(topic, json.dumps(reading), qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()
