"""The generated records are real ones: valid, honestly hashed, with the traps they should have."""

import json
import re
from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from contracts.form_schema import check_record, load_catalogue
from contracts.forms import FORMS
from contracts.ids import id_time_ms
from ops.demo_data.figures import DEMO_BASES, ROSTER, WORKSTATIONS
from ops.demo_data.places import FOLDER, is_inside
from ops.demo_data.rows import DemoData
from server.records.body_hash import body_sha256
from server.records.facts import derive_facts

TODAY = date(2026, 1, 1)


def test_every_body_passes_the_form_and_gives_its_facts(demo: DemoData) -> None:
    catalogue = load_catalogue()
    for record in demo.records:
        assert check_record(catalogue[record.form], record.values, TODAY) == []
        form = FORMS[record.form].model_validate(record.values)
        assert derive_facts(form) == record.facts
        assert record.body_sha256 == body_sha256(record.form, form.VERSION, record.values)


def test_earlier_versions_are_valid_and_differ(demo: DemoData) -> None:
    catalogue = load_catalogue()
    revised = [record for record in demo.records if record.revisions]
    assert len(revised) > 1_000
    assert {record.form for record in revised} >= {"visit", "training", "promotion", "income"}
    for record in revised:
        assert record.revision == 2
        (first,) = record.revisions
        assert check_record(catalogue[record.form], first.values, TODAY) == []
        assert first.body_sha256 != record.body_sha256
        assert first.received_at < record.captured_at


def test_decisions_end_in_the_status_and_follow_the_receipt(demo: DemoData) -> None:
    for record in demo.records:
        assert record.captured_at < record.received_at
        current = [one for one in record.reviews if one.revision == record.revision]
        decisions = [one.decision for one in current]
        assert decisions == ([] if record.status == "submitted" else [record.status])
        assert all(one.reviewed_at > record.received_at for one in current)
        assert all(one.reason for one in record.reviews if one.decision != "verified")


def test_ids_are_uuid7_of_the_first_capture_and_unique(demo: DemoData) -> None:
    for record in demo.records:
        first = record.revisions[0].captured_at if record.revisions else record.captured_at
        assert abs(id_time_ms(record.id) - first.timestamp() * 1000) < 1
    assert len({record.id for record in demo.records}) == len(demo.records)


def test_households_are_visited_five_times_and_by_two_people(demo: DemoData) -> None:
    times: Counter[UUID] = Counter()
    visitors: dict[UUID, set[UUID]] = defaultdict(set)
    for record in demo.records:
        if record.status == "verified" and record.form == "visit":
            times.update(record.facts.households)
            for household in record.facts.households:
                visitors[household].add(record.correspondent.id)
    assert sum(count >= 5 for count in times.values()) > 2_000
    assert sum(len(people) == 2 for people in visitors.values()) > 2_000


def test_some_households_are_led_by_each_other_form_alone(demo: DemoData) -> None:
    forms: dict[UUID, set[str]] = defaultdict(set)
    for record in demo.records:
        if record.status == "verified":
            for household in record.facts.households:
                forms[household].add(record.form)
    for form in ("training", "promotion", "income"):
        assert sum(kinds == {form} for kinds in forms.values()) >= 400, form


def test_co_taught_sessions_come_with_and_without_code_and_differ(demo: DemoData) -> None:
    reports = defaultdict(list)
    for record in demo.records:
        if record.facts.training and record.status == "verified":
            reports[record.facts.training.session_key].append(record)
    together = [same for same in reports.values() if len(same) > 1]
    assert len(together) > 200
    assert any(len(same) == 3 for same in together)
    assert any("#" in key for key in reports)
    assert sum(len({r.values["attendance"] for r in same}) > 1 for same in together) > 80
    assert sum(len({r.values["title"] for r in same}) > 1 for same in together) > 80


def test_december_visits_are_typed_in_january(demo: DemoData) -> None:
    late = [
        record
        for record in demo.records
        if record.status == "verified" and record.captured_at.year > record.occurred_on.year
    ]
    assert len(late) > 300


def test_some_income_lines_are_superseded_by_day_and_by_id(demo: DemoData) -> None:
    lines = defaultdict(list)
    estimates = 0
    for record in demo.records:
        if record.status == "verified" and (line := record.facts.income):
            lines[line.household_id, line.year, line.product].append(record)
            estimates += not line.has_baseline
    repeated = [sorted(same, key=lambda r: r.occurred_on) for same in lines.values() if same[1:]]
    assert len(repeated) > 200
    assert any(same[0].occurred_on == same[1].occurred_on for same in repeated)
    # Typed later, yet of an earlier day: the day decides.
    assert any(
        same[0].occurred_on < same[1].occurred_on and same[0].id > same[1].id for same in repeated
    )
    assert estimates > 200


def test_the_roster_has_the_plans_sums(demo: DemoData) -> None:
    levels = Counter(person.level for person in demo.correspondents)
    assert levels == {level: sum(counts) for level, counts in ROSTER.items()}
    assert levels == {"county": 376, "city": 80, "three_area": 75}
    kinds = Counter(one.kind for one in demo.organisations)
    assert kinds["workstation"] == sum(WORKSTATIONS) == 14
    grades = Counter((one.station.kind, one.station.grade) for one in demo.stations)
    assert grades == {("base", "city"): sum(DEMO_BASES), ("park", "provincial"): 3,
                      ("park", "national"): 1}  # fmt: skip
    served = {village for person in demo.correspondents for village in person.villages}
    assert len(served) == 1_107
    assert {len(person.villages) for person in demo.correspondents} <= {3, 4}


def test_all_correspondents_work_in_their_years(demo: DemoData) -> None:
    years = defaultdict(set)
    for record in demo.records:
        years[record.correspondent.id].add(record.occurred_on.year)
    for person in demo.correspondents:
        assert set(person.years) <= years[person.id]
    assert {len(person.years) for person in demo.correspondents} == {2, 3, 4, 5}


def test_no_text_holds_a_phone_or_identity_number(demo: DemoData) -> None:
    names = [one.head_name for one in demo.households] + [one.name for one in demo.technicians]
    names += [one.name for one in demo.correspondents]
    assert all("示例" in name for name in names)
    texts = [str(r.values.get(key, "")) for r in demo.records for key in ("summary", "title")]
    assert not any(re.search(r"\d{6}", text) for text in (*names, *texts))


def test_stations_stand_inside_their_counties(demo: DemoData) -> None:
    outlines = json.loads((FOLDER / "suzhou_counties.geojson").read_text(encoding="utf-8"))
    rings = {one["id"]: one["geometry"]["coordinates"][0] for one in outlines["features"]}
    for placed in demo.stations:
        ring = rings[placed.station.county_code]
        assert is_inside(placed.longitude, placed.latitude, ring), placed.station.code
