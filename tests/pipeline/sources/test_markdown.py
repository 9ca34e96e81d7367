"""Markdown to plain words, and what was quoted apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.markdown import own_text, plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**20 mg** was *fine*, __really__ _fine_", "20 mg was fine, really fine"),
        ("***both*** and ~~never~~ mind", "both and never mind"),
        ('see [this study](https://example.org/a_(b)?x=1&amp;y=2 "t") now', "see this study now"),
        ("![a graph](https://example.org/g.png) ![gif](giphy|abc)", "a graph"),
        ("<https://example.org>", "https://example.org"),
        ("# Week 2\n\n* 10 mg\n* 20 mg\n\n---\n\n1. up", "Week 2\n- 10 mg\n- 20 mg\n1. up"),
        ("a &amp;lt; b &lt;10mg &amp;amp; more", "a < b <10mg & more"),
        ("one&amp;#x200B;two &nbsp;three", "onetwo  three"),
        ("20mg*3 and 5*2*2 and snake_case_name", "20mg*3 and 5*2*2 and snake_case_name"),
        (r"3\*20 and \_so\_ \[sic\]", "3*20 and _so_ [sic]"),
        (">!hidden words!<", "hidden words"),
        ("x^2 and ^(tiny) and ^sup", "x^2 and tiny and sup"),
        ("`code` and ``a ` b``", "code and a ` b"),
        ("day|dose\n:--|--:\n1|10 mg", "day|dose\n1|10 mg"),
        ("?a=1&copy=2 &notit AT&T", "?a=1&copy=2 &notit AT&T"),
        ("👨‍👩‍👧 ☃ naïve", "👨‍👩‍👧 ☃ naïve"),
        ("about ~20mg, ~~maybe", "about ~20mg, ~~maybe"),
        ("::: spoiler dose\n10 mg\n:::", "dose\n10 mg"),
        ("nul\x00 and \ud83d half", "nul and \ufffd half"),
    ],
)
def test_marks_go_and_words_stay(written: str, read: str) -> None:
    assert own_text(written)[0].strip() == read


def test_quotes_are_apart_in_order_and_unmarked() -> None:
    text, quotes = own_text("&gt; did **it** help?\n&gt;&gt; older\n\nYes.\n\n> and sleep?\n\nNo \\> that")
    assert text == "Yes.\nNo > that"
    assert [q.text for q in quotes] == ["did it help?\nolder", "and sleep?"]


def test_a_title_is_one_line_without_marks() -> None:
    assert plain(" Baclofen &amp; **me** ") == "Baclofen & me"


@given(st.text(alphabet=st.sampled_from("ab *_~`>!<[](){}#|-^\\&;:\n\ud83d☃"), max_size=80))
def test_letters_are_never_lost_but_in_addresses(written: str) -> None:
    text, quotes = own_text(written)
    if "](" in written or "```" in written or "&" in written:
        return  # an address, the language of a fence and an entity hold letters that are no words
    read = text + "".join(q.text for q in quotes)
    assert sorted(c for c in read if c in "ab☃") == sorted(c for c in written if c in "ab☃")


@pytest.mark.parametrize("piece", ["-", "*", "_a ", "__a ", "[", "[a](", ">!", "~~", "`a ", "^(", "|-", "&amp;", "*a "])
def test_a_hostile_line_is_read_in_time(piece: str) -> None:
    # What grows with the square of the length runs into the time limit of a test here.
    text, _ = own_text(piece * (400_000 // len(piece)) + "x")
    assert text.endswith("x")
