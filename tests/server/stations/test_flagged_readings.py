"""Flagged readings on the dashboard: marked, told in words, hidden on demand and for good."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from ops.embedded.database import DatabaseAddresses
from tests.server.stations.conftest import Served
from tests.server.stations.field import Site, every, receive
from tests.server.stations.test_dashboard import live, open_as

pytestmark = [pytest.mark.database, pytest.mark.browser]
MARKS = (
    "() => echarts.getInstanceByDom(document.querySelector("
    "\"[data-quantity='air_temperature'] .chart\")).getOption().series"
    '.filter((one) => one.type === "scatter")'
    ".flatMap((one) => one.data.map((point) => [point.value[1], point.symbol]))"
)
TOOLTIP_AT_FAILED = (
    "() => { const chart = echarts.getInstanceByDom(document.querySelector("
    "\"[data-quantity='air_temperature'] .chart\"));"
    " const series = chart.getOption().series;"
    ' const place = series.findIndex((one) => one.type === "scatter");'
    " const at = series[place].data.findIndex((one) => one.value[2] === 4);"
    " chart.dispatchAction({ type: 'showTip', seriesIndex: place, dataIndex: at }); }"
)


def marks(page: Page) -> list[list[object]]:
    found: list[list[object]] = page.evaluate(MARKS)
    return sorted(found)


@pytest.mark.parametrize(
    ("language", "failed", "label"),
    [
        ("zh", "错误读数，不计入统计", "隐藏可疑读数"),
        ("en", "failed reading, not counted", "Hide flagged readings"),
    ],
)
def test_flagged_readings_are_marked_and_can_be_hidden(
    browser: Browser,
    served: Served,
    site: Site,
    database: DatabaseAddresses,
    language: str,
    failed: str,
    label: str,
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    sensor = site.sensors["climate-1", "air_temperature"]
    times = every(now - timedelta(hours=3), now - timedelta(minutes=5), timedelta(minutes=5))
    receive(database.gateway, site, [(sensor, time, 20 + n % 3) for n, time in enumerate(times)])
    with psycopg.connect(database.jobs) as jobs:
        jobs.execute("update reading set quality = 3, value = 27 where time = %s", (times[8],))
        jobs.execute("update reading set quality = 4, value = 49 where time = %s", (times[18],))
    context, page, complaints = open_as(browser, served, "park", "/stations/park-1", language, 1400)
    live(page)
    summary = page.locator("#summary-air_temperature")
    expect(summary).to_contain_text("27.0")
    expect(summary).not_to_contain_text("49")  # a failed reading is nobody's highest
    assert marks(page) == [[27, "diamond"], [49, "triangle"]]
    page.evaluate(TOOLTIP_AT_FAILED)
    expect(page.locator("[data-quantity='air_temperature'] .chart")).to_contain_text(failed)
    page.get_by_label(label).check()
    expect(summary).to_contain_text("22.0")
    expect(summary).not_to_contain_text("27.0")
    assert marks(page) == []
    page.reload()
    live(page)
    expect(page.get_by_label(label)).to_be_checked()
    expect(summary).to_contain_text("22.0")
    expect(summary).not_to_contain_text("27.0")
    page.get_by_label(label).uncheck()
    expect(summary).to_contain_text("27.0")
    assert len(marks(page)) == 2
    assert complaints == []
    context.close()
