"""Make data/models/effect.json.gz: `python -m nlp.training.effect SHARED GOLD:POSTS[:fresh] … [--without POSTS]`.

SHARED holds `data/annotated/druglib_train.tsv` (reviews with five steps of effectiveness; Gräßer and others 2018),
`data/annotated/psytar_sentences.csv` (Zolnoori and others 2019), `data/posts/baclofen.jsonl` and
`data/posts/askapatient_half.jsonl`; GOLD:POSTS are annotated records and their posts, "fresh" where the rules were not
written with them in view: what the rules say there is as good as elsewhere, so these count more. Posts after
`--without` teach nothing, neither by id nor by text. No text is kept: what is written are weights.

A review that is rated but not annotated teaches too: by how annotated reviews were rated, its step says how likely each
class is, and what the signs of annotated posts say of it is weighed by that. Ratings are labels only, never an input.
Whether a treatment was stopped is learned from annotated posts alone.
Prints the accuracy, and the rank correlation with the steps, by cross-validation in which all that comes of a post is
left out together.
"""

import csv
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse, stats
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge

import data
from nlp import effect_model
from nlp.effect_model import CLASSES, MARKS, Words
from nlp.training.cases import Annotated, Case, cases
from nlp.training.softmax import Softmax, fitted

FOLD = {"worked": "benefit", "partly": "benefit", "no_effect": "none", "harmful": "none", "unclear": "unclear"}
RANK = np.array([4, 3, 1, 0, 2])  # of CLASSES, from harm to benefit
UNIT = 1 / 1000
LEAST = 5  # cases that an n-gram must be in
SEEN = 4  # cases that a sign must be in
SIGNS_PENALTY = 20.0  # where the signs alone say what a rated review means
PENALTY = 30.0
WORDS = 8.0  # how much freer the weights of words are than those of signs
RATED = 0.3  # how much a rated review counts, an annotated one 1
OWN = 4.0  # how much a case counts of a post about the study's own medicine: the model is for such posts first
SOURCES = {"askapatient": 0.5}  # where side effects are asked for first, and whether it helped is told in passing
FOLDS = 5
OF_STOPS = ("stop ", "tense ")  # signs of how stopping is told: the effect is told no better with them
STOP_WORDS = 6.0  # the same for "stopped"
STOP_STRENGTH = 0.3  # inverse of its penalty
NEARLY = 0.005  # of F1: among thresholds as good as the best, the one that says least without being told
FRESH = 2.0  # how much a post counts for it with which the rules were not written


@dataclass(frozen=True, slots=True)
class Design:
    """All cases as numbers.

    signs: dense, a column a sign. grams: sparse, rows of length 1, a column an n-gram of masses. truth: index into
    CLASSES, -1 if not annotated. step: 0 if not rated. weight: how much a case counts. marks: intercepts and weights of
    n-grams for MARKS.
    """

    cases: Sequence[Case]
    names: Sequence[str]
    signs: Any
    vocabulary: Sequence[str]
    masses: Any
    grams: Any
    truth: Any
    step: Any
    source: Any
    weight: Any
    fold: Any
    marks: tuple[Sequence[float], dict[str, list[float]]]


def design(told: Sequence[Case], shared: Path) -> Design:
    """Turn cases into numbers."""
    counts = Counter(gram for case in told for gram in case.grams)
    vocabulary = sorted(gram for gram, n in counts.items() if n >= LEAST)
    place = {gram: i for i, gram in enumerate(vocabulary)}
    idf = np.log((1 + len(told)) / (1 + np.array([counts[gram] for gram in vocabulary]))) + 1
    masses = np.round(idf**2 / UNIT)
    rows = [sorted(place[gram] for gram in case.grams & place.keys()) for case in told]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.array([column for row in rows for column in row], dtype=int)
    make: Any = sparse.csr_matrix
    grams = make((np.sqrt(masses[columns] * UNIT), columns, ends), shape=(len(told), len(vocabulary)))
    lengths = np.sqrt(np.maximum(np.add.reduceat(np.append(masses[columns], 0), ends[:-1]) * UNIT, 1e-9))
    lengths[np.diff(ends) == 0] = 1
    grams = sparse.diags(1 / lengths) @ grams
    marks = marked(shared)
    scored = Words.of({}, {gram: _whole(row) for gram, row in marks[1].items()}, _whole(marks[0]), UNIT)
    found = [
        c.signs | effect_model.marked([scored.known(effect_model.ngrams(s)) for s in c.sentences], scored) for c in told
    ]
    often = Counter(name for signs in found for name in signs)
    names = sorted(name for name, n in often.items() if n >= SEEN)
    return Design(
        told,
        names,
        np.array([[signs.get(name, 0.0) for name in names] for signs in found]),
        vocabulary,
        masses,
        grams.tocsr(),
        np.array([CLASSES.index(c.effect) if c.effect else -1 for c in told]),
        np.array([c.step for c in told]),
        np.array([c.source for c in told]),
        np.array([OWN if c.own else SOURCES.get(c.source, 1.0) for c in told]),
        _folds([c.post for c in told]),
        marks,
    )


def _folds(posts: Sequence[str]) -> Any:
    order = {post: at for at, post in enumerate(sorted(set(posts)))}
    return np.array([order[post] * 7919 % FOLDS for post in posts])


def _whole(values: Sequence[float]) -> list[int]:
    return [round(value / UNIT) for value in values]


def marked(shared: Path) -> tuple[list[float], dict[str, list[float]]]:
    """Learn what n-grams say of PsyTAR's marks: intercepts, and the weights of each n-gram."""
    with (shared / "data/annotated/psytar_sentences.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counter = _counter(lambda text: sorted(effect_model.ngrams(text)), 4)
    matrix = counter.fit_transform([row["sentences"].lower() for row in rows])
    weights: dict[str, list[float]] = {gram: [] for gram in counter.get_feature_names_out()}
    intercepts: list[float] = []
    for mark in MARKS:
        truth = [row[mark].strip() == "1" for row in rows]
        model = LogisticRegression(C=0.5, max_iter=500, class_weight="balanced").fit(matrix, truth)
        for gram, weight in zip(weights, model.coef_[0], strict=True):
            weights[gram].append(float(weight))
        intercepts.append(float(model.intercept_[0]))
    return intercepts, weights


def _counter(analyzer: Callable[[str], list[str]], least: int) -> Any:
    made: Any = CountVectorizer  # its annotation forgets that the analyzer may be a function
    return made(analyzer=analyzer, min_df=least, binary=True)


SCALES = (("druglib",), ("askapatient",), ("druglib", "askapatient"))
"""The sources from whose steps, made alike, a score of words is learned: one score each."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Weights of the signs and of the n-grams, and what all add up to without any."""

    signs: Any
    grams: Any
    bias: float

    def points(self, d: Design, use: Any) -> Any:
        """Give what speaks for it, for the cases of a mask."""
        return d.signs[use] @ self.signs + d.grams[use] @ self.grams + self.bias


@dataclass(frozen=True, slots=True)
class Learned:
    """One fit: scale of the signs, the scores' ridges, and the regression over signs, scores and n-grams."""

    spread: Any
    ridges: Sequence[tuple[Any, float]]
    middle: Any
    width: Any
    softmax: Softmax
    stopped: "Stopped"


def learn(d: Design, use: Any) -> Learned:
    """Fit on the cases of a mask."""
    rated = use & (d.truth < 0)
    annotated = use & (d.truth >= 0)
    ridges = [_ridge(d, rated, sources) for sources in SCALES]
    scores = _crossed(d, rated, ridges)
    middle, width = scores[annotated].mean(0), scores[annotated].std(0) / 1.5
    spread = d.signs[annotated].std(0) + 0.05
    of_stops = np.array([name.startswith(OF_STOPS) for name in d.names])
    dense = np.column_stack([np.where(of_stops, 0.0, d.signs) / spread, (scores - middle) / width])
    truth = np.eye(len(CLASSES))[np.maximum(d.truth, 0)]
    plain: Any = sparse.csr_matrix(dense)
    ones = np.ones(len(d.truth))
    first = fitted(plain[annotated], truth[annotated], ones[annotated], SIGNS_PENALTY)
    truth[rated] = _weighed(d, annotated, rated, first.probabilities(plain[rated]))
    counts = np.where(d.truth < 0, RATED, 1.0) * d.weight
    both: Any = sparse.hstack([plain, d.grams * WORDS]).tocsr()
    softmax = fitted(both[use], truth[use], counts[use], PENALTY)
    return Learned(spread, ridges, middle, width, softmax, stopped(d, use & _read(d)))


def _read(d: Design) -> Any:
    """Give the cases of which somebody said whether the treatment was stopped."""
    return np.array([case.stopped is not None for case in d.cases])


def stopped(d: Design, use: Any) -> Stopped:
    """Fit on the cases of a mask whether a treatment was stopped."""
    both: Any = sparse.hstack([sparse.csr_matrix(d.signs), d.grams * STOP_WORDS]).tocsr()
    counts = np.array([FRESH if case.fresh else 1.0 for case in d.cases])
    truth = np.array([case.stopped is True for case in d.cases])
    fit: Any = LogisticRegression(C=STOP_STRENGTH, max_iter=3000).fit(both[use], truth[use], sample_weight=counts[use])
    n = len(d.names)
    return Stopped(fit.coef_[0, :n], fit.coef_[0, n:] * STOP_WORDS, float(fit.intercept_[0]))


def _ridge(d: Design, use: Any, sources: Sequence[str]) -> tuple[Any, float]:
    mine = use & np.isin(d.source, sources)
    steps = d.step.astype(float)
    for source in sources:
        own = mine & (d.source == source)
        steps[own] = (steps[own] - steps[own].mean()) / (steps[own].std() + 1e-9)
    fit = Ridge(alpha=1.5, solver="sparse_cg", tol=1e-5).fit(d.grams[mine], steps[mine])
    return fit.coef_, float(fit.intercept_)


def _crossed(d: Design, rated: Any, ridges: Sequence[tuple[Any, float]]) -> Any:
    """Give every case its scores; a review that taught them has those of ridges that it did not teach."""
    scores = np.column_stack([d.grams @ weights + bias for weights, bias in ridges])
    for fold in range(FOLDS):
        held = rated & (d.fold == fold)
        if held.any():
            others = [_ridge(d, rated & ~held, sources) for sources in SCALES]
            scores[held] = np.column_stack([d.grams[held] @ weights + bias for weights, bias in others])
    return scores


def _weighed(d: Design, annotated: Any, rated: Any, found: Any) -> Any:
    """Weigh what the signs say of rated reviews by how likely their step is in each class."""
    table = _likely(d, annotated)
    likely = np.array([table[s][:, step - 1] for s, step in zip(d.source[rated], d.step[rated], strict=True)])
    return found * likely / (found * likely).sum(1, keepdims=True)


def _likely(d: Design, annotated: Any) -> dict[str, Any]:
    sources = ("druglib", "webmd", "askapatient")
    counts = {source: np.zeros((len(CLASSES), 5)) for source in sources}
    for source, true, step in zip(d.source[annotated], d.truth[annotated], d.step[annotated], strict=True):
        if step and source in counts:
            counts[source][true, step - 1] += 1
    # A rating tells of effectiveness less plainly than a step of effectiveness does.
    pooled = 0.3 + counts["druglib"] + counts["webmd"] + 0.3 * counts["askapatient"]
    pooled /= pooled.sum(1, keepdims=True)
    return {s: (n + 4 * pooled) / (n + 4 * pooled).sum(1, keepdims=True) for s, n in counts.items()}


def measured(d: Design) -> float:
    """Print how well cases that taught nothing are told; give the points from which on "stopped" is said."""
    found = np.zeros(len(d.truth), dtype=int)
    ended = np.zeros(len(d.truth))
    for fold in range(FOLDS):
        held = d.fold == fold
        learned = learn(d, ~held)
        weights, biases, words = parts(d, learned)
        found[held] = (d.signs[held] @ weights.T + biases + d.grams[held] @ words).argmax(1)
        ended[held] = learned.stopped.points(d, held)
    least = _least(d, ended)
    rules = np.array([CLASSES.index(c.by_rule) for c in d.cases])
    folded = np.array([sorted(set(FOLD.values())).index(FOLD[name]) for name in CLASSES])
    true = d.truth >= 0
    say(f"{true.sum()} treatments of {len({c.post for c in d.cases if c.effect})} posts, {(~true).sum()} rated reviews")
    for name, given in (("rules", rules), ("left out in turn", found)):
        for source in ("", *sorted(set(d.source[true]))):
            these = true & (d.source == source) if source else true
            five = (given[these] == d.truth[these]).mean()
            three = (folded[given[these]] == folded[d.truth[these]]).mean()
            say(f"{name} {source or 'all'}: {five:.3f} of 5 classes, {three:.3f} of 3")
        for source in ("druglib", "askapatient", "webmd"):
            these = (d.source == source) & (d.step > 0) & (true if source == "webmd" else ~true)
            result: Any = stats.spearmanr(RANK[given[these]], d.step[these])
            say(f"{name} {source}: Spearman {float(result.statistic):.3f}, n {these.sum()}")
    return least


def _least(d: Design, points: Any) -> float:
    """Choose where F1 is about the best; print what "stopped" is worth by the rules, and left out in turn."""
    true = np.array([case.stopped is True for case in d.cases])
    read, fresh = _read(d), np.array([case.fresh for case in d.cases])
    by_rule = d.signs[:, d.names.index("stopped")] > 0
    steps = np.arange(-1.5, 1.0, 0.05)
    worth = [_f1(points >= step, true, read)[2] for step in steps]
    least = max(step for step, f1 in zip(steps, worth, strict=True) if f1 >= max(worth) - NEARLY)
    for name, told in (("rules", by_rule), ("left out in turn", points >= least)):
        for what, use in (("all", read), ("fresh", fresh & read)):
            say(f"{name} stopped, {what}: P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*_f1(told, true, use)))
    return float(least)


def _f1(told: Any, true: Any, use: Any) -> tuple[float, float, float]:
    both = float((told & true & use).sum())
    made, wanted = max((told & use).sum(), 1), max((true & use).sum(), 1)
    return both / made, both / wanted, 2 * both / (made + wanted)


def parts(d: Design, learned: Learned) -> tuple[Any, Any, Any]:
    """Give weights of signs (a row a class), biases, and weights of n-grams in a vector of length 1 (a row an n-gram).

    The scores are sums over the same n-grams: their weights are put into those of the n-grams.
    """
    n = len(d.names)
    all_weights = learned.softmax.weights
    of_scores = all_weights[n : n + len(SCALES)] / learned.width[:, None]
    words = all_weights[n + len(SCALES) :] * WORDS
    biases = learned.softmax.biases - learned.middle @ of_scores
    for (weights, bias), of_score in zip(learned.ridges, of_scores, strict=True):
        words = words + np.outer(weights, of_score)
        biases = biases + bias * of_score
    return (all_weights[:n] / learned.spread[:, None]).T, biases, words


def write(d: Design, learned: Learned, least: float) -> None:
    """Write the model; the same input gives the same bytes. least: points from which on "stopped" is said."""
    weights, biases, words = parts(d, learned)
    ended = learned.stopped
    weights, words = np.vstack([weights, ended.signs]), np.column_stack([words, ended.grams])
    biases = np.append(biases, ended.bias - least)
    roots = np.sqrt(d.masses * UNIT)
    grams = {
        gram: [int(mass), *_whole(row * root)]  # in order of the vocabulary, which is sorted
        for gram, mass, root, row in zip(d.vocabulary, d.masses, roots, words, strict=True)
    }
    intercepts, marks = d.marks
    held = {
        "unit": UNIT,
        "intercepts": _whole(intercepts),
        "signs": {n: [round(float(w), 5) for w in row] for n, row in zip(d.names, weights.T, strict=True)},
        "biases": [round(float(b), 5) for b in biases],
        "words": grams,
        "marks": {gram: _whole(row) for gram, row in sorted(marks.items())},
    }
    packed = gzip.compress(json.dumps(held, separators=(",", ":"), ensure_ascii=False).encode(), mtime=0)
    (data.path(effect_model.FOLDER) / effect_model.NAME).write_bytes(packed)
    say(f"{effect_model.NAME}: {len(packed) / 1024:.0f} KiB, {len(grams)} n-grams")


def main() -> None:
    """Learn, measure, write."""
    given = sys.argv[1:]
    if {"-h", "--help"} & set(given):
        say(str(__doc__))
        return
    if not given:
        sys.exit(__doc__)
    without = [Path(path) for path in given[given.index("--without") + 1 :]] if "--without" in given else []
    pairs = [arg.split(":") for arg in given[1 : len(given) - len(without)] if re.search(":", arg)]
    told_of = [Annotated(Path(pair[0]), Path(pair[1]), fresh=pair[2:] == ["fresh"]) for pair in pairs]
    if not pairs:
        sys.exit(__doc__)
    told = cases(Path(given[0]), told_of, without)
    d = design(told, Path(given[0]))
    least = measured(d)
    write(d, learn(d, np.ones(len(told), dtype=bool)), least)


say = partial(print, flush=True)

if __name__ == "__main__":
    main()
