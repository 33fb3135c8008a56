from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from tests.server.people import World, sign_in_as
from tests.server.totals.conftest import AddRecord

pytestmark = pytest.mark.database
PERIOD = {"from": 2024, "to": 2024}


def read(client: TestClient, username: str, **asked: object) -> dict[str, object]:
    answer = client.get(
        "/api/v1/totals", params={**PERIOD, **asked}, headers=sign_in_as(client, username)
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


def test_things_are_counted_once_and_only_from_verified_records(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(households=(world.household,), organisations=(world.cooperative,))
    add_record(households=(world.household,), item=(world.technology, "technology"))
    add_record(far=True, households=(world.far_household,), item=(world.technology, "technology"))
    add_record(status="submitted", item=(world.variety, "variety"))
    add_record(date(2023, 12, 31), item=(world.variety, "variety"))
    body = read(app_client, "city")
    assert body["indicators"] == {
        "households_led": 2,
        "technologies_promoted": 1,
        "varieties_introduced": 0,
        "demo_bases_built": 0,
        "training_sessions": 0,
        "trainee_person_times": 0,
        "organisations_assisted": 1,
        "technicians_trained": 0,
        "household_income_gain": 0.0,
    }
    assert body["pair_counts"] == {"technology_promotions": 2, "variety_introductions": 0}
    assert (body["correspondents"], body["villages"], body["villages_in_division"]) == (2, 2, 2)


def test_a_session_of_two_reports_is_one_with_the_greater_attendance(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(session=("2024-05-01|#a", 30))
    add_record(far=True, session=("2024-05-01|#a", 34))
    add_record(session=("2024-05-02|#b", 10))
    indicators = read(app_client, "city")["indicators"]
    assert isinstance(indicators, dict)
    assert (indicators["training_sessions"], indicators["trainee_person_times"]) == (2, 44)
    own = read(app_client, "county")["indicators"]
    assert isinstance(own, dict)
    assert (own["training_sessions"], own["trainee_person_times"]) == (2, 40)


def test_income_takes_the_latest_line_and_keeps_estimates_apart(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(date(2024, 3, 1), income=(world.household, "wheat", Decimal("9000.00"), True))
    add_record(date(2024, 9, 1), income=(world.household, "wheat", Decimal("12345.67"), True))
    add_record(date(2024, 9, 2), income=(world.household, "wheat", Decimal("99999.00"), False))
    add_record(date(2024, 9, 2), income=(world.household, "maize", Decimal("500.00"), False))
    body = read(app_client, "city")
    indicators = body["indicators"]
    assert isinstance(indicators, dict)
    assert indicators["household_income_gain"] == 1.234567
    assert body["household_income_gain_estimated"] == 0.05


def test_a_county_office_sees_its_county_and_a_correspondent_only_what_is_theirs(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(households=(world.household,))
    add_record(far=True, households=(world.far_household,))
    assert read(app_client, "city")["records"] == 2
    assert read(app_client, "county")["records"] == 1
    assert read(app_client, "wang")["records"] == 1
    scope = read(app_client, "county")["scope"]
    assert isinstance(scope, dict)
    assert scope["division"] == "341302"


def test_divisions_narrow_by_prefix(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(households=(world.household,))
    add_record(far=True, households=(world.far_household,))
    counts = {
        code: read(app_client, "city", division=code)["records"]
        for code in ("341300", "341302", "341302001", "341302001003", "341321")
    }
    assert list(counts.values()) == [2, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"from": 2025, "to": 2024}, "to", "2025"),
        ({"from": "abc"}, "from", "整数"),
        ({"from": 1900, "to": 1900}, "from", "2000"),
        ({**PERIOD, "division": "999999"}, "division", "341300 宿州市"),
        ({**PERIOD, "level": "king"}, "level", "province"),
        ({**PERIOD, "correspondent": "x"}, "correspondent", "编号"),
    ],
)
def test_a_wrong_question_names_the_field_and_what_would_be_right(
    app_client: TestClient, world: World, asked: dict[str, object], field: str, said: str
) -> None:
    answer = app_client.get("/api/v1/totals", params=asked, headers=sign_in_as(app_client, "city"))
    assert answer.status_code == 422
    problem = answer.json()["fields"][0]
    assert problem["field"] == field
    assert said in problem["message"]


def test_a_county_office_is_told_that_another_county_is_not_its_own(
    app_client: TestClient, world: World
) -> None:
    answer = app_client.get(
        "/api/v1/totals",
        params={**PERIOD, "division": "341321"},
        headers=sign_in_as(app_client, "county"),
    )
    assert answer.status_code == 422
    assert "341302 埇桥区" in answer.json()["fields"][0]["message"]


def test_a_park_manager_has_no_totals(app_client: TestClient, world: World) -> None:
    answer = app_client.get("/api/v1/totals", headers=sign_in_as(app_client, "park"))
    assert answer.status_code == 403


def test_parts_are_counted_each_by_itself(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(households=(world.household,))
    add_record(far=True, households=(world.household,))
    add_record(date(2022, 1, 1), households=(world.household,))
    headers = sign_in_as(app_client, "city")

    def parts(by: str) -> list[tuple[str, str, int]]:
        answer = app_client.get(
            "/api/v1/totals/breakdown", params={"from": 2022, "to": 2024, "by": by}, headers=headers
        )
        return [
            (part["code"], part["label"], part["indicators"]["households_led"])
            for part in answer.json()["parts"]
        ]

    assert parts("county") == [("341302", "埇桥区", 1), ("341321", "砀山县", 1)]
    assert parts("year") == [("2022", "2022", 1), ("2023", "2023", 0), ("2024", "2024", 1)]
    assert parts("level") == [("city", "市级", 1), ("county", "县级", 1)]
    assert parts("mode") == [("none", "未注明", 1)]
    assert [label for _, label, _ in parts("correspondent")] == ["李示例", "王示例"]
    assert [code for code, _, _ in parts("month")] == ["2022-01", "2024-05"]
    unknown = app_client.get(
        "/api/v1/totals/breakdown", params={**PERIOD, "by": "1; drop"}, headers=headers
    )
    assert unknown.status_code == 422


def test_lines_behind_a_figure_say_which_of_them_count(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    first = add_record(date(2024, 1, 1), households=(world.household,))
    second = add_record(date(2024, 2, 1), households=(world.household,))
    headers = sign_in_as(app_client, "county")
    answer = app_client.get(
        "/api/v1/totals/households_led/records", params=PERIOD, headers=headers
    ).json()
    standings = [(line["record_id"], line["standing"]) for line in answer["lines"]]
    assert standings == [(str(second), "repeat"), (str(first), "counted")]
    assert answer["lines"][0]["subject"] == "张示例"
    counted = app_client.get(
        "/api/v1/totals/households_led/records",
        params={**PERIOD, "standing": "counted"},
        headers=headers,
    ).json()
    assert counted["total"] == 1
    missing = app_client.get("/api/v1/totals/nothing/records", params=PERIOD, headers=headers)
    assert missing.status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_holds_the_same_numbers_as_numbers(
    app_client: TestClient, world: World, add_record: AddRecord, language: str
) -> None:
    add_record(households=(world.household,))
    add_record(income=(world.household, "wheat", Decimal("12345.60"), True))
    answer = app_client.get(
        "/api/v1/totals.xlsx",
        params=PERIOD,
        headers={**sign_in_as(app_client, "city"), "Accept-Language": language},
    )
    assert answer.status_code == 200
    assert "tepai-2024-2024-341300.xlsx" in answer.headers["content-disposition"]
    book = load_workbook(BytesIO(answer.content))
    assert len(book.sheetnames) == 4
    values = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    names = {"zh": ("带动农户", "帮助农户增收"), "en": ("Households led", "Household income gain")}
    assert [values[name] for name in names[language]] == [1, 1.23456]
