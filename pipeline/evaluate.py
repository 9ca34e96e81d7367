"""How good is it: records of the extractor against records of careful readers, field by field.

Sets are compared post by post and pooled (micro precision, recall, F1); intervals are percentiles of a bootstrap over
posts (Efron & Tibshirani 1993), since the claims of one post go wrong together.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import extract
from pipeline import gold as gold_form
from pipeline.errors import ExtractionError, near
from pipeline.sources import files
from pipeline.study import Study

_DRAWS = 1000
_SEED = 20240101  # fixed: the same records give the same interval
_FOLD = {"worked": "benefit", "partly": "benefit", "no_effect": "none", "harmful": "none", "unclear": "unclear"}
_MOST_GROUPS, _LONGEST_GROUP = 200, 200  # values of a column to group by, and letters of each
_SLACK = 0.25  # a duration counts as found when the two, widened by this share, meet

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """One line of the table. precision, recall: None for an accuracy; low, high: the 95 % interval of `value`.

    value: F1 for sets of claims, else the share of posts or treatments that are right; n: how many there were to find.
    """

    group: str
    field: str
    precision: float | None
    recall: float | None
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """One claim that was missed, or found and not there. text: its words, or the beginning of the post."""

    post_id: str
    kind: str
    claim: str
    text: str


@dataclass(frozen=True, slots=True)
class _Days:
    """A duration in days, equal to another of the substance where the two, widened, meet."""

    substance: str
    low: float
    high: float

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Days):
            return NotImplemented
        return self.substance == other.substance and self._from() <= other._to() and other._from() <= self._to()

    def __hash__(self) -> int:
        return hash(self.substance)

    def _from(self) -> float:
        return self.low * (1 - _SLACK) - 1

    def _to(self) -> float:
        return self.high * (1 + _SLACK) + 1


_FIGURES = ("precision", "recall", "value", "low", "high")


def taken(record: Record) -> dict[str, Any]:
    """Give the treatments that a record says were taken, by substance."""
    return {t["substance"]: t for t in record.get("treatments", []) if t["status"] == "taken"}


def _pair(value: Sequence[float] | None) -> tuple[float, ...] | None:
    return None if value is None else tuple(round(float(v), 4) for v in value)


def _doses(record: Record, key: Callable[[Any], Hashable]) -> set[Hashable]:
    return {key(d) for d in record.get("doses", [])}


SETS: dict[str, Callable[[Record], set[Hashable]]] = {
    "treatments mentioned": lambda r: {t["substance"] for t in r.get("treatments", [])},
    "treatments taken": lambda r: set(taken(r)),
    "conditions": lambda r: set(r.get("conditions", [])),
    "dose, whole record": lambda r: _doses(
        r, lambda d: (d["substance"], _pair(d.get("mg")), _pair(d.get("mg_per_day")), d["status"] == "taken")
    ),
    "dose, amount": lambda r: _doses(r, lambda d: (d["substance"], _pair(d.get("mg")) or _pair(d.get("mg_per_day")))),
    "dose, mg per day taken": lambda r: {
        (d["substance"], _pair(d["mg_per_day"]))
        for d in r.get("doses", [])
        if d["status"] == "taken" and d.get("mg_per_day")
    },
    "outcome, domain and direction": lambda r: {
        (o["substance"], o["domain"], o["direction"]) for o in r.get("outcomes", [])
    },
    "outcome, direction": lambda r: {(o["substance"], o["direction"]) for o in r.get("outcomes", [])},
    "side effect, concept and presence": lambda r: {
        (s["substance"], s["concept"], s["present"]) for s in r.get("side_effects", [])
    },
    "side effect present, any substance": lambda r: {s["concept"] for s in r.get("side_effects", []) if s["present"]},
    "treatment stopped": lambda r: {k for k, t in taken(r).items() if t.get("stopped")},
    "duration": lambda r: {
        _Days(k, float(t["duration_days"][0]), float(t["duration_days"][1]))
        for k, t in taken(r).items()
        if t.get("duration_days")
    },
}


def _reporter(gold: Record, found: Record) -> list[bool]:
    return [gold["reporter"] == found.get("reporter")]


def _effects(gold: Record, found: Record, fold: Mapping[str, str] | None) -> list[bool]:
    named = taken(found)
    pairs = [(t["effect"], named[s].get("effect") if s in named else None) for s, t in taken(gold).items()]
    return [b is not None and (fold[a] == fold[b] if fold else a == b) for a, b in pairs]


SHARES: dict[str, Callable[[Record, Record], list[bool]]] = {
    "reporter (accuracy)": _reporter,
    "effect, 5 classes (accuracy)": lambda g, f: _effects(g, f, None),
    "effect, benefit / none / unclear (accuracy)": lambda g, f: _effects(g, f, _FOLD),
}


def records(path: Path) -> dict[str, Record]:
    """Read annotated records, by post id. Raises ExtractionError for a file that holds none, or a line that is none."""
    if not path.is_file():
        raise ExtractionError(f"{path}: no such file")
    found: dict[str, Record] = {}
    for number, row in files.json_lines(path):
        if isinstance(row, files.Bad) or not {"id", "reporter", "treatments"} <= set(row):
            raise ExtractionError(
                f"{path}, line {number}: not an annotated record (it has no id, reporter, treatments)"
            )
        if wrong := gold_form.wrong_with(row):
            raise ExtractionError(f"{path}, line {number}: not an annotated record: {wrong}")
        if str(row["id"]) in found:
            raise ExtractionError(f"{path}, line {number}: the id {row['id']} stands on an earlier line too")
        found[str(row["id"])] = row
    if not found:
        raise ExtractionError(f"{path}: no record in it")
    return found


def posts_beside(gold: Path, posts: Path | None) -> Path:
    """Give the file of the posts that were annotated: the one named, else the neighbour with "posts" for "gold"."""
    guess = posts or gold.with_name(gold.name.replace("gold", "posts"))
    if not guess.is_file() or guess == gold:
        raise ExtractionError(f"{guess}: the annotated posts are not there; name their file with --posts")
    return guess


def table(
    gold_file: Path,
    posts_file: Path | None,
    by: str | None,
    errors: str | None,
    study: Study | None,
    also: Callable[[Mapping[str, Record], Mapping[str, Record]], object] | None = None,
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run the extractor over annotated posts; give columns and rows of the scores, or of one field's mistakes.

    by: columns of the posts file, parted by commas; for "source" the part of the id before ":" stands in, and
    "condition" is what the annotated record says of it (a post with two is in both). errors: a field of SETS or
    SHARES. study: whose index treatment and extra substances are read, None: the default. also: called with the
    annotated and the found records, by post id.
    """
    gold, found, asked = compared(gold_file, posts_file, study)
    if also is not None:
        also(gold, found)
    if errors is not None:
        texts = {i: str(row.get("text", "")) for i, row in asked.items()}
        wrong = mistakes(errors, gold, found, texts)
        return ["post_id", "kind", "claim", "text"], [(m.post_id, m.kind, m.claim, m.text) for m in wrong]
    groups = _groups(gold, asked, [b.strip() for b in by.split(",") if b.strip()]) if by else None
    names = ["group", "field", *_FIGURES, "n"]
    return names, [_row(s, names) for s in scores(gold, found, groups)]


def _row(score: Score, names: Sequence[str]) -> tuple[Any, ...]:
    """Give a line of the table; where there was nothing to be found, no figure says how well it was."""
    return tuple(None if score.n == 0 and n in _FIGURES else getattr(score, n) for n in names)


def dashed(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Give the table for a person: a dash in place of the figures of a line that has none."""
    if "n" not in names:
        return list(rows)
    place = names.index("n")
    return [tuple("-" if v is None else v for v in row) if row[place] == 0 else row for row in rows]


def compared(
    gold_file: Path, posts_file: Path | None, study: Study | None
) -> tuple[dict[str, Record], dict[str, Record], dict[str, Record]]:
    """Give annotated records, what the extractor reads in the same posts, and the posts, each by post id."""
    gold = records(gold_file)
    rows = files.json_lines(posts_beside(gold_file, posts_file))
    asked: dict[str, Record] = {
        str(r.get("id")): r for _, r in rows if not isinstance(r, files.Bad) and isinstance(r.get("text"), str)
    }
    missing = [i for i in gold if i not in asked]
    if missing:
        raise ExtractionError(
            f"{gold_file}: {len(missing)} records have no post with a text ({missing[0]} …); see --posts"
        )
    return gold, {str(r["id"]): r for r in extract.read_rows(study, (asked[i] for i in gold))}, asked


def _groups(gold: Mapping[str, Record], asked: Mapping[str, Record], by: Sequence[str]) -> dict[str, list[str]]:
    """Give group to post ids, column by column. Raises ExtractionError for a column that no post has."""
    groups: dict[str, list[str]] = {}
    columns = {c for i in gold for c in asked[i]} | {"source", "condition"}
    for column in by:
        if column not in columns:
            raise ExtractionError(f'--by: no post has "{column}"{near(column, sorted(columns))}')
        parts: dict[str, list[str]] = {}
        for post_id, record in gold.items():
            for value in _values(column, record, asked[post_id]):
                parts.setdefault(value if len(by) == 1 else f"{column}: {value}", []).append(post_id)
        if len(parts) > _MOST_GROUPS or any(len(value) > _LONGEST_GROUP for value in parts):
            raise ExtractionError(f'--by: "{column}" is too various to group by; take one with few and short values')
        groups |= dict(sorted(parts.items()))
    return groups


def _values(column: str, record: Record, post: Record) -> Sequence[str]:
    if column == "condition":
        return [str(c) for c in record.get("conditions") or ["none"]]
    value = post.get(column) or (str(record["id"]).split(":")[0] if column == "source" else None)
    return [str(value) if value else "not said"]


def scores(
    gold: Mapping[str, Record], found: Mapping[str, Record], groups: Mapping[str, Sequence[str]] | None = None
) -> list[Score]:
    """Score found records against gold ones; a post with no record counts as an empty one.

    groups: group to post ids; every group gets lines of its own, after those of all posts together.
    """
    parts: dict[str, Sequence[str]] = {"all": list(gold), **(groups or {})}
    return [s for group, ids in parts.items() for s in _group(group, ids, gold, found)]


def _group(group: str, ids: Sequence[str], gold: Mapping[str, Record], found: Mapping[str, Record]) -> list[Score]:
    lines: list[Score] = []
    for name, keys in SETS.items():
        counts = np.array([claim_counts(keys(gold[i]), keys(found.get(i, {}))) for i in ids], dtype=float)
        tp, fp, fn = counts.sum(axis=0)
        low, high = _interval(counts, lambda s: _f1(s[:, 0], s[:, 1], s[:, 2]))
        precision = float(tp / (tp + fp)) if tp + fp else 0.0
        recall = float(tp / (tp + fn)) if tp + fn else 0.0
        value = float(_f1(np.array([tp]), np.array([fp]), np.array([fn]))[0])
        lines.append(Score(group, name, precision, recall, value, low, high, int(tp + fn)))
    for name, right in SHARES.items():
        hits = [right(gold[i], found.get(i, {})) for i in ids]
        counts = np.array([(sum(h), len(h)) for h in hits], dtype=float)
        total = counts[:, 1].sum()
        low, high = _interval(counts, lambda s: s[:, 0] / np.maximum(s[:, 1], 1))
        lines.append(
            Score(group, name, None, None, float(counts[:, 0].sum() / total) if total else 0.0, low, high, int(total))
        )
    return lines


def claim_counts(a: set[Hashable], b: set[Hashable]) -> tuple[int, int, int]:
    """Give how many claims are in gold and found, in found only, in gold only."""
    return len(a & b), len(b - a), len(a - b)


def _f1(tp: Any, fp: Any, fn: Any) -> Any:
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1)


def _interval(counts: Any, statistic: Callable[[Any], Any]) -> tuple[float, float]:
    draws = np.random.default_rng(_SEED).multinomial(len(counts), [1 / len(counts)] * len(counts), size=_DRAWS)
    low, high = np.percentile(statistic(draws @ counts), [2.5, 97.5])
    return float(low), float(high)


def mistakes(
    field: str, gold: Mapping[str, Record], found: Mapping[str, Record], texts: Mapping[str, str]
) -> list[Mistake]:
    """Give every missed and spurious claim of one field, in the order of the gold file, with its text."""
    if field in SHARES:
        right = SHARES[field]
        return [
            Mistake(i, "wrong", field, _beginning(texts.get(i, "")))
            for i, g in gold.items()
            if not all(right(g, found.get(i, {})))
        ]
    if field not in SETS:
        known = "; ".join(f'"{name}"' for name in (*SETS, *SHARES))
        raise ExtractionError(f'no field "{field}"{near(field, [*SETS, *SHARES])}. There are: {known}')
    lines: list[Mistake] = []
    for i, g in gold.items():
        a, b = SETS[field](g), SETS[field](found.get(i, {}))
        for kind, claims, record in (("missed", a - b, g), ("spurious", b - a, found.get(i, {}))):
            lines += [
                Mistake(i, kind, _said(c), _words(c, record) or _beginning(texts.get(i, "")))
                for c in sorted(claims, key=str)
            ]
    return lines


def _said(claim: Hashable) -> str:
    if isinstance(claim, _Days):
        return f"{claim.substance} {claim.low:g}-{claim.high:g} days"
    return " ".join(map(str, claim)) if isinstance(claim, tuple) else str(claim)


def _words(claim: Hashable, record: Record) -> str:
    """Give the quotes of the record's claims that have all the words of this one."""
    wanted = {str(p) for p in claim if isinstance(p, str)} if isinstance(claim, tuple) else {str(claim)}
    rows: Iterable[Any] = (row for kind in ("doses", "outcomes", "side_effects") for row in record.get(kind, []))
    hits = [str(row.get("quote") or "") for row in rows if wanted <= {v for v in row.values() if isinstance(v, str)}]
    return " | ".join(dict.fromkeys(filter(None, hits)))


def _beginning(text: str) -> str:
    return text[:160].replace("\n", " ")
