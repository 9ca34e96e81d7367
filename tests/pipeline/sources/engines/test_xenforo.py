"""XenForo 1, XenForo 2 and VerticalScope's skin, on invented pages."""

from datetime import UTC, datetime

import pytest

from pipeline.sources.engines import engine_for
from tests.pipeline.sources.engines.group import known, listing, page, thread

XF2 = """<!DOCTYPE html><html id="XF" data-app="public" data-template="thread_view"><head><title>Half tablets | Board</title>
<link rel="next" href="/threads/half-tablets.41/page-2"></head><body><h1 class="p-title-value">Half tablets</h1>
<article class="message message--post" data-author="sample_heron" data-content="post-901" id="js-post-901">
<header class="message-attribution"><div class="message-attribution-main"><a href="/threads/half-tablets.41/post-901">
<time class="u-dt" datetime="2024-03-02T10:15:00-0500">Mar 2, 2024</time></a></div></header>
<div class="message-content"><article class="message-body"><div class="bbWrapper">I take half a 25.<br>It helps &amp; I sleep.</div></article>
<div class="message-lastEdit">Last edited: <time class="u-dt" datetime="2024-03-02T11:00:00-0500">Mar 2</time></div></div>
<aside class="message-signature"><div class="bbWrapper">Signed in haste</div></aside></article>
<article class="message message--post" data-author="sample_wren" data-content="post-902" id="js-post-902">
<header class="message-attribution"><time class="u-dt" datetime="2024-03-03T09:00:00+0000">Mar 3</time></header>
<div class="message-content"><article class="message-body"><div class="bbWrapper">
<blockquote class="bbCodeBlock bbCodeBlock--quote" data-quote="sample_heron" data-source="post: 901"><div class="bbCodeBlock-title">
<a class="bbCodeBlock-sourceJump">sample_heron said:</a></div><div class="bbCodeBlock-content"><div class="bbCodeBlock-expandContent">It helps</div>
<div class="bbCodeBlock-expandLink"><a>Click to expand...</a></div></div></blockquote>Not for me.</div></article></div></article>
<nav><a class="pageNav-page" href="/x"></a><ul><li class="pageNav-page"><a href="/threads/half-tablets.41/page-2">2</a></li></ul></nav></body></html>"""

XF2_LIST = """<html id="XF" data-app="public" data-template="forum_view"><body><div class="structItemContainer">
<div class="structItem structItem--thread js-threadListItem-41"><div class="structItem-title"><a href="/forums/x/?prefix_id=2" class="labelLink">Q</a>
<a href="/threads/half-tablets.41/" data-preview-url="/threads/half-tablets.41/preview">Half tablets</a></div>
<div class="structItem-cell structItem-cell--meta"><dl class="pairs pairs--justified"><dt>Replies</dt><dd>1</dd></dl><dl><dt>Views</dt><dd>9K</dd></dl></div>
<div class="structItem-cell--latest"><a href="/threads/half-tablets.41/latest"><time class="structItem-latestDate u-dt" datetime="2024-03-03T09:00:00+0000">x</time></a></div></div>
<div class="structItem structItem--thread structItem--redirect"><div class="structItem-title"><a href="/threads/gone.40/">Gone</a></div></div>
</div><a class="pageNav-jump pageNav-jump--next" href="/forums/meds.7/page-2">Next</a></body></html>"""

XF1 = """<html id="XenForo"><head><title>Doses</title></head><body><div class="titleBar"><h1>Doses</h1></div><ol class="messageList" id="messageList">
<li id="post-11" class="message" data-author="sample_heron"><div class="messageInfo"><div class="messageContent"><article>
<blockquote class="messageText ugc baseHtml">Sixty a day.</blockquote></article></div><div class="baseHtml signature messageText">
<aside>my signature</aside></div><div class="messageMeta"><span class="authorEnd"><a class="username author">sample_heron</a>,</span>
<a class="datePermalink" href="threads/doses.5/#post-11"><abbr class="DateTime" data-time="1709372100">Mar 2, 2024</abbr></a></div></div></li>
<li id="post-12" class="message" data-author="sample_wren"><div class="messageContent"><article><blockquote class="messageText">
<div class="bbCodeBlock bbCodeQuote" data-author="sample_heron"><aside><div class="attribution type">sample_heron said: <a class="AttributionLink">&uarr;</a></div>
<blockquote class="quoteContainer"><div class="quote">Sixty a day.</div><div class="quoteExpand">Click to expand...</div></blockquote></aside></div>Thirty here.</blockquote></article></div>
<div class="messageMeta"><a class="datePermalink" href="threads/doses.5/#post-12"><span class="DateTime" title="Mar 3, 2024 at 7:04 PM">Mar 3, 2024</span></a></div></li></ol>
<div class="PageNav"><nav><a href="threads/doses.5/" class="currentPage">1</a><a href="threads/doses.5/page-2">2</a><a href="threads/doses.5/page-2" class="text">Next &gt;</a></nav></div></body></html>"""

CARDS = """<html class="california-theme" id="XF"><head><link rel="next" href="/threads/doses.5/page-2"></head><body>
<h1 class="MessageCard__thread-title">Doses</h1>
<div class="MessageCard js-post" id="js-post-77"><div class="MessageCard__user-info"><a class="MessageCard__user-info__name" href="/members/a.1/">sample_heron</a></div>
<a class="MessageCard__date-created" href="#post-77"><time datetime="2024-01-03T11:23:42-0500">Jan 3</time></a>
<article class="message-body"><div class="bbWrapper">Ten at night.</div></article></div></body></html>"""


def test_xenforo_2_gives_every_post_with_quotes_apart() -> None:
    read = thread("https://board.example/threads/half-tablets.41/?sid=1", XF2, "xenforo2")
    first, second = read.posts
    assert (read.thread.native_id, read.thread.title) == ("41", "Half tablets")
    assert read.thread.url == "https://board.example/threads/half-tablets.41/"
    assert (first.native_id, first.author, first.text) == (
        "901",
        "sample_heron",
        "I take half a 25.\nIt helps & I sleep.",
    )
    assert first.posted_at == datetime(2024, 3, 2, 15, 15, tzinfo=UTC)
    assert first.edited_at == datetime(2024, 3, 2, 16, 0, tzinfo=UTC)
    assert first.url == "https://board.example/threads/half-tablets.41/post-901"
    assert (second.text, [(q.text, q.author) for q in second.quotes]) == ("Not for me.", [("It helps", "sample_heron")])
    assert read.next_url == "https://board.example/threads/half-tablets.41/page-2"


def test_xenforo_2_lists_threads_and_no_redirects() -> None:
    found = listing("https://board.example/forums/meds.7/", XF2_LIST, "xenforo2")
    (only,) = found.threads
    assert (only.native_id, only.url, only.title) == (
        "41",
        "https://board.example/threads/half-tablets.41/",
        "Half tablets",
    )
    assert (only.posts, only.last_post_at) == (2, datetime(2024, 3, 3, 9, 0, tzinfo=UTC))
    assert found.next_url == "https://board.example/forums/meds.7/page-2"


@pytest.mark.parametrize("tail", ["", "page-1", "page-2", "page-2#post-902", "?page=&s=abc"])
def test_xenforo_2_pages_of_a_thread_are_of_one_thread(tail: str) -> None:
    engine, made = known(f"https://board.example/threads/half-tablets.41/{tail}", XF2, "xenforo2")
    assert engine.native_thread(made.url) == "41"
    assert engine.first_page(made.url).split("?")[0] == "https://board.example/threads/half-tablets.41/"


def test_xenforo_1_gives_every_post_with_quotes_apart() -> None:
    read = thread(
        "https://board.example/threads/doses.5/",
        XF1.replace("<head>", '<head><base href="https://board.example/">'),
        "xenforo1",
    )
    first, second = read.posts
    assert (first.native_id, first.author, first.text) == ("11", "sample_heron", "Sixty a day.")
    assert first.posted_at == datetime(2024, 3, 2, 9, 35, tzinfo=UTC)
    assert (second.text, [(q.text, q.author) for q in second.quotes]) == (
        "Thirty here.",
        [("Sixty a day.", "sample_heron")],
    )
    assert second.posted_at == datetime(2024, 3, 3, 19, 4, tzinfo=UTC)
    assert read.next_url == "https://board.example/threads/doses.5/page-2"


def test_cards_are_told_from_plain_xenforo() -> None:
    read = thread("https://board.example/threads/doses.5/", CARDS, "verticalscope")
    (only,) = read.posts
    assert (only.native_id, only.author, only.text) == ("77", "sample_heron", "Ten at night.")
    assert only.posted_at == datetime(2024, 1, 3, 16, 23, 42, tzinfo=UTC)
    assert read.next_url == "https://board.example/threads/doses.5/page-2"


def test_a_refusal_that_answers_200_is_no_thread() -> None:
    refusal = '<html id="XF" data-app="public" data-template="login"><body><div class="blockMessage">You must be logged-in to do that.</div></body></html>'
    made = page("https://board.example/threads/private.9/", refusal)
    engine = engine_for(made)
    assert engine is not None
    assert engine.kind(made) == "login"
