"""The nine figures over the generated objects, counted again in the simplest way there is."""

import hashlib
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

import pytest

from ops.demo_data.figures import COUNTIES, PLAN_FIGURES, YEARS
from ops.demo_data.generate import generate
from ops.demo_data.rows import DemoData, DemoRecord
from ops.demo_data.tables import record_tables, register_tables

DISTINCT = (
    "households_led",
    "technologies_promoted",
    "varieties_introduced",
    "organisations_assisted",
    "technicians_trained",
)


def count_figures(demo: DemoData, records: Iterable[DemoRecord]) -> dict[str, Decimal]:
    records = list(records)
    item_kind = {item.id: item.kind for item in demo.items}
    organisation_kind = {one.id: one.kind for one in demo.organisations}
    items = {r.facts.item_id for r in records if r.facts.item_id}
    sessions: dict[str, int] = defaultdict(int)
    for report in (r.facts.training for r in records if r.facts.training):
        sessions[report.session_key] = max(sessions[report.session_key], report.attendance)
    lines = {}
    for record in sorted(records, key=lambda r: (r.occurred_on, r.id)):
        if (line := record.facts.income) and line.has_baseline:
            lines[line.household_id, line.year, line.product] = line.gain_yuan
    organisations = {one for r in records for one in r.facts.organisations}
    return {
        "households_led": Decimal(len({h for r in records for h in r.facts.households})),
        "technologies_promoted": Decimal(sum(item_kind[i] == "technology" for i in items)),
        "varieties_introduced": Decimal(sum(item_kind[i] == "variety" for i in items)),
        "demo_bases_built": Decimal(len({r.facts.base_station_id for r in records} - {None})),
        "training_sessions": Decimal(len(sessions)),
        "trainee_person_times": Decimal(sum(sessions.values())),
        "organisations_assisted": Decimal(
            sum(organisation_kind[one] in ("enterprise", "cooperative") for one in organisations)
        ),
        "technicians_trained": Decimal(len({r.facts.technician for r in records} - {None})),
        "household_income_gain": sum(lines.values(), Decimal(0)) / 10_000,
    }


def verified(demo: DemoData) -> list[DemoRecord]:
    return [record for record in demo.records if record.status == "verified"]


def test_verified_records_give_exactly_the_plans_figures(demo: DemoData) -> None:
    assert count_figures(demo, verified(demo)) == PLAN_FIGURES


def test_another_seed_gives_other_data_and_the_same_figures(demo: DemoData) -> None:
    other = generate(seed=1)
    assert count_figures(other, verified(other)) == PLAN_FIGURES
    assert other.records[0].id != demo.records[0].id


def test_counting_every_status_gives_more_in_every_figure_but_the_bases(demo: DemoData) -> None:
    everything = count_figures(demo, demo.records)
    assert everything.pop("demo_bases_built") == 10
    for key, figure in everything.items():
        assert figure > PLAN_FIGURES[key], key


NAIVE: dict[str, Callable[[list[DemoRecord]], Decimal]] = {
    "households_led": lambda rs: Decimal(sum(len(r.facts.households) for r in rs)),
    "technologies_promoted": lambda rs: Decimal(sum(r.form == "promotion" for r in rs)),
    "demo_bases_built": lambda rs: Decimal(sum(r.form == "base" for r in rs)),
    "training_sessions": lambda rs: Decimal(sum(r.form == "training" for r in rs)),
    "trainee_person_times": lambda rs: Decimal(
        sum(r.facts.training.attendance for r in rs if r.facts.training)
    ),
    "organisations_assisted": lambda rs: Decimal(
        len({one for r in rs for one in r.facts.organisations})
    ),
    "technicians_trained": lambda rs: Decimal(sum(r.form == "technician" for r in rs)),
    "household_income_gain": lambda rs: (
        sum((r.facts.income.gain_yuan for r in rs if r.facts.income), Decimal(0)) / 10_000
    ),
}


@pytest.mark.parametrize("key", NAIVE)
def test_adding_up_verified_records_is_wrong_by_at_least_a_twentieth(
    demo: DemoData, key: str
) -> None:
    assert NAIVE[key](verified(demo)) > PLAN_FIGURES[key] * Decimal("1.05")


def test_the_years_distinct_counts_sum_to_more_than_the_period(demo: DemoData) -> None:
    by_year = [
        count_figures(demo, (r for r in verified(demo) if r.occurred_on.year == year))
        for year in YEARS
    ]
    for key in DISTINCT:
        total = sum((figures[key] for figures in by_year), Decimal(0))
        assert total > PLAN_FIGURES[key] * Decimal("1.03"), key
    for figures in by_year:
        assert all(value > 0 for value in figures.values())


def test_person_item_pairs_are_clearly_more_than_items(demo: DemoData) -> None:
    kinds = {item.id: item.kind for item in demo.items}
    for kind, key in (("technology", "technologies_promoted"), ("variety", "varieties_introduced")):
        pairs = {
            (r.correspondent.id, r.facts.item_id)
            for r in verified(demo)
            if r.facts.item_id and kinds[r.facts.item_id] == kind
        }
        assert len(pairs) > 3 * PLAN_FIGURES[key]


def test_every_county_has_its_share_of_every_figure(demo: DemoData) -> None:
    shares = {
        county: count_figures(
            demo, (r for r in verified(demo) if r.correspondent.county_code == county)
        )
        for county in COUNTIES
    }
    for county, figures in shares.items():
        assert all(value > 0 for value in figures.values()), county
        share = figures["households_led"] / PLAN_FIGURES["households_led"]
        people = sum(one.county_code == county for one in demo.correspondents) / 531
        assert abs(float(share) - people) < 0.02


def loaded_bytes(demo: DemoData) -> str:
    digest = hashlib.sha256()
    for table, rows in (*register_tables(demo, ""), *record_tables(demo)):
        digest.update(f"{table}{rows}".encode())
    return digest.hexdigest()


def test_one_seed_gives_the_same_bytes_in_another_process(demo: DemoData) -> None:
    # Another hash seed, so that an order taken from a set would show.
    code = (
        "import runpy; from ops.demo_data.generate import generate;"
        f"print(runpy.run_path({__file__!r})['loaded_bytes'](generate()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == loaded_bytes(demo)


def test_all_days_lie_in_the_five_years(demo: DemoData) -> None:
    days = [record.occurred_on for record in demo.records]
    assert min(days) >= date(2021, 1, 1)
    assert max(days) <= date(2025, 12, 31)
    assert 45_000 <= len(days) <= 70_000
