"""Ask a source again for posts we hold, and tell which of them it has deleted.

A post counts as deleted where its source says so (a stub, a notice in its place, 404 or 410 for it or for its thread),
or where its whole thread can be read, twice, and it is in it no more and not at its own address either. A source that
cannot be reached, refuses, or answers nonsense has deleted nothing: where nothing that is asked for is there, its start
page must answer before that is believed.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urldefrag, urlsplit

from pipeline import removal
from pipeline.archive import Archive
from pipeline.errors import Gone, RateLimited, SourceError, Unreadable
from pipeline.fetch import Fetcher
from pipeline.fetching.address import origin_of
from pipeline.fetching.turns import HostDown
from pipeline.home import Home
from pipeline.ledger import Ledger
from pipeline.post import Batch, Post
from pipeline.progress import Progress
from pipeline.study import Source

_THREADS_AT_ONCE = 20  # threads between two erasures: what a kill makes the next sweep ask for again
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Held:
    """One post that is due: its ids, its own address, its thread's native id and address."""

    post_id: str
    native_id: str
    url: str | None
    thread: str | None
    address: str | None


@dataclass(slots=True)
class Found:
    """What one round of asking gave. asked, gone: post ids; batches: the posts as they are now; errors: of threads."""

    asked: list[str] = field(default_factory=list[str])
    gone: list[str] = field(default_factory=list[str])
    batches: list[Batch] = field(default_factory=list[Batch])
    errors: list[SourceError] = field(default_factory=list[SourceError])

    def __iadd__(self, other: "Found") -> "Found":
        self.asked += other.asked
        self.gone += other.gone
        self.batches += other.batches
        self.errors += other.errors
        return self


def ask(
    source: Source, home: Home, due: list[Held], *, reddit: Any = None, progress: Progress | None = None
) -> Iterator[Found]:
    """Ask for posts in the order given, round by round. reddit: a client of one's own.

    Raises SourceError where the source cannot be asked (any more); what was given before holds.
    """
    if source.kind in ("reddit", "dump"):
        yield from _reddit(source, due, reddit, progress)
    elif source.kind in ("board", "reviews"):
        yield from _rounds(source, home, due, _thread, progress)
    elif source.kind == "lemmy":
        yield from _rounds(source, home, due, _lemmy_thread, progress)
    elif due:
        raise SourceError(f"source {source.name}: posts of files cannot be asked for again; use `doselore forget`")


def _dead(post: Post) -> bool:
    return post.status != "live" or removal.is_notice(post.text)


# --- Reddit


def _reddit(source: Source, due: list[Held], client: Any, progress: Progress | None) -> Iterator[Found]:
    from pipeline.sources import reddit as api

    empty: list[list[Held]] = []
    named = False
    for start in range(0, len(due), _HUNDRED):
        some = due[start : start + _HUNDRED]
        found = _told(some, api.look_again(source, [h.native_id for h in some], reddit=client, progress=progress))
        if len(found.gone) == len(some) and not any(p.url or p.author for b in found.batches for p in b.posts):
            empty.append(some)  # not one of a hundred is named: believed only of a Reddit that names others
        else:
            named = True
            yield found
    for some in empty:
        found = _told(some, api.look_again(source, [h.native_id for h in some], reddit=client, progress=progress))
        if not named and len(found.gone) == len(some):
            raise Unreadable(f"source {source.name}: Reddit names none of the posts asked for; nothing is erased")
        yield found


def _told(some: list[Held], batches: Iterable[Batch]) -> Found:
    held = {h.native_id: h.post_id for h in some}
    found = Found(asked=list(held.values()), batches=list(batches))
    found.gone = [
        held[p.native_id] for b in found.batches for p in b.posts if p.status != "live" and p.native_id in held
    ]
    return found


# --- Boards, review sites, Lemmy: thread by thread

Asking = Callable[[Source, Fetcher, str, list[Held]], Found]


def _rounds(source: Source, home: Home, due: list[Held], thread: Asking, progress: Progress | None) -> Iterator[Found]:
    """Ask thread by thread, in the order of each one's first post; archive and ledger are free between two rounds."""
    threads: dict[str, list[Held]] = {}
    for one in due:
        address = one.address or one.url
        if address and address.startswith(("http://", "https://")):
            threads.setdefault(address, []).append(one)
    waiting = list(threads.items())
    starts = {origin_of(url) for url in source.urls}
    alive = False
    stopped: SourceError | None = None
    for start in range(0, len(waiting), _THREADS_AT_ONCE):
        found = Found()
        with ExitStack() as open_:
            archive = open_.enter_context(closing(Archive(home.root / "archive", source.name)))
            ledger = open_.enter_context(closing(Ledger(home.root / "ledger", source.name)))
            fetcher = open_.enter_context(Fetcher(home.root, source, archive=archive, ledger=ledger, progress=progress))
            for address, held in waiting[start : start + _THREADS_AT_ONCE]:
                try:
                    one = thread(source, fetcher, address, held)
                except (RateLimited, HostDown) as error:
                    found.errors.append(error)
                    if isinstance(error, HostDown) and error.origin not in (None, origin_of(address), *starts):
                        continue  # this thread alone leads to another host of the site, which is down
                    stopped = error
                    break
                except Gone:
                    one = Found(asked=[h.post_id for h in held], gone=[h.post_id for h in held])
                except SourceError as error:
                    one = Found(errors=[error])
                alive = alive or len(one.asked) > len(one.gone)
                found += one
            if found.gone and not alive:
                _answers(source, fetcher, {a for a, _ in waiting})
                alive = True
        yield found
        if stopped:
            raise stopped


def _answers(source: Source, fetcher: Fetcher, threads: set[str]) -> None:
    """Make sure that a site is there at all before it is believed that it has deleted all that was asked for."""
    roots = {f"{p.scheme}://{p.netloc}/" for p in map(urlsplit, source.urls)}
    for url in [*(u for u in source.urls if u not in threads), *sorted(roots)]:
        try:
            fetcher.get(url, accept="any")
            return
        except (RateLimited, HostDown):
            raise
        except SourceError:
            continue
    raise Unreadable(f"source {source.name}: neither its start page nor anything else is there; nothing is erased")


def _thread(source: Source, fetcher: Fetcher, address: str, held: list[Held]) -> Found:
    """Read a thread from its first page to its last. Raises Gone if it is no more."""
    now, batches = _read(source, fetcher, address)
    missing = [h for h in held if h.native_id not in now]
    if missing:  # a post that was deleted while its pages were read moves others from one page to another
        again, more = _read(source, fetcher, address)
        now, batches = {**now, **again}, batches + more
        missing = [h for h in missing if h.native_id not in now and not _elsewhere(source, fetcher, h, address)]
    dead = [h for h in held if h.native_id in now and _dead(now[h.native_id])]
    return Found([h.post_id for h in held], [h.post_id for h in (*missing, *dead)], batches)


def _read(source: Source, fetcher: Fetcher, address: str) -> tuple[dict[str, Post], list[Batch]]:
    """Give what stands in a thread now. Raises Unreadable if part of it cannot be read, Gone if it is no more."""
    from pipeline.sources import board

    alone = source.model_copy(update={"urls": (address,), "limit": None})
    posts: dict[str, Post] = {}
    batches: list[Batch] = []
    for batch in board.collect(alone, fetcher, {}):
        if batch.exclusions:
            first = batch.exclusions[0]
            if first.reason == "gone":
                raise Gone(f"{address}: {first.detail}")
            raise Unreadable(f"{address}: {first.what}: {first.reason}; what is missing there may be there still")
        posts.update({p.native_id: p for p in batch.posts})
        batches.append(replace(batch, checkpoint={}))
    if not posts:
        raise Unreadable(f"{address}: holds no post that can be read")
    return posts, batches


def _elsewhere(source: Source, fetcher: Fetcher, held: Held, address: str) -> bool:
    """Tell whether a post that left its thread is still at its own address: it was moved, not deleted."""
    from pipeline.sources import board
    from pipeline.sources.engines import Page

    own = urldefrag(held.url or "")[0]
    if not own.startswith(("http://", "https://")) or own == urldefrag(address)[0]:
        return False
    try:
        answer = fetcher.get(own)
    except Gone:
        return False
    batch = board.read_page(source, Page(answer.url, answer.text, answer.fetched_at))
    return batch is not None and any(p.native_id == held.native_id and not _dead(p) for p in batch.posts)


def _lemmy_thread(source: Source, fetcher: Fetcher, address: str, held: list[Held]) -> Found:
    """Ask a server's API for a post and its comments; what its listing does not name is asked for by itself."""
    from pipeline.sources import lemmy

    del address
    parts = urlsplit(source.urls[0])
    base = f"{parts.scheme}://{parts.netloc}/api/v3"
    now: dict[str, Post] = {}
    batches: list[Batch] = []
    thread = (held[0].thread or "").rpartition(":")[2].rpartition("/")[2]
    if thread:
        try:
            for batch in lemmy.thread(source, base, thread, fetcher):
                now.update({p.native_id: p for p in batch.posts})
                batches.append(batch)
        except Gone:
            pass  # its comments are asked for one by one
    found = Found([h.post_id for h in held], [], batches)
    for one in held:
        if one.native_id not in now:
            try:
                batch = lemmy.single(base, one.native_id, fetcher)
            except Gone:
                found.gone.append(one.post_id)
                continue
            batches.append(batch)
            now.update({p.native_id: p for p in batch.posts})
            if one.native_id not in now:
                raise Unreadable(f"{base}: does not answer for {one.native_id}")
        if _dead(now[one.native_id]):
            found.gone.append(one.post_id)
    return found
