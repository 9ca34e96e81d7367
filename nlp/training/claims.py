"""Make data/models/claims.json: `python -m nlp.training.claims GOLD:POSTS [GOLD:POSTS …]`.

GOLD:POSTS are annotated records and their posts. No text is kept: what is written are weights of what the components
found. Prints precision, recall and F1 of the claims by the rules alone, and by cross-validation in which all claims of
a post are left out together; the threshold is of the best of that.
"""

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

STRENGTH = {"outcomes": 0.01, "side_effects": 0.2}
"""Inverse of the penalty on the weights; chosen by cross-validation."""
_LEAST_SPREAD = 0.15  # a feature that is seldom there is not blown up
_NEARLY = 0.0015  # of F1: among thresholds as good as the best, the one that drops least of what the rules found
_SMALL = 1e-3  # weights that are left out


class Case(NamedTuple):
    """A claim that may be made. key: substance, concept, direction or presence; told: by the rules alone."""

    post: str
    key: tuple[Any, ...]
    features: Mapping[str, float]
    told: bool


def cases(pairs: Iterable[tuple[Path, Path]]) -> tuple[dict[str, list[Case]], dict[str, dict[str, set[Any]]]]:
    """Give the cases and what annotators found, by what is decided and, of the latter, by post."""
    engine = nlp.load()
    found: dict[str, list[Case]] = {"outcomes": [], "side_effects": []}
    truth: dict[str, dict[str, set[Any]]] = {"outcomes": {}, "side_effects": {}}
    for gold, posts in pairs:
        texts = {post["id"]: post for post in map(json.loads, posts.read_text(encoding="utf-8").splitlines())}
        for record in map(json.loads, gold.read_text(encoding="utf-8").splitlines()):
            name = record["id"]
            truth["outcomes"][name] = {(o["substance"], o["domain"], o["direction"]) for o in record["outcomes"]}
            told = record["side_effects"]
            truth["side_effects"][name] = {(s["substance"], s["concept"], s["present"]) for s in told}
            doc = reading.read_doc(engine, texts[name], before=claims.MODEL)
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
        yield Case(post, (m.substance, m.concept, bool(m.present)), features, told=True)


def scores(chosen: Iterable[bool], rows: Sequence[Case], truth: Mapping[str, set[Any]]) -> tuple[float, float, float]:
    """Give precision, recall and F1 of the claims that are chosen, each counted once a post."""
    made = {(row.post, row.key) for yes, row in zip(chosen, rows, strict=True) if yes}
    wanted = {(post, key) for post, keys in truth.items() for key in keys}
    both = len(made & wanted)
    return both / max(len(made), 1), both / max(len(wanted), 1), 2 * both / max(len(made) + len(wanted), 1)


def learned(rows: Sequence[Case], truth: Mapping[str, set[Any]], strength: float, name: str) -> dict[str, Any]:
    """Give weights, bias and threshold, rounded; say what they are worth."""
    vectorizer = DictVectorizer(sparse=False)
    values: Any = vectorizer.fit_transform([row.features for row in rows])
    right = np.array([row.key in truth[row.post] for row in rows])
    spread = np.maximum(np.sqrt((values**2).mean(axis=0)), _LEAST_SPREAD)
    if name == "side_effects":  # nearly all its features are yes or no
        spread = np.ones(values.shape[1])
    model: Any = LogisticRegression(C=strength, max_iter=3000)
    groups = [row.post for row in rows]
    crossed: Any = cross_val_predict(
        model, values / spread, right, groups=groups, cv=GroupKFold(10), method="decision_function"
    )
    steps = np.arange(-1.2, 0.6, 0.05)
    worth = [scores(crossed >= step, rows, truth)[2] for step in steps]
    least = next(step for step, f1 in zip(steps, worth, strict=True) if f1 >= max(worth) - _NEARLY)
    for what, chosen in (("rules", [row.told for row in rows]), ("left out in turn", crossed >= least)):
        say(f"{name}, {what}: P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*scores(chosen, rows, truth)))
    model.fit(values / spread, right)
    pairs = zip(vectorizer.get_feature_names_out(), model.coef_[0] / spread, strict=True)
    weights = {str(feature): round(float(weight), 4) for feature, weight in pairs if abs(weight) > _SMALL}
    return {"bias": round(float(model.intercept_[0]), 4), "least": round(float(least), 4), "weights": weights}


def main() -> None:
    """Learn, measure, write."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rows, truth = cases([(Path(gold), Path(posts)) for gold, posts in (a.split(":") for a in sys.argv[1:])])
    models = {name: learned(own, truth[name], STRENGTH[name], name) for name, own in rows.items()}
    path = data.path(logistic.FOLDER) / f"{claims.MODEL}.json"
    path.write_text(json.dumps(models, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    say(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
