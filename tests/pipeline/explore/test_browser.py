"""The explorer in a real browser: from a number to the words, by mouse and by keyboard, and strangers' text stays text."""

import re

from playwright.sync_api import Page, expect

from tests.support.explorer import LONG_WORD


def number(text: str | None) -> int:
    found = re.search(r"\d+", text or "")
    assert found is not None, text
    return int(found[0])


def test_a_bar_leads_to_as_many_persons_as_it_counts(page: Page) -> None:
    page.goto("/")
    bars = page.locator("a.seg")
    assert bars.count() > 8
    for n in range(0, bars.count(), 3):
        counted = number(bars.nth(n).inner_text())
        bars.nth(n).click()
        assert number(page.get_by_role("status").inner_text()) == counted, page.url
        expect(page.locator(".posts article").first).to_be_visible()
        page.go_back()


def test_a_post_shows_what_was_read_in_it_and_the_cue(page: Page) -> None:
    page.goto("/search?q=drowsiness+baby+dose")
    page.locator(".posts a").first.click()
    mark = page.locator("mark.k-side_effect", has_text="drowsiness")
    expect(mark).to_have_count(1)
    expect(page.locator(".tag", has_text="side effect, negated")).to_have_count(1)
    expect(page.locator("mark.k-cue", has_text="No")).to_have_count(1)
    expect(page.get_by_role("row").filter(has_text="drowsiness")).to_contain_text("negated")
    expect(page.locator(".timeline > li")).to_have_count(7)


def test_hostile_posts_stay_text(page: Page) -> None:
    page.goto("/post?id=hostile:1")
    expect(page.locator("h1")).to_have_text("<script>alert('title')</script><b>bold</b>")
    expect(page.locator(".text")).to_contain_text("<script>alert('text')</script>")
    expect(page.locator(".text")).to_contain_text("onerror=alert('image')")
    expect(page.locator(".text")).to_contain_text("{{ 7*7 }} </bdi></mark></body>")
    assert page.locator("main img, main script, a[href^=javascript]").count() == 0
    page.goto("/posts?treatment=baclofen&source=hostile")
    expect(page.locator(".posts article")).to_have_count(3)


def test_text_that_steers_is_shown_by_its_number_and_the_page_stands(page: Page) -> None:
    page.goto("/post?id=hostile:2")
    expect(page.locator(".text")).to_contain_text("U+202E")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.content())
    expect(page.locator(".text")).to_contain_text("\u0628\u0643\u0644\u0648\u0641\u064a\u0646")


def test_a_word_of_ten_thousand_letters_is_whole_and_breaks_nothing(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/post?id=hostile:3", "/posts?treatment=baclofen&source=hostile", "/search?q=madeit"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.goto("/post?id=hostile:3")
    assert LONG_WORD in page.locator(".text").inner_text()
