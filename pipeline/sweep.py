"""Look again at what we hold, newest first, and erase what its source has deleted.

Reddit is asked in batches of a hundred through its info endpoint. Of a board or review site the address of each thread
is asked: where the site answers that it is gone, so are its posts; a post that is missing from a page that can still be
read may have moved to another, so that alone erases nothing. A source without a reader that can ask is named, not
passed over in silence.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pipeline import corpus, forget, staging
from pipeline.archive import Archive
from pipeline.door import Door, key
from pipeline.errors import DoseloreError, Gone, SourceError
from pipeline.fetch import Fetcher
from pipeline.home import Home
from pipeline.ledger import Ledger
from pipeline.progress import Progress
from pipeline.study import Source, Study

HOURS = 48.0  # Reddit's terms ask that what was deleted there goes within 48 hours
_DUE = """
select p.post_id, p.native_id, coalesce(t.url, p.url) as address
from post p left join thread t using (thread_id) left join looked_at l on l.post_id = p.post_id
where p.source_id = ? and p.status = 'live' and coalesce(l.asked_at, p.captured_at) <= ?
order by p.posted_at desc nulls last, p.post_id
"""
_DEAD = "select post_id from post where status <> 'live' and source_id = ? and (text <> '' or title is not null)"


@dataclass(slots=True)
class Swept:
    """What came of one source: posts asked for, posts erased, and why it stopped early; None if it came to its end."""

    source: str
    asked: int = 0
    gone: int = 0
    left: int = 0
    error: DoseloreError | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """One post that is due: its ids, and the address of its thread."""

    post_id: str
    native_id: str
    address: str | None


@dataclass(slots=True)
class _Found:
    asked: list[str] = field(default_factory=list[str])
    gone: list[str] = field(default_factory=list[str])


def sweep(
    study: Study,
    home: Home,
    *,
    hours: float = HOURS,
    limit: int | None = None,
    reddit: Any = None,
    progress: Progress | None = None,
) -> list[Swept]:
    """Ask each source of the study for every post that was not asked for within `hours`; give what came of each.

    limit: posts of a source at most. reddit: a client of one's own. What its source deleted is erased with a tombstone.
    """
    done: list[Swept] = []
    staging.merge(home)
    for source in study.sources:
        row = Swept(source.name)
        due = _due(home, source, hours)
        row.left = len(due)
        due = due[:limit] if limit is not None else due
        try:
            for found in _look(source, home, due, study, reddit, progress):
                _note(home, found)
                row.asked += len(found.asked)
                row.gone += forget.erase(home, found.gone, by="sweep").posts
        except DoseloreError as error:
            row.error = error
        row.left -= row.asked
        done.append(row)
    return done


def _due(home: Home, source: Source, hours: float) -> list[Held]:
    with corpus.reading(home) as con:
        rows = con.execute(_DUE, [source.name, corpus.now() - timedelta(hours=hours)]).fetchall()
    return [Held(*row) for row in rows]


def _look(
    source: Source, home: Home, due: list[Held], study: Study, reddit: Any, progress: Progress | None
) -> Iterator[_Found]:
    if not due:
        return
    if source.kind in ("reddit", "dump"):
        yield from _reddit(source, home, due, study, reddit, progress)
    elif source.kind in ("board", "reviews", "lemmy"):
        yield from _pages(source, home, due, progress)
    else:
        raise SourceError(f"source {source.name}: posts of files cannot be asked for again; use `doselore forget`")


def _reddit(
    source: Source, home: Home, due: list[Held], study: Study, client: Any, progress: Progress | None
) -> Iterator[_Found]:
    from pipeline import collect
    from pipeline.sources import reddit as api

    held = {h.native_id: h.post_id for h in due}
    keeper = Door(key(home.key), study.privacy.mask_text)
    asked = list(held)
    for start in range(0, len(asked), 100):
        found = _Found()
        some = asked[start : start + 100]
        with staging.Staging(home, collect.source_row(source), keeper) as aside:
            for batch in api.look_again(source, some, reddit=client, progress=progress):
                found.gone += [held[p.native_id] for p in batch.posts if p.status != "live" and p.native_id in held]
                aside.add(batch)
        staging.merge(home, only=source.name)
        found.asked = [held[n] for n in some]
        yield found


def _pages(source: Source, home: Home, due: list[Held], progress: Progress | None) -> Iterator[_Found]:
    by_address: dict[str, list[str]] = {}
    for one in due:
        if one.address and one.address.startswith(("http://", "https://")):
            by_address.setdefault(one.address, []).append(one.post_id)
    with (
        closing(Archive(home.root / "archive", source.name)) as archive,
        closing(Ledger(home.root / "ledger", source.name)) as ledger,
        Fetcher(home.root, source, archive=archive, ledger=ledger, progress=progress) as fetcher,
    ):
        gone: list[_Found] = []
        seen: list[_Found] = []
        for address, posts in by_address.items():
            try:
                fetcher.get(address, accept="any")
                seen.append(_Found(asked=posts))
            except Gone:
                gone.append(_Found(asked=posts, gone=posts))
    # The archive is this sweep's own until here; erasing opens it again.
    yield from seen
    yield from gone


def _note(home: Home, found: _Found) -> None:
    at = corpus.now()
    with corpus.writing(home) as con:
        con.executemany("insert or replace into looked_at values (?, ?)", [[p, at] for p in found.asked])
