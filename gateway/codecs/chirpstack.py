"""ChirpStack v4, event `up` (JSON): decoded values in `object`, time to the nanosecond."""

from collections.abc import Iterator
from typing import Any

from gateway.codecs.item import Item, object_in
from gateway.codecs.lorawan import decoded_items


def items(content: Any, arrived_us: int) -> Iterator[Item]:
    """The decoded values of an uplink, at the time of its reception.

    Protobuf leaves out what has its default value, so only `object` is needed; it is missing when
    no decoder is set for the device in ChirpStack.
    """
    del arrived_us
    event = object_in(content, '{"object": {"temperature": 21.4}}')
    yield from decoded_items(event.get("object"), "object", event.get("time"))
