"""A visit, from a tap in the app's window to the totals page in the browser."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from mobile.settings import Settings
from ops.embedded.database import DatabaseAddresses
from tests.journeys.people import signed_in
from tests.journeys.programs import Programs
from tests.mobile.phone import Phone, display
from tests.server.people import PASSWORD, World

pytestmark = [
    pytest.mark.journey,
    pytest.mark.window,
    pytest.mark.browser,
    pytest.mark.xdist_group("window"),
]


def test_a_visit_typed_on_the_phone_is_reviewed_and_counted(
    database: DatabaseAddresses,
    world: World,
    programs: Programs,
    browser: Browser,
    tmp_path: Path,
    screenshots: Path,
) -> None:
    server = programs.start_server(database.web)
    assert households_led(server) == 0
    with display(), Phone(Settings(server, tmp_path / "phone", "zh")) as phone:
        phone.sign_in("wang", PASSWORD)
        fill_a_visit(phone)
        phone.tap("保存")
        phone.wait_for("待发送")
        phone.tap("同步")
        phone.wait_for("已发送")
        assert households_led(server) == 0, "counted before the county had looked at it"
        review(browser, server, screenshots)
        phone.tap("同步")
        phone.wait_for("已核实")
        phone.screenshot(screenshots / "journey-phone-verified.png")
    look_at_totals(browser, server, screenshots)


def fill_a_visit(phone: Phone) -> None:
    phone.tap("新记录")
    phone.tap("走访服务")
    choose(phone, "village", "东仙桥社区")
    choose(phone, "households", "张示例")
    phone.tap("业务指导")
    phone.fill("service_days", "0.5")
    phone.fill("summary", "查看小麦越冬苗情，建议开沟排水")


def choose(phone: Phone, field: str, text: str) -> None:
    """Open the field's picker, take the line, and close it where it stays open."""
    phone.touch(phone.field(field).opener)
    phone.tap(text)
    if phone.find("确定"):
        phone.tap("确定")


def review(browser: Browser, server: str, screenshots: Path) -> None:
    page = signed_in(browser, server, "county")
    page.goto(f"{server}/records")
    page.get_by_role("link", name="走访服务").first.click()
    expect(page.get_by_text("查看小麦越冬苗情，建议开沟排水")).to_be_visible()
    page.screenshot(path=screenshots / "journey-review.png", full_page=True)
    page.get_by_role("button", name="核实").click()
    expect(page.get_by_text("已核实").first).to_be_visible()
    page.context.close()


def look_at_totals(browser: Browser, server: str, screenshots: Path) -> None:
    page = signed_in(browser, server, "city")
    page.goto(f"{server}/totals")
    expect(page.locator("#households_led .figure")).to_have_text("1户")
    page.screenshot(path=screenshots / "journey-totals.png", full_page=True)
    page.context.close()


def households_led(server: str) -> int:
    with httpx.Client(base_url=server) as client:
        answer = client.post(
            "/api/v1/session", json={"username": "city", "password": PASSWORD}
        ).json()
        client.headers["Authorization"] = f"Bearer {answer['token']}"
        totals = client.get("/api/v1/totals").raise_for_status().json()
    led: int = totals["indicators"]["households_led"]
    return led
