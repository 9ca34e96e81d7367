"""Posts from Reddit's API: what is new in the study's subreddits, with whole comment trees, and what was deleted since.

For each subreddit: its new submissions, the answers to the study's queries, and its newest comments. A thread that was
not read before, or whose count of comments changed unseen, is read whole; a comment in a known thread is taken as it
comes. Listings end at about 1,000 items; where the comments since the last crawl are more than that, the threads we
know are compared by their count.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import praw
import prawcore
from praw.exceptions import PRAWException
from praw.models import Comment, MoreComments, Submission

from pipeline.errors import Gone, Unreadable
from pipeline.post import Batch, Exclusion, Post, Thread
from pipeline.progress import Progress, Silent
from pipeline.sources import reddit_json
from pipeline.sources.reddit_api import Heard, Sleep, approved, asked, connect
from pipeline.study import Source

STAGE = "collect"
_OVERLAP = 6 * 3600  # seconds: a post that a moderator let through late shows up behind newer ones
_AT_ONCE = 100  # things that one request may name
_REFUSED = {
    403: "subreddit is private or quarantined",
    404: "subreddit is not there",
    451: "subreddit is withheld for legal reasons",
    302: "subreddit is not there",
    301: "subreddit is not there",
}
# What PRAW lets out where an answer is JSON but not of the shape it knows.
_MISSHAPEN = (PRAWException, AssertionError, KeyError, TypeError, AttributeError, IndexError)


def collect(
    source: Source,
    state: Mapping[str, str],
    *,
    reddit: praw.Reddit | None = None,
    progress: Progress | None = None,
    sleep: Sleep = time.sleep,
    heard: Heard | None = None,
) -> Iterator[Batch]:
    """Collect what is new in a source's subreddits.

    state: checkpoints of earlier batches; reddit: a client of one's own; heard: called with every answer of the API.
    source.limit: submissions, and comments, at most of each listing. Raises Forbidden before the first request without
    approval or credentials, RateLimited where Reddit goes on answering 429, Gone where no subreddit could be read.
    """
    approved(source)
    client = reddit if reddit is not None else connect(source, sleep=sleep, heard=heard)
    refused: list[str] = []
    for name in source.subreddits:
        crawl = _Crawl(source, client, name.removeprefix("/").removeprefix("r/"), state, progress or Silent(), sleep)
        try:
            yield from crawl.batches()
        except _Unavailable as error:
            refused.append(f"r/{crawl.name}: {error.reason}")
            yield Batch(exclusions=(Exclusion(f"r/{crawl.name}", STAGE, error.reason, error.detail),))
    if len(refused) == len(source.subreddits):
        raise Gone(f"source {source.name}: none of its subreddits could be read ({'; '.join(refused)})")


def look_again(
    source: Source,
    native_ids: Iterable[str],
    *,
    reddit: praw.Reddit | None = None,
    progress: Progress | None = None,
    sleep: Sleep = time.sleep,
    heard: Heard | None = None,
) -> Iterator[Batch]:
    """Ask again for posts we hold ("t1_…", "t3_…"), 100 a request, and give each as it is now.

    One that Reddit no longer names is given as deleted. Raises what `collect` raises.
    """
    approved(source)
    client = reddit if reddit is not None else connect(source, sleep=sleep, heard=heard)
    shown = progress or Silent()
    for names in _hundreds(native_ids):
        things = asked(partial(_info, client, names), "api/info", source.name, shown, sleep)
        now = {str(t.fullname): t for t in things}
        posts: list[Post] = []
        aside: list[Exclusion] = []
        for name in names:
            if name in now:
                _take(now[name], posts, aside)
            else:
                posts.append(Post(native_id=name, text="", status="deleted"))
        shown.posts(source.name, len(posts))
        yield Batch(posts=tuple(posts), exclusions=tuple(aside))


class _Unavailable(Exception):  # noqa: N818 - a subreddit is, not an error of ours
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(slots=True)
class _Mark:
    """How far a listing was read. time: seconds since 1970 of the newest; ids: those within the overlap before it."""

    time: float = 0.0
    ids: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class _Crawl:
    """One subreddit."""

    source: Source
    reddit: praw.Reddit
    name: str
    state: Mapping[str, str]
    progress: Progress
    sleep: Sleep
    read: set[str] = field(default_factory=set[str])

    def batches(self) -> Iterator[Batch]:
        here = self.reddit.subreddit(self.name)
        comments, comment_mark, reached = self._since("comments", here.comments(limit=self.source.limit))
        found, new_mark, _ = self._since("new", here.new(limit=self.source.limit))
        for query in self.source.queries:
            found += self._all(here.search(query, sort="new", limit=self.source.limit), f"search {query!r}")
        found += self._unknown({c.link_id for c in comments} - {s.fullname for s in found})
        if not reached and self._known():
            found += self._named(self._known())
        wanted = {s.fullname: s for s in found if self._changed(s)}
        for done, submission in enumerate(wanted.values()):
            self.progress.threads(self.source.name, done, len(wanted))
            yield self._thread(submission)
        self.progress.threads(self.source.name, len(wanted), len(wanted))
        for some in _hundreds(c for c in comments if c.link_id not in self.read):
            yield self._batch(some)
        yield Batch(checkpoint={**self._marked("comments", comment_mark), **self._marked("new", new_mark)})

    # Listings

    def _since(self, listing: str, items: Iterator[Any]) -> tuple[list[Any], _Mark | None, bool]:
        """Give a listing's items that were not seen before, the mark for next time, and whether it met the last one.

        The mark is None where `limit` cut the listing short of the last mark: what lies between is still to be read.
        """
        saved = json.loads(self.state.get(f"reddit:{self.name}:{listing}", "{}"))
        old = _Mark(saved.get("time", 0.0), saved.get("ids", []))
        seen, fresh, met = set(old.ids), list[Any](), False
        count, newest, recent = 0, old.time, list[tuple[float, str]]()
        for item in self._each(items, listing):
            count += 1
            at = float(item.created_utc)
            if at < old.time - _OVERLAP:
                met = True
                break
            recent.append((at, item.id))
            newest = max(newest, at)
            if item.id not in seen:
                fresh.append(item)
        cut = not met and self.source.limit is not None and count >= self.source.limit and old.time > 0
        kept = sorted({i for at, i in recent if at >= newest - _OVERLAP} | (seen if newest == old.time else set()))
        # A listing that ends by itself before the mark has fewer items than Reddit keeps: nothing is between.
        return fresh, None if cut else _Mark(newest, kept), met or old.time == 0 or (count < 900 and not cut)

    def _all(self, items: Iterator[Any], what: str) -> list[Any]:
        return list(self._each(items, what))

    def _each(self, items: Iterator[Any], what: str) -> Iterator[Any]:
        """Step through a listing; a page that failed is asked for again, as the iterator stands where it stood."""
        nothing = object()
        while (item := self._ask(lambda: next(items, nothing), what)) is not nothing:
            yield item

    def _ask(self, call: Any, what: str) -> Any:
        try:
            return asked(call, f"r/{self.name} {what}", self.source.name, self.progress, self.sleep)
        except prawcore.ResponseException as error:
            status = error.response.status_code
            raise _Unavailable(_REFUSED.get(status, f"answered {status}"), what) from error
        except Unreadable as error:
            raise _Unavailable("no usable answer", str(error)) from error
        except _MISSHAPEN as error:
            raise _Unavailable("no usable answer", f"{what}: {type(error).__name__}") from error

    def _known(self) -> list[str]:
        prefix = f"reddit:{self.name}:thread:"
        return [key.removeprefix(prefix) for key in self.state if key.startswith(prefix)]

    def _unknown(self, threads: set[str]) -> list[Submission]:
        """Fetch the submissions of comments whose threads were never read."""
        return self._named(sorted(threads - set(self._known())))

    def _named(self, names: list[str]) -> list[Submission]:
        found: list[Submission] = []
        for some in _hundreds(names):
            things = self._ask(partial(_info, self.reddit, some), "api/info")
            found += [t for t in things if isinstance(t, Submission)]
        return found

    # Threads

    def _changed(self, submission: Submission) -> bool:
        return self.state.get(self._key(submission)) != _version(submission)

    def _key(self, submission: Submission) -> str:
        return f"reddit:{self.name}:thread:{submission.fullname}"

    def _thread(self, listed: Submission) -> Batch:
        """Read one submission and its whole tree; where part of it cannot be read, the rest is given and said so."""
        name = listed.fullname
        try:
            whole = self._ask(lambda: self._fetched(listed.id), f"comments/{listed.id}")
        except _Unavailable as error:
            reason = error.reason.replace("subreddit", "thread")
            return Batch(exclusions=(Exclusion(name, STAGE, reason, error.detail),))
        try:
            self._ask(lambda: whole.comments.replace_more(limit=None), f"comments/{listed.id} more")
        except _Unavailable as error:
            left = Exclusion(name, STAGE, "comments not all read", error.detail or error.reason)
            return self._batch([whole, *_comments(whole)], left)
        self.read.add(name)
        made = self._batch([whole, *_comments(whole)])
        thread = reddit_json.thread(_raw(whole))
        return Batch(
            posts=made.posts,
            threads=(thread,) if thread else (),
            exclusions=made.exclusions,
            checkpoint={self._key(listed): _version(listed)},
        )

    def _fetched(self, own_id: str) -> Submission:
        submission = self.reddit.submission(own_id)
        submission.comments  # noqa: B018 - the first look makes the request
        return submission

    def _batch(self, things: Iterable[Any], *aside: Exclusion) -> Batch:
        posts: list[Post] = []
        left: list[Exclusion] = list(aside)
        threads: list[Thread] = []
        for thing in things:
            _take(thing, posts, left)
        self.progress.posts(self.source.name, len(posts))
        return Batch(posts=tuple(posts), threads=tuple(threads), exclusions=tuple(left))

    def _marked(self, listing: str, mark: _Mark | None) -> dict[str, str | None]:
        if mark is None or not mark.time:
            return {}
        return {f"reddit:{self.name}:{listing}": json.dumps({"time": mark.time, "ids": mark.ids})}


def _info(reddit: praw.Reddit, names: list[str]) -> list[Any]:
    return list(reddit.info(fullnames=names))


def _comments(submission: Submission) -> list[Comment]:
    return [c for c in submission.comments.list() if not isinstance(c, MoreComments)]


def _version(submission: Submission) -> str:
    """Give what changes with a thread: its count of comments, and when its own text was edited."""
    return f"{submission.num_comments} {submission.edited}"


def _take(thing: Any, posts: list[Post], aside: list[Exclusion]) -> None:
    try:
        posts.append(reddit_json.post(_raw(thing)))
    except reddit_json.NotAPostError as reason:
        aside.append(Exclusion(str(getattr(thing, "fullname", "?")), STAGE, str(reason)))


def _raw(thing: Any) -> dict[str, Any]:
    """Give the fields as the API had them: PRAW has made objects of author and subreddit."""
    made = {k: v for k, v in vars(thing).items() if not k.startswith("_")}
    author, subreddit = made.get("author"), made.get("subreddit")
    made["author"] = getattr(author, "name", author)
    made["subreddit"] = getattr(subreddit, "display_name", subreddit)
    return made


def _hundreds(things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(things)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
