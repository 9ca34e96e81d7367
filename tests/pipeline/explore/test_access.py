"""The explorer for everybody: axe finds nothing serious in light, dark and on a phone; the keyboard goes everywhere."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.pipeline.explore.conftest import guarded

PAGES = (
    "/",
    "/?treatment=baclofen&condition=alcohol_use",
    "/posts?effect=worked&treatment=baclofen",
    "/post?id=sample-board:101",
    "/post?id=hostile:3",
    "/search?q=craving",
)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 1200), ("light", 390)])
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(
    browser: Browser, site: str, scheme: Any, width: int
) -> None:
    with guarded(browser, site, scheme, width) as page:
        for path in PAGES:
            page.goto(path)
            for closed in page.locator("details").all()[:6]:
                closed.evaluate("d => d.open = true")
            found = Axe().run(page).response["violations"]
            bad = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
            assert bad == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_with_the_keyboard_alone_from_the_filter_to_the_words(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "treatment")
    page.keyboard.type("bac")
    while page.locator(":focus").inner_text() != "Apply":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**treatment=baclofen**")
    page.locator("#main").focus()
    while "seg" not in (page.locator(":focus").get_attribute("class") or ""):
        page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts?**")
    page.locator("#main").focus()
    while "/post?" not in (page.locator(":focus").get_attribute("href") or ""):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/post?**")
    expect(page.locator(".text mark").first).to_be_visible()
    summary = page.locator(".judge summary").first
    page.locator("#main").focus()
    while not summary.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="It is wrong").first).to_be_visible()
