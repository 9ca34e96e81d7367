"""Discourse: JSON, pages with JSON laid into them, the crawlers' view."""

import html
import json
from typing import Any

import pytest

from tests.pipeline.sources.engines.made import at, engine, listing, page, thread

SITE = "https://board.test"
QUOTE = """<aside class="quote" data-username="swift" data-post="1"><div class="title"><img alt=""> swift:</div><blockquote><p>Any
relief?</p></blockquote></aside><p>Some. <img class="emoji" alt=":slight_smile:" title=":slight_smile:"></p><blockquote><p>From a
leaflet</p></blockquote><aside class="onebox"><p>A preview</p></aside>"""


def _post(number: int, cooked: str, **more: Any) -> dict[str, Any]:
    told = {
        "id": 900 + number,
        "username": f"user{number}",
        "cooked": cooked,
        "post_number": number,
        "post_type": 1,
        "created_at": f"2025-09-2{number}T21:10:35.149Z",
        "updated_at": "2025-10-01T08:00:00.000Z",
        "version": 1,
        "topic_id": 55,
        "topic_slug": "relief",
    }
    return {**told, **more}


POSTS = [
    _post(3, "<p>(post deleted by author)</p>", user_deleted=True),
    _post(2, QUOTE, version=2, reply_to_post_number=1),
    _post(1, "<p>How is it?</p>"),
    _post(4, "", post_type=3, action_code="closed.enabled"),
]
TOPIC = {
    "id": 55,
    "slug": "relief",
    "title": "Relief & rest",
    "post_stream": {"posts": POSTS, "stream": [901, 902, 903, 904, 905]},
}
JSON_URL = f"{SITE}/t/55.json"


def test_json_gives_each_post_in_order_with_the_site_s_own_id() -> None:
    read = thread(JSON_URL, json.dumps(TOPIC), "discourse")
    first, second, third = read.posts
    assert (read.thread.native_id, read.thread.title, read.thread.url) == ("55", "Relief & rest", f"{SITE}/t/relief/55")
    assert (first.native_id, first.author, first.text, first.edited_at) == ("901", "user1", "How is it?", None)
    assert (second.text, second.parent_id, second.edited_at) == ("Some. :slight_smile:", "901", at(2025, 10, 1, 8))
    assert [(q.author, q.text) for q in second.quotes] == [("swift", "Any relief?"), (None, "From a leaflet")]
    assert second.url == f"{SITE}/t/relief/55/2"
    assert (third.status, third.text, third.author) == ("deleted", "", None)


def test_pages_of_json_follow_until_the_last_of_the_stream_was_shown() -> None:
    assert thread(JSON_URL, json.dumps(TOPIC), "discourse").next_url == f"{JSON_URL}?page=2"
    last = {**TOPIC, "post_stream": {"posts": [_post(5, "<p>Bye</p>")], "stream": [901, 905]}}
    assert thread(f"{JSON_URL}?page=2", json.dumps(last), "discourse").next_url is None


def test_an_answer_with_posts_alone_is_read_too() -> None:
    read = thread(
        f"{SITE}/t/55/posts.json?post_ids[]=901", json.dumps({"post_stream": {"posts": POSTS}, "id": 55}), "discourse"
    )
    assert [p.native_id for p in read.posts] == ["901", "902", "903"]
    assert (read.thread.native_id, read.next_url) == ("55", None)


CRAWLED = """<meta name="generator" content="Discourse 3.2"><div id="topic-title"><h1><a href="/t/relief/55">Relief</a></h1></div>
<div id="post_1" class="topic-body crawler-post"><div class="crawler-post-meta"><span class="creator" itemprop="author"><a
href="/u/swift"><span itemprop="name">swift</span></a> (Ann)</span><span class="crawler-post-infos"><time
datetime="2025-09-21T21:10:35Z" class="post-time">September 21, 2025</time><meta itemprop="dateModified"
content="2025-09-21T21:10:35Z"><span itemprop="position">1</span></span></div><div class="post" itemprop="text"><p>How is it?</p></div>
<span class="post-likes">3 Likes</span></div><div role="navigation"><a rel="next" href="/t/relief/55?page=2">next page</a></div>"""


def test_the_crawlers_view_is_read_where_there_is_nothing_better() -> None:
    read = thread(f"{SITE}/t/relief/55", CRAWLED, "discourse")
    (post,) = read.posts
    assert (post.native_id, post.author, post.text) == ("55/1", "swift", "How is it?")
    assert (post.posted_at, post.edited_at) == (at(2025, 9, 21, 21, 10, 35), None)
    assert (post.url, read.next_url) == (f"{SITE}/t/relief/55/1", f"{SITE}/t/relief/55?page=2")


def test_json_laid_into_a_page_gives_the_same_posts_as_json() -> None:
    laid = html.escape(json.dumps({"topic_55": json.dumps(TOPIC)}))
    read = thread(
        f"{SITE}/t/relief/55", f'{CRAWLED}<div id="data-preloaded" data-preloaded="{laid}"></div>', "discourse"
    )
    assert read.posts == thread(JSON_URL, json.dumps(TOPIC), "discourse").posts


def test_a_page_without_posts_leads_to_the_json() -> None:
    empty = page(
        f"{SITE}/t/relief/55/7", '<meta name="generator" content="Discourse 3.4"><div id="data-preloaded"></div>'
    )
    assert engine(empty, "discourse").kind(empty) == "other"
    assert engine(empty, "discourse").api_url(empty) == JSON_URL
    board = page(f"{SITE}/c/meds/5", CRAWLED)
    assert engine(board, "discourse").api_url(board) is None


def test_addresses_of_one_page_are_one() -> None:
    discourse = engine(page(SITE, CRAWLED), "discourse")
    for end in ("/t/relief/55/12", "/t/relief/55?page=1", "/t/relief/55/12?u=swift"):
        assert discourse.canonical(SITE + end) == f"{SITE}/t/relief/55"
        assert discourse.native_thread(SITE + end) == "55"
    assert discourse.canonical(f"{SITE}/c/meds/5?page=1") == f"{SITE}/c/meds/5?page=1"
    assert discourse.canonical(f"{SITE}/c/meds/5?page=0") == f"{SITE}/c/meds/5"


LIST = """<meta name="generator" content="Discourse 3.2"><table class="topic-list"><tr class="topic-list-item"><td class="main-link"><a
itemprop="url" href="/t/relief/55" class="title raw-link">Relief</a></td><td class="replies"><span class="posts">4</span></td>
<td class="views">9</td><td>September 24, 2025</td></tr></table><a rel="next" href="/c/meds/5?page=1">next page</a>"""
LIST_JSON = {
    "topic_list": {
        "more_topics_url": "/c/meds/5?page=1",
        "topics": [
            {"id": 55, "slug": "relief", "title": "Relief", "posts_count": 5, "last_posted_at": "2025-09-24T00:00:00Z"}
        ],
    }
}


def test_listings_give_threads_with_their_last_post() -> None:
    for url, body, following in (
        (f"{SITE}/c/meds/5", LIST, f"{SITE}/c/meds/5?page=1"),
        (f"{SITE}/c/meds/5.json", json.dumps(LIST_JSON), f"{SITE}/c/meds/5.json?page=1"),
    ):
        read = listing(url, body, "discourse")
        (found,) = read.threads
        assert (found.native_id, found.url, found.title, found.posts) == ("55", f"{SITE}/t/relief/55", "Relief", 5)
        assert (found.last_post_at, read.next_url) == (at(2025, 9, 24), following)


@pytest.mark.parametrize(
    ("told", "kind"), [("not_found", "error"), ("not_logged_in", "login"), ("invalid_access", "login")]
)
def test_refusals_are_told(told: str, kind: str) -> None:
    made = page(JSON_URL, json.dumps({"errors": ["No."], "error_type": told}))
    assert engine(made, "discourse").kind(made) == kind
