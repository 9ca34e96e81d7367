"""FluxBB 1.4 and 1.5, and PunBB 1.2, of which it is made. Its addresses look like phpBB's."""

from typing import ClassVar

from pipeline.sources.engines.base import Engine, Time


class FluxBB(Engine):
    """A thread is `viewtopic.php?id=N&p=PAGE`; `pid=N` leads to the page of a post."""

    name = "fluxbb"
    rank = 0
    marks = ("div.pun", "#brdtitle", "#punwrap", "#brdmain div.blockpost", "#poweredby a[href*='fluxbb.org']")
    post = "div.blockpost[id^=p]"
    author = ".postleft dt strong"
    posted = Time(("h2 a", "h2"), within=r"(?:#\d+\s+)?(.+)")
    edited = Time((".postedit",), within=r"\(([^()]*)\)\s*$")
    order = "DMY"
    body = ".postmsg"
    quote = ".quotebox, .incqbox"
    quote_author = "cite, h4"
    drop = ".postedit, .postsignature, .signature, .codebox h4, .incqbox > h4"
    permalink = "h2 a"
    title = "ul.crumbs li:last-child a, ul.crumbs li:last-child strong"
    pages = "p.pagelink a[href]"
    listing_mark = "#vf, #idx1, #punindex, #punviewforum"
    thread_row = "#vf tbody tr, #punviewforum .blocktable tbody tr"
    thread_link = "td.tcl a[href*='viewtopic.php?id=']"
    last_post = Time(("td.tcr a",))
    replies = "td.tc2"
    moved = ".imoved, .movedtext"
    board_link = "td.tcl h3 a[href*='viewforum.php'], .subforumlist a[href*='viewforum.php']"
    error_box = "#msg .inbox, #login"
    thread_path = r"viewtopic\.php\?(?:.*&)?id=(\d+)"
    page_parameters: ClassVar[dict[str, str]] = {"p": "1"}
