"""The dashboard in a real browser, on plausible data, live."""

import json
import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ops.embedded.database import DatabaseAddresses
from server.alerts.silent import check_silent
from server.jobs.rollups import roll_up_due
from tests.server.people import PASSWORD, World
from tests.server.stations.conftest import Served
from tests.server.stations.field import Site, add_device, every, receive

pytestmark = [pytest.mark.database, pytest.mark.browser]


def open_as(
    browser: Browser, served: Served, username: str, path: str, language: str, width: int
) -> tuple[BrowserContext, Page, list[str]]:
    """A page for one person; the list fills with what its console complains about."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    host = urlsplit(served.address).hostname or ""
    context.add_cookies(
        [{"name": "tepai_language", "value": language, "domain": host, "path": "/"}]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.address}/sign-in?next={path}")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.locator("form[action='/sign-in'] button").click()
    page.wait_for_url(f"**{path}")
    return context, page, complaints


def live(page: Page) -> None:
    expect(page.locator("#live-state")).to_have_class(re.compile("live"), timeout=15_000)


def test_dashboard_shows_a_reading_that_comes_while_it_is_open(
    browser: Browser, served: Served, site: Site, database: DatabaseAddresses
) -> None:
    now = datetime.now(UTC)
    sensor = site.sensors["climate-1", "air_temperature"]
    history = [
        (sensor, moment, 18 + n % 7)
        for n, moment in enumerate(
            every(now - timedelta(hours=3), now - timedelta(minutes=1), timedelta(minutes=1))
        )
    ]
    receive(database.gateway, site, history)
    context, page, complaints = open_as(browser, served, "park", "/stations/park-1", "zh", 1400)
    live(page)
    summary = page.locator("#summary-air_temperature")
    expect(summary).to_contain_text("最低 18.0，最高 24.0")
    tile = page.locator(f"[data-sensor='{sensor}']")
    receive(database.gateway, site, [(sensor, datetime.now(UTC), 31.7)])
    expect(tile.locator(".value")).to_have_text("31.7", timeout=3_000)
    expect(tile.locator(".tile-range")).to_contain_text("31.7")
    expect(summary).to_contain_text("最高 31.7", timeout=3_000)
    page.click("[aria-controls='table-air_temperature']")
    first_row = page.locator("#table-air_temperature tbody tr").first
    expect(first_row.locator("td").nth(1)).to_have_text("31.7")
    receive(database.gateway, site, [(sensor, datetime.now(UTC), 12.5)])
    expect(first_row.locator("td").nth(1)).to_have_text("12.5", timeout=4_000)
    assert complaints == []
    context.close()


def test_dashboard_reconnects_when_the_database_cut_the_listener(
    browser: Browser, served: Served, site: Site, database: DatabaseAddresses
) -> None:
    sensor = site.sensors["climate-1", "air_temperature"]
    receive(database.gateway, site, [(sensor, datetime.now(UTC), 20.0)])
    context, page, _ = open_as(browser, served, "park", "/stations/park-1", "en", 1400)
    live(page)
    with psycopg.connect(database.superuser, autocommit=True) as admin:
        cut = admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
            " and query like '%listen reading%'"
        ).fetchall()
    assert cut
    receive(database.gateway, site, [(sensor, datetime.now(UTC), 27.5)])
    tile = page.locator(f"[data-sensor='{sensor}']")
    expect(tile.locator(".value")).to_have_text("27.5", timeout=8_000)
    context.close()


def test_stream_ends_with_the_session(
    browser: Browser, served: Served, site: Site, database: DatabaseAddresses
) -> None:
    context, page, _ = open_as(browser, served, "park", "/stations/park-1", "zh", 390)
    live(page)
    with psycopg.connect(database.superuser, autocommit=True) as admin:
        admin.execute("update session set revoked_at = now()")
    sensor = site.sensors["climate-1", "air_temperature"]
    state = page.locator("#live-state")
    while state.text_content() == "实时":  # each news is a chance to look at the session again
        receive(database.gateway, site, [(sensor, datetime.now(UTC), 20.0)])
        page.wait_for_timeout(500)
    expect(state).to_have_text("登录已结束，请重新登录")
    context.close()


def plausible(database: DatabaseAddresses, site: Site) -> None:
    """A glasshouse over 30 days: daily cycles, two vents, a probe that fell silent."""
    add = [
        ("co2-1", ("二氧化碳仪", "CO₂ meter"), [("co2", "co2_concentration", None)]),
        ("par-1", ("光合有效辐射计", "PAR meter"), [("par", "par", None)]),
        ("soil-1", ("基质墒情仪", "Substrate probe"),
         [("m10", "soil_moisture", -0.1), ("m30", "soil_moisture", -0.3),
          ("t10", "soil_temperature", -0.1)]),
        ("weather-1", ("室外气象站", "Outdoor weather station"),
         [("air_temperature", "air_temperature", 2.0), ("rainfall", "rainfall", None)]),
    ]  # fmt: skip
    for code, names, sensors in add:
        add_device(database.superuser, site, code, names, sensors)
    now = datetime.now(UTC)
    shapes = {
        ("climate-1", "air_temperature"): lambda d, w: 21 + 5 * d + w,
        ("climate-1", "relative_humidity"): lambda d, w: 74 - 14 * d + 3 * w,
        ("co2-1", "co2"): lambda d, w: 620 - 180 * d + 30 * w,
        ("par-1", "par"): lambda d, w: max(0.0, 820 * d + 60 * w),
        ("soil-1", "m10"): lambda d, w: 31.5 - 1.2 * d + w / 3,
        ("soil-1", "m30"): lambda d, w: 36.0 - 0.4 * d + w / 6,
        ("soil-1", "t10"): lambda d, w: 19.0 + 1.5 * d + w / 20,
        ("weather-1", "air_temperature"): lambda d, w: 8 + 6 * d + 2 * w,
        ("weather-1", "rainfall"): lambda d, w: max(0.0, round(4 * w - 4.5 - d / 10, 1)),
    }
    moments = every(now - timedelta(days=30), now - timedelta(days=2), timedelta(minutes=30))
    moments += every(now - timedelta(days=2), now, timedelta(minutes=5))
    rows = []
    for key, shape in shapes.items():
        for moment in moments:
            if key[0] == "soil-1" and moment > now - timedelta(hours=5):
                continue
            hours = moment.timestamp() / 3600
            day = math.sin((hours - 1) / 12 * math.pi)
            weather = math.sin(hours / 31) + 0.5 * math.sin(hours / 5.3)
            rows.append((site.sensors[key], moment, round(shape(day, weather), 2)))
    receive(database.gateway, site, rows)
    with psycopg.connect(database.jobs, autocommit=True) as jobs:
        roll_up_due(jobs)
        check_silent(jobs, now)


def test_pictures_of_station_pages(
    browser: Browser,
    served: Served,
    site: Site,
    world: World,
    database: DatabaseAddresses,
    screenshots: Path,
) -> None:
    plausible(database, site)
    wrong = {"quantity": "air_temperature", "given": '"mS/cm"', "accepted": ["Cel", "[degF]", "K"]}
    with psycopg.connect(database.superuser) as admin:
        admin.execute(
            "insert into reading_rejected"
            " (topic, payload, payload_bytes, reason, detail, station_id)"
            " values ('tepai/v1/park-1/climate-1/telemetry', %s, 96, 'wrong_unit',"
            " %s, %s)",
            (
                b'{"sensor":"air_temperature","value":2,"unit":"mS/cm"}\x00<script>',
                json.dumps({"code": "unit_not_accepted", "parameters": wrong, "place": ""}),
                world.park,
            ),
        )
    wide_scroll = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for language in ("zh", "en"):
        for width in (1400, 1920, 390):
            context, page, complaints = open_as(
                browser, served, "park", "/stations/park-1", language, width
            )
            live(page)
            expect(page.locator("#summary-rainfall")).not_to_be_empty()
            page.screenshot(path=screenshots / f"station-{language}-{width}.png", full_page=True)
            assert page.evaluate(wide_scroll) <= 0
            page.click("[data-hours='720']")
            expect(page.locator("[data-hours='720']")).to_have_attribute("aria-pressed", "true")
            for card in page.locator(".chart-summary").all():
                expect(card).to_contain_text(re.compile(r"\d\d:00\)"))
            page.screenshot(
                path=screenshots / f"station-month-{language}-{width}.png", full_page=True
            )
            page.goto(f"{served.address}/stations")
            page.screenshot(path=screenshots / f"stations-{language}-{width}.png", full_page=True)
            assert page.evaluate(wide_scroll) <= 0
            page.goto(f"{served.address}/stations/park-1/rejected")
            page.screenshot(path=screenshots / f"rejected-{language}-{width}.png", full_page=True)
            assert page.evaluate(wide_scroll) <= 0
            assert complaints == []
            context.close()


def test_pictures_of_station_administration(
    browser: Browser, served: Served, site: Site, screenshots: Path
) -> None:
    for language, width in (("zh", 1400), ("en", 390)):
        path = "/stations/park-1/edit"
        context, page, complaints = open_as(browser, served, "city", path, language, width)
        page.locator("#sensor-climate-1 summary").click()
        page.fill("#sensor-climate-1 [name=code]", "air temperature")
        page.locator("#sensor-climate-1 button").click()
        problem = page.locator("#sensor-climate-1 .field-problem").first
        expect(problem).to_contain_text("air_temperature")
        page.screenshot(path=screenshots / f"station-edit-{language}-{width}.png", full_page=True)
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0
        page.goto(f"{served.address}/stations/new")
        page.screenshot(path=screenshots / f"station-new-{language}-{width}.png", full_page=True)
        page.goto(f"{served.address}/stations")
        page.screenshot(path=screenshots / f"stations-city-{language}-{width}.png")
        assert [text for text in complaints if "422" not in text] == []
        context.close()


def test_dashboard_says_that_the_database_is_away_and_goes_on_when_it_is_back(
    browser: Browser, served: Served, site: Site, database: DatabaseAddresses
) -> None:
    sensor = site.sensors["climate-1", "air_temperature"]
    context, page, _ = open_as(browser, served, "park", "/stations/park-1", "zh", 1400)
    live(page)
    with psycopg.connect(database.superuser, autocommit=True) as admin:
        admin.execute("alter role tepai_web nologin")
        try:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tepai_web'"
                " and datname = current_database()"
            )
            expect(page.locator("#live-state")).to_contain_text("正在重连", timeout=40_000)
        finally:
            admin.execute("alter role tepai_web login")
    live(page)
    receive(database.gateway, site, [(sensor, datetime.now(UTC), 23.4)])
    tile = page.locator(f"[data-sensor='{sensor}']")
    expect(tile.locator(".value")).to_have_text("23.4", timeout=8_000)
    context.close()
