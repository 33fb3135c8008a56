"""What the gateway is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


class SettingsError(ValueError):
    """A setting that is missing or cannot be read; the text names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the gateway reads and writes, and how much it holds.

    Attributes
    ----------
    database : psycopg connection string of the role tepai_gateway
    client_id : names the durable session at the broker; one gateway, one id
    inbox_messages, inbox_bytes : bound of what waits in memory; beyond it reading stops
    batch_messages : most messages written in one transaction
    linger_s : wait after the first message of a batch, so that few commits carry much. [s]
    """

    database: str
    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    client_id: str = "tepai-gateway"
    inbox_messages: int = 50_000
    inbox_bytes: int = 256 * MEBIBYTE
    batch_messages: int = 2_000
    linger_s: float = 0.005


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in the environment.

    Read are TEPAI_GATEWAY_DATABASE, TEPAI_GATEWAY_CLIENT_ID, TEPAI_MQTT_HOST, TEPAI_MQTT_PORT.

    Raises
    ------
    SettingsError
        If the database is not named or the port is no number.
    """
    database = environment.get("TEPAI_GATEWAY_DATABASE", "")
    if not database:
        raise SettingsError("TEPAI_GATEWAY_DATABASE is not set: want a connection string")
    port = environment.get("TEPAI_MQTT_PORT", "1883")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingsError(f"TEPAI_MQTT_PORT is {port!r}: want a port, 1 to 65535")
    return Settings(
        database=database,
        mqtt_host=environment.get("TEPAI_MQTT_HOST", "127.0.0.1"),
        mqtt_port=int(port),
        client_id=environment.get("TEPAI_GATEWAY_CLIENT_ID", "tepai-gateway"),
    )
