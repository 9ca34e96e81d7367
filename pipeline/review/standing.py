"""What readers settled, held against today's extractor: no claim that was judged right may be lost without a word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

import nlp
from pipeline import corpus, extract
from pipeline.errors import ReviewError
from pipeline.home import Home
from pipeline.review import items, labels
from pipeline.study import Study

COLUMNS: tuple[str, ...] = ("field", "right_kept", "right_lost", "wrong_gone", "wrong_still")
_QUOTES = ("quote", "duration_quote")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the extractor of today stands. rows: of COLUMNS, claims; lost: post, field and words of each claim lost."""

    rows: list[tuple[Any, ...]]
    lost: list[tuple[str, str, str]]

    @property
    def missing(self) -> int:
        """How many claims that were judged right are not made any more."""
        return len(self.lost)


def stand(home: Home, study: Study | None, judge: str | None = None) -> Standing:
    """Read every post with a settled claim anew, and tell which claims are still made.

    A claim is the same if all of it but its quote is. Verdicts on texts that have changed since do not count.
    judge: the reader whose verdict settles. Raises ReviewError where nothing is settled yet.
    """
    with corpus.reading(home) as con:
        settled = {
            item: verdict
            for judged in labels.judged(con).values()
            for item, by in judged.items()
            if (verdict := labels.settle(by, judge)) in ("right", "wrong")
        }
        if not settled:
            raise ReviewError("no claim is settled yet; `doselore review export`, then `doselore review import`")
        held = con.execute(
            "select distinct item, post_id, field, claim from review_label where item in (select unnest(?)) "
            "order by all",
            [sorted(settled)],
        ).fetchall()
        posts = items.posts(con, sorted({str(row[1]) for row in held}))
    made = {r.record["id"]: _claims(r.record) for r in nlp.read(extract.engine(study), posts)}
    counts: dict[str, dict[str, int]] = {f: dict.fromkeys(COLUMNS[1:], 0) for f in items.FIELDS}
    lost: list[tuple[str, str, str]] = []
    for item, post_id, field, claim in held:
        if post_id not in made:
            continue
        there = _key(str(field), orjson.loads(claim)) in made[post_id]
        right = settled[item] == "right"
        counts[field][COLUMNS[(1 if there else 2) if right else (4 if there else 3)]] += 1
        if right and not there:
            lost.append((str(post_id), str(field), items.words(str(claim))))
    return Standing([(f, *n.values()) for f, n in counts.items() if any(n.values())], lost)


def _claims(record: Mapping[str, Any]) -> set[bytes]:
    return {_key(f, claim) for f in items.FIELDS for claim in record[f]}


def _key(field: str, claim: Mapping[str, Any]) -> bytes:
    """Give what a claim says, in a form in which the record's and the table's are alike."""
    said = {k: _plain(v) for k, v in claim.items() if k in items.CLAIM[field] and k not in _QUOTES and v is not None}
    return orjson.dumps([field, said], option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    return [float(v) for v in value] if isinstance(value, list | tuple) else float(value)
