"""vBulletin 3, 4 and 5/6 on invented pages."""

from datetime import UTC, datetime

from pipeline.sources.engines import engine_for
from tests.pipeline.sources.engines.group import listing, page, thread

VB3 = """<html><head><title>Doses - Board</title></head><body><td class="navbar"><strong>Doses</strong></td>
<div class="pagenav"><a href="showthread.php?s=abc&amp;t=5&amp;page=2" title="Next Page - Results 3 to 4 of 4" rel="next">&gt;</a></div>
<div id="posts"><div id="edit101"><table id="post101" class="tborder"><tr><td class="thead"><div>#<a href="showpost.php?p=101&amp;postcount=1" id="postcount101" name="1"><strong>1</strong></a></div>
<div><a name="post101"><img src="post_old.gif" alt="Old"></a> 03-02-2012, 07:04 PM</div></td></tr>
<tr><td class="alt2"><div id="postmenu_101"><a class="bigusername" href="member.php?u=1">sample_heron</a></div></td></tr>
<tr><td class="alt1" id="td_post_101"><div class="smallfont"><strong>Doses</strong></div><div id="post_message_101">Half a 25 at night.</div>
<!-- sig --><div>__________________<br>no more wine</div><!-- / sig --><div class="smallfont"><em>Last edited by sample_heron; 03-02-2012 at 08:10 PM.</em></div></td></tr></table></div>
<div id="edit102"><table id="post102"><tr><td class="thead">#<a id="postcount102" href="#post102">2</a> 03-13-2012, 12:28 AM</td></tr>
<tr><td class="alt2"><a class="bigusername">sample_wren</a></td></tr>
<tr><td class="alt1" id="td_post_102"><div id="post_message_102"><div style="margin:20px"><div class="smallfont">Quote:</div>
<table><tr><td class="alt2"><div>Originally Posted by <strong>sample_heron</strong> <a href="#post101">x</a></div><div style="font-style:italic">Half a 25 at night.</div></td></tr></table></div>
I take 60.</div></td></tr></table></div></div>All times are GMT -5. The time now is 09:00 AM.</body></html>"""

VB3_LIST = """<html><body><table id="threadslist"><tbody id="threadbits_forum_2">
<tr><td class="alt1" id="td_threadtitle_5"><div><a href="showthread.php?s=abc&amp;t=5" id="thread_title_5">Doses</a></div><div class="smallfont">sample_heron</div></td>
<td class="alt2" title="Replies: 3, Views: 1,204"><div class="smallfont">03-13-2012 <span class="time">12:28 AM</span><br>by <a>sample_wren</a></div></td>
<td class="alt1"><a href="misc.php?do=whoposted&amp;t=5">3</a></td></tr></tbody></table>
<a rel="next" href="forumdisplay.php?f=2&amp;order=desc&amp;page=2">&gt;</a></body></html>"""

VB4 = """<html><head><base href="https://board.example/forum/"><meta name="generator" content="vBulletin 4.2.2"></head><body>
<h1><span class="threadtitle"><a href="showthread.php?5-doses">Doses</a></span></h1><ol id="posts" class="posts">
<li class="postbitlegacy postbitim postcontainer old" id="post_201"><div class="posthead"><span class="postdate old"><span class="date">03-02-2012,&nbsp;<span class="time">07:04 PM</span></span></span>
<a href="showthread.php?5-doses&amp;p=201#post201" class="postcounter">#1</a></div><div class="username_container"><a class="username offline" href="member.php?1"><strong>sample_heron</strong></a></div>
<div class="postbody"><div class="content"><div id="post_message_201"><blockquote class="postcontent restore">Sixty a day, <b>no</b> cravings.</blockquote></div></div>
<blockquote class="signature restore"><div class="signaturecontainer">one day at a time</div></blockquote>
<blockquote class="postcontent lastedited">Last edited by sample_heron; 03-02-2012 at 08:00 PM.</blockquote></div></li>
<li class="postbitlegacy postcontainer" id="post_202"><div class="posthead"><span class="date">03-03-2012,&nbsp;<span class="time">01:00 AM</span></span></div><a class="username"><strong>sample_wren</strong></a>
<div id="post_message_202"><blockquote class="postcontent restore"><div class="bbcode_container"><div class="bbcode_quote"><div class="quote_container"><div class="bbcode_postedby">Originally Posted by <strong>sample_heron</strong></div>
<div class="message">no cravings</div></div></div></div>Lucky you.</blockquote></div></li></ol>
<div class="pagination"><span class="prev_next"><a rel="next" href="showthread.php?5-doses/page2&amp;s=abc" title="Next Page">next</a></span></div>All times are GMT. </body></html>"""

VB5 = """<html><head><title>Doses</title></head><body class="l-desktop page60 vb-page"><h1 class="main-title">Doses</h1><ul class="conversation-list">
<li data-node-id="301" class="b-post js-post"><a id="post301" class="anchor"></a><div class="author" itemprop="author"><a><span itemprop="name">sample_heron</span></a></div>
<div class="b-post__timestamp"><time itemprop="dateCreated" datetime="2024-04-16T17:53:41-07:00">04-16-2024</time></div>
<a class="b-post__count" href="https://board.example/forum/meds/12-doses?p=301#post301">#1</a>
<div class="js-post__content-text" itemprop="text">Ten in the morning.</div><div class="post-signature">mine</div></li>
<li data-node-id="302" class="b-post js-post"><div itemprop="author"><span itemprop="name">sample_wren</span></div><time itemprop="dateCreated" datetime="2024-04-17T01:00:00Z">x</time>
<div class="js-post__content-text"><div class="bbcode_container"><div class="bbcode_quote"><div class="quote_container"><div class="bbcode_postedby">Originally posted by <strong>sample_heron</strong> <a>View Post</a></div><div class="message">Ten</div></div></div></div>Twenty.</div></li></ul>
<a class="js-pagenav-next-button" href=""></a></body></html>"""


def test_version_3_keeps_quotes_signature_and_edits_apart() -> None:
    read = thread("https://board.example/showthread.php?t=5&s=xyz", VB3, "vbulletin3")
    first, second = read.posts
    assert (read.thread.native_id, read.thread.title) == ("5", "Doses")
    assert (first.native_id, first.author, first.text) == ("101", "sample_heron", "Half a 25 at night.")
    assert first.posted_at == datetime(2012, 3, 3, 0, 4, tzinfo=UTC)
    assert second.posted_at == datetime(2012, 3, 13, 5, 28, tzinfo=UTC)
    assert (second.text, [(q.text, q.author) for q in second.quotes]) == (
        "I take 60.",
        [("Half a 25 at night.", "sample_heron")],
    )
    assert read.next_url == "https://board.example/showthread.php?page=2&t=5"


def test_version_3_lists_threads_with_their_last_post() -> None:
    found = listing("https://board.example/forumdisplay.php?f=2", VB3_LIST, "vbulletin3")
    (only,) = found.threads
    assert (only.native_id, only.title, only.posts) == ("5", "Doses", 4)
    assert only.url == "https://board.example/showthread.php?t=5"
    assert only.last_post_at == datetime(2012, 3, 13, 0, 28, tzinfo=UTC)
    assert found.next_url is not None


def test_version_4_reads_links_from_its_base() -> None:
    read = thread("https://board.example/forum/showthread.php?5-doses", VB4, "vbulletin4")
    first, second = read.posts
    assert (first.native_id, first.author, first.text) == ("201", "sample_heron", "Sixty a day, no cravings.")
    assert first.posted_at == datetime(2012, 3, 2, 19, 4, tzinfo=UTC)
    assert (second.text, [(q.text, q.author) for q in second.quotes]) == (
        "Lucky you.",
        [("no cravings", "sample_heron")],
    )
    assert read.next_url == "https://board.example/forum/showthread.php?5-doses/page2"
    assert read.thread.native_id == "5"


def test_version_5_has_no_next_page_where_its_button_leads_nowhere() -> None:
    read = thread("https://board.example/forum/meds/12-doses", VB5, "vbulletin5")
    first, second = read.posts
    assert (first.native_id, first.author, first.text) == ("301", "sample_heron", "Ten in the morning.")
    assert first.posted_at == datetime(2024, 4, 17, 0, 53, 41, tzinfo=UTC)
    assert (second.text, [(q.text, q.author) for q in second.quotes]) == ("Twenty.", [("Ten", "sample_heron")])
    assert read.next_url is None
    assert read.thread.native_id == "12"


def test_a_refusal_that_answers_200_is_no_thread() -> None:
    made = page(
        "https://board.example/showthread.php?t=9",
        '<html><head><meta name="generator" content="vBulletin 4.2.2"></head><body><div class="standard_error">You are not logged in or you do not have permission to access this page.</div></body></html>',
    )
    engine = engine_for(made)
    assert engine is not None
    assert engine.kind(made) == "login"
