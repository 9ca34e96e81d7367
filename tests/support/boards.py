"""A small invented board in phpBB's markup, which answers like one: over HTTP on loopback, or as an httpx transport.

It does on purpose what live boards do: a new session id in every link, stickies on every listing page, threads that
have moved, private threads that answer 200, pages past the end that answer with the last one.
"""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.support.transports import Answers

BASE = "http://127.0.0.1:8099"
FIRST = datetime(2012, 3, 4, 10, 0, tzinfo=UTC)


@dataclass
class Message:
    id: int
    author: str
    text: str
    at: datetime


@dataclass
class Topic:
    id: int
    forum: int
    title: str
    messages: list[Message] = field(default_factory=list[Message])
    sticky: bool = False
    private: bool = False
    moved_to: int | None = None


class Board:
    """A board that can be written to between two crawls. asked: how often each address was asked for, without sid."""

    def __init__(self, *, posts_a_page: int = 5, topics_a_page: int = 4, robots: str = "", base: str = BASE) -> None:
        self.base, self.robots = base, robots
        self.posts_a_page, self.topics_a_page = posts_a_page, topics_a_page
        self.topics: dict[int, Topic] = {}
        self.forums: dict[int, str] = {}
        self.asked: Counter[str] = Counter()
        self.broken: dict[str, httpx.Response] = {}
        self._ids = itertools.count(1)
        self._sids = itertools.count(1)

    def forum(self, number: int, name: str) -> None:
        self.forums[number] = name

    def topic(self, number: int, forum: int, posts: int = 1, *, sticky: bool = False, private: bool = False) -> Topic:
        self.forums.setdefault(forum, f"Forum {forum}")
        made = Topic(number, forum, f"Topic {number}", sticky=sticky, private=private)
        topic = self.topics[number] = made
        for _ in range(posts):
            self.post(number)
        return topic

    def post(self, topic: int, text: str | None = None) -> Message:
        number = next(self._ids)
        made = Message(
            number, f"member{number % 7}", text or f"Words of post {number}.", FIRST + timedelta(minutes=number)
        )
        self.topics[topic].messages.append(made)
        return made

    def delete(self, topic: int, *positions: int) -> None:
        for position in sorted(positions, reverse=True):
            del self.topics[topic].messages[position]

    def visible(self) -> dict[str, str]:
        """Native id to text of every post that a guest can see."""
        shown = (t for t in self.topics.values() if not t.private and t.moved_to is None)
        return {str(m.id): m.text for t in shown for m in t.messages}

    @property
    def threads_asked(self) -> Counter[str]:
        """Requests for pages of threads alone."""
        return Counter({k: n for k, n in self.asked.items() if "viewtopic" in k})

    def transport(self) -> Answers:
        return Answers(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        parts = urlsplit(str(request.url))
        query = {k: v[-1] for k, v in parse_qs(parts.query).items() if k != "sid"}
        name = parts.path + ("?" + "&".join(f"{k}={v}" for k, v in sorted(query.items())) if query else "")
        self.asked[name] += 1
        if name in self.broken:
            broken = self.broken[name]
            return httpx.Response(broken.status_code, headers=broken.headers, content=broken.content)
        if parts.path == "/robots.txt":
            return httpx.Response(200, text=self.robots, headers={"content-type": "text/plain"})
        start = int(query.get("start", "0"))
        if parts.path in ("/", "/index.php"):
            return self._page("Index", self._index())
        if parts.path == "/viewforum.php" and int(query["f"]) in self.forums:
            return self._page(self.forums[int(query["f"])], self._forum(int(query["f"]), start))
        if parts.path == "/viewtopic.php" and int(query.get("t", "0")) in self.topics:
            return self._topic(self.topics[int(query["t"])], start)
        return self._page("Information", "<p>The requested topic does not exist.</p>", 404)

    def _link(self, path: str) -> str:
        return escape(f"./{path}{'&' if '?' in path else '?'}sid={next(self._sids):032x}")

    def _page(self, title: str, body: str, status: int = 200) -> httpx.Response:
        html = f"<!DOCTYPE html><html><head><title>{title}</title></head><body id='phpbb'>{body}</body></html>"
        return httpx.Response(status, html=html)

    def _index(self) -> str:
        rows = (
            f"<li class='row'><a class='forumtitle' href='{self._link(f'viewforum.php?f={n}')}'>{name}</a></li>"
            for n, name in self.forums.items()
        )
        return f"<ul class='topiclist forums'>{''.join(rows)}</ul>"

    def _forum(self, number: int, start: int) -> str:
        topics = [t for t in self.topics.values() if t.forum == number]
        plain = sorted((t for t in topics if not t.sticky), key=lambda t: -max((m.id for m in t.messages), default=0))
        start = min(start, max(0, (len(plain) - 1) // self.topics_a_page * self.topics_a_page))
        shown = [t for t in topics if t.sticky] + plain[start : start + self.topics_a_page]
        rows = "".join(self._row(t) for t in shown)
        later = start + self.topics_a_page
        more = self._next(f"viewforum.php?f={number}&start={later}") if later < len(plain) else ""
        return f"<ul class='topiclist topics'>{rows}</ul>{more}"

    def _row(self, topic: Topic) -> str:
        moved = " topic_moved" if topic.moved_to else ""
        target = topic.moved_to or topic.id
        last = topic.messages[-1].at.isoformat() if topic.messages else ""
        return (
            f"<li class='row'><dl class='row-item{moved}'><dt><a class='topictitle' "
            f"href='{self._link(f'viewtopic.php?f={topic.forum}&t={target}')}'>{topic.title}</a></dt>"
            f"<dd class='posts'>{len(topic.messages) - 1}</dd>"
            f"<dd class='lastpost'><time datetime='{last}'>then</time></dd></dl></li>"
        )

    def _topic(self, topic: Topic, start: int) -> httpx.Response:
        if topic.private:
            return self._page(
                "Login", "<p>The board requires you to be registered and logged in to view this forum.</p>"
            )
        if not topic.messages:
            return self._page("Information", "<p>The requested topic does not exist.</p>", 404)
        size = self.posts_a_page
        start = min(start // size * size, (len(topic.messages) - 1) // size * size)
        posts = "".join(
            f"<div class='post' id='p{m.id}'><div class='postbody'><h3><a href='#p{m.id}'>Re: {topic.title}</a></h3>"
            f"<p class='author'><a class='username'>{m.author}</a> <time datetime='{m.at.isoformat()}'>then</time></p>"
            f"<div class='content'>{escape(m.text)}</div><div class='signature'>a signature</div></div></div>"
            for m in topic.messages[start : start + size]
        )
        later = start + size
        more = (
            self._next(f"viewtopic.php?f={topic.forum}&t={topic.id}&start={later}")
            if later < len(topic.messages)
            else ""
        )
        heading = (
            f"<h2 class='topic-title'><a href='{self._link(f'viewtopic.php?t={topic.id}')}'>{topic.title}</a></h2>"
        )
        extras = f"<a href='{self._link(f'viewtopic.php?t={topic.id}&view=print')}'>Print view</a>"
        return self._page(topic.title, heading + posts + extras + more)

    def _next(self, path: str) -> str:
        return f"<div class='pagination'><ul><li class='next'><a rel='next' href='{self._link(path)}'>Next</a></li></ul></div>"
