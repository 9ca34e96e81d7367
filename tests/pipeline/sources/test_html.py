"""The text of an element: one space for each run, one line a paragraph."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import html
from tests.pipeline.sources.engines.made import page

_SIGNS = st.text(st.sampled_from("ab.é  \t\r\n\f\v\u00a0\u2003\u2028\u3000"), max_size=30)


@given(st.lists(_SIGNS, min_size=1, max_size=4))
def test_each_run_of_spaces_is_one_space_and_other_alphabets_spaces_stay(texts: list[str]) -> None:
    root = html.tree("<p>" + "".join(f"<b>{text}</b>" for text in texts))
    said = " ".join(root.xpath(".//text()"))
    assert html.words(root) == re.sub(r"[ \t\r\n\f\v\u00a0\u2028]+", " ", said).strip()


@given(st.lists(_SIGNS, min_size=1, max_size=4))
def test_a_paragraph_is_one_line_whatever_spaces_are_in_it(texts: list[str]) -> None:
    root = html.tree("".join(f"<p>x{text}x</p>" for text in texts))
    lines = (re.sub(r"[ \t\r\n\f\v\u00a0\u2028]+", " ", f"x{text}x") for text in texts)
    assert html.text_of(root) == "\n".join(lines)


def test_what_html_may_not_hold_is_a_space_and_ends_nothing() -> None:
    root = html.tree("<p>a\x00b\x0bc\ud800d\x1fe</p><p>f</p>")
    assert html.text_of(root) == "a b c d e\nf"


def test_a_page_at_another_address_is_not_parsed_again() -> None:
    first = page("http://saved.invalid/", "<a href='?t=1'>b</a>")
    root = first.root
    second = first.at("http://board.example/viewtopic.php")
    assert second.root is root
    assert [first.link("?t=1"), second.link("?t=1")] == [
        "http://saved.invalid/?t=1",
        "http://board.example/viewtopic.php?t=1",
    ]
