"""What a codec makes of a message: values with the names that the device gave them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.readings import RejectReason
from gateway.as_given import as_given
from gateway.checks import RefusalError

# Decoded objects nest two or three deep; what lies deeper is no reading.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Item:
    """One value, unchecked.

    Attributes
    ----------
    field : its name, as a device profile lists it
    value : as given, before factor and offset
    unit : UCUM code where the message names one, else None
    time : ISO 8601 text or seconds since 1970; None takes that of arrival
    place : where in the message
    must_have_time : a value of the past; without its time it is refused, not dated now
    narrower : a more exact name of the field, which a profile may list instead
    """

    field: str
    value: Any
    unit: str | None = None
    time: Any = None
    place: str = ""
    must_have_time: bool = False
    narrower: str | None = None


def object_in(content: Any, example: str) -> Mapping[str, Any]:
    """The content, which must be a JSON object."""
    if not isinstance(content, dict):
        parameters = {"given": as_given(content), "example": example}
        raise RefusalError(RejectReason.MALFORMED, "not_an_object", parameters)
    return content


def leaves(content: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every plain value with its path: `a.b` within objects, `a[0]` within lists."""
    if isinstance(content, dict):
        parts = [(f"{path}.{name}" if path else name, part) for name, part in content.items()]
    elif isinstance(content, list):
        parts = [(f"{path}[{number}]", part) for number, part in enumerate(content)]
    else:
        yield path, content
        return
    if depth < _DEEPEST:
        for name, part in parts:
            yield from leaves(part, name, depth + 1)
