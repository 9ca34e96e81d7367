"""bbPress 2."""

from tests.pipeline.sources.engines.made import at, listing, thread

SITE = "https://board.test/forums"


def _reply(number: int, said: str, author: str, date: str = "March 3, 2019 at 7:04 pm") -> str:
    return f"""<div id="post-{number}" class="bbp-reply-header"><div class="bbp-meta"><span class="bbp-reply-post-date">{date}</span>
    <a href="{SITE}/topic/itching/#post-{number}" class="bbp-reply-permalink">#{number}</a></div></div>
    <!-- #post-{number} --><div class="odd bbp-parent-topic-300 post-{number} reply"><div class="bbp-reply-author">{author}</div>
    <div class="bbp-reply-content">{said}</div></div>"""


NAME = '<a href="/u/snipe" class="bbp-author-avatar"><img alt="" /></a><br /><a href="/u/snipe" class="bbp-author-name">snipe</a>'
GUEST = '<span class="bbp-author-name">Quail</span><div class="bbp-author-role">Guest</div>'
QUOTE = """<blockquote class="d4pbbc-quote"><div class="d4p-bbp-quote-title"><a href="#">snipe wrote:</a></div>Does it itch?</blockquote>
<p>Only at first.</p><ul class="bbp-reply-revision-log"><li>This reply was modified 2 years ago by quail.</li></ul>
<div class="bbp-signature">Quail of the hills</div>"""
PAGE = f"""<article id="post-300" class="topic"><h1 class="entry-title">Itching</h1><div id="bbpress-forums">
<div class="bbp-pagination-links"><a class="page-numbers" href="{SITE}/topic/itching/page/2/">2</a>
<a class="next page-numbers" href="{SITE}/topic/itching/page/2/">→</a></div><ul id="topic-300-replies" class="forums bbp-replies">
<li class="bbp-header"><div class="bbp-reply-author">Author</div><div class="bbp-reply-content">Posts</div></li>
<li class="bbp-body">{_reply(300, "<p>Anyone?</p>", NAME, "3rd March 2019 at 7:04 pm")}{_reply(301, QUOTE, GUEST)}</li>
<li class="bbp-footer"><div class="bbp-reply-content">Posts</div></li></ul></div></article>"""


def test_the_text_of_a_post_stands_behind_its_header() -> None:
    read = thread(f"{SITE}/topic/itching/", PAGE, "bbpress")
    first, second = read.posts
    assert (read.thread.native_id, read.thread.title) == ("itching", "Itching")
    assert (first.native_id, first.author, first.text) == ("300", "snipe", "Anyone?")
    assert first.posted_at == second.posted_at == at(2019, 3, 3, 19, 4)
    assert (second.native_id, second.author, second.text) == ("301", "Quail", "Only at first.")
    assert [(q.author, q.text) for q in second.quotes] == [("snipe", "Does it itch?")]
    assert second.url == f"{SITE}/topic/itching/#post-301"
    assert read.next_url == f"{SITE}/topic/itching/page/2/"


THREADED = """<div id="bbpress-forums"><ul class="bbp-body"><li><div id="post-5" class="bbp-reply"><span class="bbp-reply-post-name">
<a href="#">coot</a></span><span class="bbp-reply-post-date">- July 18, 2020</span><div class="bbp-reply-content"><p>One.</p></div></div>
<ul class="bbp-threaded-replies"><li><div id="post-6" class="bbp-reply"><span class="bbp-reply-post-name"><a href="#">rail</a></span>
<span class="bbp-reply-post-date">- July 19, 2020</span><div class="bbp-reply-content"><p>Two.</p></div></div></li></ul></li></ul></div>"""


def test_threaded_replies_tell_what_they_answer() -> None:
    first, second = thread(f"{SITE}/topic/tree/", THREADED, "bbpress").posts
    assert (first.author, first.parent_id, first.posted_at) == ("coot", None, at(2020, 7, 18))
    assert (second.author, second.parent_id, second.text) == ("rail", "5", "Two.")


LIST = f"""<div id="bbpress-forums"><ul class="bbp-topics"><li class="bbp-body"><ul id="bbp-topic-300" class="odd"><li class="bbp-topic-title">
<a class="bbp-topic-permalink" href="{SITE}/topic/itching/">Itching</a></li><li class="bbp-topic-voice-count">2</li>
<li class="bbp-topic-reply-count">2</li><li class="bbp-topic-freshness"><a href="#" title="Reply To: Itching">3 days ago</a></li></ul>
</li></ul><div class="bbp-pagination-links"><a class="next page-numbers" href="{SITE}/forum/skin/page/2/">→</a></div></div>"""


def test_a_listing_and_the_pages_of_its_threads_tell_the_same_id() -> None:
    read = listing(f"{SITE}/forum/skin/", LIST, "bbpress")
    (found,) = read.threads
    assert found.native_id == thread(f"{SITE}/topic/itching/page/2/", PAGE, "bbpress").thread.native_id
    assert (found.title, found.posts, found.last_post_at) == ("Itching", 2, at(2026, 3, 2, 12))
    assert read.next_url == f"{SITE}/forum/skin/page/2/"
