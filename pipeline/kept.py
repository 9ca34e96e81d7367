"""Posts read again from the archive alone, after a reader changed: which sources can be, and their batches."""

from collections.abc import Generator, Sequence
from typing import Any

from pydantic import ValidationError

from pipeline import ledger
from pipeline.errors import StudyError, near
from pipeline.home import Home
from pipeline.post import Batch
from pipeline.progress import Progress
from pipeline.study import Source, Study


def sources(study: Study, home: Home, names: Sequence[str] = ()) -> list[Source]:
    """Give the sources that have an archive: those named, else all, of the study or collected by an address alone.

    Raises StudyError for a name that has none.
    """
    there = sorted(p.name for p in (home.root / "archive").glob("*") if p.is_dir() and any(p.glob("*.warc.gz")))
    missing = [n for n in names if n not in there]
    if missing:
        known = ", ".join(there) or "none"
        raise StudyError(
            f'source "{missing[0]}" has nothing in the archive of {home.root} (there is: {known})'
            f"{near(missing[0], there)}"
        )
    own = {s.name: s for s in study.sources}
    return [own.get(name) or _as_crawled(home, name) for name in (names or there)]


def _as_crawled(home: Home, name: str) -> Source:
    """Give a source that is in no study, as its ledger tells of its last crawl."""
    told: dict[str, Any] = {}
    for row in ledger.rows(ledger.path_of(home.root / "ledger", name)):
        if row.get("kind") == "crawl started":
            told = row
    settings = told.get("settings") or {}
    try:
        return Source.model_validate(
            {
                "name": name,
                "kind": told.get("source_kind", "board"),
                "urls": told.get("urls") or ["archive:"],
                "subreddits": told.get("subreddits") or ["any"],
                "terms": told.get("terms"),
                "timezone": settings.get("timezone", "UTC"),
            }
        )
    except ValidationError as error:
        raise StudyError(f"source {name}: its ledger cannot be read: {error.errors()[0]['msg']}") from error


def batches(source: Source, home: Home, progress: Progress) -> Generator[Batch]:
    """Give the batches of a source's kept answers, by its kind."""
    if source.kind == "reddit":
        from pipeline.sources import reddit_record

        yield from reddit_record.from_archive(source, home.root, progress)
    elif source.kind == "lemmy":
        from pipeline.sources import lemmy

        yield from lemmy.from_archive(source, home.root, progress)
    elif source.kind in ("board", "reviews"):
        from pipeline.sources import board

        yield from board.from_archive(source, home.root, progress)
