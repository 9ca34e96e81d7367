"""MyBB 1.8."""

from tests.pipeline.sources.engines.made import at, engine, listing, page, thread

SITE = "https://board.test"


def _post(number: int, said: str, date: str, author: str = "<a href='user-3.html'>teal</a>") -> str:
    return f"""<div class="post " id="post_{number}"><div class="post_author"><div class="author_information"><strong>
    <span class="largetext">{author}</span></strong><br /><span class="smalltext">Member</span></div></div>
    <div class="post_content"><div class="post_head"><div class="float_right"><strong>
    <a href="thread-12-post-{number}.html#pid{number}">#1</a></strong></div><span class="post_date">{date}</span></div>
    <div class="post_body scaleimages" id="pid_{number}">{said}</div><div class="signature scaleimages">My meds</div>
    </div></div>"""


EDITED = (
    '12-13-2014, 07:04 PM <span class="post_edit" id="edited_by_5">(This post was last modified: 12-14-2014, 08:00 AM by '
    '<a href="#">teal</a>.)</span>'
)
QUOTE = """<blockquote class="mycode_quote"><cite><span> (12-12-2014, 05:31 PM)</span>Grey Gull Wrote: <a href="post-4.html"
class="quick_jump"></a></cite>Is 30 mg too much?</blockquote>Not for me."""
PAGE = f"""<script>var my_post_key = "x";</script><div class="navigation"><a href="forum-2.html">Meds</a>
<div id="breadcrumb_multipage_popup" class="pagination pagination_breadcrumb"><a class="pagination_next" href="forum-2-page-6.html">
Next</a></div><span class="active">Dose</span></div><div class="pagination"><span class="pagination_current">1</span>
<a class="pagination_page" href="thread-12-page-2.html">2</a><a class="pagination_next" href="thread-12-page-2.html">Next</a></div>
{_post(5, QUOTE, EDITED)}{_post(6, "Ok.", '<span title="03-05-2026">Today</span>, 07:04 AM', "Visitor")}
{_post(7, "Late.", '<span title="03-05-2026, 11:15 AM">45 minutes ago</span>')}"""


def test_a_page_gives_each_post_with_its_time_apart_from_the_note_on_edits() -> None:
    read = thread(f"{SITE}/thread-12.html", PAGE, "mybb")
    first, second, third = read.posts
    assert (read.thread.native_id, read.thread.title) == ("12", "Dose")
    assert (first.native_id, first.author, first.text) == ("5", "teal", "Not for me.")
    assert (first.posted_at, first.edited_at) == (at(2014, 12, 13, 19, 4), at(2014, 12, 14, 8))
    assert [(q.author, q.text) for q in first.quotes] == [("Grey Gull", "Is 30 mg too much?")]
    assert (second.author, second.posted_at, second.edited_at) == ("Visitor", at(2026, 3, 5, 7, 4), None)
    assert third.posted_at == at(2026, 3, 5, 11, 15)
    assert first.url == f"{SITE}/thread-12-post-5.html#pid5"


def test_the_next_page_is_the_thread_s_and_not_the_forum_s() -> None:
    assert thread(f"{SITE}/thread-12.html", PAGE, "mybb").next_url == f"{SITE}/thread-12-page-2.html"
    last = PAGE.replace('<a class="pagination_next" href="thread-12-page-2.html">Next</a>', "")
    assert thread(f"{SITE}/thread-12-page-2.html", last, "mybb").next_url is None


def test_dates_in_numbers_are_read_month_first_unless_the_page_shows_otherwise() -> None:
    both = _post(1, "a", "04-02-2013, 12:28 PM")
    assert thread(f"{SITE}/thread-1.html", both, "mybb").posts[0].posted_at == at(2013, 4, 2, 12, 28)
    shown = both + _post(2, "b", "25-02-2013, 12:28 PM")
    assert thread(f"{SITE}/thread-1.html", shown, "mybb").posts[0].posted_at == at(2013, 2, 4, 12, 28)


def test_all_addresses_of_a_thread_are_one() -> None:
    mybb = engine(page(SITE, PAGE), "mybb")
    assert mybb.canonical(f"{SITE}/thread-12-page-1.html") == f"{SITE}/thread-12.html"
    for end in ("thread-12-page-3.html", "thread-12-post-99.html#pid99", "thread-12-lastpost.html"):
        assert mybb.first_page(f"{SITE}/{end}") == f"{SITE}/thread-12.html"
        assert mybb.native_thread(f"{SITE}/{end}") == "12"
    assert mybb.first_page(f"{SITE}/showthread.php?tid=12&pid=99&page=4#pid99") == f"{SITE}/showthread.php?tid=12"
    assert mybb.native_thread(f"{SITE}/showthread.php?pid=99&tid=12") == "12"


LIST = """<script>var my_post_key = "x";</script><div class="pagination"><a class="pagination_next" href="forum-2-page-2.html">Next</a>
</div><table class="tborder"><tr class="inline_row"><td><span class="thread_status folder"></span></td><td><span class="subject_old"
id="tid_12"><a href="thread-12.html">Dose</a></span><div class="author smalltext">teal</div></td><td><a
href="misc.php?action=whoposted&amp;tid=12" onclick="MyBB.whoPosted(12); return false;">1,204</a></td><td>9</td><td><span
class="lastpost smalltext">12-14-2014, 09:00 PM<br /><a href="thread-12-lastpost.html">Last Post</a>: <a href="#">teal</a></span></td>
</tr><tr class="inline_row"><td><span class="thread_status movefolder"></span></td><td><span id="tid_13"><a href="thread-14.html">
Gone</a></span></td></tr></table>"""


def test_a_listing_gives_threads_with_their_last_post() -> None:
    read = listing(f"{SITE}/forum-2.html", LIST, "mybb")
    (found,) = read.threads
    assert (found.native_id, found.url, found.title) == ("12", f"{SITE}/thread-12.html", "Dose")
    assert (found.posts, found.last_post_at) == (1205, at(2014, 12, 14, 21))
    assert read.next_url == f"{SITE}/forum-2-page-2.html"


def test_refusals_that_answer_200_are_told() -> None:
    for said, kind in (
        ("The specified thread does not exist.", "error"),
        ("You are either not logged in or do not have permission to view this page.", "login"),
    ):
        made = page(
            f"{SITE}/thread-9.html", f'<script>var my_post_key="x";</script><table><tr><td>{said}</td></tr></table>'
        )
        assert engine(made, "mybb").kind(made) == kind
