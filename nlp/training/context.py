"""Make data/models/context.json.gz: `python -m nlp.training.context POSTS.jsonl PROBES.jsonl [PROBES.jsonl …]`.

PROBES are short texts, each with what a reader would say of one side effect in it: {"text", "side_effect", "expect":
present | denied | none, "why": past | hypothetical | general}. POSTS are real posts, in which nobody has read: what the
cues say of their side effects counts as right, but little, so that the words overrule the cues only where the probes
say so plainly. No text is kept: what is written are weights of words and of pairs of words. Prints how many probes of
each file are right by the cues alone, and by cross-validation in which all probes of a file are left out together.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

import data
import nlp
from nlp import component, context, reading
from nlp.context_words import BUCKETS, Key, Masked, keys
from nlp.types import EFFECTS

STRENGTH = 0.3
"""Inverse of the penalty on the weights; chosen by cross-validation."""
OF_CUES = 0.1
"""What a side effect of a real post counts, of a probe's; chosen by cross-validation."""
_FEWEST = 3  # texts in which a feature must stand
_OF_ONE = 8  # side effects of one post
_UNIT = 1e-4
_LEAST = 20  # units: a weight that is smaller is left out
_COUNTED = {"present": "present", "counted": "present", "mine": "present", "other": "present", "denied": "negated"}


class Case(NamedTuple):
    """One side effect. source: file; said: by the cues; truth: one of context.CLASSES; weight: what it counts."""

    source: str
    said: context.Verdict
    truth: str
    features: frozenset[str]
    weight: float


def named(found: Sequence[Iterable[Key]]) -> Iterator[str]:
    """Give the names of the features: of each thing around, and of its classes of words."""
    classes = context.classes_of()
    for bucket, some in zip(BUCKETS, found, strict=True):
        for key in some:
            yield f"{bucket} {' '.join(key) if isinstance(key, tuple) else key}"
            if isinstance(key, str):
                for name in classes.get(key, ()):
                    yield f"{bucket}@ {name}"


def _case(source: str, masked: Masked, m: Any, truth: str, weight: float) -> Case:
    return Case(source, context.verdict(m), truth, frozenset(named(keys(masked.around(m)))), weight)


def of_probes(engine: Any, path: Path) -> Iterator[Case]:
    """Give the side effects of a file of probes; those that the text names twice are left out."""
    for probe in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if "side_effect" not in probe:
            continue
        asked = {"id": "", "text": probe["text"], "drug": "Baclofen", "condition": "Other"}
        d = component.draft(reading.read_doc(engine, asked, before="context"))
        found = [m for m in d.mentions if m.kind in EFFECTS and m.concept == probe["side_effect"]]
        # What is not the author's may be denied of the author or not.
        open_ = probe["expect"] == "not mine" and [context.verdict(m) for m in found] == ["negated"]
        if len(found) == 1 and not open_:
            yield _case(path.stem, Masked(d), found[0], _truth(probe, found[0]), 1.0)


def _truth(probe: Any, m: Any) -> str:
    counted = _COUNTED.get(probe["expect"])
    if counted or "why" in probe:
        return counted or probe["why"]
    if probe["expect"] == "not mine" or probe.get("kind") == "experiencer" or m.whose not in ("self", "other"):
        return "general"
    return m.assertion if m.assertion in ("past", "hypothetical") else "past"


def of_posts(engine: Any, path: Path) -> Iterator[Case]:
    """Give the side effects of real posts as the cues tell them."""
    for post in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        d = component.draft(reading.read_doc(engine, post, before="context"))
        if d.exclusion:
            continue
        masked = Masked(d)
        for m in [m for m in d.mentions if m.kind in EFFECTS][:_OF_ONE]:
            said = context.verdict(m)
            truth = said
            if said == "none":
                truth = m.assertion if m.assertion in ("past", "hypothetical") else "general"
            yield _case("", masked, m, truth, OF_CUES)


def learned(rows: Sequence[Case]) -> tuple[DictVectorizer, Any]:
    """Fit the regression: every feature counts as such, and by what the cues said."""
    often = Counter(feature for row in rows for feature in row.features)
    vectorizer = DictVectorizer()
    values = vectorizer.fit_transform([_crossed(row, often) for row in rows])
    model: Any = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(values, [row.truth for row in rows], sample_weight=[row.weight for row in rows])
    return vectorizer, model


def _crossed(row: Case, often: Counter[str] | None = None) -> dict[str, float]:
    kept = [f for f in row.features if often is None or often[f] >= _FEWEST] + [""]
    return {f"{part}|{f}": 1.0 for f in kept for part in ("", row.said)}


def _right(vectorizer: DictVectorizer, model: Any, rows: Sequence[Case]) -> tuple[int, int, int, int]:
    """Count probes, those right by the cues, and those that the words put right and wrong."""
    shares = model.predict_proba(vectorizer.transform([_crossed(row) for row in rows]))
    none = [k for k, name in enumerate(model.classes_) if name not in context.VERDICTS]
    of = {name: shares[:, list(model.classes_).index(name)] for name in context.VERDICTS[:2]}
    of["none"] = shares[:, none].sum(axis=1)
    by_cues = good = bad = 0
    for n, row in enumerate(rows):
        best = max(of, key=lambda name: of[name][n])
        chosen = best if of[best][n] >= context.LEAST else row.said
        truth = row.truth if row.truth in of else "none"
        by_cues += row.said == truth
        good += chosen == truth != row.said
        bad += row.said == truth != chosen
    return len(rows), by_cues, good, bad


def written(vectorizer: DictVectorizer, model: Any) -> dict[str, dict[str, list[int]]]:
    """Give the weights in whole numbers, by verdict and feature, in the order of context.CLASSES."""
    order = [list(model.classes_).index(name) for name in context.CLASSES]
    out: dict[str, dict[str, list[int]]] = {}
    for feature, column in zip(vectorizer.get_feature_names_out(), model.coef_.T, strict=True):
        row = [round(float(column[k]) / _UNIT) for k in order]
        if max(map(abs, row)) >= _LEAST:
            part, _, name = str(feature).partition("|")
            out.setdefault(part, {})[name] = row
    bias = [round(float(model.intercept_[k]) / _UNIT) for k in order]
    out[""][""] = [a + b for a, b in zip(out[""].get("", [0] * len(bias)), bias, strict=True)]
    return out


def main() -> None:
    """Learn, measure, write."""
    if {"-h", "--help"} & set(sys.argv):
        say(str(__doc__))
        return
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    engine = nlp.load()
    posts, *probes = map(Path, sys.argv[1:])
    real = list(of_posts(engine, posts))
    rows = [case for path in probes for case in of_probes(engine, path)]
    total = np.zeros(4, int)
    for source in dict.fromkeys(row.source for row in rows):
        others = learned([row for row in rows if row.source != source] + real)
        counted = _right(*others, [row for row in rows if row.source == source])
        total += counted
        say("{}: {} of {} by the cues, {} put right, {} wrong".format(source, *(counted[k] for k in (1, 0, 2, 3))))
    say("all: {} of {} by the cues, {} put right, {} wrong".format(*(total[k] for k in (1, 0, 2, 3))))
    weights = written(*learned(rows + real))
    path = data.path(context.FOLDER) / context.NAME
    held = {"unit": _UNIT, "weights": weights}
    path.write_bytes(gzip.compress(json.dumps(held, sort_keys=True, ensure_ascii=False).encode(), mtime=0))
    say(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB, {sum(map(len, weights.values()))} weights")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
