"""Posts from Lemmy: its JSON API (version 3), or files of such answers.

An address of a study's source may be a community ("https://lemmy.example/c/recovery"), one post
("https://lemmy.example/post/12"), or a whole server ("https://lemmy.example": its local posts).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from pipeline.errors import SourceError, Unreadable
from pipeline.post import Batch, Capture, Exclusion, Post, Status, Thread
from pipeline.progress import Progress, Silent
from pipeline.sources import markdown
from pipeline.study import Source

_PAGE = 50  # the most that Lemmy gives at once
_OVERLAP = timedelta(hours=6)  # answers of other servers arrive late, with their own time
_PAGES = 2000

Raw = Mapping[str, Any]


class Answered(Protocol):
    """An answer of the network."""

    @property
    def body(self) -> bytes:
        """The bytes of the answer."""
        ...


class Asks(Protocol):
    """What fetches a page: `pipeline.fetch.Fetcher`."""

    def get(self, url: str, *, accept: Any = "json") -> Answered:
        """Fetch one page; raises SourceError."""
        ...

    def take_captures(self) -> tuple[Capture, ...]:
        """Give the captures made since the last call."""
        ...


def collect(source: Source, root: Path, state: Mapping[str, str], progress: Progress | None = None) -> Iterator[Batch]:
    """Collect what is new at a source's addresses, politely and on the record; and what its files hold.

    root: the home's folder, for archive and ledger. Raises SourceError (Forbidden, Gone, RateLimited, Unreadable).
    """
    from pipeline.archive import Archive
    from pipeline.fetch import Fetcher
    from pipeline.ledger import Ledger

    yield from read([Path(p).expanduser() for p in source.paths])
    with ExitStack() as open_:
        archive = open_.enter_context(Archive(root / "archive", source.name))
        ledger = open_.enter_context(Ledger(root / "ledger", source.name))
        fetcher = open_.enter_context(Fetcher(root, source, archive=archive, ledger=ledger, progress=progress))
        if source.retention_days is not None:
            archive.purge(datetime.now(UTC) - timedelta(days=source.retention_days))
        fetcher.fetch_terms()
        for found in crawl(source, state, fetcher, progress):
            fetcher.posts += len(found.posts)
            yield found


def from_archive(source: Source, root: Path, progress: Progress | None = None) -> Iterator[Batch]:
    """Read a source's kept answers again, oldest first; nothing is asked of the network."""
    from pipeline.archive import Archive

    shown = progress or Silent()
    with Archive(root / "archive", source.name) as archive:
        for kept in archive.captures(ok_only=True):
            try:
                answer: object = json.loads(kept.body)
            except (ValueError, RecursionError):
                continue  # robots.txt, the terms page
            if is_answer(answer):
                found = batch(answer, where=kept.capture.url)
                shown.posts(source.name, len(found.posts))
                yield replace(found, captures=(kept.capture,))
        yield from archive.aside()


def crawl(source: Source, state: Mapping[str, str], asks: Asks, progress: Progress | None = None) -> Iterator[Batch]:
    """Collect by a given fetcher. State keys: "lemmy:ADDRESS:posts", "lemmy:ADDRESS:comments", times in UTC.

    source.limit: posts, and comments, at most from each address.
    """
    for url in source.urls:
        for address, listing in _listings(url):
            yield from _listed(source, address, listing, state, asks, progress or Silent())


def read(paths: Sequence[Path]) -> Iterator[Batch]:
    """Read files of answers: one JSON document, or one a line. A line that is none is set aside.

    Raises SourceError for a file that is missing.
    """
    for path in paths:
        try:
            whole = path.read_bytes()
        except OSError as error:
            raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
        try:
            yield batch(json.loads(whole), stage="import", where=path.name)
            continue
        except (ValueError, RecursionError):
            pass
        for number, line in enumerate(whole.split(b"\n"), 1):
            if not line.strip():
                continue
            where = f"{path.name}:{number}"
            try:
                yield batch(json.loads(line), stage="import", where=where)
            except (ValueError, RecursionError):
                yield Batch(exclusions=(Exclusion(where, "import", "not valid JSON", f"{len(line)} bytes"),))


def batch(answer: object, *, stage: str = "collect", where: str = "") -> Batch:
    """Map one answer: of post/list, comment/list, post, comment or search, or a list of views. No request is made."""
    posts: list[Post] = []
    threads: list[Thread] = []
    aside: list[Exclusion] = []
    for view in _views(answer):
        try:
            made = post(view)
        except _NotAViewError as reason:
            aside.append(Exclusion(where or str(reason), stage, str(reason)))
            continue
        posts.append(made)
        if "comment" not in view:
            threads.append(_thread(view, made))
    if not posts and not aside and not isinstance(answer, Mapping | list):
        aside.append(Exclusion(where, stage, "not an answer of Lemmy"))
    return Batch(tuple(posts), tuple(threads), tuple(aside))


class _NotAViewError(ValueError):
    pass


def post(view: Raw) -> Post:
    """Map a post_view or comment_view. native_id: "post/12" or "comment/34", ids of the server asked."""
    comment, item = view.get("comment"), view.get("post")
    if not isinstance(item, Mapping) or not (comment is None or isinstance(comment, Mapping)):
        raise _NotAViewError("neither a post nor a comment")
    own: Raw = item if comment is None else comment
    if not isinstance(own.get("id"), int):
        raise _NotAViewError("no id")
    thread_id = f"post/{item['id']}" if isinstance(item.get("id"), int) else f"post/{own.get('post_id')}"
    status = _status(own, view.get("community"))
    live = status == "live"
    text, quotes = markdown.own_text(_string(own.get("content") or own.get("body"))) if live else ("", ())
    title = (markdown.plain(_string(own.get("name"))) or None) if live and comment is None else None
    return Post(
        native_id=thread_id if comment is None else f"comment/{own['id']}",
        text="\n\n".join(part for part in (title, text) if part),  # a title is its author's words too
        thread_id=thread_id,
        parent_id=None if comment is None else _parent(own, thread_id),
        author=_author(view.get("creator")) if live else None,
        posted_at=_time(own.get("published") or own.get("published_at")),
        edited_at=_time(own.get("updated") or own.get("updated_at")),
        url=_string(own.get("ap_id")) or None,
        title=title,
        quotes=quotes,
        status=status,
        extra=_extra(view),
    )


def thread(source: Source, base: str, own_id: str, asks: Asks) -> Iterator[Batch]:
    """Give a post and its comments as they are now. base: of the API; own_id: the post's number.

    Raises Gone if the post is not there, and what else the network gives.
    """
    listings = (
        _Listing("post", "post_view", {"id": own_id}),
        _Listing("comment/list", "comments", {"post_id": own_id, "type_": "All", "sort": "New"}),
    )
    for listing in listings:
        for found in _listed(source.model_copy(update={"limit": None}), base, listing, {}, asks, Silent()):
            yield replace(found, checkpoint={})


def single(base: str, native_id: str, asks: Asks) -> Batch:
    """Give one post ("post/12") or comment ("comment/34") as it is now. Raises Gone if it is not there."""
    kind, _, number = native_id.partition("/")
    url = f"{base}/{kind}?{urlencode({'id': number})}"
    return replace(batch(_json(asks.get(url, accept="json").body, url), where=url), captures=asks.take_captures())


@dataclass(frozen=True, slots=True)
class _Listing:
    path: str  # "post/list"
    key: str  # "posts"
    asked: Mapping[str, str]


def _listings(url: str) -> list[tuple[str, _Listing]]:
    """Give what to ask for at an address: base of the API, and the listings."""
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}/api/v3"
    steps = [s for s in parts.path.split("/") if s]
    if steps[:1] == ["post"] and len(steps) == 2:
        one = {"post_id": steps[1], "type_": "All", "sort": "New"}
        return [
            (base, _Listing("post", "post_view", {"id": steps[1]})),
            (base, _Listing("comment/list", "comments", one)),
        ]
    if steps[:1] == ["c"] and len(steps) == 2:
        where = {"community_name": steps[1], "type_": "All"}
    elif not steps:
        where = {"type_": "Local"}
    else:
        raise SourceError(f"{url}: not an address of a Lemmy server, community (/c/NAME) or post (/post/ID)")
    asked = {**where, "sort": "New"}
    return [(base, _Listing("post/list", "posts", asked)), (base, _Listing("comment/list", "comments", asked))]


def _listed(
    source: Source, base: str, listing: _Listing, state: Mapping[str, str], asks: Asks, progress: Progress
) -> Iterator[Batch]:
    """Give the pages of one listing, newest first, until one holds nothing newer than the last crawl's newest."""
    key = f"lemmy:{base}/{listing.path}?{urlencode(listing.asked)}"
    last = _time(state.get(key))
    newest, given, seen, cursor = last, 0, set[str](), ""
    for page in range(1, _PAGES):
        turn = {"page_cursor": cursor} if cursor else {"page": str(page)}
        url = f"{base}/{listing.path}?{urlencode({**listing.asked, 'limit': _PAGE, **turn})}"
        answer = _json(asks.get(url, accept="json").body, url)
        progress.page(source.name, url)
        made = batch(answer, where=url)
        fresh = [p for p in made.posts if p.native_id not in seen]
        seen.update(p.native_id for p in fresh)
        new = [p for p in fresh if last is None or _newest(p) is None or _newest(p) > last - _OVERLAP]  # pyright: ignore[reportOptionalOperand]
        times = [t for p in new if (t := p.posted_at)]
        newest = max([t for t in (newest, *times) if t], default=None)
        given += len(new)
        progress.posts(source.name, len(new))
        full = source.limit is not None and given >= source.limit
        # A page that repeats the one before, or has none newer, is the end; so is one that is not full.
        ended = not new or listing.key == "post_view" or len(made.posts) < _PAGE
        yield Batch(
            posts=tuple(new),
            threads=made.threads,
            exclusions=made.exclusions,
            captures=asks.take_captures(),
            checkpoint={key: newest.isoformat()} if ended and newest else {},
        )
        cursor = _string(answer.get("next_page"))
        if ended or full:
            return


def _newest(made: Post) -> datetime | None:
    return max((t for t in (made.posted_at, made.edited_at) if t), default=None)


def _json(body: bytes, url: str) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{url}: not valid JSON") from error
    if not isinstance(answer, dict):
        raise Unreadable(f"{url}: not an answer of Lemmy")
    return answer


def _views(answer: object) -> Iterator[Raw]:
    if isinstance(answer, list):
        for one in answer:
            yield from _views(one)
    elif isinstance(answer, Mapping):
        inner = [answer[k] for k in ("posts", "comments", "post_view", "comment_view") if k in answer]
        if inner:
            yield from _views(inner)
        elif "error" not in answer and ("post" in answer or "comment" in answer):
            yield answer
        elif "error" not in answer:
            yield {}


def _status(own: Raw, community: object) -> Status:
    if own.get("deleted") is True:
        return "deleted"
    gone = isinstance(community, Mapping) and (community.get("removed") is True or community.get("deleted") is True)
    return "removed" if own.get("removed") is True or gone else "live"


def _parent(comment: Raw, thread_id: str) -> str:
    """Give what a comment answers: the last but one step of its path, "0.12.34"; 0 is the post itself."""
    steps = _string(comment.get("path")).split(".")
    return f"comment/{steps[-2]}" if len(steps) > 2 and steps[-2] != "0" else thread_id


def _author(creator: object) -> str | None:
    """Give "name@server": the same name on two servers is two people."""
    if not isinstance(creator, Mapping) or creator.get("deleted") is True:
        return None
    name = markdown.clean(_string(creator.get("name"))).strip()
    host = urlsplit(_string(creator.get("actor_id"))).hostname
    return (f"{name}@{host}" if host else name) or None


def _thread(view: Raw, made: Post) -> Thread:
    counts = view.get("counts")
    told: Raw = counts if isinstance(counts, Mapping) else {}
    comments = told.get("comments")
    return Thread(
        native_id=made.native_id,
        url=made.url,
        title=made.title,
        started_at=made.posted_at,
        last_post_at=_time(told.get("newest_comment_time")),
        posts=comments + 1 if isinstance(comments, int) else None,
    )


def _extra(view: Raw) -> dict[str, str]:
    community, counts = view.get("community"), view.get("counts")
    extra: dict[str, str] = {}
    if isinstance(community, Mapping) and (name := _string(community.get("name"))):
        extra["community"] = name
    if isinstance(counts, Mapping) and isinstance(counts.get("score"), int):
        extra["score"] = str(counts["score"])
    return extra


def _time(value: object) -> datetime | None:
    """Read a time of the API; one without a zone is UTC (servers before 0.19)."""
    try:
        made = datetime.fromisoformat(_string(value))
    except ValueError:
        return None
    return made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def is_answer(data: object) -> bool:
    """Tell whether a JSON document is an answer of Lemmy's, for files of unknown kind."""
    views: Iterable[Raw] = _views(data)
    return any(isinstance(v.get("post"), Mapping) and "creator" in v for v in views)
