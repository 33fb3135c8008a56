"""Count the nine indicators from verified records, the same for a page, a file and the CLI."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from contracts.indicators import INDICATORS, PAIR_COUNTS
from contracts.sql_files import beside
from server.totals.scope import By, Scope

_SQL = beside(__file__)
Figure = int | Decimal
_YUAN_PER_WAN = 4  # 1 万元 = 10^4 CNY


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything counted of one scope, or of one part of it.

    Attributes
    ----------
    indicators : by key, in the units of `contracts.indicators`
    pair_counts : the same promotions by (person, item) pair, by key
    income_gain_estimated : gain without a baseline, not in the indicator [10^4 CNY]
    correspondents : who has at least one verified record [people]
    service_days : their days of service [d]
    villages : villages with a verified record
    records : verified records counted
    """

    indicators: Mapping[str, Figure]
    pair_counts: Mapping[str, Figure]
    income_gain_estimated: Decimal
    correspondents: int
    service_days: Decimal
    villages: int
    records: int


def count_indicators(connection: Connection[DictRow], scope: Scope) -> Totals:
    """The totals of the scope, as far as the connection's actor may see; one snapshot."""
    return _counted(connection, scope, None).get("", no_totals())


def count_parts(connection: Connection[DictRow], scope: Scope, by: By) -> dict[str, Totals]:
    """The totals of each part that has a record, by the part's code, in their order.

    Parts are each counted by themselves: what two parts share is in both, so their sum is not
    the total.
    """
    return _counted(connection, scope, by)


def no_totals() -> Totals:
    """Nothing counted."""
    return _totals({})


def as_number(figure: Figure) -> int | float:
    """The figure as JSON and a workbook take it."""
    return figure if isinstance(figure, int) else float(figure)


def _counted(connection: Connection[DictRow], scope: Scope, by: By | None) -> dict[str, Totals]:
    connection.execute(_SQL["hurry_count"])
    # Never prepared: the plan must know which filters are null.
    rows = connection.execute(
        _SQL["count_indicators"], scope.parameters(by), prepare=False
    ).fetchall()
    return {part: _totals(values) for part, values in _by_part(rows).items()}


def _by_part(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Decimal]]:
    parts: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        parts.setdefault(row["part"], {})[row["measure"]] = row["value"]
    return dict(sorted(parts.items()))


def _totals(values: Mapping[str, Decimal]) -> Totals:
    counted: dict[str, Figure] = {
        key: int(values.get(key, 0)) for key in INDICATORS if key != "household_income_gain"
    }
    counted["household_income_gain"] = _wan(values.get("household_income_gain_yuan"))
    return Totals(
        indicators=counted,
        pair_counts={pairs.key: int(values.get(pairs.key, 0)) for pairs in PAIR_COUNTS.values()},
        income_gain_estimated=_wan(values.get("household_income_gain_estimated_yuan")),
        correspondents=int(values.get("correspondents", 0)),
        service_days=values.get("service_days", Decimal(0)),
        villages=int(values.get("villages", 0)),
        records=int(values.get("records", 0)),
    )


def _wan(yuan: Decimal | None) -> Decimal:
    """Exactly a ten-thousandth, with at least two decimals and no idle ones beyond."""
    exact = (yuan or Decimal(0)).scaleb(-_YUAN_PER_WAN)
    short = exact.normalize()
    exponent = short.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - sums of the database are finite
    return short if exponent < -2 else short.quantize(Decimal("0.01"))
