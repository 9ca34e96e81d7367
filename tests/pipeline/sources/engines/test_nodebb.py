"""NodeBB 1 to 4."""

import pytest

from tests.pipeline.sources.engines.made import at, engine, listing, page, thread

SITE = "https://board.test/forum"


def _post(pid: str, said: str, name: str = "ibis", more: str = "", mark: str = "") -> str:
    return f"""<li component="post" class="{mark}" data-index="0" data-pid="{pid}" data-uid="4" data-timestamp="1732722623066"
    data-username="{name}">{more}<div component="post/content" class="content">{said}</div>
    <div component="post/signature">Signed</div><div component="post/replies/container"></div></li>"""


EDIT = '<meta itemprop="dateModified" content="2024-11-28T16:25:22.624Z">'
PARENT = """<div component="post/parent" data-parent-pid="11"><a href="/post/11" class="timeago" title="2024-11-27T15:50:23.066Z"></a>
<div component="post/parent/content"><p>Some words of another.</p></div></div>"""
QUOTE = """<p>Hello <b>all</b></p><p><a href="/user/avocet">@avocet</a> <a href="/post/10">said in Night sweats</a>:</p>
<blockquote><p>@stilt said:</p><blockquote><p>Six weeks.</p></blockquote><p>It gets better.</p></blockquote><p>It did.</p>"""
PAGE = f"""<link rel="next" href="/forum/topic/31/night-sweats?lang=en-GB&amp;page=2"><ul component="topic" data-tid="31">
<h1><span component="topic/title">Night sweats</span></h1>{_post("11", QUOTE, "Tern &lt;b&gt;&amp;#x27;s&lt;/b&gt;", EDIT)}
{_post("12", "<p>Yes.</p>", more=PARENT)}{_post("13", "<p>This post is deleted!</p>", mark="deleted")}
{_post("https://far.test/notes/9", "<p>From afar.</p>", "plover@far.test")}{_post("14", "<p>Hm.</p>", "A Former User")}</ul>"""


def test_a_page_gives_each_post_once_with_quotes_apart() -> None:
    read = thread(f"{SITE}/topic/31/night-sweats", PAGE, "nodebb")
    first, second, deleted, far, nobody = read.posts
    assert (read.thread.native_id, read.thread.title) == ("31", "Night sweats")
    assert (first.native_id, first.author, first.text) == ("11", "Tern 's", "Hello all\nIt did.")
    assert (first.posted_at, first.edited_at) == (
        at(2024, 11, 27, 15, 50, 23).replace(microsecond=66000),
        first.edited_at,
    )
    assert first.edited_at is not None
    assert first.edited_at.date().isoformat() == "2024-11-28"
    assert [(q.author, q.text) for q in first.quotes] == [("avocet", "It gets better."), ("stilt", "Six weeks.")]
    assert (second.text, second.parent_id, second.edited_at) == ("Yes.", "11", None)
    assert (deleted.status, deleted.text, deleted.author) == ("deleted", "", None)
    assert (far.native_id, far.author, far.url) == (
        "https://far.test/notes/9",
        "plover@far.test",
        "https://far.test/notes/9",
    )
    assert nobody.author is None
    assert first.url == f"{SITE}/post/11"


def test_the_next_page_has_no_language_and_no_post_in_its_address() -> None:
    assert thread(f"{SITE}/topic/31/night-sweats", PAGE, "nodebb").next_url == f"{SITE}/topic/31/night-sweats?page=2"
    nodebb = engine(page(SITE, PAGE), "nodebb")
    assert nodebb.canonical(f"{SITE}/topic/31/night-sweats/17?page=1") == f"{SITE}/topic/31/night-sweats"


LIST = """<link rel="next" href="?page=2"><ul component="category"><li component="category/topic" data-tid="31" class="category-item">
<h3 component="topic/header" class="title"><a href="/forum/topic/31/night-sweats/22">Night sweats</a></h3>
<div class="stats stats-postcount"><span class="human-readable-number" title="23">23</span></div>
<div component="topic/teaser" class="lastpost"><a><span class="timeago" title="2024-11-28T16:25:22.000Z"></span></a></div></li></ul>"""


def test_a_listing_gives_threads_with_their_last_post() -> None:
    read = listing(f"{SITE}/category/2/side-effects", LIST, "nodebb")
    (found,) = read.threads
    assert (found.native_id, found.url, found.title) == ("31", f"{SITE}/topic/31/night-sweats", "Night sweats")
    assert (found.posts, found.last_post_at) == (23, at(2024, 11, 28, 16, 25, 22))
    assert read.next_url == f"{SITE}/category/2/side-effects?page=2"


@pytest.mark.parametrize(
    ("url", "body", "kind"),
    [
        (f"{SITE}/login", "", "login"),
        (f"{SITE}/topic/9", "<p>Sorry</p>", "error"),
    ],
)
def test_refusals_are_told(url: str, body: str, kind: str) -> None:
    made = page(url, f'<div component="category"></div>{body}')
    made = type(made)(url, made.html.replace("<body>", '<body class="page-status-404">'), made.fetched_at)
    assert engine(made, "nodebb").kind(made) == kind
