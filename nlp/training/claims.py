"""Make data/models/claims.json.gz: `python -m nlp.training.claims GOLD:POSTS[:effects] [GOLD:POSTS …]`.

GOLD:POSTS are annotated records and their posts; with `:effects`, reviews in which a reader marked no more than the
side effects of the review's own medicine. No text is kept: what is written are weights of what the components found,
and of words and pairs of words. Prints precision, recall and F1 of the claims by the rules alone, and by cross-
validation in which all claims of a post are left out together; the threshold is nearly the best of that.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from spacy.tokens import Doc

import data
import nlp
from nlp import claims, component, logistic, reading
from nlp.report import counts

STRENGTH = {"outcomes": 0.01, "side_effects": 0.3}
"""Inverse of the penalty on the weights; chosen by cross-validation."""
_FEWEST = 5  # posts in which a word or a pair of words must stand
_LONGEST = 3  # words of what a side effect is called
_LEAST_SPREAD = 0.15  # a feature that is seldom there is not blown up
_NEARLY = {"outcomes": 0.0015, "side_effects": 0.003}
"""Of F1: among thresholds nearly as good as the best, the one that keeps most. On posts that the rules were written
with they err less than elsewhere: a model learns to trust them too much, and to pass over too much."""


class Case(NamedTuple):
    """A claim that may be made. key: substance, concept, direction or presence; told: by the rules alone."""

    post: str
    key: tuple[Any, ...]
    features: Mapping[str, float]
    told: bool


def cases(pairs: Iterable[tuple[Path, Path, bool]]) -> tuple[dict[str, list[Case]], dict[str, dict[str, set[Any]]]]:
    """Give the cases and what annotators found, by what is decided and, of the latter, by post.

    pairs: records, posts, and whether the records hold but the side effects of a review's own medicine.
    """
    engine = nlp.load()
    found: dict[str, list[Case]] = {"outcomes": [], "side_effects": []}
    truth: dict[str, dict[str, set[Any]]] = {"outcomes": {}, "side_effects": {}}
    for gold, posts, effects_alone in pairs:
        texts = {post["id"]: post for post in map(json.loads, posts.read_text(encoding="utf-8").splitlines())}
        for record in map(json.loads, gold.read_text(encoding="utf-8").splitlines()):
            name = record["id"]
            doc = reading.read_doc(engine, texts[name], before=claims.MODEL)
            if effects_alone:
                own = component.draft(doc).index
                found["side_effects"] += [case for case in _side_effects(doc, name) if case.key[0] == own]
                told = record["side_effects"]
                truth["side_effects"][name] = {(own, s["concept"], s["present"]) for s in told}
                continue
            truth["outcomes"][name] = {(o["substance"], o["domain"], o["direction"]) for o in record["outcomes"]}
            told = record["side_effects"]
            truth["side_effects"][name] = {(s["substance"], s["concept"], s["present"]) for s in told}
            found["outcomes"] += _outcomes(doc, name)
            found["side_effects"] += _side_effects(doc, name)
    return found, truth


def _outcomes(doc: Doc, post: str) -> Iterator[Case]:
    d = component.draft(doc)
    told = {(m.substance, m.concept, m.direction) for m in d.of("outcome") if counts(m)}
    for substance, (domain, direction), features in claims.outcome_cases(d):
        key = (substance, domain, direction)
        yield Case(post, key, features, key in told)


def _side_effects(doc: Doc, post: str) -> Iterator[Case]:
    d = component.draft(doc)
    for i, features in claims.side_effects(doc, {t.substance for t in d.treatments.values() if t.status == "taken"}):
        m = d.mentions[i]
        yield Case(post, (m.substance, m.concept, bool(m.present)), features.named(), told=m.kind == "side_effect")


def scores(chosen: Iterable[bool], rows: Sequence[Case], truth: Mapping[str, set[Any]]) -> tuple[float, float, float]:
    """Give precision, recall and F1 of the claims that are chosen, each counted once a post."""
    made = {(row.post, row.key) for yes, row in zip(chosen, rows, strict=True) if yes}
    wanted = {(post, key) for post, keys in truth.items() for key in keys}
    both = len(made & wanted)
    return both / max(len(made), 1), both / max(len(wanted), 1), 2 * both / max(len(made) + len(wanted), 1)


def _common(rows: Sequence[Case]) -> set[str]:
    """Give the features to learn from: no words that stand in few posts, so that no post and no name can be told."""
    posts: dict[str, set[str]] = {}
    for row in rows:
        for feature in row.features:
            posts.setdefault(feature, set()).add(row.post)
    return {
        feature
        for feature, where in posts.items()
        if not feature.startswith(("<", ">", "=")) or (len(where) >= _FEWEST and feature.count(" ") <= _LONGEST)
    }


def learned(rows: Sequence[Case], truth: Mapping[str, set[Any]], strength: float, name: str) -> dict[str, Any]:
    """Give weights, bias and threshold, rounded; say what they are worth."""
    vectorizer = DictVectorizer()
    common = _common(rows)
    values: Any = vectorizer.fit_transform([{k: v for k, v in r.features.items() if k in common} for r in rows])
    right = np.array([row.key in truth[row.post] for row in rows])
    spread = np.ones(values.shape[1])  # of side effects nearly all features are yes or no
    if name == "outcomes":
        spread = np.maximum(np.sqrt(np.asarray(values.multiply(values).mean(axis=0))[0]), _LEAST_SPREAD)
    values = values.multiply(1 / spread).tocsr()
    model: Any = LogisticRegression(
        C=strength, max_iter=3000, solver="liblinear" if name == "side_effects" else "lbfgs"
    )
    groups = [row.post for row in rows]
    crossed: Any = cross_val_predict(model, values, right, groups=groups, cv=GroupKFold(10), method="decision_function")
    steps = np.arange(-1.2, 0.6, 0.05)
    worth = [scores(crossed >= step, rows, truth)[2] for step in steps]
    least = next(step for step, f1 in zip(steps, worth, strict=True) if f1 >= max(worth) - _NEARLY[name])
    for what, chosen in (("rules", [row.told for row in rows]), ("left out in turn", crossed >= least)):
        say(f"{name}, {what}: P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*scores(chosen, rows, truth)))
    model.fit(values, right)
    pairs = zip(vectorizer.get_feature_names_out(), model.coef_[0] / spread, strict=True)
    digits, small = (3, 0.02) if name == "side_effects" else (4, 1e-3)
    weights = {str(feature): round(float(weight), digits) for feature, weight in pairs if abs(weight) > small}
    return {"bias": round(float(model.intercept_[0]), 4), "least": round(float(least), 4), "weights": weights}


def main() -> None:
    """Learn, measure, write."""
    if {"-h", "--help"} & set(sys.argv):
        say(str(__doc__))
        return
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    asked = [argument.split(":") for argument in sys.argv[1:]]
    rows, truth = cases([(Path(gold), Path(posts), kind == ["effects"]) for gold, posts, *kind in asked])
    models = {name: learned(own, truth[name], STRENGTH[name], name) for name, own in rows.items()}
    path = data.path(logistic.FOLDER) / f"{claims.MODEL}.json.gz"
    path.write_bytes(gzip.compress(json.dumps(models, sort_keys=True).encode(), mtime=0))
    say(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
