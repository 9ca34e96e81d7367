"""A selector without the alternatives that cannot hit a page hits what it hit before."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import html
from pipeline.sources.engines import engines
from tests.pipeline.sources.engines.made import page, thread

_STEPS = st.sampled_from(
    (".post", ".author", "a", "#p1", "[rel=next]", "a[href*='t=']", "div:not(.post)", "li:has(.author)", "[data-x]")
)
_SELECTORS = st.lists(st.lists(_STEPS, min_size=1, max_size=2).map(" ".join), min_size=1, max_size=4).map(", ".join)
_ELEMENTS = st.recursive(
    st.sampled_from(("<a href='?t=1' rel=next>b</a>", "<a CLASS='author'>c</a>", "<i DATA-X=1>d</i>", "e")),
    lambda inside: st.tuples(
        st.sampled_from(("<div id=p1 class='post  own'>", "<div>", "<li>", "<div class=author>")),
        st.lists(inside, max_size=3).map("".join),
    ).map(lambda told: f"{told[0]}{told[1]}</{told[0][1:].split(' ')[0].rstrip('>')}>"),
    max_leaves=8,
)


@given(_SELECTORS, _ELEMENTS)
def test_what_is_left_of_a_selector_hits_the_same_elements(selector: str, body: str) -> None:
    made = page("http://board.example/1", body)
    assert html.select(made.root, made.narrowed(selector)) == html.select(made.root, selector)
    assert made.has(selector) == bool(html.select(made.root, selector))


def test_the_parts_of_every_selector_make_up_the_whole() -> None:
    body = "<div class='post' id=p1><a class=author href='?t=1' rel=next>b</a><div class=content>c</div></div>"
    made = page("http://board.example/1", body)
    for engine in engines():
        places = (engine.post, engine.author, engine.body, engine.drop, engine.next_page, engine.thread_row)
        for selector in (place.partition("@")[0] for place in places):
            parts = ", ".join(way.selector for way in html.alternatives(selector)) if selector else ""
            assert html.select(made.root, parts) == html.select(made.root, selector)


def test_a_place_of_which_nothing_is_left_says_nothing_rather_than_what_the_element_says() -> None:
    made = page("http://board.example/1", "<p title='mine'>b</p>")
    place = made.narrowed(".time@title")
    assert html.where(html.select(made.root, "p")[0], place) is None


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
