"""robots.txt: Google's own cases, and what we add to them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.robots import Robots, allowed, path_of

GOOGLE = Path(__file__).resolve().parents[2].parent / "shared" / "robots" / "google_cases_half.json"


def test_google_s_own_cases_come_out_as_google_s_matcher_decides() -> None:
    if not GOOGLE.exists():
        pytest.skip("Google's cases are not beside this checkout")
    cases: list[dict[str, Any]] = json.loads(GOOGLE.read_text())
    wrong = [c for c in cases if allowed(c["robots"], c["agent"], c["url"]) is not c["allowed"]]
    assert wrong == []


@pytest.mark.parametrize(
    ("robots", "url", "may"),
    [
        ("User-agent: doselore\nDisallow: /private\n", "http://a.example/private/x", False),
        ("User-agent: doselore\nDisallow: /private\n", "http://a.example/public", True),
        ("User-agent: *\nDisallow: /\nUser-agent: DoseLore\nDisallow:\n", "http://a.example/x", True),
        ("User-agent: doselorebot\nDisallow: /\n", "http://a.example/x", True),
        ("User-agent: doselore/1.0\nDisallow: /\n", "http://a.example/x", False),
        ("User-agent: other\nUser-agent: doselore\nDisallow: /\n", "http://a.example/x", False),
        ("User-agent: *\nCrawl-delay: 5\nDisallow: /\n", "http://a.example/x", False),
        ("User-agent: *\nDisallow: /*sid=\n", "http://a.example/viewtopic.php?t=1&sid=2", False),
        ("User-agent: *\nDisallow: /*.php$\n", "http://a.example/a.php?t=1", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a\n", "http://a.example/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a\n", "http://a.example/a", True),
        ("User-agent: *\nDisallow: /ä\n", "http://a.example/%C3%A4", False),
        ("User-agent: *\nDisallow: /%e4\n", "http://a.example/%E4", False),
        ("\ufeffUser-agent: *\nDisallow: /\n", "http://a.example/", False),
        ("User-agent: *\r\nDisallow: /\r\n", "http://a.example/", False),
        ("User-agent: *\rDisallow: /", "http://a.example/", False),
        ("user agent: *\ndissalow: /\n", "http://a.example/", False),
        ("User-agent *\nDisallow /\n", "http://a.example/", False),
        ("Disallow: /\n", "http://a.example/", True),
        ("<html><body>not found: /</body></html>", "http://a.example/", True),
        ("", "http://a.example/", True),
    ],
)
def test_a_rule_means_what_its_writer_meant(robots: str, url: str, may: bool) -> None:
    assert allowed(robots, "doselore", url) is may


def test_a_line_that_is_too_long_is_cut_and_the_next_one_counts() -> None:
    robots = f"User-agent: *\nDisallow: /{'x' * 20_000}\nDisallow: /y\n"
    assert not allowed(robots, "doselore", f"http://a.example/{'x' * 17_000}")
    assert not allowed(robots, "doselore", "http://a.example/y")
    assert allowed(robots, "doselore", "http://a.example/x")


def test_what_lies_behind_500_kib_is_not_read() -> None:
    filling = "# filling\n" * 60_000
    assert allowed(f"User-agent: *\n{filling}Disallow: /\n", "doselore", "http://a.example/x")


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7\n", 7),
        ("User-agent: *\nCrawl-delay: 7\n\nUser-agent: doselore\nDisallow: /x\n", None),
        ("User-agent: *\nDisallow: /x\n\nUser-agent: doselore\nDisallow: /y\nCrawl-delay: 2.5\n", 2.5),
        ("User-agent: *\nRequest-rate: 1/10s\nCrawl-delay: 3\n", 10),
        ("User-agent: *\nCrawl-delay: soon\n", None),
        ("", None),
    ],
)
def test_the_pause_a_site_asks_for_is_read(robots: str, delay: float | None) -> None:
    assert Robots(robots, "doselore").crawl_delay == delay


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "/"),
        ("http://a.example", "/"),
        ("http://a.example?x=1", "/?x=1"),
        ("http://a.example/a/b?x=http://b.example/#c", "/a/b?x=http://b.example/"),
        ("http://a.example#a/b", "/"),
        ("//a.example/x", "/x"),
    ],
)
def test_rules_are_compared_with_path_and_query(url: str, path: str) -> None:
    assert path_of(url) == path


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_file_and_no_address_upsets_the_reader(robots: bytes, path: str) -> None:
    assert Robots(robots, "doselore").allowed(f"http://a.example/{path}") in (True, False)


@given(st.text(alphabet="ab*$/", max_size=8), st.text(alphabet="ab/", max_size=10))
def test_a_rule_matches_as_its_pattern_reads(pattern: str, path: str) -> None:
    import re

    end = "$" if pattern.endswith("$") else ""
    body = pattern[: len(pattern) - len(end)]
    reading = "".join(".*" if c == "*" else re.escape(c) for c in body) + (r"\Z" if end else "")
    hit = bool(pattern) and re.match(reading, f"/{path}") is not None
    assert allowed(f"User-agent: *\nDisallow: {pattern}\n", "doselore", f"http://h/{path}") is not hit
