"""From a study's sources to posts in the corpus: what is new or changed only, one source apart from the other."""

import contextlib
import threading
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

import data
from pipeline import corpus, coverage, door, forget, kept, staging
from pipeline.errors import LASTING, CorpusError, DoseloreError, SourceError, StudyError
from pipeline.home import Home
from pipeline.post import BROKEN, Batch, Exclusion
from pipeline.progress import Progress, Silent
from pipeline.sources import files
from pipeline.staging import Merged, SourceRow
from pipeline.study import Source, Study

_ONE_KEY = threading.Lock()
_AT_ONCE = 8  # sources read at the same time; each host still gets one request at a time


@dataclass(slots=True)
class Collected:
    """What came of one source. error: why it stopped early, None if it came to its end."""

    source: str
    merged: Merged = field(default_factory=Merged)
    error: DoseloreError | None = None
    broken: list[Exclusion] = field(default_factory=list[Exclusion])

    @property
    def in_part(self) -> bool:
        """Whether some of the source is missing: it stopped early, or a file of it breaks off."""
        return self.error is not None or bool(self.broken) or not BROKEN.isdisjoint(self.merged.reasons)


def collect(
    study: Study,
    home: Home,
    names: Iterable[str] = (),
    progress: Progress | None = None,
    *,
    from_archive: bool = False,
) -> list[Collected]:
    """Collect from the named sources of a study, or from all of them; sources run side by side.

    from_archive: ask nothing of the network; read every kept answer again with today's readers. Then sources that were
    collected by an address alone may be named too, and belong to all.

    A source that fails does not stop the others: its error is in its row. Raises StudyError for an unknown name, and
    CorpusError if the corpus cannot be used.
    """
    if from_archive:
        chosen = kept.sources(study, home, tuple(names))
    else:
        chosen = [study.source(n) for n in names] or list(study.sources)
    with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="collect") as pool:
        running = [
            pool.submit(collect_source, study, source, home, progress, from_archive=from_archive) for source in chosen
        ]
        done = [r.result() for r in running]
    coverage.refresh(home)
    return done


def collect_source(
    study: Study, source: Source, home: Home, progress: Progress | None = None, *, from_archive: bool = False
) -> Collected:
    """Collect from one source and merge what came. Never raises for the source's own trouble; see `Collected.error`."""
    row = source_row(source)
    done = Collected(source.name)
    mine = staging.merge(home, only=source.name)  # what an earlier, killed run had finished
    done.merged += mine.get(source.name, Merged())
    state = corpus.checkpoints(home, source.name)
    with _ONE_KEY:  # sources run side by side, and the first makes the key
        keeper = door.Door(door.key(home.make().key), study.privacy.mask_text)
    shown = progress or Silent()
    with staging.Staging(home, row, keeper, reread=from_archive) as aside:
        try:
            found = kept.batches(source, home, shown) if from_archive else _batches(study, source, home, state, shown)
            with contextlib.closing(found) as batches:
                for batch in batches:
                    aside.add(batch)
        except DoseloreError as error:
            done.error = error
        except OSError as error:
            done.error = CorpusError(f"{error.filename or home.root}: {error.strerror or error}")
    done.merged += staging.merge(home, only=source.name).get(source.name, Merged())
    try:
        forget.due(home, source.name)
    except DoseloreError as error:  # the next crawl or sweep does it
        done.error = done.error or error
    return done


def may_pass(source: Source, error: DoseloreError | None) -> bool:
    """Tell whether what stopped a source may be over soon: a network that fails, a site that is busy."""
    return source.kind not in ("file", "dump") and isinstance(error, SourceError) and not isinstance(error, LASTING)


def import_files(
    study: Study, home: Home, paths: Iterable[Path], name: str, fields: Mapping[str, str] | None = None
) -> list[Collected]:
    """Import files and folders as one source; give one row each, with its error if it could not be read.

    What an earlier import of the source had read and could not bring in (a full disk, a kill) has a row before them.
    """
    from pipeline.sources import imported

    own = [s for s in study.sources if s.name == name]
    source = own[0] if own else Source.model_construct(name=name, kind="file", paths=())
    done: list[Collected] = []
    keeper = door.Door(door.key(home.make().key), study.privacy.mask_text)
    row = SourceRow(name, "file", name)
    before = staging.merge(home, only=name).get(name)
    if before is not None:
        done.append(Collected("from before", before))
    for path in paths:
        one = Collected(path.name)
        with staging.Staging(home, row, keeper, dated=True) as aside:
            try:
                for batch in imported.batches(path, source, words(study), fields):
                    aside.add(batch)
                    one.broken += [e for e in batch.exclusions if e.reason in BROKEN]
            except SourceError as error:
                one.error = error
        one.merged += staging.merge(home, only=name).get(name, Merged())
        done.append(one)
    forget.due(home, name)
    return done


@contextlib.contextmanager
def served(study: Study) -> Generator[Study]:
    """Serve the invented board of a study on loopback for as long as it is crawled; other studies pass unchanged.

    Its port may be taken, so another may be connected to; the addresses that are kept are those of the study, or each
    run would find others, and make all tables anew.
    """
    ours = [s.invented and s.kind == "board" for s in study.sources]
    if not any(ours):
        yield study
        return
    from pipeline import sample

    with sample.serve() as base:
        port = int(base.rsplit(":", 1)[1])
        moved = tuple(s.on_port(port) if own else s for s, own in zip(study.sources, ours, strict=True))
        yield study.model_copy(update={"sources": moved})


def with_address(
    study: Study, name: str, url: str, limit: int | None, delay: float | None, *, allow_private: bool = False
) -> Study:
    """Give the study with one more source: a board or thread at an address.

    limit: posts at most; delay: least seconds between two requests. Raises StudyError for a name or address that
    cannot be.
    """
    if not url.startswith(("http://", "https://")):
        raise StudyError(f"--url {url}: not an address; it begins with http:// or https://")
    try:
        source = Source(
            name=name, kind="board", urls=(url,), limit=limit, delay_seconds=delay, allow_private=allow_private
        )
    except ValidationError as error:
        raise StudyError(f"--source {name}: {error.errors()[0]['msg']}") from error
    others = tuple(s for s in study.sources if s.name != name)
    return study.model_copy(update={"sources": (*others, source)})


def source_row(source: Source) -> SourceRow:
    """Give what the corpus keeps of a source. All of Reddit is one site: a name there is one person."""
    site = "reddit" if source.kind in ("reddit", "dump") else source.name
    basis = source.approval.basis if source.approval else None
    return SourceRow(source.name, source.kind, site, source.invented, source.terms, basis)


def _batches(
    study: Study, source: Source, home: Home, state: Mapping[str, str], progress: Progress
) -> Generator[Batch]:
    """Give the batches of a source, by its kind; what a kind needs is imported when it is asked for."""
    if source.kind in ("board", "reviews"):
        from pipeline.sources import board

        yield from board.collect_source(source, home.root, state, progress)
    elif source.kind == "dump":
        from pipeline.sources import dumps

        yield from dumps.collect(_paths(source), words(study), state, subreddits=source.subreddits)
    elif source.kind == "reddit":
        from pipeline.sources import reddit_record

        yield from reddit_record.collect_source(source, home.root, state, progress)
    elif source.kind == "lemmy":
        from pipeline.sources import lemmy

        yield from lemmy.collect(source, home.root, state, progress)
    else:
        yield from files.collect(_paths(source), source.map)


def _paths(source: Source) -> list[Path]:
    """Give a source's files; a bundled one is named by its path in the data package."""
    found = [Path(p).expanduser() for p in source.paths]
    return [p if p.exists() or not source.invented else data.path(str(p)) for p in found]


def words(study: Study) -> tuple[str, ...]:
    """Give every name of the study's treatments, lower case: a dump's post that has none of them is passed over."""
    import nlp

    own = [name.lower() for s in study.substances for name in s.names]
    return tuple(dict.fromkeys([*nlp.names(study.treatments), *own]))
