from datetime import date
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from contracts.indicators import INDICATORS
from tests.server.people import World, sign_in_as
from tests.server.totals.conftest import AddRecord

pytestmark = pytest.mark.database


def page(client: TestClient, path: str, username: str = "city", language: str = "zh") -> str:
    headers = {**sign_in_as(client, username), "Accept-Language": language}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_page_names_both_countings_and_which_one_the_plan_uses(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(item=(world.technology, "technology"))
    add_record(far=True, item=(world.technology, "technology"))
    html = page(app_client, "/totals?from=2024&to=2024")
    assert "技术推广人项次: <strong>2</strong>" in html
    assert "与规划数字口径一致的是去重数，不是人项次" in html


def test_a_period_of_years_says_that_it_is_not_their_sum(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(households=(world.household,))
    add_record(date(2023, 1, 1), households=(world.household,))
    assert "不是各年之和" in page(app_client, "/totals?from=2023&to=2024")
    assert "不是各年之和" not in page(app_client, "/totals?from=2024&to=2024")


def test_without_a_period_the_latest_year_with_records_is_shown(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(date(2023, 1, 1), households=(world.household,))
    assert "年度合计 · 2023" in page(app_client, "/totals")


def test_an_empty_database_opens_with_zeros_and_says_why(
    app_client: TestClient, world: World
) -> None:
    assert "因此各项为零" in page(app_client, "/totals")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("indicator", INDICATORS)
def test_each_figure_opens_its_records(
    app_client: TestClient, world: World, add_record: AddRecord, indicator: str, language: str
) -> None:
    record = add_record(
        households=(world.household,),
        organisations=(world.cooperative,),
        item=(world.variety, "variety"),
        session=("2024-05-01|#a", 12),
        income=(world.household, "wheat", Decimal("-20.5"), False),
    )
    html = page(app_client, f"/totals/{indicator}?from=2024&to=2024", language=language)
    none = indicator in ("technologies_promoted", "demo_bases_built", "technicians_trained")
    assert (f"/records/{record}" in html) is not none


@pytest.mark.parametrize("username", ["county", "wang", "auditor", "admin"])
def test_every_reader_gets_the_page_in_both_languages(
    app_client: TestClient, world: World, add_record: AddRecord, username: str
) -> None:
    add_record(households=(world.household,))
    assert "带动农户" in page(app_client, "/totals", username)
    assert "Households led" in page(app_client, "/totals", username, "en")


def test_the_parts_can_be_swapped_alone(
    app_client: TestClient, world: World, add_record: AddRecord
) -> None:
    add_record(households=(world.household,))
    html = page(app_client, "/totals/parts?from=2024&to=2024&by=specialty")
    assert "农作物栽培" in html
    assert "<html" not in html


def test_a_wrong_period_is_told_on_a_page(app_client: TestClient, world: World) -> None:
    answer = app_client.get("/totals?from=2025&to=2020", headers=sign_in_as(app_client, "city"))
    assert answer.status_code == 422
    assert "2025" in answer.text
