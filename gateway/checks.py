"""What every reading must pass, however it was written: a number, in an accepted unit, in range."""

import json
import math
from typing import Any

from contracts.quantities import accepted_units, to_canonical
from contracts.readings import RejectReason
from gateway.as_given import as_given
from gateway.registry import KnownSensor
from gateway.unreadable import why_unreadable

Landed = tuple[int, int, float]
"""Sensor id, microseconds since 1970 (UTC), value in the canonical unit."""


class RefusalError(Exception):
    """A reading or message that cannot be kept; code and parameters as in contracts.rejections."""

    def __init__(self, reason: RejectReason, code: str, parameters: dict[str, Any]) -> None:
        super().__init__(code)
        self.reason = reason
        self.code = code
        self.parameters = parameters


def read_json(payload: bytes) -> Any:
    """The JSON value; unlike the quick decoder it lets NaN through, to be named as such later."""
    try:
        return json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        code, parameters = why_unreadable(error)
    raise RefusalError(RejectReason.MALFORMED, code, parameters)


def finite_number(value: Any) -> float:
    """The JSON value as a number; what is none is refused."""
    if value is None:
        raise RefusalError(RejectReason.NOT_A_NUMBER, "value_missing", {})
    given = {"given": as_given(value)}
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusalError(RejectReason.NOT_A_NUMBER, "value_not_number", given)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise RefusalError(RejectReason.NOT_A_NUMBER, "value_not_finite", given)
    return number


def canonical(value: float, unit: Any, sensor: KnownSensor) -> float:
    """The value in the unit of the sensor's quantity; outside of what can be, it is refused."""
    quantity = sensor.quantity
    accepted = accepted_units(quantity)
    if unit is not None and unit not in accepted:
        raise RefusalError(
            RejectReason.WRONG_UNIT,
            "unit_not_accepted",
            {"quantity": quantity.key, "given": as_given(unit), "accepted": list(accepted)},
        )
    converted = to_canonical(quantity, value, unit)
    if not sensor.lowest <= converted <= sensor.highest:
        raise _outside_range(value, unit, converted, sensor)
    return converted


def _outside_range(
    value: float, unit: str | None, converted: float, sensor: KnownSensor
) -> RefusalError:
    parameters = {
        "quantity": sensor.quantity.key,
        "given": value,
        "unit": sensor.unit,
        "lowest": sensor.lowest,
        "highest": sensor.highest,
    }
    if unit in (None, sensor.unit):
        return RefusalError(RejectReason.OUT_OF_RANGE, "value_outside_range", parameters)
    # Twelve digits: what the conversion adds behind them is no measurement.
    parameters |= {"given_unit": unit, "converted": float(f"{converted:.12g}")}
    return RefusalError(RejectReason.OUT_OF_RANGE, "converted_outside_range", parameters)
