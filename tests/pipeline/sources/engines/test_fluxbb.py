"""FluxBB 1.5 and PunBB 1.2."""

from tests.pipeline.sources.engines.made import at, engine, listing, page, thread

SITE = "https://board.test"
PAGE = """<div class="pun" id="punviewtopic"><ul class="crumbs"><li><a href="index.php">Index</a></li><li><span>» </span><a
href="viewtopic.php?id=8"><strong>Tapering</strong></a></li></ul><p class="pagelink"><strong>1</strong> <a
href="viewtopic.php?id=8&amp;p=2">2</a> <a rel="next" href="viewtopic.php?id=8&amp;p=2">Next</a></p>
<div id="p41" class="blockpost rowodd firstpost"><h2><span><span class="conr">#1</span> <a href="viewtopic.php?pid=41#p41">
2024-08-03 10:59:47</a></span></h2><div class="postleft"><dl><dt><strong>dunlin</strong></dt><dd class="usertitle"><strong>Member
</strong></dd></dl></div><div class="postright"><h3>Tapering</h3><div class="postmsg"><div class="quotebox"><cite>knot wrote:</cite>
<blockquote><div><p>Down by 5 mg a week.</p></div></blockquote></div><p>I went slower.</p><p>See <a
href="https://other.test/viewtopic.php?t=4">this</a>.</p><p class="postedit"><em>Last edited by dunlin (2024-08-03 11:02:20)</em></p>
</div><div class="postsignature postmsg"><hr /><p>Never give up</p></div></div></div>
<div id="p42" class="blockpost roweven"><h2><span><span class="conr">#2</span> <a href="viewtopic.php?pid=42#p42">Yesterday
09:00:00</a></span></h2><div class="postleft"><dl><dt><strong><a href="profile.php?id=2">ruff (x)</a></strong></dt></dl></div>
<div class="postright"><div class="postmsg"><p>Good.</p></div></div></div></div>"""


def test_a_page_gives_own_words_quotes_edit_and_no_signature() -> None:
    read = thread(f"{SITE}/viewtopic.php?id=8", PAGE, "fluxbb")
    first, second = read.posts
    assert (read.thread.native_id, read.thread.title) == ("8", "Tapering")
    assert (first.native_id, first.author, first.text) == ("41", "dunlin", "I went slower.\nSee this.")
    assert (first.posted_at, first.edited_at) == (at(2024, 8, 3, 10, 59, 47), at(2024, 8, 3, 11, 2, 20))
    assert [(q.author, q.text) for q in first.quotes] == [("knot", "Down by 5 mg a week.")]
    assert first.url == f"{SITE}/viewtopic.php?pid=41#p41"
    assert (second.author, second.posted_at) == ("ruff (x)", at(2026, 3, 4, 9))
    assert read.next_url == f"{SITE}/viewtopic.php?id=8&p=2"


def test_page_one_has_one_address() -> None:
    fluxbb = engine(page(SITE, PAGE), "fluxbb")
    assert fluxbb.canonical(f"{SITE}/viewtopic.php?p=1&id=8#p41") == f"{SITE}/viewtopic.php?id=8"
    assert fluxbb.native_thread(f"{SITE}/viewtopic.php?pid=41") is None


LIST = """<div class="pun" id="punviewforum"><p class="pagelink"><a rel="next" href="viewforum.php?id=2&amp;p=2">Next</a></p>
<div id="vf" class="blocktable"><table><tbody><tr class="rowodd"><td class="tcl"><div class="tclcon"><a href="viewtopic.php?id=8">
Tapering</a> <span class="byuser">by dunlin</span></div></td><td class="tc2">3</td><td class="tc3">90</td><td class="tcr"><a
href="viewtopic.php?pid=44#p44">2024-08-05 06:00:00</a> <span class="byuser">by ruff</span></td></tr><tr class="rowodd imoved">
<td class="tcl"><span class="movedtext">Moved:</span> <a href="viewtopic.php?id=9">X</a></td></tr></tbody></table></div></div>"""


def test_a_listing_gives_threads_with_their_last_post() -> None:
    read = listing(f"{SITE}/viewforum.php?id=2", LIST, "fluxbb")
    (found,) = read.threads
    assert (found.native_id, found.url, found.title) == ("8", f"{SITE}/viewtopic.php?id=8", "Tapering")
    assert (found.posts, found.last_post_at) == (4, at(2024, 8, 5, 6))
    assert read.next_url == f"{SITE}/viewforum.php?id=2&p=2"


def test_a_refusal_that_answers_200_is_told() -> None:
    for said, kind in (
        ("Bad request. The link you followed is incorrect or outdated.", "error"),
        ("You do not have permission to access this page.", "login"),
    ):
        made = page(
            f"{SITE}/viewtopic.php?id=1",
            f'<div class="pun"><div id="msg"><div class="inbox"><p>{said}</p></div></div></div>',
        )
        assert engine(made, "fluxbb").kind(made) == kind
