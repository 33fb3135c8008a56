"""Reviewing in a real browser: swapped in place, by keyboard, a double click told kindly."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from ops.embedded.database import DatabaseAddresses
from server.app import create_app
from server.settings import Settings
from tests.server.people import PASSWORD, World, sign_in_as
from tests.server.records.filled import push, scalar, visit

pytestmark = [pytest.mark.database, pytest.mark.browser]


@pytest.fixture
def address(database: DatabaseAddresses) -> Iterator[str]:
    app = create_app(Settings(web_database=database.web))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def records(app_client: TestClient, world: World) -> list[str]:
    pushed = [visit(world, service_days=days) for days in (1, 2)]
    push(app_client, sign_in_as(app_client, "wang"), *pushed)
    return [str(record["id"]) for record in pushed]


@pytest.fixture
def page(browser: Browser, address: str, world: World) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 800})
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/sign-in")
    page.fill("[name=username]", "county")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    yield page
    context.close()
    assert faults == []


def test_a_decision_is_swapped_in_and_leads_to_the_next(
    page: Page, address: str, records: list[str]
) -> None:
    page.goto(f"{address}/records/{records[0]}")
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("alert")).to_contain_text("理由")
    page.get_by_label("理由").fill("请补充天数")
    page.get_by_role("button", name="退回修改").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已退回")
    following = page.get_by_role("link", name="审核下一条")
    expect(following).to_be_focused()
    following.press("Enter")
    page.wait_for_url(f"**/records/{records[1]}")


def test_a_double_click_decides_once(
    page: Page, address: str, records: list[str], database: DatabaseAddresses
) -> None:
    page.goto(f"{address}/records/{records[0]}")
    page.get_by_role("button", name="核实").dblclick()
    expect(page.locator(".badge.verified").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert scalar(database, "select count(*) from review") == 1


def test_no_page_is_wider_than_a_small_phone(
    page: Page, address: str, records: list[str], world: World
) -> None:
    people = ("/people", "/people/new", f"/people/{world.correspondent}")
    for path in ("/records", f"/records/{records[0]}", *people):
        page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert page.locator("h1").count() == 1, path
