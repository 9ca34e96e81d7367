"""Make data/models/effect.json.gz: `python -m nlp.training.effect SHARED GOLD:POSTS [GOLD:POSTS …]`.

SHARED holds `data/annotated/druglib_train.tsv` (reviews with five steps of effectiveness; Gräßer and others 2018),
`data/annotated/psytar_sentences.csv` (Zolnoori and others 2019) and `data/posts/baclofen.jsonl`; GOLD:POSTS are
annotated records and their posts. No text is kept: what is written are weights. Prints the accuracy by
cross-validation in which all treatments of a post are left out together.
"""

import csv
import gzip
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold, cross_val_predict

import data
import nlp
from nlp import effect, effect_model, reading
from nlp.effect_model import SCORES, Words
from nlp.types import Draft

UNIT = 1 / 2000
WORDS = 12_000  # n-grams that are kept: those that weigh most
STEPS = ("Ineffective", "Marginally Effective", "Moderately Effective", "Considerably Effective", "Highly Effective")
FOLD = {"worked": "benefit", "partly": "benefit", "no_effect": "none", "harmful": "none", "unclear": "unclear"}
STRENGTH = 0.05  # inverse of the penalty on the regression's weights


def reviews(shared: Path, but: set[str]) -> Iterator[tuple[str, int]]:
    """Give texts, with the drug as "xdrug", and their effectiveness from 1 to 5."""
    with (shared / "data/annotated/druglib_train.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            text = "\n".join(row[k] or "" for k in ("benefitsReview", "sideEffectsReview", "commentsReview"))
            yield _plain(text, row["urlDrugName"]), 1 + STEPS.index(row["effectiveness"])
    for line in (shared / "data/posts/baclofen.jsonl").read_text(encoding="utf-8").splitlines():
        post = json.loads(line)
        if post.get("effectiveness_1to5") and post["id"] not in but:
            yield _plain(post["text"], "baclofen"), int(post["effectiveness_1to5"])


def _plain(text: str, drug: str) -> str:
    return re.sub(re.escape(drug.split("-")[0].lower()), " xdrug ", text.lower())


def _counter(analyzer: Callable[[str], list[str]], least: int) -> Any:
    made: Any = CountVectorizer  # its annotation forgets that the analyzer may be a function
    return made(analyzer=analyzer, min_df=least, binary=True)


def _of_sentence(text: str) -> list[str]:
    return sorted(effect_model.ngrams(text))


def _by_sentence(text: str) -> list[str]:
    return sorted(set[str]().union(*map(effect_model.ngrams, re.split(r"(?<=[.!?])\s|\n", text))))


def words(shared: Path, but: set[str]) -> Words:
    """Learn what n-grams say of effectiveness and of PsyTAR's marks."""
    told = list(reviews(shared, but))
    counter = _counter(_by_sentence, 4)
    matrix = counter.fit_transform([text for text, _ in told])
    ridge = Ridge(alpha=300).fit(matrix, [float(step) - 3.5 for _, step in told])
    weights = {gram: [0.0] * len(SCORES) for gram in counter.get_feature_names_out()}
    for gram, weight in zip(counter.get_feature_names_out(), ridge.coef_, strict=True):
        weights[gram][0] = float(weight)
    intercepts = [float(ridge.intercept_)]
    with (shared / "data/annotated/psytar_sentences.csv").open(encoding="utf-8", newline="") as file:
        marked = list(csv.DictReader(file))
    counter = _counter(_of_sentence, 2)
    matrix = counter.fit_transform([row["sentences"].lower() for row in marked])
    for at, mark in enumerate(SCORES[1:], 1):
        truth = [row[mark].strip() == "1" for row in marked]
        fitted = LogisticRegression(C=0.5, max_iter=500, class_weight="balanced").fit(matrix, truth)
        for gram, weight in zip(counter.get_feature_names_out(), fitted.coef_[0], strict=True):
            weights.setdefault(gram, [0.0] * len(SCORES))[at] = float(weight)
        intercepts.append(float(fitted.intercept_[0]))
    heaviest = sorted(weights, key=lambda g: (-max(10 * abs(weights[g][0]), *map(abs, weights[g][1:])), g))[:WORDS]
    kept = {gram: [round(w / UNIT) for w in weights[gram]] for gram in sorted(heaviest)}
    return Words(kept, [round(i / UNIT) for i in intercepts], UNIT)


def cases(pairs: Sequence[tuple[Path, Path]], learned: Words) -> Iterator[tuple[str, str, dict[str, float], str]]:
    """Give post, true effect, features and the rules' effect of every treatment that gold and rules call taken."""
    engine = nlp.load()
    for gold, posts in pairs:
        texts = {post["id"]: post for post in map(json.loads, posts.read_text(encoding="utf-8").splitlines())}
        for record in map(json.loads, gold.read_text(encoding="utf-8").splitlines()):
            draft: Draft = reading.drafted(engine, texts[record["id"]])
            for told in record["treatments"]:
                treatment = draft.treatments.get(told["substance"])
                if told["status"] == "taken" and treatment is not None and treatment.status == "taken":
                    found, by_rule = effect.features(draft, treatment, learned)
                    yield record["id"], told["effect"], found, by_rule


def main() -> None:
    """Learn, measure, write."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    pairs = [(Path(gold), Path(posts)) for gold, posts in (a.split(":") for a in sys.argv[2:])]
    annotated = {json.loads(line)["id"] for gold, _ in pairs for line in gold.read_text(encoding="utf-8").splitlines()}
    learned = words(Path(sys.argv[1]), annotated)
    rows = list(cases(pairs, learned))
    names = sorted({name for _, _, found, _ in rows for name in found})
    values = np.array([[found.get(name, 0.0) for name in names] for _, _, found, _ in rows])
    truth = np.array([true for _, true, _, _ in rows])
    spread = values.std(axis=0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    groups = [post for post, _, _, _ in rows]
    crossed = cross_val_predict(model, values / spread, truth, groups=groups, cv=GroupKFold(10))
    say(f"{len(rows)} treatments of {len(set(groups))} posts")
    for name, given in (("rules", [rule for _, _, _, rule in rows]), ("left out in turn", list(crossed))):
        five = np.mean([a == b for a, b in zip(given, truth, strict=True)])
        three = np.mean([FOLD[a] == FOLD[b] for a, b in zip(given, truth, strict=True)])
        say(f"{name}: {five:.3f} of 5 classes, {three:.3f} of 3")
    model.fit(values / spread, truth)
    write(learned, model, names, spread)


def write(learned: Words, model: Any, names: Sequence[str], spread: Any) -> None:
    """Write the model; the same input gives the same bytes."""
    held = {
        "unit": learned.unit,
        "intercepts": learned.intercepts,
        "classes": list(model.classes_),
        "features": list(names),
        "weights": [[round(float(w), 5) for w in row] for row in model.coef_ / spread],
        "biases": [round(float(b), 5) for b in model.intercept_],
        "words": learned.weights,
    }
    packed = gzip.compress(json.dumps(held, separators=(",", ":"), ensure_ascii=False).encode(), mtime=0)
    (data.path(effect_model.FOLDER) / effect_model.NAME).write_bytes(packed)
    say(f"{effect_model.NAME}: {len(packed) / 1024:.0f} KiB")


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
