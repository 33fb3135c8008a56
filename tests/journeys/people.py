"""Signing in to the browser as somebody."""

from playwright.sync_api import Browser, Page

from tests.server.people import PASSWORD


def signed_in(browser: Browser, server: str, username: str) -> Page:
    """A page of a new context, in Chinese, on which this person has signed in."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{server}/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page
