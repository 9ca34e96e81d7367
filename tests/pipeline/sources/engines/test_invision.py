"""Invision Community and Vanilla on invented pages."""

from datetime import UTC, datetime

from tests.pipeline.sources.engines.group import listing, thread

IPS = """<html><head><link rel="next" href="https://board.example/topic/8-doses/page/2/"></head><body class="ipsApp" data-pageapp="forums"><h1 class="ipsType_pageTitle">Doses</h1>
<article id="elComment_61" class="cPost ipsComment"><aside><h3 class="cAuthorPane_author"><a href="/profile/1-a/">sample_heron</a></h3></aside>
<div id="comment-61_wrap"><div class="ipsComment_meta"><a href="https://board.example/topic/8-doses/?do=findComment&amp;comment=61" class="ipsType_blendLinks">Posted <time datetime="2024-03-19T21:22:50Z">March 19</time></a></div>
<div class="cPost_contentWrap"><div data-role="commentContent" class="ipsType_richText"><p>Thirty a day.</p><p>It works.</p></div><div data-role="memberSignature">mine</div></div></div></article>
<article id="elComment_62" class="cPost ipsComment"><aside><h3 class="cAuthorPane_author">Guest</h3></aside><div class="ipsComment_meta"><time datetime="2024-03-20T08:00:00Z">x</time></div>
<div data-role="commentContent"><blockquote class="ipsQuote" data-ipsquote="" data-ipsquote-username="sample_heron"><div class="ipsQuote_citation">4 hours ago, sample_heron said:</div>
<div class="ipsQuote_contents"><p>It works.</p></div></blockquote><p>Not here.</p><p><span class="ipsEdited">Edited <time datetime="2024-03-20T09:00:00Z">x</time> by Guest</span></p></div></article></body></html>"""

IPS_LIST = """<html><body class="ipsApp" data-pageapp="forums"><ol data-role="tableRows"><li class="ipsDataItem" data-rowid="8"><div class="ipsDataItem_main"><h4 class="ipsDataItem_title"><span><a href="https://board.example/topic/8-doses/" title="Doses"><span>Doses</span></a></span></h4></div>
<ul class="ipsDataItem_stats"><li data-stattype="forums_comments"><span class="ipsDataItem_stats_number">3</span> replies</li></ul>
<ul class="ipsDataItem_lastPoster"><li><a><time datetime="2024-03-20T08:00:00Z">x</time></a></li></ul></li></ol>
<link rel="next" href="https://board.example/forum/3-meds/page/2/"></body></html>"""

VANILLA = """<html><body id="vanilla_discussion_index" class="Vanilla"><div class="PageTitle"><h1>Doses</h1></div>
<div id="Discussion_205" class="Item ItemDiscussion"><span class="Author"><a title="sample_heron" class="PhotoWrap"></a><a class="Username">sample_heron</a></span>
<span class="MItem DateCreated"><a class="Permalink" href="https://board.example/discussion/205/doses"><time datetime="2025-05-20T07:35:24+00:00">x</time></a></span>
<div class="Message userContent"><p>Thirty a day.</p></div><div class="UserSignature">mine</div></div>
<ul class="MessageList DataList Comments"><li class="Item ItemComment" id="Comment_71"><span class="Author"><a class="Username">sample_wren</a></span>
<span class="MItem DateCreated"><a class="Permalink" href="/discussion/comment/71/#Comment_71"><time datetime="2025-05-20T08:00:00+00:00">x</time></a></span>
<div class="Message userContent"><blockquote class="Quote UserQuote"><div class="QuoteAuthor"><a rel="nofollow" href="/profile/sample_heron">sample_heron</a> said:</div><div class="QuoteText"><p>Thirty a day.</p></div></blockquote><p>Sixty.</p></div></li></ul>
<div class="Pager"><a class="Next" rel="next" href="https://board.example/discussion/205/doses/p2">»</a></div></body></html>"""


def test_invision_keeps_quotes_signature_and_edits_apart() -> None:
    read = thread("https://board.example/topic/8-doses/?tab=comments", IPS, "invision")
    first, second = read.posts
    assert (read.thread.native_id, read.thread.title) == ("8", "Doses")
    assert (first.native_id, first.author, first.text) == ("61", "sample_heron", "Thirty a day.\nIt works.")
    assert first.posted_at == datetime(2024, 3, 19, 21, 22, 50, tzinfo=UTC)
    assert (second.text, [(q.text, q.author) for q in second.quotes]) == ("Not here.", [("It works.", "sample_heron")])
    assert second.edited_at == datetime(2024, 3, 20, 9, 0, tzinfo=UTC)
    assert read.next_url == "https://board.example/topic/8-doses/page/2/"


def test_invision_lists_threads_with_their_last_post() -> None:
    found = listing("https://board.example/forum/3-meds/", IPS_LIST, "invision")
    (only,) = found.threads
    assert (only.native_id, only.title, only.posts) == ("8", "Doses", 4)
    assert only.last_post_at == datetime(2024, 3, 20, 8, 0, tzinfo=UTC)
    assert found.next_url == "https://board.example/forum/3-meds/page/2/"


def test_vanilla_counts_the_discussion_as_the_first_post() -> None:
    read = thread("https://board.example/discussion/205/doses", VANILLA, "vanilla")
    first, second = read.posts
    assert (read.thread.native_id, read.thread.title) == ("205", "Doses")
    assert (first.native_id, first.author, first.text) == ("d205", "sample_heron", "Thirty a day.")
    assert (second.native_id, second.text) == ("71", "Sixty.")
    assert [(q.text, q.author) for q in second.quotes] == [("Thirty a day.", "sample_heron")]
    assert second.posted_at == datetime(2025, 5, 20, 8, 0, tzinfo=UTC)
    assert read.next_url == "https://board.example/discussion/205/doses/p2"
