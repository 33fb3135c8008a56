"""The Things Stack v3, event `up`: decoded values in `uplink_message.decoded_payload`."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.codecs.item import Item, object_in
from gateway.codecs.lorawan import decoded_items

_EXAMPLE = '{"uplink_message": {"decoded_payload": {"temperature": 21.4}}}'


def items(content: Any, arrived_us: int) -> Iterator[Item]:
    """The decoded values of an uplink, at the time of its reception."""
    del arrived_us
    event = object_in(content, _EXAMPLE)
    uplink = object_in(event.get("uplink_message"), _EXAMPLE)
    decoded = uplink.get("decoded_payload")
    yield from decoded_items(decoded, "uplink_message.decoded_payload", _time(event, uplink))


def _time(event: Mapping[str, Any], uplink: Mapping[str, Any]) -> Any:
    """When the network received it: told by its servers, else by the first radio gateway."""
    for place in (uplink, event):
        if place.get("received_at") is not None:
            return place["received_at"]
    metadata = uplink.get("rx_metadata")
    for gateway in metadata if isinstance(metadata, list) else []:
        if isinstance(gateway, dict) and gateway.get("time") is not None:
            return gateway["time"]
    return None
