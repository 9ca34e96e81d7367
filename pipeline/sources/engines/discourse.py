"""Discourse: its JSON, the same JSON laid into its pages, and the view that it gives to crawlers.

A post's native id is the site's own number where that is told (JSON, pages with posts in them), and
"THREAD/NUMBER" in the crawlers' view, which tells no more.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

from pipeline.post import Post, Status, Thread
from pipeline.sources import html, times
from pipeline.sources.engines.base import Engine, Kind, Listing, Page, Time
from pipeline.sources.html import HtmlElement

_TOPIC = re.compile(r"^(?P<site>.*?)/t/(?:(?P<slug>(?!\d+(?:/|\.json|\?|$))[^/?]+)/)?(?P<id>\d+)")
_SMALL_ACTION = 3  # "pinned this topic": often without a word
_AT = "data-at"

Raw = Mapping[str, Any]


class Discourse(Engine):
    """A thread is `/t/SLUG/N?page=K` or `/t/N.json?page=K`; `/t/SLUG/N/M` only scrolls to post M."""

    name = "discourse"
    marks = (
        "meta[name=generator][content^=Discourse]",
        "div.crawler-post",
        "#data-preloaded",
        "#data-discourse-setup",
        ".topic-post article[data-post-id]",
    )
    post = "div.crawler-post, .topic-post article[data-post-id]"
    author = ".creator [itemprop=name]"
    posted = Time(
        (
            ".crawler-post-infos time@datetime",
            "time.post-time@datetime",
            "meta[itemprop=datePublished]@content",
            "time@datetime",
        )
    )
    edited = Time(("meta[itemprop=dateModified]@content",))
    body = ".post[itemprop=text], .post[itemprop=articleBody], .cooked, .post"
    quote = "aside.quote, blockquote"
    drop = "aside.onebox, .lightbox-wrapper .meta, .poll, .quote-controls, a.anchor, .post-likes"
    title = "#topic-title h1, h1"
    next_page = "link[rel=next], a[rel=next]"
    listing_mark = ".topic-list, .category-list"
    thread_row = "tr.topic-list-item, .topic-list tr:has(a.title)"
    thread_link = "a.title"
    last_post = Time((".activity .relative-date@data-time", "td:last-child"))
    replies = ".replies, td.posts, .posts"
    board_link = ".category-list a[href*='/c/']"

    # What a page holds as JSON.

    def recognises(self, page: Page) -> bool:
        """Tell by what only Discourse's answers hold."""
        if page.json is not None:
            return bool(_posts(page.json) or _topics(page.json) is not None or _refusal(page.json))
        return super().recognises(page)

    def kind(self, page: Page) -> Kind:
        """Tell what a page or an answer is."""
        if page.json is None:
            return super().kind(page)
        if _posts(page.json):
            return "thread"
        if _topics(page.json) is not None:
            return "listing"
        refused = _refusal(page.json)
        return "other" if refused is None else "login" if refused in ("not_logged_in", "invalid_access") else "error"

    def api_url(self, page: Page) -> str | None:
        """Give `/t/N.json` for any address of a thread."""
        found = _TOPIC.search(page.url)
        return f"{found['site']}/t/{found['id']}.json" if found and page.json is None else None

    def find_posts(self, page: Page) -> list[HtmlElement]:
        """Find the posts, in the order of their numbers; those told as JSON become elements."""
        told = _posts(_answer(page))
        if not told:
            return super().find_posts(page)
        elements: list[HtmlElement] = []
        for at, post in sorted(enumerate(told), key=lambda p: _integer(p[1].get("post_number")) or p[0]):
            element = html.tree(f"<div class='cooked'>{post.get('cooked') or ''}</div>")
            element.set(_AT, str(at))
            elements.append(element)
        return elements

    def read_post(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        """Read a post from JSON or from its markup."""
        at = html.attribute(element, _AT)
        if not at:
            return self._shown(page, element, thread, zone)
        told = _posts(_answer(page))
        post = told[int(at)]
        if post.get("post_type") == _SMALL_ACTION and not html.words(element):
            return None
        native_id = str(post.get("id") or "")
        if not native_id:
            return "post without an id"
        status = _status(post)
        live = status == "live"
        text, quotes = self.own_text(element) if live else ("", ())
        numbers = {n: str(p.get("id")) for p in told if (n := _integer(p.get("post_number")))}
        posted, version = _moment(post.get("created_at"), page), _integer(post.get("version")) or 1
        number = _integer(post.get("post_number")) or 1
        return Post(
            native_id=native_id,
            text=text,
            thread_id=thread.native_id,
            parent_id=numbers.get(_integer(post.get("reply_to_post_number")) or 0) if live else None,
            author=(str(post.get("username") or "") or None) if live else None,
            posted_at=posted,
            edited_at=_moment(post.get("updated_at"), page) if version > 1 else None,
            url=f"{thread.url}/{number}" if thread.url else None,
            title=thread.title,
            quotes=quotes,
            status=status,
        )

    def _shown(self, page: Page, element: HtmlElement, thread: Thread, zone: str) -> Post | str | None:
        made = super().read_post(page, element, thread, zone)
        if not isinstance(made, Post):
            return made
        number = self._number(element)
        changes: dict[str, Any] = {"url": f"{thread.url}/{number}"} if thread.url and number else {}
        if not html.attribute(element, "data-post-id"):
            changes["native_id"] = f"{thread.native_id}/{number}"
        if made.edited_at == made.posted_at:
            changes["edited_at"] = None
        # The crawlers' view hides nothing that guests may see, and says so in place of what was taken back.
        return Post(**{**{f: getattr(made, f) for f in Post.__slots__}, **changes})

    def native_id(self, element: HtmlElement) -> str:
        """Give the site's number of a post, or else its number within the thread."""
        return html.attribute(element, "data-post-id") or self._number(element)

    def _number(self, element: HtmlElement) -> str:
        said = html.attribute(element, "id") or html.where(element, "[itemprop=position]") or ""
        found = re.search(r"\d+", said)
        return found[0] if found else ""

    def author_of(self, element: HtmlElement) -> str | None:
        """Give the name in the crawlers' view, or that of a page as browsers draw it."""
        drawn = ".names [data-user-card]@data-user-card", ".topic-meta-data [data-user-card]@data-user-card"
        return super().author_of(element) or next((n for p in drawn if (n := html.where(element, p))), None)

    def time_of(self, element: HtmlElement, time: Time, page: Page, zone: str) -> datetime | None:
        """Read the milliseconds that a drawn page has, too."""
        found = super().time_of(element, time, page, zone)
        if found is None and time in (self.posted, self.last_post):
            drawn = html.where(element, ".post-date .relative-date@data-time, .relative-date@data-time")
            found = times.epoch(drawn, milliseconds=True) if drawn else None
        return found

    # Quotes.

    def quotes_in(self, body: HtmlElement) -> list[HtmlElement]:
        """Give each quote once: the `blockquote` within an `aside` is the aside's own."""
        found = super().quotes_in(body)
        return [e for e in found if e.tag == "aside" or not _is_aside(e.getparent())]

    def quoted_author(self, quote: HtmlElement) -> tuple[str | None, Sequence[HtmlElement]]:
        """Give the name that an `aside` has as an attribute."""
        if quote.tag != "aside":
            return None, ()
        return html.attribute(quote, "data-username") or None, [c for c in quote if html.matches(c, ".title")]

    # Threads and addresses.

    def native_thread(self, url: str) -> str | None:
        """Give N of `/t/SLUG/N`."""
        found = _TOPIC.search(url)
        return found["id"] if found else None

    def canonical(self, url: str) -> str:
        """Leave out the post that an address scrolls to; pages of lists count from 0, those of threads from 1."""
        plain = super().canonical(url)
        found = _TOPIC.search(plain)
        if found is None:
            page = re.search(r"[?&]page=1(?=&|$)", url)
            return f"{plain}{'&' if '?' in plain else '?'}page=1" if page else re.sub(r"[?&]page=0(?=&|$)", "", plain)
        ending = ".json" if urlsplit(plain).path.endswith(".json") else ""
        if "/posts.json" in plain:
            return plain
        page = re.search(r"[?&](page=\d+)", plain)
        slug = f"{found['slug']}/" if found["slug"] and not ending else ""
        return f"{found['site']}/t/{slug}{found['id']}{ending}{'?' + page[1] if page else ''}"

    def thread_id(self, page: Page) -> str:
        """Give the number that the answer itself tells, or the address."""
        told = _answer(page)
        first = next(iter(_posts(told)), {})
        native = first.get("topic_id") or (told.get("id") if isinstance(told, dict) else None)
        return str(native) if native else super().thread_id(page)

    def thread_url(self, page: Page) -> str:
        """Give the address that people see, of JSON too."""
        told = _answer(page)
        found = _TOPIC.search(page.url)
        first = next(iter(_posts(told)), None)
        if first is None or found is None:
            return super().thread_url(page)
        slug = (told.get("slug") if isinstance(told, dict) else None) or first.get("topic_slug") or found["slug"]
        return f"{found['site']}/t/{slug + '/' if slug else ''}{self.thread_id(page)}"

    def title_of(self, page: Page) -> str | None:
        """Give the title as the JSON tells it, or the page."""
        told = _answer(page)
        title = told.get("title") if isinstance(told, dict) else None
        return str(title) if title else None if page.json is not None else super().title_of(page)

    def next_url(self, page: Page) -> str | None:
        """Give the next page: there is one as long as the last post shown is not the last of the thread's list."""
        if page.json is None:
            return super().next_url(page) or self._after(page)
        more = _within(page.json, "topic_list").get("more_topics_url")
        if isinstance(more, str) and more:
            path, _, query = more.partition("?")
            path = path if path.endswith(".json") else f"{path}.json"
            return self.canonical(page.link(f"{path}?{query}" if query else path))
        return self._after(page)

    def _after(self, page: Page) -> str | None:
        told = _answer(page)
        listed, shown = _within(told, "post_stream").get("stream"), _posts(told)
        stream: list[Any] = listed if isinstance(listed, list) else []
        here = self.canonical(page.url)
        if not stream or not shown or stream[-1] in [p.get("id") for p in shown] or "/posts.json" in here:
            return None
        number = re.search(r"[?&]page=(\d+)", here)
        return f"{self.first_page(here)}?page={int(number[1]) + 1 if number else 2}"

    # Listings.

    def listing(self, page: Page, zone: str = "UTC") -> Listing:
        """Read a list of threads or categories."""
        if page.json is None:
            return super().listing(page, zone)
        found = re.match(r"^(https?://[^/]+.*?)/(?:c|latest|categories|top|new|tag|tags)\b", page.url)
        site = found[1] if found else page.url.rstrip("/")
        threads: dict[str, Thread] = {}
        for topic in _topics(page.json) or ():
            native = str(topic.get("id") or "")
            if native:
                slug = f"{topic.get('slug')}/" if topic.get("slug") else ""
                threads[native] = Thread(
                    native,
                    f"{site}/t/{slug}{native}",
                    str(topic.get("title") or "") or None,
                    _moment(topic.get("created_at"), page),
                    _moment(topic.get("last_posted_at") or topic.get("bumped_at"), page),
                    _integer(topic.get("posts_count")),
                )
        kinds = _objects(_within(page.json, "category_list").get("categories"))
        boards = tuple(f"{site}/c/{k['slug']}/{k['id']}.json" for k in kinds if k.get("slug") and k.get("id"))
        return Listing(tuple(threads.values()), boards, self.next_url(page))


def _answer(page: Page) -> Any:
    """Give a thread as JSON: the answer itself, or what is laid into a page for its scripts."""
    if page.json is not None:
        return page.json
    if Discourse.name not in page.laid:
        page.laid[Discourse.name] = _laid(page)
    return page.laid[Discourse.name]


def _laid(page: Page) -> Any:
    told = html.where(page.root, "[data-preloaded]@data-preloaded")
    try:
        held: Any = orjson.loads(told) if told else {}
        topic = next((v for k, v in held.items() if re.fullmatch(r"topic_\d+", k)), None)
        return orjson.loads(topic) if isinstance(topic, str) else topic or {}
    except (orjson.JSONDecodeError, AttributeError):
        return {}


def _within(told: Any, key: str) -> dict[str, Any]:
    found: Any = told.get(key) if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}


def _objects(told: Any) -> list[dict[str, Any]]:
    return [o for o in told if isinstance(o, dict)] if isinstance(told, list) else []


def _posts(told: Any) -> list[dict[str, Any]]:
    return _objects(_within(told, "post_stream").get("posts"))


def _topics(told: Any) -> list[dict[str, Any]] | None:
    if not _within(told, "topic_list") and not _within(told, "category_list"):
        return None
    return _objects(_within(told, "topic_list").get("topics"))


def _refusal(told: Any) -> str | None:
    errors: Any = told.get("errors") if isinstance(told, dict) else None
    return str(told.get("error_type") or "not_found") if isinstance(errors, list) else None


def _status(post: Raw) -> Status:
    if post.get("user_deleted"):
        return "deleted"
    return "removed" if post.get("deleted_at") or post.get("hidden") else "live"


def _moment(value: object, page: Page) -> datetime | None:
    return times.moment(unescape(value), times.zone_of("UTC"), page.fetched_at) if isinstance(value, str) else None


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _is_aside(element: HtmlElement | None) -> bool:
    return element is not None and element.tag == "aside" and "quote" in html.attribute(element, "class").split()
