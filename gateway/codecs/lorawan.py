"""What LoRaWAN network servers hand on as decoded by the device's own decoder."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.readings import RejectReason
from gateway.checks import RefusalError
from gateway.codecs.item import Item, leaves

# A frame of the past, sent again after a gap: late data with times of its own.
_HISTORY = "history"
_TIMES = ("timestamp", "time")


def decoded_items(decoded: Any, where: str, time: Any) -> Iterator[Item]:
    """Every value of the decoded object; those under `history` with their own times.

    A member of `history` is read under the same names as the object itself, so that a late
    temperature lands with the same sensor.
    """
    if not isinstance(decoded, dict) or not decoded:
        raise RefusalError(RejectReason.MALFORMED, "no_decoded_values", {"wanted": where})
    history = decoded.get(_HISTORY)
    frames = history if isinstance(history, list) else []
    now = {name: part for name, part in decoded.items() if name != _HISTORY or not frames}
    for name, value in leaves(now):
        yield Item(name, value, None, time, f"{where}.{name}")
    for number, frame in enumerate(frames):
        if isinstance(frame, dict):
            yield from _late(frame, f"{where}.{_HISTORY}[{number}]")


def _late(frame: Mapping[str, Any], place: str) -> Iterator[Item]:
    time = next((frame[name] for name in _TIMES if frame.get(name) is not None), None)
    for name, value in leaves({n: part for n, part in frame.items() if n not in _TIMES}):
        yield Item(name, value, None, time, f"{place}.{name}", must_have_time=True)
