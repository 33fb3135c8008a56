"""The export card of the dashboard in a real browser, by keyboard too, in both languages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from ops.embedded.database import DatabaseAddresses
from server.jobs.rollups import roll_up_due
from tests.server.stations.conftest import Served
from tests.server.stations.field import Site, every, receive
from tests.server.stations.test_dashboard import open_as

pytestmark = [pytest.mark.database, pytest.mark.browser]


@pytest.fixture
def measured(site: Site, database: DatabaseAddresses) -> int:
    """How many readings of today and yesterday there are."""
    now = datetime.now(UTC)
    moments = every(now - timedelta(hours=20), now, timedelta(minutes=10))
    for sensor in site.sensors.values():
        receive(database.gateway, site, [(sensor, moment, 20.0) for moment in moments])
    with psycopg.connect(database.jobs, autocommit=True) as jobs:
        roll_up_due(jobs)
    return len(moments) * len(site.sensors)


@pytest.mark.parametrize(("language", "width"), [("zh", 1400), ("zh", 390), ("en", 390)])
def test_a_workbook_is_made_and_fetched_by_keyboard(
    browser: Browser, served: Served, measured: int, tmp_path: Path, screenshots: Path,
    language: str, width: int,
) -> None:  # fmt: skip
    context, page, complaints = open_as(
        browser, served, "park", "/stations/park-1", language, width
    )
    card = page.locator(".export-card")
    card.locator("[name=format]").select_option("xlsx")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(card.locator("[name=sensor]")).to_have_count(2)
    card.locator("form button").focus()
    page.keyboard.press("Enter")
    link = card.locator("a[download]")
    expect(link).to_be_visible(timeout=20_000)
    expect(card.locator("[role=status]")).to_contain_text(str(measured))
    card.scroll_into_view_if_needed()
    card.screenshot(path=screenshots / f"export-{language}-{width}.png")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    with page.expect_download() as fetched:
        link.focus()
        page.keyboard.press("Enter")
    file = tmp_path / "a.xlsx"
    fetched.value.save_as(file)
    assert load_workbook(file, read_only=True).worksheets[1].max_row == measured + 1
    assert complaints == []
    context.close()


def test_csv_downloads_at_once_and_wrong_days_are_told(
    browser: Browser, served: Served, measured: int, tmp_path: Path
) -> None:
    context, page, _ = open_as(browser, served, "park", "/stations/park-1", "zh", 1400)
    card = page.locator(".export-card")
    card.locator("summary").click()
    card.locator("[name=sensor]").first.check()
    with page.expect_download() as fetched:
        card.locator("form button").click()
    file = tmp_path / "a.csv"
    fetched.value.save_as(file)
    assert len(file.read_text().splitlines()) == measured // 2 + 1
    card.locator("[name=from]").fill("2026-05-02")
    card.locator("[name=to]").fill("2026-05-01")
    card.locator("form button").click()
    expect(card.locator("[role=alert]")).to_contain_text("2026-05-02")
    expect(card.locator("[role=alert]")).to_contain_text("截止日期")
    context.close()
