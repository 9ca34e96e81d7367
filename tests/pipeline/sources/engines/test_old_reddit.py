"""Reddit's old pages."""

from tests.pipeline.sources.engines.made import at, engine, listing, page, thread

SITE = "https://old.reddit.test"
WHERE = f"{SITE}/r/meds/comments/a1b2/how_long/"


def _comment(name: str, said: str, author: str | None = "crake", inner: str = "", edited: str = "") -> str:
    who = f'<a class="author" href="/user/{author}">{author}</a>' if author else "<em>[deleted]</em>"
    return f"""<div class="thing comment" id="thing_{name}" data-fullname="{name}" data-subreddit="meds"><p class="parent"></p>
    <div class="entry"><p class="tagline">{who} <span class="score">3 points</span> <time datetime="2021-05-04T10:00:00+00:00">5 years
    ago</time>{edited}</p><form class="usertext"><div class="usertext-body"><div class="md">{said}</div></div></form><ul><li><a
    class="bylink" href="{WHERE}{name[3:]}/">permalink</a></li></ul></div><div class="child">{inner}</div></div>"""


EDITED = ' <time class="edited-timestamp" datetime="2021-05-04T11:00:00+00:00">*</time>'
TREE = _comment(
    "t1_c1",
    "<blockquote><p>How long?</p></blockquote><p>Two weeks.</p>",
    edited=EDITED,
    inner=_comment("t1_c2", "<p>Same.</p>", "dove", inner=_comment("t1_c3", "<p>[removed]</p>", None)),
)
LINK = f"""<div class="thing link self" id="thing_t3_a1b2" data-fullname="t3_a1b2" data-author="rook" data-subreddit="meds"
data-permalink="/r/meds/comments/a1b2/how_long/"><div class="entry"><p class="title"><a class="title" href="{WHERE}">How long?</a></p>
<p class="tagline">submitted <time datetime="2021-05-03T09:00:00+00:00">5 years ago</time> by <a class="author">rook</a></p>
<div class="expando"><form class="usertext"><div class="usertext-body"><div class="md"><p>I start today.</p></div></div></form></div>
<a class="bylink comments" href="{WHERE}">4 comments</a></div></div>"""
PAGE = f"""<div id="siteTable" class="sitetable linklisting">{LINK}</div><div class="commentarea">
<div id="siteTable_t3_a1b2" class="sitetable nestedlisting">{TREE}{_comment("t1_c4", "<p>[deleted]</p>", None)}</div></div>"""


def test_a_page_gives_submission_and_comments_with_what_each_answers() -> None:
    read = thread(WHERE, PAGE, "old_reddit")
    assert (read.thread.native_id, read.thread.title, read.thread.url) == ("t3_a1b2", "How long?", WHERE)
    assert [(p.native_id, p.parent_id, p.status) for p in read.posts] == [
        ("t3_a1b2", None, "live"),
        ("t1_c1", "t3_a1b2", "live"),
        ("t1_c2", "t1_c1", "live"),
        ("t1_c3", None, "removed"),
        ("t1_c4", None, "deleted"),
    ]
    submission, first, second, *_ = read.posts
    assert (submission.author, submission.text, submission.posted_at) == ("rook", "I start today.", at(2021, 5, 3, 9))
    assert (first.author, first.text, first.edited_at) == ("crake", "Two weeks.", at(2021, 5, 4, 11))
    assert [q.text for q in first.quotes] == ["How long?"]
    assert (second.author, second.text, second.edited_at, second.url) == ("dove", "Same.", None, f"{WHERE}c2/")


def test_a_listing_gives_threads_and_the_next_page() -> None:
    more = '<span class="next-button"><a href="/r/meds/?count=25&amp;after=t3_zz">next</a></span>'
    made = page(f"{SITE}/r/meds/", f'<div id="siteTable">{LINK}</div>{more}')
    made = type(made)(made.url, made.html.replace("<body>", '<body class="listing-page">'), made.fetched_at)
    read = listing(made.url, made.html, "old_reddit")
    (found,) = read.threads
    assert (found.native_id, found.url, found.posts) == ("t3_a1b2", WHERE, 5)
    assert read.next_url == f"{SITE}/r/meds/?after=t3_zz"


def test_an_address_of_one_comment_belongs_to_the_thread() -> None:
    reddit = engine(page(WHERE, PAGE), "old_reddit")
    assert reddit.first_page(f"{WHERE}c2/?context=3") == WHERE
    assert reddit.native_thread(f"{WHERE}c2/") == "t3_a1b2"
