"""vBulletin 3, 4 and 5/6: three generations of pages under one name."""

import re
from collections.abc import Sequence
from typing import ClassVar

from pipeline.post import Quote, Status
from pipeline.sources import html
from pipeline.sources.engines.base import Engine, Page, Time
from pipeline.sources.html import HtmlElement, attribute, comments, one, said_by, select, text_of, where, words

# "showthread.php?t=5", "showthread.php?5-title", "showthread.php/5-title", "threads/5-title", "5-title.html"
_THREAD = (
    r"showthread\.php\?(?:.*&)?t=(\d+)|showthread\.php[?/](\d+)|/threads?/(?:[^/]*-)?(\d+)(?:-|/|$|\.)"
    r"|/(\d+)-[^/]*(?:\.html|/?)$|[/-]t(\d+)(?:[/.-]|$)"
)
_POSTED_BY = re.compile(r"originally posted by\b", re.IGNORECASE)
_ON_SITE = re.compile(r"^\s*quote\s*:?\s*$", re.IGNORECASE)


class VBulletin3(Engine):
    """A post is a table or a box `post123`, its text `post_message_123`; the signature follows a comment."""

    name = "vbulletin3"
    rank = 2
    marks = (
        "[id^=post_message_] ",
        "td[id^=td_post_]",
        "table[id^=threadslist]",
        "a[id^=thread_title_]",
        "meta[name=generator][content*='vBulletin 3']",
    )
    post = "div[id^=edit], table[id^=post]"
    author = ".bigusername, [id^=postmenu_] a, [id^=postmenu_]"
    posted = Time((".thead", "td.thead"), within=r"(?s)([A-Za-z]*\s?\d[^#]*?(?:\d{1,2}:\d{2}\s*(?:[AaPp]\.?[Mm]\.?)?))")
    edited = Time(
        ("em", ".smallfont em", ".postedit"),
        within=r"(?i)last edited by .*?;\s*(.*?)(?:\s+at\s+(?=\d))?(?:\.|$)",
    )
    body = "[id^=post_message_]"
    quote = "td.alt2, div.alt2, .bbcode_quote, div.quote"
    drop = ".smallfont em, fieldset, .postedit, .adsbygoogle, ins"
    permalink = "a[id^=postcount]"
    title = "td.navbar strong, .navbar strong, h1"
    next_page = "a[rel=next], .pagenav a[title^='Next Page'], link[rel=next]"
    pages = ".pagenav a[href]"
    listing_mark = "table[id^=threadslist], #threadslist"
    thread_row = "#threadslist tr, tbody[id^=threadbits_forum_] tr, li.threadbit"
    thread_link = "a[id^=thread_title_]"
    row_id = "a[id^=thread_title_]@id"
    last_post = Time(
        ("td[title^='Replies'] .smallfont", "td.alt2 .smallfont"), within=r"(?s)^(.*?\d{1,2}:\d{2}\s*(?:[AaPp][Mm])?)"
    )
    replies = "a[href*='whoposted'], td[title^='Replies']@title"
    moved = "a[href*='goto=newpost']:only-child, td:nth-child(n) > span.moved"
    board_link = (
        "td.alt1Active a[href*='forumdisplay'], td[id^=f] a[href*='forumdisplay'], a[href*='forumdisplay'] > strong"
    )
    error_box = ".panelsurround .panel, .standard_error"
    thread_path = _THREAD
    page_parameters: ClassVar[dict[str, str]] = {"page": "1"}
    page_path = r"/page-?(\d+)(/?|\.html)$"
    idle = Engine.idle | {"goto", "pp", "mode", "styleid"}

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Give the boxes around each text: the nearest one that is named after the post."""
        found: dict[HtmlElement, None] = {}
        for body in select(page.root, self.body):
            number = attribute(body, "id").rpartition("_")[2]
            named = {f"edit{number}", f"post{number}", f"post_{number}"}
            boxes = [a for a in body.iterancestors() if attribute(a, "id") in named]
            if boxes and number.isdigit():
                found.setdefault(boxes[-1])
        return list(found)

    def native_id(self, element: HtmlElement) -> str:
        """Give the number in the name of the box."""
        return re.sub(r"\D", "", attribute(element, "id"))

    def labels_in(self, body: HtmlElement) -> Sequence[HtmlElement]:
        """Give the "Quote:" lines that stand before the boxes of quotes."""
        return [e for e in select(body, ".smallfont, label") if _ON_SITE.match(words(e))]

    def quotes_in(self, body: HtmlElement) -> list[HtmlElement]:
        """Give the boxes of quotes; boxes of code and of spoilers look the same and say so."""
        return [e for e in select(body, self.quote) if e.tag != "pre" and "code" not in attribute(e, "class")]

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in "Originally Posted by NAME"."""
        said = [e for e in select(quote, "div, .bbcode_postedby") if _POSTED_BY.match(words(e))]
        # The box says so too, and all that holds the line; it is the innermost that says nothing else.
        for line in said:
            if not any(line in other.iterancestors() for other in said):
                strong = one(line, "strong")
                return (words(strong) if strong is not None else said_by(words(line))), [line]
        return None, ()

    def own_text(self, body: HtmlElement) -> tuple[str, tuple[Quote, ...]]:
        """Give the text up to the comment that opens the signature."""
        for comment in comments(body):
            if (comment.text or "").strip() == "sig":
                for following in list(comment.itersiblings()):
                    html.cut(following)
        return super().own_text(body)


class VBulletin4(VBulletin3):
    """A post is `li#post_123`; addresses are relative to `<base>`."""

    name = "vbulletin4"
    rank = 1
    marks = (
        "li.postbit[id^=post_]",
        "li.postbitlegacy[id^=post_]",
        "li[id^=post_].postcontainer",
        "li.threadbit[id^=thread_]",
        "meta[name=generator][content*='vBulletin 4']",
        "ol#forums li.forumbit_nopost",
    )
    post = "li[id^=post_].postbit, li[id^=post_].postbitlegacy, li[id^=post_].postcontainer, ol#posts > li[id^=post_]"
    not_post = "li.postbitignored"
    author = ".username_container .username strong, .username_container .username, a.username, .username"
    posted = Time((".postdate .date", ".postdate"))
    edited = Time((".postbody .lastedited", ".lastedited"), within=r"(?i);\s*(.*?)(?:\.|$)")
    body = "blockquote.postcontent, .postcontent"
    quote = ".bbcode_quote"
    drop = ".lastedited, .signature, .bbcode_quote_expand, .attachments, .postedit"
    deleted = ".postbitdeleted"
    permalink = "a.postcounter"
    title = ".threadtitle, #pagetitle h1, h1"
    next_page = "a[rel=next], .pagination .prev_next a[title^='Next'], link[rel=next]"
    pages = ".pagination a[href]"
    listing_mark = "#threadlist, ol.threads, #threads"
    thread_row = "li.threadbit"
    thread_link = "a.title[id^=thread_title_], a.title"
    row_id = "@id"
    last_post = Time((".threadlastpost dd:last-child", ".threadlastpost dd:nth-of-type(2)", ".threadlastpost"))
    replies = ".threadstats li:first-child"
    moved = "li.moved, .threadstatus.moved, [class*=moved]"
    board_link = ".forumtitle a, .subforum a"
    error_box = ".standard_error, .blockbody.errorblock"

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Give the items of the list of posts."""
        return Engine.find_posts(self, page)

    def native_id(self, element: HtmlElement) -> str:
        """Give N of "post_N"."""
        return attribute(element, "id").rpartition("_")[2]

    def quotes_in(self, body: HtmlElement) -> list[HtmlElement]:
        """Give the boxes of quotes."""
        return select(body, self.quote)

    def status(self, element: HtmlElement) -> Status:
        """Tell the stub of a deleted post."""
        return "deleted" if "postbitdeleted" in attribute(element, "class") else "live"

    def title_of(self, page: Page) -> str | None:
        """Give the title without the word "Thread:" before it."""
        return re.sub(r"^Thread:\s*", "", super().title_of(page) or "") or None


class VBulletin5(Engine):
    """vBulletin 5 and 6: a post is `li.b-post`, and its number that of the node."""

    name = "vbulletin5"
    marks = (
        "li.b-post[data-node-id]",
        "body[class*=vb-page]",
        ".js-post__content-text",
        "tr.topic-item[data-node-id]",
        "meta[name=generator][content*='vBulletin 5']",
        "meta[name=generator][content*='vBulletin 6']",
    )
    post = "li.b-post"
    not_post = ".b-post--comment-placeholder, .b-post--ad, li.b-post.h-hide"
    post_id = "@data-node-id"
    author = "[itemprop=author] [itemprop=name], .b-userinfo .author a, .author strong"
    posted = Time((
        "time[itemprop=dateCreated]@datetime",
        ".b-post__timestamp time@datetime",
        "time@datetime",
        "meta[itemprop=publishDate]@content",
        ".b-post__timestamp",
    ))  # fmt: skip
    edited = Time(
        (".b-post__edit-details time@datetime", ".b-post__edit-details"), within=r"(?i)(?:;|,)\s*(.*?)\.?$|(.+)"
    )
    body = ".js-post__content-text"
    quote = ".bbcode_quote"
    drop = ".b-post__edit-details, .post-signature, .b-post__signature, .b-attachments, .bbcode_postedby img"
    deleted = ".b-post--deleted, .b-post__deleted-message"
    permalink = "a.b-post__count, [itemprop=url][content*='#post']"
    title = "h1.main-title, h1"
    next_page = "a.js-pagenav-next-button[href], link[rel=next], a[rel=next]"
    pages = ".pagenav-controls a.js-pagenav-button[href]"
    listing_mark = ".topic-list-container, .js-topic-list"
    thread_row = "tr.topic-item, li.topic-item"
    thread_link = "a.topic-title"
    row_id = "@data-node-id"
    last_post = Time(
        (
            ".cell-lastpost .post-date@datetime",
            ".cell-lastpost time@datetime",
            ".cell-lastpost .post-date",
            ".lastpost-date",
        )
    )
    replies = ".cell-count .posts-count, .posts-count"
    moved = ".js-topic-item--redirect, .b-icon--redirect, [class*=redirect]"
    board_link = "a.forum-title, .subforum-info a, .sub-forum-list a"
    error_box = ".b-module__error, .error-message, .message-panel"
    thread_path = r"/(\d+)-[^/?]*(?:/page\d+)?/?(?:\?|$)|showthread\.php\?(?:.*&)?t=(\d+)"
    page_path = r"/page(\d+)(/?)$"
    page_parameters: ClassVar[dict[str, str]] = {"page": "1", "p": "1"}
    idle = Engine.idle | {"view"}

    def native_id(self, element: HtmlElement) -> str:
        """Give the number of the node, else of the anchor "postN"."""
        anchor = where(element, "a.anchor[id^=post]@id") or ""
        return super().native_id(element) or re.sub(r"\D", "", anchor)

    def next_url(self, page: Page) -> str | None:
        """Give the next page; a thread of one page has the button too, and it leads nowhere."""
        found = super().next_url(page)
        number = re.search(self.page_path, (found or "").split("?")[0])
        return found if number or (found and "page=" in found) else None

    def post_url(self, page: Page, element: HtmlElement, native_id: str) -> str | None:
        """Give the address in the post's own metadata, else in its number."""
        told = where(element, "meta[itemprop=url]@content") or where(element, "a.b-post__count@href")
        if told and not told.startswith("#"):
            url, _, anchor = page.link(told).partition("#")
            return self.canonical(url) + (f"#{anchor}" if anchor else "")
        return f"{self.canonical(page.url)}#post{native_id}"

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name in "Originally posted by NAME"."""
        label = one(quote, ".bbcode_postedby")
        if label is None:
            return None, ()
        strong = one(label, "strong")
        return (words(strong) if strong is not None else said_by(text_of(label).split("\n")[0])), [label]
