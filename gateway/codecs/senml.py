"""SenML JSON (RFC 8428): records that share base fields, times that may be relative to now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.readings import RejectReason
from gateway.as_given import as_given
from gateway.checks import RefusalError
from gateway.codecs.item import Item, object_in

_VERSION = 10
# RFC 8428 §4.5.3: below this a time is relative to now. [s]
_RELATIVE_BELOW_S = 2**28
# SenML names -> UCUM. In SenML `%` is a ratio of 0 to 1, as `/` is; per cent are `%RH`, `%EL` and
# `/100` (RFC 8798).
_UNITS: Mapping[str, str] = {"%": "1", "/": "1", "/100": "%", "ppm": "[ppm]"}
_VALUES = ("v", "vs", "vb", "vd")
_EXAMPLE = '{"n": "temperature", "u": "Cel", "v": 21.4}'


@dataclass(frozen=True, slots=True)
class Resolved:
    """One record in resolved form, `unit` still by its SenML name.

    Attributes
    ----------
    value : a number, text or truth value as given, base value added; None if there is none
    time : seconds since 1970 (UTC); None for now
    """

    name: str
    unit: str | None
    value: Any
    time: Any
    place: str


def items(content: Any, arrived_us: int) -> Iterator[Item]:
    """The values of a pack under their full names (base name and name).

    One name may stand for several quantities told apart by their units only; a profile then lists
    name and unit with a space between, which no name contains: `urn:dev:ow:10 %RH`.
    """
    for record in resolve(content, arrived_us):
        unit = None if record.unit is None else _UNITS.get(record.unit, record.unit)
        exact = None if record.unit is None else f"{record.name} {record.unit}"
        yield Item(record.name, record.value, unit, record.time, record.place, narrower=exact)


def resolve(content: Any, arrived_us: int) -> Iterator[Resolved]:
    """The records of a pack without base fields, times absolute (RFC 8428 §4.6).

    A time relative to now is made absolute by that of arrival: should the broker send the message
    again after a break, it is a new one.
    """
    if not isinstance(content, list) or not content:
        parameters = {"given": as_given(content), "example": f"[{_EXAMPLE}]"}
        raise RefusalError(RejectReason.MALFORMED, "senml_not_a_pack", parameters)
    base: dict[str, Any] = {}
    for number, raw in enumerate(content):
        record = object_in(raw, _EXAMPLE)
        _refuse_unknown(record)
        base |= {name: record[name] for name in ("bn", "bt", "bu", "bv") if name in record}
        if any(name in record for name in ("n", *_VALUES)):
            yield _resolved(record, base, arrived_us, f"[{number}]")


def _refuse_unknown(record: Mapping[str, Any]) -> None:
    """Refuse what the RFC says must be understood, and is not (§4.4)."""
    for name in record:
        if name.endswith("_"):
            raise RefusalError(
                RejectReason.MALFORMED, "senml_field_unknown", {"given": as_given(name)}
            )
    version = record.get("bver", _VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version > _VERSION:
        parameters = {"given": as_given(version), "most": _VERSION}
        raise RefusalError(RejectReason.MALFORMED, "senml_version_unknown", parameters)


def _resolved(
    record: Mapping[str, Any], base: Mapping[str, Any], arrived_us: int, place: str
) -> Resolved:
    name = f"{base.get('bn') or ''}{record.get('n') or ''}"
    unit = record.get("u", base.get("bu"))
    value = next((record[kind] for kind in _VALUES if kind in record), None)
    if "v" in record and base.get("bv") is not None:
        value = _sum(value, base["bv"], {"v": value, "bv": base["bv"]})
    time = _time(record.get("t"), base.get("bt"), arrived_us)
    return Resolved(name, None if unit is None else str(unit), value, time, place)


def _time(own: Any, base: Any, arrived_us: int) -> Any:
    time = _sum(own or 0, base or 0, {"t": own, "bt": base})
    if not isinstance(time, float):
        return time
    if time == 0:
        return None
    return time if time >= _RELATIVE_BELOW_S else arrived_us / 1e6 + time


def _sum(own: Any, base: Any, both: Mapping[str, Any]) -> Any:
    """The sum; of what is no number, both as given, for the check of the reading to name them."""
    for given in (own, base):
        if isinstance(given, bool) or not isinstance(given, int | float):
            return both
    try:
        return float(own) + float(base)
    except OverflowError:
        return both
