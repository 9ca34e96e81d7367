"""The one walker, for boards and review sites alike: listings, then the threads that changed, page by page.

What is particular to a forum software is in `pipeline/sources/engines`; here is what holds for all: nothing is asked
twice, a cycle cannot occur, a page that cannot be read is set aside and the rest goes on, and every page of a thread
is one batch with the checkpoint from which a killed crawl goes on.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.archive import Archive
from pipeline.errors import LASTING, Forbidden, Gone, RateLimited, SourceError, Unreadable
from pipeline.fetch import Fetcher, Pages
from pipeline.fetching.address import origin_of, site_of
from pipeline.fetching.body import fits, text_of
from pipeline.fetching.turns import HostDown
from pipeline.ledger import Ledger
from pipeline.post import Batch, Exclusion, Post, Thread
from pipeline.progress import Progress, Silent
from pipeline.sources.board_state import PREFIX, Remembered, remembered, same_thread
from pipeline.sources.board_trail import FINAL, STRANGE, WHY, Trail, reason_of
from pipeline.sources.engines import Engine, Page, ThreadPage, engine_for
from pipeline.study import Source

MAX_PAGES = 20_000  # of one thread or one listing: a bound, should a board never end
_IDLE_LISTINGS = 3  # listing pages in a row that name no new thread, after which a listing is at its end


def collect(
    source: Source, fetcher: Pages, state: Mapping[str, str], progress: Progress | None = None
) -> Iterator[Batch]:
    """Give what is new or changed at a board or review site.

    state: the checkpoints saved with earlier batches of this source. Save each batch before asking for the next; then
    a crawl that was killed anywhere goes on from its state alone, with nothing lost.

    Raises RateLimited when the site is to be left alone, and, after all else was read, the error of a start address
    that could not be read: the first that may pass, so that the source is tried again, or else the first.
    """
    walk = _Walk(source, fetcher, state, progress or Silent())
    errors: list[SourceError] = []
    for url in source.urls:
        try:
            yield from walk.start(url)
        except RateLimited:
            raise
        except SourceError as error:  # HostDown too: the next address may be on another host
            errors.append(error)
    last = fetcher.take_captures()
    if last:
        yield Batch(captures=last)
    if errors:
        told = next((e for e in errors if not isinstance(e, LASTING)), errors[0])
        raise told if len(errors) == 1 else type(told)(f"{told} (and {len(errors) - 1} more start addresses)")


def collect_source(
    source: Source, home: Path, state: Mapping[str, str], progress: Progress | None = None
) -> Iterator[Batch]:
    """Collect over the network, with archive (`archive/`) and ledger (`ledger/`) in the home folder.

    Captures older than the source's `retention_days` are removed first.
    """
    shown = progress or Silent()
    shown.started(source.name)
    try:
        with (
            closing(Archive(home / "archive", source.name)) as archive,
            closing(Ledger(home / "ledger", source.name)) as ledger,
            Fetcher(home, source, archive=archive, ledger=ledger, progress=shown) as fetcher,
        ):
            _retain(archive, source)
            fetcher.fetch_terms()
            for batch in collect(source, fetcher, state, shown):
                fetcher.posts += len(batch.posts)
                yield batch
            _retain(archive, source)
    finally:
        shown.finished(source.name)


def from_archive(source: Source, home: Path, progress: Progress | None = None) -> Iterator[Batch]:
    """Read the posts of a source again from its archive alone, oldest capture first; nothing is asked of the network.

    Of each address the newest capture counts, so that what its site deleted since is not brought back from an older
    one. Pages of no known engine are left out; checkpoints stay as they are.
    """
    shown = progress or Silent()
    shown.started(source.name)
    try:
        with Archive(home / "archive", source.name) as archive:
            for kept in archive.captures(newest_only=True, ok_only=True):
                kind = kept.headers.get("content-type")
                if kept.capture.url.endswith("/robots.txt") or not fits("any", kind, kept.body):
                    continue
                page = Page(kept.capture.url, text_of(kept.body, kind), kept.capture.fetched_at)
                batch = read_page(source, page)
                if batch:
                    shown.page(source.name, page.url)
                    shown.posts(source.name, len(batch.posts))
                    yield replace(batch, captures=(kept.capture,))
            yield from archive.aside()
    finally:
        shown.finished(source.name)


def read_page(source: Source, page: Page) -> Batch | None:
    """Read one page that is at hand; None if it neither lists threads nor holds posts of a site that is known."""
    engine = engine_for(page)
    kind = engine.kind(page) if engine else None
    if engine is None or kind not in ("thread", "listing"):
        return None
    try:
        if kind == "listing":
            return Batch(threads=engine.listing(page, source.timezone).threads)
        read = engine.thread_page(page, source.timezone)
    except SourceError as error:
        return Batch(exclusions=(Exclusion(page.url, "collect", "unreadable", str(error)),))
    return Batch(tuple(_of_source(p, source) for p in read.posts), (read.thread,), read.unreadable)


def _retain(archive: Archive, source: Source) -> None:
    if source.retention_days is not None:
        archive.purge(datetime.now(UTC) - timedelta(days=source.retention_days))


def _of_source(post: Post, source: Source) -> Post:
    """Give a post what the study says of all posts of its source, where the page does not say it."""
    return replace(post, drug=post.drug or source.drug, condition=post.condition or source.condition)


class _Walk:
    def __init__(self, source: Source, fetcher: Pages, state: Mapping[str, str], progress: Progress) -> None:
        self._source, self._fetcher, self._state, self._progress = source, fetcher, state, progress
        self._sites = {site_of(url) for url in source.urls}
        self._left = source.limit
        self._threads: set[str] = set()
        self._listings: set[str] = set()
        self._done = self._known = 0
        self._origin = ""  # that of the start address
        self._here: str | None = None  # that of the listing, once there is one

    @property
    def _enough(self) -> bool:
        return self._left is not None and self._left <= 0

    def start(self, url: str) -> Iterator[Batch]:
        if self._enough:
            return
        self._origin, self._here = origin_of(url), None
        page = self._page(url)
        self._here = origin_of(page.url)
        engine = engine_for(page)
        if engine is None:
            raise Unreadable(f"{url}: no forum or review software that is known; is this the address of a board?")
        kind = engine.kind(page)
        if kind == "listing":
            yield from self._board(engine, page)
        elif kind == "thread" or engine.api_url(page):
            thread = Thread(engine.thread_id(page), engine.thread_url(page))
            if thread.native_id not in self._threads:
                self._threads.add(thread.native_id)
                self._known += 1
                yield from self._thread(engine, thread, page if kind == "thread" else None)
        elif kind == "login":
            raise Forbidden(f"{url}: shows a login page to visitors")
        elif kind == "error":
            raise Gone(f"{url}: answers that there is no such page")
        else:
            raise Unreadable(f"{url}: neither lists threads nor holds posts ({engine.name})")

    # --- listings

    def _board(self, engine: Engine, first: Page) -> Iterator[Batch]:
        """Walk a listing to its end, and then the boards that it names."""
        boards: deque[str] = deque()
        yield from self._listing(engine, first, boards)
        while boards and not self._enough:
            url = boards.popleft()
            if url in self._listings:
                continue
            try:
                page = self._page(url)
            except (RateLimited, HostDown):
                raise
            except SourceError as error:
                self._listings.add(url)
                yield self._aside(url, reason_of(error), str(error))
                continue
            if engine.recognises(page) and engine.kind(page) == "listing":
                yield from self._listing(engine, page, boards)
            else:
                self._listings.add(url)
                kind = engine.kind(page)
                yield self._aside(url, WHY.get(kind, "no listing at this address"), engine.name)

    def _listing(self, engine: Engine, page: Page, boards: deque[str]) -> Iterator[Batch]:
        idle = 0
        for _ in range(MAX_PAGES):
            here = engine.canonical(page.url)
            self._listings.add(here)
            self._here = origin_of(page.url)
            listing = engine.listing(page, self._source.timezone)
            boards.extend(b for b in listing.boards if b not in self._listings and self._ours(b))
            new = [t for t in listing.threads if t.native_id not in self._threads]
            self._threads.update(t.native_id for t in new)
            waiting = [t for t in new if not self._settled(t, page.fetched_at)]
            self._known += len(waiting)
            yield Batch(threads=tuple(new), captures=self._fetcher.take_captures())
            for thread in waiting:
                if self._enough:
                    return
                yield from self._thread(engine, thread)
            idle = 0 if new else idle + 1
            url = listing.next_url
            if self._enough or url is None or url in self._listings or idle >= _IDLE_LISTINGS or not self._ours(url):
                return
            self._listings.add(url)
            try:
                page = self._page(url)
            except (RateLimited, HostDown):
                raise
            except SourceError as error:
                yield self._aside(url, reason_of(error), str(error))
                return

    def _settled(self, thread: Thread, seen_at: datetime) -> bool:
        before = remembered(self._state.get(PREFIX + thread.native_id))
        return before is not None and before.settles(thread, seen_at)

    # --- one thread

    def _thread(self, engine: Engine, listed: Thread, first: Page | None = None) -> Iterator[Batch]:
        """Read a thread from where it was left, or from its first page, to its end."""
        before = remembered(self._state.get(PREFIX + listed.native_id)) or Remembered()
        trail = Trail()
        try:
            url, page = self._entrance(engine, listed, before, first)
        except (RateLimited, HostDown):
            raise
        except SourceError as error:
            yield self._left_out(listed, reason_of(error), str(error))
            return
        began = True
        while url and url not in trail.visited and len(trail.visited) < MAX_PAGES:
            trail.visited.add(url)
            try:
                page = page or self._page(url)
                kind = "thread" if engine.posts_on(page) else engine.kind(page)
                if kind != "thread":
                    why = STRANGE if kind == "other" and not engine.recognises(page) else WHY.get(kind, "unreadable")
                    if began:
                        yield self._left_out(listed, why, page.url)
                        return
                    raise Unreadable(f"{url}: {why}")
                read = engine.thread_page(page, self._source.timezone)
            except (RateLimited, HostDown):
                raise
            except SourceError as error:
                if began:
                    yield self._left_out(listed, reason_of(error), str(error))
                    return
                trail.gap = True
                following = trail.after(engine, url)
                left = self._remember(listed, before, trail, done=following is None)
                yield replace(self._aside(url, "page unreadable", str(error)), checkpoint=left)
                url, page = following, None
                continue
            began = False
            if read.thread.native_id != listed.native_id:
                if read.thread.native_id in self._threads and len(trail.visited) == 1:
                    yield self._moved(listed, read.thread)
                    return
                self._threads.add(read.thread.native_id)
            news = [p for p in read.posts if p.native_id not in trail.ids]
            trail.add(url, read)
            following = self._following(engine, page, read, trail, url) if news else None
            yield self._batch(listed, before, read, news, trail, done=following is None)
            if self._enough:
                return
            url, page = following, None
        self._done += 1
        self._progress.threads(self._source.name, self._done, self._known)

    def _entrance(
        self, engine: Engine, listed: Thread, before: Remembered, first: Page | None
    ) -> tuple[str, Page | None]:
        """Give where to begin: the page before the last one known, if it still holds a post that was known."""
        if before.tail and self._source.kind != "reviews":
            url = before.tail[0]
            try:
                page = self._page(url)
                if same_thread([p.native_id for p in engine.thread_page(page, self._source.timezone).posts], before):
                    return url, page
            except (RateLimited, HostDown):
                raise
            except SourceError:
                pass  # that page is no more: the thread has become shorter, or has moved
        begin = engine.canonical(listed.url or "")
        if first and engine.canonical(first.url) == begin:
            return begin, first
        api = engine.api_url(Page(begin, "", datetime.now(UTC)))
        if api:
            try:
                page = self._page(api)
                if engine.posts_on(page) or engine.kind(page) == "thread":
                    return api, page
            except (RateLimited, HostDown):
                raise
            except SourceError:
                pass  # the site keeps its API to itself: its pages are read instead
        return begin, None

    def _following(self, engine: Engine, page: Page, read: ThreadPage, trail: Trail, url: str) -> str | None:
        trail.visited.add(engine.canonical(page.url))
        following = read.next_url or trail.after(engine, url)
        return following if following and following not in trail.visited and self._ours(following) else None

    def _batch(
        self, listed: Thread, before: Remembered, read: ThreadPage, news: list[Post], trail: Trail, *, done: bool
    ) -> Batch:
        cut = self._left is not None and len(news) > self._left
        posts = tuple(_of_source(p, self._source) for p in (news[: self._left] if cut else news))
        if self._left is not None:
            self._left -= len(posts)
        self._progress.posts(self._source.name, len(posts))
        started = read.posts[0].posted_at if trail.tail[:1] == (listed.url,) and read.posts else None
        thread = replace(
            read.thread,
            url=read.thread.url or listed.url,
            title=read.thread.title or listed.title,
            started_at=read.thread.started_at or started,
            last_post_at=read.thread.last_post_at or listed.last_post_at,
            posts=read.thread.posts or listed.posts,
        )
        checkpoint = {} if cut else self._remember(listed, before, trail, done=done)
        return Batch(posts, (thread,), read.unreadable, self._fetcher.take_captures(), checkpoint)

    def _remember(self, listed: Thread, before: Remembered, trail: Trail, *, done: bool) -> dict[str, str | None]:
        """Give the checkpoint of a thread; with a page that could not be read it is not done until that is given up."""
        left = Remembered(
            last_post_at=listed.last_post_at,
            posts=listed.posts,
            tail=trail.tail,
            ids=tuple(i for page in trail.tail_ids for i in page),
            gaps=before.gaps + 1 if trail.gap else 0 if done else before.gaps,
        )
        left = replace(left, done=done and (not trail.gap or left.given_up))
        return {PREFIX + listed.native_id: left.text()}

    def _left_out(self, listed: Thread, reason: str, detail: str) -> Batch:
        """Set a whole thread aside; what the site itself decided is remembered, so that it is not asked each time."""
        self._done += 1
        checkpoint: dict[str, str | None] = {}
        if reason in FINAL:
            out = Remembered(listed.last_post_at, listed.posts, done=True, left_out=reason)
            checkpoint[PREFIX + listed.native_id] = out.text()
        return replace(self._aside(listed.url or listed.native_id, reason, detail), checkpoint=checkpoint)

    def _moved(self, listed: Thread, there: Thread) -> Batch:
        """Note a shadow: an address that leads to a thread read already."""
        out = Remembered(listed.last_post_at, listed.posts, done=True, left_out=f"is thread {there.native_id}")
        return Batch(captures=self._fetcher.take_captures(), checkpoint={PREFIX + listed.native_id: out.text()})

    # --- pages

    def _page(self, url: str) -> Page:
        """Give a page. Raises HostDown only where the start or the listing is: without that nothing is left to read.

        One thread may lead to another host of the site (www., https), which is down; the others need not.
        """
        try:
            answer = self._fetcher.get(url, accept="json" if url.partition("?")[0].endswith(".json") else "html")
        except HostDown as error:
            if self._here is None or error.origin in (None, self._origin, self._here):
                raise
            raise SourceError(str(error)) from error
        # An unchanged page was built when the archive's copy came: "3 hours ago" counts from then.
        return Page(answer.url, answer.text, answer.capture.fetched_at)

    def _aside(self, what: str, reason: str, detail: str) -> Batch:
        return Batch(exclusions=(Exclusion(what, "collect", reason, detail),), captures=self._fetcher.take_captures())

    def _ours(self, url: str) -> bool:
        try:
            return site_of(url) in self._sites
        except SourceError:
            return False
