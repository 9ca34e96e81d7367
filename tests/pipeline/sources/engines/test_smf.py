"""SMF 2.0 and 2.1."""

from tests.pipeline.sources.engines.made import at, engine, listing, page, thread

BOARD = "https://board.test/index.php"


def _old(number: int, said: str, more: str = "", author: str = "<a href='?action=profile;u=7'>lark</a>") -> str:
    return f"""
    <a id="msg{number}"></a><div class="windowbg"><div class="post_wrapper">
      <div class="poster"><h4>{author}</h4><ul id="msg_{number}_extra_info"><li>Posts: 12</li></ul></div>
      <div class="postarea"><div class="flow_hidden"><div class="keyinfo">
        <h5 id="subject_{number}"><a href="{BOARD}?PHPSESSID=ab12&amp;topic=31.msg{number}#msg{number}">Re: Spasms</a></h5>
        <div class="smalltext">&#171; <strong>Reply #1 on:</strong> March 03, 2012, 07:04:12 PM &#187;</div>
      </div></div>
      <div class="post"><div class="inner" id="msg_{number}">{said}</div></div></div>
      <div class="moderatorbar">{more}<div class="signature" id="msg_{number}_signature">Life is short</div></div>
    </div></div>"""


QUOTE = """<div class="quoteheader"><div class="topslice_quote"><a href="?topic=31.msg8#msg8">Quote from: wren on
March 02, 2012, 06:00:00 PM</a></div></div><blockquote class="bbc_standard_quote"><div class="quoteheader">Quote from:
finch on March 01, 2012, 05:00:00 PM</div><blockquote class="bbc_alternate_quote">Start low.</blockquote>
<div class="quotefooter"></div>I take 10 mg.</blockquote><div class="quotefooter"></div>So do I.<br />At night."""
EDIT = '<div class="smalltext modified" id="modified_9">&#171; <em>Last Edit: March 04, 2012, 08:00:00 AM by lark</em> &#187;</div>'
OLD = f"""<script>var smf_scripturl = "{BOARD}";</script><link rel="next" href="{BOARD}?topic=31.0;prev_next=next" />
<div class="navigate_section"><ul><li><a>Home</a></li><li class="last"><a href="{BOARD}?topic=31.0"><span>Spasms</span>
</a></li></ul></div><div class="pagelinks">Pages: [<strong>1</strong>]
<a class="navPages" href="{BOARD}?PHPSESSID=ab12&amp;topic=31.20">2</a> <a class="navPages" href="{BOARD}?topic=31.40">3</a></div>
<div id="forumposts">{_old(9, QUOTE, EDIT)}{_old(10, "Thanks.", author="Guest Owl")}</div>"""


def test_a_page_of_2_0_gives_own_words_quotes_and_whose_they_are() -> None:
    read = thread(f"{BOARD}?topic=31.0", OLD, "smf")
    first, second = read.posts
    assert (read.thread.native_id, read.thread.title) == ("31", "Spasms")
    assert (first.native_id, first.author, first.posted_at) == ("9", "lark", at(2012, 3, 3, 19, 4, 12))
    assert first.edited_at == at(2012, 3, 4, 8)
    assert first.text == "So do I.\nAt night."
    assert [(q.author, q.text) for q in first.quotes] == [("wren", "I take 10 mg."), ("finch", "Start low.")]
    assert (second.author, second.text) == ("Guest Owl", "Thanks.")
    assert "PHPSESSID" not in f"{first.url}{read.next_url}{read.page_urls}"


def test_the_next_page_is_the_one_that_starts_next_and_never_another_topic() -> None:
    assert thread(f"{BOARD}?topic=31.0", OLD, "smf").next_url == f"{BOARD}?topic=31.20"
    assert thread(f"{BOARD}?topic=31.20", OLD, "smf").next_url == f"{BOARD}?topic=31.40"
    assert thread(f"{BOARD}?topic=31.40", OLD, "smf").next_url is None
    assert thread(f"{BOARD}?topic=31.9999", OLD, "smf").next_url is None


def test_all_addresses_of_a_thread_are_one() -> None:
    smf = engine(page(BOARD, OLD), "smf")
    same = ("topic=31", "topic=31.0;topicseen", "PHPSESSID=ff&topic=31.0", "topic=31.0;all#new")
    assert {smf.canonical(f"{BOARD}?{s}") for s in same} == {f"{BOARD}?topic=31.0"}
    assert smf.canonical(f"{BOARD}/topic,31.20.html?PHPSESSID=a") == f"{BOARD}/topic,31.20.html"
    assert smf.first_page(f"{BOARD}?topic=31.msg99#msg99") == f"{BOARD}?topic=31.0"
    assert smf.native_thread(f"{BOARD}/topic,31.20.html") == "31"


NEW = """<div id="inner_section"><div class="user"><time datetime="2026-03-05T12:00:00Z">March 05, 2026, 07:00:00 AM</time>
</div></div><h2><span id="top_subject">Pump</span></h2><div id="forumposts"><div class="windowbg" id="msg77">
<div class="post_wrapper"><div class="poster"><h4><span class="off"></span><a href="?action=profile;u=2">heron</a></h4></div>
<div class="postarea"><div class="keyinfo"><div id="subject_77" class="subject_title"><a href="?msg=77">Pump</a></div>
<div class="postinfo"><a href="?msg=77" class="smalltext">Today at 06:30:00 AM</a><span class="smalltext modified" id="modified_77">
<span class="lastedit">Last Edit</span>: Today at 06:40:00 AM by heron</span></div></div><div class="post">
<div class="inner" data-msgid="77" id="msg_77"><blockquote class="bbc_standard_quote"><cite><a href="?msg=70">Quote from: egret
on March 01, 2026, 03:29:46 AM</a></cite>Does it hurt?</blockquote>No.</div></div></div></div></div></div>"""


def test_a_page_of_2_1_tells_its_zone_by_the_clock_on_it() -> None:
    (post,) = thread(f"{BOARD}?topic=5.0", NEW, "smf").posts
    assert (post.native_id, post.author, post.text) == ("77", "heron", "No.")
    assert (post.posted_at, post.edited_at) == (at(2026, 3, 5, 11, 30), at(2026, 3, 5, 11, 40))
    assert [(q.author, q.text) for q in post.quotes] == [("egret", "Does it hurt?")]


LIST = f"""<div id="messageindex"><table><tbody><tr><td class="icon1"></td><td class="subject"><div><span id="msg_9">
<a href="{BOARD}?PHPSESSID=ab&amp;topic=31.0">Spasms</a></span><p>Started by wren</p></div></td><td class="stats">12 Replies
<br />345 Views</td><td class="lastpost"><a href="{BOARD}?topic=31.msg40#new"><img alt="" /></a> March 05, 2012, 07:16:19 AM
<br />by lark</td></tr><tr><td><img src="/images/post/moved.gif" alt="" /></td><td class="subject"><span id="msg_4">
<a href="{BOARD}?topic=8.0">MOVED: Other</a></span></td><td></td><td></td></tr></tbody></table></div>
<div class="pagelinks">[1] <a class="navPages" href="{BOARD}?board=3.20">2</a></div>"""
NEW_LIST = f"""<div id="messageindex"><div id="topic_container"><div class="windowbg"><div class="info"><div class="message_index_title">
<span class="preview"><span id="msg_9"><a href="{BOARD}?topic=31.0">Spasms</a></span></span></div></div><div class="board_stats">
<p>Replies: 12<br>Views: 345</p></div><div class="lastpost"><p><a href="{BOARD}?topic=31.msg40#new">March 05, 2012, 07:16:19 AM</a>
<br>by <a href="#">lark</a></p></div></div></div></div>"""


def test_a_listing_gives_threads_with_their_last_post() -> None:
    for body in (LIST, NEW_LIST):
        read = listing(f"{BOARD}?board=3.0", body, "smf")
        (found,) = read.threads
        assert (found.native_id, found.url, found.title) == ("31", f"{BOARD}?topic=31.0", "Spasms")
        assert (found.posts, found.last_post_at) == (13, at(2012, 3, 5, 7, 16, 19))
    assert listing(f"{BOARD}?board=3.0", LIST, "smf").next_url == f"{BOARD}?board=3.20"


def test_refusals_that_answer_200_are_told() -> None:
    box = '<script>var smf_scripturl = "x";</script><div id="fatal_error"><div class="windowbg">{}</div></div>'
    for said, kind in (
        ("The topic or board you are looking for appears to be either missing or off limits to you.", "error"),
        ("Only registered members are allowed to access this section. Please login.", "login"),
    ):
        made = page(f"{BOARD}?topic=1.0", box.format(said))
        assert engine(made, "smf").kind(made) == kind
