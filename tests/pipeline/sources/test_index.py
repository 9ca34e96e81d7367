"""A selector hits the same elements whether it is looked for in an index or by XPath."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import css, html
from pipeline.sources.engines import engines
from pipeline.sources.index import of
from tests.pipeline.sources.engines.made import page, thread

_COMPOUNDS = (
    "*", "a", "DIV", ".post", ".author", ".post.own", "div.own", "#p1", "li#p2.post", "[rel]", "a[rel=next]",
    "[rel='']", "[DATA-x]", "[data-x=Ä]", "[class^=po]", "[class$=st]", "[class*=' ']", "[class*='']", "[href*='t=']",
    "[class~=own]", "[class~='']", "[data-x|=en]", "[rel!=next]", "div:not(.post)", "li:has(.author)",
    ".post:has(> a)", ":is(a, li).own", "a:first-child", "a:last-of-type", ":nth-child(2)", "div:not(:has(.own, i))",
    "[id]", "[class]", "a:not([rel])",
)  # fmt: skip
_WAYS = st.lists(st.sampled_from(_COMPOUNDS), min_size=1, max_size=3).flatmap(
    lambda steps: st.lists(
        st.sampled_from((" ", " > ", " ", " > ", " + ", " ~ ")), min_size=len(steps) - 1, max_size=len(steps) - 1
    ).map(lambda signs: steps[0] + "".join(sign + step for sign, step in zip(signs, steps[1:], strict=True)))
)
_SELECTORS = st.lists(_WAYS, min_size=1, max_size=3).map(", ".join)
_OPENINGS = (
    "<div id=p1 class='post  own'>", "<div>", "<li id=p2 class=post>", "<div class='author\n own\tpost '>",
    "<li class=''>", "<div class=own\u00a0post data-x=en-GB>", "<A rel=next href='?t=1' class=postbody>",
    "<i DATA-X=&Auml; rel=''>",
)  # fmt: skip
_PAGES = st.recursive(
    st.sampled_from(("<a href='?t=1' rel=next>b</a>", "<a CLASS='author'>c</a>", "d", "<!-- e -->", "<?p class='own'?>")),
    lambda inside: st.tuples(st.sampled_from(_OPENINGS), st.lists(inside, max_size=4).map("".join)).map(
        lambda told: f"{told[0]}{told[1]}</{told[0][1:].split(' ')[0].rstrip('>')}>"
    ),
    max_leaves=12,
)  # fmt: skip


def _by_xpath(element: html.HtmlElement, selector: str, prefix: str = "descendant::") -> list[html.HtmlElement]:
    return css.path(selector, prefix)(element)


@given(_SELECTORS, _PAGES)
def test_below_every_element_a_selector_hits_what_its_xpath_hits(selector: str, body: str) -> None:
    made = page("http://board.example/1", body)
    for element in made.root.iter("*"):
        assert of(element) is not None
        assert html.select(element, selector) == _by_xpath(element, selector)
        assert html.matches(element, selector) == bool(_by_xpath(element, selector, "self::"))


@given(_SELECTORS, _PAGES)
def test_a_page_has_what_its_root_is_or_holds(selector: str, body: str) -> None:
    made = page("http://board.example/1", f"<div id=p1>{body}")
    assert made.has(selector) == bool(_by_xpath(made.root, selector, "descendant-or-self::"))


@given(_SELECTORS, _PAGES, st.lists(st.integers(0, 30), max_size=3))
def test_what_was_cut_out_of_a_page_is_hit_no_more(selector: str, body: str, cuts: list[int]) -> None:
    made = page("http://board.example/1", body)
    assert html.select(made.root, selector) == _by_xpath(made.root, selector)
    for at in cuts:
        below = list(made.root.iterdescendants("*"))
        if below:
            html.cut(below[at % len(below)])
        for element in made.root.iter("*"):
            assert html.select(element, selector) == _by_xpath(element, selector)


@given(_PAGES)
def test_the_selectors_of_every_engine_hit_what_their_xpaths_hit(body: str) -> None:
    row = f"<div class='post message bbp-reply-content' id=p1><span class=author><a class=username>b</a></span>{body}"
    made = page("http://board.example/1", f"<div id=phpbb class=bbp-body>{row}</div>")
    for engine in engines():
        times = (engine.posted, engine.edited, engine.last_post)
        places = (
            engine.post, engine.not_post, engine.author, engine.body, engine.quote, engine.quote_author, engine.drop,
            engine.deleted, engine.permalink, engine.title, engine.next_page, engine.pages, engine.thread_row,
            engine.thread_link, engine.moved, engine.board_link, *engine.marks, *(p for time in times for p in time.where),
        )  # fmt: skip
        for selector in filter(None, (place.partition("@")[0] for place in places)):
            assert html.select(made.root, selector) == _by_xpath(made.root, selector)


@pytest.mark.parametrize(
    "selector",
    [".o .o a", ".o a", ".o > a", ".o > .o > a", ".o a, a", "div .o > a", "[lang|=en]", ".o > a:first-child"],
)
def test_what_stands_in_boxes_within_boxes_is_hit_once_and_in_order(selector: str) -> None:
    inner = "<div class=o lang=en-GB><a>3</a><p><a>4</a></p></div><a>5</a>"
    made = page("http://board.example/1", f"<div class=o lang=english><a>1</a><i><a>2</a></i>{inner}</div><a>6</a>")
    assert html.select(made.root, selector) == _by_xpath(made.root, selector)


def test_a_comment_or_an_instruction_is_hit_by_no_selector() -> None:
    made = page("http://board.example/1", "<!-- a --><?p class='own'?><b></b>")
    assert [html.matches(e, "*") for e in made.root.iter()] == [isinstance(e.tag, str) for e in made.root.iter()]
    assert not any(html.matches(e, ".own") for e in made.root.iter())


def test_pages_read_at_the_same_time_are_each_searched_alone() -> None:
    first = page("http://board.example/1", "<p class=post>a</p>")
    root = first.root
    second = page("http://board.example/2", "<p class=post>b</p><p class=post>c</p>")
    assert [html.words(e) for e in html.select(second.root, ".post")] == ["b", "c"]
    assert [html.words(e) for e in html.select(root, ".post")] == ["a"]
    assert first.has(".post:first-child")


@pytest.mark.parametrize("selector", [":scope > a", ":scope", "[rel=NEXT i]", "a[rel=NEXT i]", "[rel=next s]"])
def test_what_hangs_on_the_search_or_on_the_case_is_left_to_xpath(selector: str) -> None:
    made = page("http://board.example/1", "<div><a rel=NEXT>b</a><p><a rel=next>c</a></p></div>")
    for element in made.root.iter("*"):
        assert html.select(element, selector) == _by_xpath(element, selector)


def test_what_is_cut_out_of_a_page_is_gone_though_another_page_was_read_in_between() -> None:
    first = page("http://board.example/1", "<div class=x><p class=y>a</p></div><p class=y>b</p>")
    (box,) = html.select(first.root, ".x")
    assert first.has(".x .y")
    second = page("http://board.example/2", "<div class=x><p class=y>c</p></div>")
    assert second.has(".x .y")
    html.cut(box)
    assert [first.has(s) for s in (".x", ".x .y", ".y", "body > .y")] == [False, False, True, True]
    assert [html.words(e) for e in html.select(second.root, ".x .y")] == ["c"]


def test_what_is_taken_out_past_the_index_does_not_break_the_search() -> None:
    made = page("http://board.example/1", "<div class=x><p class=y>a</p></div>")
    (box,) = html.select(made.root, ".x")
    box.getparent().remove(box)
    assert not made.has(".x .z")
    assert made.has("body")
    made.has(".x .y")


def test_the_index_of_a_page_goes_with_the_page() -> None:
    made = page("http://board.example/1", "<p class=post>a</p>")
    element = html.one(made.root, ".post")
    assert of(element) is not None
    del made
    gc.collect()
    assert of(element) is None
    assert html.matches(element, ".post")


@pytest.mark.parametrize("selector", ["a[", "svg|a", "::before"])
def test_a_selector_that_is_none_fails_as_it_does_without_an_index(selector: str) -> None:
    made = page("http://board.example/1", "<a>b</a>")
    with pytest.raises(Exception) as by_xpath:  # noqa: PT011 - whichever the library raises
        _by_xpath(made.root, selector)
    with pytest.raises(type(by_xpath.value)):
        html.select(made.root, selector)


def test_posts_of_two_styles_on_one_board_are_each_read_in_their_own() -> None:
    row = "<div class=post id=p{0}><div class={1}><h3><a href='./viewtopic.php?p={0}#p{0}'>t</a></h3>{2}</div></div>"
    name, text = "<p class=author><strong>Ann</strong></p>", "<div class=content>{0}</div>"
    old = row.format(1, "postbody", name + text.format("First words."))
    new = row.format(2, "postbody", "<p class=author><a class=username>Bea</a></p>" + text.format("Then these."))
    first = thread(
        "http://b.example/viewtopic.php?t=7", f"<div id=phpbb><a href='viewtopic.php?t=7'></a>{old}", "phpbb"
    )
    second = thread("http://b.example/viewtopic.php?t=7", f"<a href='viewtopic.php?t=7'></a>{old}{new}", "phpbb")
    assert [(p.author, p.text) for p in first.posts] == [("Ann", "First words.")]
    assert [(p.author, p.text) for p in second.posts] == [("Ann", "First words."), ("Bea", "Then these.")]
