"""Look again at what we hold, newest first, and erase what its source has deleted.

How each kind of source is asked is in pipeline/look_again.py: Reddit in batches of a hundred through its info endpoint,
boards and review sites by reading each thread again, Lemmy through its API. What a round of asking tells is merged and
erased before the next one is asked, so a sweep that was killed goes on where it was.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pipeline import collect, corpus, extract, forget, look_again, staging
from pipeline.door import Door, key
from pipeline.errors import DoseloreError
from pipeline.home import Home
from pipeline.look_again import Found, Held
from pipeline.progress import Progress
from pipeline.study import Source, Study

HOURS = 48.0  # Reddit's terms ask that what was deleted there goes within 48 hours
_DUE = """
select p.post_id, p.native_id, p.url, p.thread_id, t.url as address
from post p left join thread t using (thread_id) left join looked_at l on l.post_id = p.post_id
where p.source_id = ? and p.status = 'live' and coalesce(l.asked_at, p.captured_at) <= ?
order by p.posted_at desc nulls last, p.post_id
"""


@dataclass(slots=True)
class Swept:
    """What came of one source: posts asked for, posts erased, and why some could not be asked; None if all could."""

    source: str
    asked: int = 0
    gone: int = 0
    left: int = 0
    error: DoseloreError | None = None


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
    extract.merge(home)
    forget.due(home)  # what a killed sweep or crawl knew to be gone
    for source in study.sources:
        row = Swept(source.name)
        due = _due(home, source, hours)
        row.left = len(due)
        due = due[:limit] if limit is not None else due
        try:
            for found in look_again.ask(source, home, due, reddit=reddit, progress=progress):
                row.gone += _settled(study, source, home, found)
                row.asked += len(found.asked)
                row.error = row.error or next(iter(found.errors), None)
        except DoseloreError as error:
            row.error = error
        row.left -= row.asked
        done.append(row)
    return done


def _due(home: Home, source: Source, hours: float) -> list[Held]:
    with corpus.reading(home) as con:
        rows = con.execute(_DUE, [source.name, corpus.now() - timedelta(hours=hours)]).fetchall()
    return [Held(*row) for row in rows]


def _settled(study: Study, source: Source, home: Home, found: Found) -> int:
    """Bring what a round told into the corpus: posts as they are now, what is gone erased, the rest noted as asked."""
    keeper = Door(key(home.key), study.privacy.mask_text)
    with staging.Staging(home, collect.source_row(source), keeper) as aside:
        for batch in found.batches:
            aside.add(batch)
    staging.merge(home, only=source.name)
    gone = forget.erase(home, found.gone, by="sweep").posts if found.gone else 0
    at = corpus.now()
    with corpus.writing(home) as con:
        con.execute(
            "insert or replace into looked_at select unnest(?), ?", [sorted(set(found.asked) - set(found.gone)), at]
        )
    return gone
