"""Integers scaled by the device, as `{"Wa": 337}` for 33.7 %: factor and unit by the profile."""

from collections.abc import Iterator
from typing import Any

from gateway.codecs.item import Item, leaves, object_in

_TIME = "time"


def items(content: Any, arrived_us: int) -> Iterator[Item]:
    """Every value, at the message's `time` where it gives one."""
    del arrived_us
    message = object_in(content, '{"temperature": 214}')
    for name, value in leaves({name: part for name, part in message.items() if name != _TIME}):
        yield Item(name, value, None, message.get(_TIME), name)
