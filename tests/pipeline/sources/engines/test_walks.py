"""The walker through threads of several pages, on boards that answer 200 past their end."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Gone
from pipeline.fetch import Accept, Answer
from pipeline.post import Capture
from pipeline.sources import board
from pipeline.sources.engines import engine_for
from pipeline.study import Source
from tests.pipeline.sources.engines.made import SEEN, page


@dataclass
class Site:
    """Pages by address; what is not there is gone."""

    pages: Mapping[str, str]
    asked: list[str] = field(default_factory=list[str])

    def get(self, url: str, *, accept: Accept = "html") -> Answer:
        """Give a page."""
        self.asked.append(url)
        if url not in self.pages:
            raise Gone(f"{url}: not there")
        kind = "application/json" if accept == "json" else "text/html"
        return _answer(url, self.pages[url], kind)

    def take_captures(self) -> tuple[Capture, ...]:
        """Give none: nothing is kept here."""
        return ()


def _answer(url: str, text: str, kind: str) -> Answer:
    capture = Capture("0" * 64, url, 200, SEEN, kind)
    return Answer(url, url, 200, {"content-type": kind}, text.encode(), text, SEEN, capture.sha256, capture)


def walked(pages: Mapping[str, str], url: str, kind: str = "board") -> tuple[list[str], Site]:
    """Give the ids of the posts, in the order they came."""
    site = Site(pages)
    source = Source.model_validate({"name": "s", "kind": kind, "urls": [url]})
    return [p.native_id for b in board.collect(source, site, {}) for p in b.posts], site


TALK = "https://talk.test"


def _topic(*ids: int) -> str:
    posts = [
        {"id": i, "username": "u", "cooked": "<p>x</p>", "post_number": i, "created_at": "2025-09-25T00:00:00Z"}
        for i in ids
    ]
    return json.dumps({"id": 5, "slug": "a", "title": "A", "post_stream": {"posts": posts, "stream": [1, 2, 3, 4, 5]}})


def test_a_discourse_page_without_posts_is_collected_by_its_json_to_the_end() -> None:
    shell = '<meta name="generator" content="Discourse 3.4"><div id="data-preloaded"></div>'
    pages = {
        f"{TALK}/t/a/5": shell,
        f"{TALK}/t/5.json": _topic(1, 2),
        f"{TALK}/t/5.json?page=2": _topic(3, 4),
        f"{TALK}/t/5.json?page=3": _topic(5),
    }
    ids, _ = walked(pages, f"{TALK}/t/a/5")
    assert ids == ["1", "2", "3", "4", "5"]


def _smf(start: int) -> str:
    posts = "".join(
        f"""<div class="post_wrapper"><div class="poster"><h4><a href="#">u</a></h4></div><div class="keyinfo"><div class="smalltext">
        March 03, 2012, 07:04:12 PM</div></div><div class="inner" id="msg_{n}">x</div></div>"""
        for n in range(start + 1, start + 3)
    )
    links = "".join(
        f'<a class="navPages" href="?PHPSESSID=a{start}&amp;topic=1.{s}">p</a>' for s in (0, 2, 4) if s != start
    )
    return f'<script>var smf_scripturl;</script><div class="pagelinks">{links}</div><div id="forumposts">{posts}</div>'


def test_smf_s_pages_are_each_asked_once_and_the_last_is_the_end() -> None:
    base = "https://smf.test/index.php?topic=1."
    ids, site = walked({f"{base}{s}": _smf(s) for s in (0, 2, 4)}, f"{base}0")
    assert ids == ["1", "2", "3", "4", "5", "6"]
    assert len(site.asked) == len(set(site.asked)) == 3


def _webmd(first: int) -> str:
    reviews = [{"ReviewId": first + n, "UserExperience": f"It helped {first + n}"} for n in range(20)]
    told = {"all_reviews": {"drug_review_nimvs": [{"review_nimvs": reviews}]}}
    return f"<script>window.__INITIAL_STATE__={json.dumps(told)}</script>"


def test_review_pages_that_repeat_past_the_end_give_each_review_once() -> None:
    base = "https://reviews.test/drugs/drugreview-8-x"
    pages = {base: _webmd(1), f"{base}?page=2": _webmd(21), f"{base}?page=3": _webmd(21), f"{base}?page=4": _webmd(21)}
    ids, site = walked(pages, base, "reviews")
    assert ids == [str(n) for n in range(1, 41)]
    assert len(site.asked) == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    posts=JSON,
    stream=JSON,
    more=st.dictionaries(st.sampled_from(["id", "cooked", "created_at", "post_number", "username"]), JSON),
)
def test_no_json_however_odd_stops_a_crawl(posts: Any, stream: Any, more: dict[str, Any]) -> None:
    for told in (posts, [more]):
        made = page(
            f"{TALK}/t/5.json",
            json.dumps({"post_stream": {"posts": told, "stream": stream}, "topic_list": {"topics": told}}),
        )
        found = engine_for(made)
        if found is not None:
            read = found.thread_page(made).posts if found.kind(made) == "thread" else found.listing(made).threads
            assert all(re.search(r"\S", p.native_id) for p in read)
