"""What the gateway is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
    spool : folder for what arrives while the database is away; None: the broker holds it
    spool_bytes : bound of the spool; beyond it the broker holds the rest
    status : file that tells how the gateway is; None: none is written
    metrics_port : port on the loopback address for Prometheus; None: none is opened
    shared : share the messages with other gateways, each of a client id of its own
    """

    database: str
    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    client_id: str = "tepai-gateway"
    inbox_messages: int = 50_000
    inbox_bytes: int = 256 * MEBIBYTE
    batch_messages: int = 2_000
    linger_s: float = 0.005
    spool: Path | None = None
    spool_bytes: int = 512 * MEBIBYTE
    status: Path | None = None
    metrics_port: int | None = None
    shared: bool = False


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in the environment.

    Read are TEPAI_GATEWAY_DATABASE, TEPAI_GATEWAY_CLIENT_ID, TEPAI_MQTT_HOST, TEPAI_MQTT_PORT,
    TEPAI_GATEWAY_SPOOL, TEPAI_GATEWAY_SPOOL_MAX_MB, TEPAI_GATEWAY_STATUS,
    TEPAI_GATEWAY_METRICS_PORT and TEPAI_GATEWAY_SHARED.

    Raises
    ------
    SettingsError
        If the database is not named or a setting cannot be read.
    """
    database = environment.get("TEPAI_GATEWAY_DATABASE", "")
    if not database:
        raise SettingsError("TEPAI_GATEWAY_DATABASE is not set: want a connection string")
    spool = environment.get("TEPAI_GATEWAY_SPOOL", "")
    metrics = environment.get("TEPAI_GATEWAY_METRICS_PORT", "")
    shared = environment.get("TEPAI_GATEWAY_SHARED", "0")
    if shared not in ("0", "1", ""):
        raise SettingsError(f"TEPAI_GATEWAY_SHARED is {shared!r}: want 1 or 0")
    client_id = environment.get("TEPAI_GATEWAY_CLIENT_ID", "")
    if shared == "1" and not client_id:
        raise SettingsError(
            "TEPAI_GATEWAY_CLIENT_ID is not set: with TEPAI_GATEWAY_SHARED=1 every gateway wants"
            " an id of its own, the same after every start"
        )
    return Settings(
        database=database,
        mqtt_host=environment.get("TEPAI_MQTT_HOST", "127.0.0.1"),
        mqtt_port=_port("TEPAI_MQTT_PORT", environment.get("TEPAI_MQTT_PORT", "1883")),
        client_id=client_id or "tepai-gateway",
        spool=Path(spool) if spool else None,
        spool_bytes=_mebibytes(environment.get("TEPAI_GATEWAY_SPOOL_MAX_MB", "512")),
        status=status_file(environment),
        metrics_port=_port("TEPAI_GATEWAY_METRICS_PORT", metrics) if metrics else None,
        shared=shared == "1",
    )


def status_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """TEPAI_GATEWAY_STATUS, else `status.json` in the spool's folder, else None."""
    named = environment.get("TEPAI_GATEWAY_STATUS", "")
    spool = environment.get("TEPAI_GATEWAY_SPOOL", "")
    if named:
        return Path(named)
    return Path(spool) / "status.json" if spool else None


def _port(name: str, given: str) -> int:
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise SettingsError(f"{name} is {given!r}: want a port, 1 to 65535")
    return int(given)


def _mebibytes(given: str) -> int:
    if not given.isdecimal() or not int(given):
        raise SettingsError(
            f"TEPAI_GATEWAY_SPOOL_MAX_MB is {given!r}: want a whole number of megabytes, from 1"
        )
    return int(given) * MEBIBYTE
