"""The pictures of the README: the totals page with the demo data, as a reader would see it.

With TEPAI_UPDATE_PICTURES=1 they go to docs/images, else to .tepai/screenshots to be looked at.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ops.demo_data import seed_demo
from ops.demo_data.figures import PLAN_FIGURES
from ops.demo_data.roster import DEMO_PASSWORD
from ops.embedded.database import DatabaseAddresses
from ops.texts import ROOT
from tests.journeys.programs import Programs

pytestmark = [pytest.mark.journey, pytest.mark.browser]


def test_the_totals_page_shows_the_plans_nine_figures(
    database: DatabaseAddresses, programs: Programs, browser: Browser, screenshots: Path
) -> None:
    seed_demo(database.superuser)
    server = programs.start_server(database.web)
    folder = ROOT / "docs" / "images" if os.environ.get("TEPAI_UPDATE_PICTURES") else screenshots
    for language, locale in (("zh", "zh-CN"), ("en", "en-GB")):
        context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{server}/sign-in")
        page.locator("input[name=username]").fill("city")
        page.locator("input[name=password]").fill(DEMO_PASSWORD)
        page.locator("main button").click()
        page.goto(f"{server}/totals?from=2021&to=2025")
        for key, figure in PLAN_FIGURES.items():
            shown = page.locator(f"#{key} .figure a").inner_text()
            assert float(re.sub(",", "", shown)) == float(figure), key
        expect(page.locator("#year-chart canvas, #year-chart svg")).to_be_visible()
        page.screenshot(path=folder / f"totals-{language}.png")
        context.close()


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_picture_of_a_readme_is_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).exists()] == []
