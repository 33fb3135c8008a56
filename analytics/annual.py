"""The nine indicators recomputed in pandas: independent of the server's SQL, held equal by a test.

Definitions: docs/indicators.md. A period of several years counts each thing once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from analytics.frames import Export

COUNTED_ORGANISATIONS = ("enterprise", "cooperative")
_FEN_PER_WAN_YUAN = 6  # 1 万元 = 10^6 fen
_LINE = ["household_id", "year", "product"]


@dataclass(frozen=True, slots=True)
class AnnualTotals:
    """The figures of one selection, by key, in the units of `contracts.indicators`.

    Attributes
    ----------
    indicators : the nine
    pair_counts : technologies and varieties by (person, item) pair
    income_gain_estimated : gain without a baseline, not in the indicator [10^4 CNY]
    correspondents, villages, records : distinct ones with a verified record
    service_days : [d]
    """

    indicators: Mapping[str, int | Decimal]
    pair_counts: Mapping[str, int]
    income_gain_estimated: Decimal
    correspondents: int
    villages: int
    records: int
    service_days: Decimal


def select_records(
    export: Export,
    first_year: int,
    last_year: int,
    *,
    division: str = "",
    level: str | None = None,
    specialty: str | None = None,
    mode: str | None = None,
    correspondent: str | None = None,
) -> pd.DataFrame:
    """The verified records of the years, both included, that pass the filters.

    Parameters
    ----------
    division
        A division code; a city's is cut to the four digits that its villages share.
    """
    records = export.record.merge(export.correspondent, on="correspondent_id", how="left")
    year = records["occurred_on"].dt.year
    keep = (records["status"] == "verified") & year.between(first_year, last_year)
    shared = division[:4] if len(division) == 6 and division.endswith("00") else division
    keep &= records["village_code"].str.startswith(shared)
    wanted = {
        "level": level,
        "specialty": specialty,
        "service_mode": mode,
        "correspondent_id": correspondent,
    }
    for column, value in wanted.items():
        if value is not None:
            keep &= records[column] == value
    selected: pd.DataFrame = records.loc[keep]
    return selected


def annual_totals(export: Export, records: pd.DataFrame) -> AnnualTotals:
    """Everything counted over the selected records (see `select_records`)."""
    households = _facts(export.served_household, records)
    organisations = _facts(export.assisted_organisation, records)
    counted = organisations["kind"].isin(COUNTED_ORGANISATIONS)
    # A session reported twice has one attendance: the greatest, for nobody counts people away.
    attendance = _facts(export.training_report, records).groupby("session_key")["attendance"].max()
    items = _facts(export.promoted_item, records)
    technologies, varieties = (items[items["kind"] == kind] for kind in ("technology", "variety"))
    gain, estimated = _income_gain(_facts(export.income_line, records))
    return AnnualTotals(
        indicators={
            "households_led": households["household_id"].nunique(),
            "technologies_promoted": technologies["item_id"].nunique(),
            "varieties_introduced": varieties["item_id"].nunique(),
            "demo_bases_built": _facts(export.base_establishment, records)["station_id"].nunique(),
            "training_sessions": len(attendance),
            "trainee_person_times": int(attendance.sum()),
            "organisations_assisted": organisations.loc[counted, "organisation_id"].nunique(),
            "technicians_trained": _facts(export.technician_training, records)[
                "technician_id"
            ].nunique(),
            "household_income_gain": gain,
        },
        pair_counts={
            "technology_promotions": _pairs(technologies),
            "variety_introductions": _pairs(varieties),
        },
        income_gain_estimated=estimated,
        correspondents=records["correspondent_id"].nunique(),
        villages=records["village_code"].nunique(),
        records=len(records),
        service_days=Decimal(int(records["service_centidays"].sum())).scaleb(-2),
    )


def _facts(facts: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    columns = ["record_id", "correspondent_id", "occurred_on"]
    return facts.merge(records[columns], on="record_id", how="inner")


def _pairs(items: pd.DataFrame) -> int:
    return len(items[["correspondent_id", "item_id"]].drop_duplicates())


def _income_gain(lines: pd.DataFrame) -> tuple[Decimal, Decimal]:
    """Gain with a baseline and, apart, gain that is only an estimate, in 10^4 CNY."""
    latest_last = lines.sort_values(["occurred_on", "record_id"])
    based = latest_last[latest_last["has_baseline"]].drop_duplicates(_LINE, keep="last")
    guesses = latest_last[~latest_last["has_baseline"]].drop_duplicates(_LINE, keep="last")
    known = pd.MultiIndex.from_frame(based[_LINE])
    unknown = guesses[~pd.MultiIndex.from_frame(guesses[_LINE]).isin(known)]
    return _wan_yuan(based["gain_fen"]), _wan_yuan(unknown["gain_fen"])


def _wan_yuan(fen: "pd.Series[int]") -> Decimal:
    return Decimal(int(fen.sum())).scaleb(-_FEN_PER_WAN_YUAN)
