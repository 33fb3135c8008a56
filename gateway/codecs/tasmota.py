"""Tasmota, `tele/<topic>/SENSOR`: one object per sensor, units once for all, local time."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateway.codecs.item import Item, leaves, object_in

_TEMPERATURE = re.compile(r"(Temperature|DewPoint|HeatIndex|FeelsLike)\d*")
_PRESSURE = re.compile(r"(Sea)?Pressure\d*")
_UNITS: Mapping[str, str] = {"C": "Cel", "F": "[degF]", "mmHg": "mm[Hg]", "inHg": "[in_i'Hg]"}
_HEAD = frozenset({"Time", "TempUnit", "PressureUnit"})


def items(content: Any, arrived_us: int) -> Iterator[Item]:
    """Every value, as `AM2301.Temperature`; `Time` is local and read in the profile's zone."""
    del arrived_us
    message = object_in(content, '{"AM2301": {"Temperature": 21.4}, "TempUnit": "C"}')
    time = message.get("Time")
    parts = {name: part for name, part in message.items() if name not in _HEAD}
    for name, value in leaves(parts):
        yield Item(name, value, _unit(name.rpartition(".")[2], message), time, name)


def _unit(name: str, message: Mapping[str, Any]) -> str | None:
    if _TEMPERATURE.fullmatch(name):
        given = message.get("TempUnit")
    elif _PRESSURE.fullmatch(name):
        given = message.get("PressureUnit")
    else:
        return None
    return None if given is None else _UNITS.get(str(given), str(given))
