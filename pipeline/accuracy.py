"""How right the extractor was in reviewed samples, kept in the corpus, and the shares corrected by it.

Two ways lead here: annotated records of any posts (`doselore evaluate GOLD --keep NAME`) and verdicts of readers on the
corpus's own claims (`doselore review import`). Into `accuracy` go two kinds of lines:

- Fields of claims (those of `pipeline.evaluate.SETS`): a unit is a claim; there is no true negative.
- Fields of a correction: a unit is a post x treatment that reader and extractor both say was taken.
  `improved`: of the units of which both say how it did; positive is worked or partly. `stopped`: positive is stopped.
  `side_effect`: for each concept that either tells of in the sample, positive is that it was present; concept "all" is
  the sum over these concepts.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

import nlp
from pipeline import corpus, evaluate
from pipeline import home as homes
from pipeline.corrections import ALL_EFFECTS
from pipeline.errors import ExtractionError
from pipeline.home import Home
from pipeline.statistics import correction
from pipeline.study import Study

REVIEW = "review"  # the name of the sample that the readers of claims make
REVIEW_WHOLE = "review of whole posts"  # and of the posts that they read for what was missed, too
_GOOD = ("worked", "partly")

Record = Mapping[str, Any]
Keep = Callable[[Mapping[str, Record], Mapping[str, Record]], int]


@dataclass(frozen=True, slots=True)
class Sample:
    """Whose accuracy is kept. name: of the sample; annotator: who read it; version: of the extractor that was tried."""

    name: str
    annotator: str
    version: str


def keeper(where: Path | None, name: str, annotator: str, study: str | None) -> tuple[Keep, Study]:
    """Give what keeps a comparison under a name in the corpus, and the study that the posts are to be read by.

    where: folder of the corpus, see `pipeline.home.find`. study: as in `corpus.study_of`.
    """
    home = homes.find(where)
    chosen = corpus.study_of(home, study)
    sample = Sample(name, annotator, f"{nlp.VERSION}/{chosen.index}")
    with corpus.reading(home):
        pass  # no corpus, no place to keep it: said before the posts are read
    return partial(keep, home, sample), chosen


def keep(home: Home, sample: Sample, gold: Mapping[str, Record], found: Mapping[str, Record]) -> int:
    """Put the accuracy of found records against gold ones into the corpus, in place of the sample's; give the lines."""
    if sample.name in (REVIEW, REVIEW_WHOLE):
        raise ExtractionError(f"--keep {sample.name}: this is the name of what is reviewed in the corpus; take another")
    with corpus.writing(home) as con:
        return _put(con, sample, len(gold), [*_claims(gold, found), *_binary(gold, found)])


def from_labels(con: duckdb.DuckDBPyConnection, judged: Mapping[str, Mapping[str, Mapping[str, str]]]) -> int:
    """Put the precision that the readers' settled verdicts tell into the corpus; give the lines.

    judged: field -> item -> reviewer -> verdict. Readers see what was claimed, so what was missed is not known: fn and
    recall stay empty, and nothing is corrected by this sample: see `from_whole`.
    """
    from pipeline.review import labels

    posts = dict(con.execute("select distinct item, post_id from review_label").fetchall())
    lines: list[_Line] = []
    for field, items in judged.items():
        by_post: dict[str, list[int]] = {}
        for item, by in items.items():
            stands = labels.settle(by)
            if stands in ("right", "wrong"):
                row = by_post.setdefault(str(posts[item]), [0, 0])
                row[stands == "wrong"] += 1
        if by_post:
            counts = np.array([[tp, fp, 0, 0] for tp, fp in by_post.values()], dtype=float)
            lines.append(_Line(field, "", counts, missed_known=False, negatives_known=False))
    readers = sorted({r for items in judged.values() for by in items.values() for r in by})
    versions = [str(r[0]) for r in con.execute("select distinct version from extraction order by 1").fetchall()]
    reviewed = {posts[i] for items in judged.values() for i in items}
    return _put(con, Sample(REVIEW, ", ".join(readers), ", ".join(versions)), len(reviewed), lines)


def from_whole(con: duckdb.DuckDBPyConnection, gold: Mapping[str, Record], found: Mapping[str, Record]) -> int:
    """Put what the posts tell that readers read for what was missed, too: recall, and what corrects; give the lines."""
    name = Sample(REVIEW_WHOLE, *_readers(con, list(gold)))
    return _put(con, name, len(gold), [*_claims(gold, found), *_binary(gold, found)] if gold else [])


def _readers(con: duckdb.DuckDBPyConnection, posts: list[str]) -> tuple[str, str]:
    asked = "select distinct {} from {} where post_id in (select unnest(?)) order by 1"
    readers, versions = (
        ", ".join(str(r[0]) for r in con.execute(asked.format(*what), [posts]).fetchall())
        for what in (("reviewer", "review_label"), ("version", "extraction"))
    )
    return readers, versions


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of accuracy. counts: a row a post: tp, fp, fn, tn."""

    field: str
    concept: str
    counts: Any
    missed_known: bool = True
    negatives_known: bool = True


def _claims(gold: Mapping[str, Record], found: Mapping[str, Record]) -> Iterable[_Line]:
    for name, keys in evaluate.SETS.items():
        counts = [evaluate.claim_counts(keys(g), keys(found.get(i, {}))) for i, g in gold.items()]
        yield _Line(name, "", np.array([(*c, 0) for c in counts], dtype=float), negatives_known=False)


def _binary(gold: Mapping[str, Record], found: Mapping[str, Record]) -> list[_Line]:
    pairs = [(g, found.get(i, {})) for i, g in gold.items()]
    concepts = sorted({c for pair in pairs for r in pair for _, c in _present(r)})
    tally: dict[tuple[str, str], Any] = {
        (f, c): np.zeros((len(pairs), 4))
        for f, c in [("improved", ""), ("stopped", ""), *(("side_effect", c) for c in (ALL_EFFECTS, *concepts))]
    }
    for number, (g, f) in enumerate(pairs):
        a, b = evaluate.taken(g), evaluate.taken(f)
        has, said = _present(g), _present(f)
        for substance in sorted(a.keys() & b.keys()):
            one, two = a[substance], b[substance]
            if "unclear" not in (one.get("effect") or "unclear", two.get("effect") or "unclear"):
                tally["improved", ""][number, _cell(one["effect"] in _GOOD, two["effect"] in _GOOD)] += 1
            tally["stopped", ""][number, _cell(bool(one.get("stopped")), bool(two.get("stopped")))] += 1
            for concept in concepts:
                place = _cell((substance, concept) in has, (substance, concept) in said)
                tally["side_effect", concept][number, place] += 1
                tally["side_effect", ALL_EFFECTS][number, place] += 1
    return [_Line(field, concept, counts) for (field, concept), counts in tally.items()]


def _present(record: Record) -> set[tuple[Hashable, str]]:
    return {(s["substance"], str(s["concept"])) for s in record.get("side_effects", []) if s["present"]}


def _cell(there: bool, said: bool) -> int:
    """Give the place of tp, fp, fn, tn in a row of counts."""
    return (0 if said else 2) if there else (1 if said else 3)


def _put(con: duckdb.DuckDBPyConnection, sample: Sample, posts: int, lines: Sequence[_Line]) -> int:
    for name in ("accuracy", "accuracy_draw"):
        con.execute(f"delete from {name} where sample = ?", [sample.name])
    con.execute("delete from meta where key = 'kept_correction'")
    row = con.execute("select confidence from study").fetchone()
    confidence = float(row[0]) if row else 0.95
    for line in lines:
        tp, fp, fn, tn = (int(v) for v in line.counts.sum(axis=0))
        drawn = correction.resampled(line.counts)
        precision = correction.drawn_share(drawn[:, 0], drawn[:, 1])
        recall = correction.drawn_share(drawn[:, 0], drawn[:, 2])
        specificity = correction.drawn_share(drawn[:, 3], drawn[:, 1])
        shares = [
            *_with_interval(tp, fp, precision, confidence, known=True),
            *_with_interval(tp, fn, recall, confidence, known=line.missed_known),
            *_with_interval(tn, fp, specificity, confidence, known=line.negatives_known),
        ]
        missed, negatives = fn if line.missed_known else None, tn if line.negatives_known else None
        con.execute(
            f"insert into accuracy values ({', '.join('?' * 20)})",
            [sample.name, line.field, line.concept, sample.annotator, sample.version, posts, tp, fp, missed, negatives,
             *shares, corpus.now()],
        )  # fmt: skip
        if line.negatives_known:
            con.execute(
                "insert into accuracy_draw values (?, ?, ?, ?, ?)",
                [sample.name, line.field, line.concept, recall.tolist(), specificity.tolist()],
            )
    return len(lines)


def _with_interval(hits: int, others: int, drawn: Any, confidence: float, *, known: bool) -> list[float | None]:
    if not known or hits + others == 0:
        return [None, None, None]
    return [hits / (hits + others), *correction.interval(drawn, confidence)]
