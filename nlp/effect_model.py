"""The effect of a treatment as a whole, by weights learned from annotated posts.

The rules say what was found (outcomes, side effects, stopping); the words around say how it is meant. Both are features
of one multinomial logistic regression. Its weights lie in data/models/effect.json.gz, made by nlp/training/effect.py;
the card beside it says from what. Without that file the rules decide alone.
"""

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import data
from nlp.phrases import word_classes
from nlp.types import Draft, Mention, Treatment

FOLDER, NAME = "models", "effect.json.gz"
SCORES = ("effectiveness", "ADR", "WD", "EF", "INF")
"""What words are scored for: a review's effectiveness, from its whole text; PsyTAR's four marks, by sentence."""

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[!?]")
_LONGEST = 3  # words of an n-gram
_CLASSES = ("worked", "partly", "no_effect", "harmful", "unclear")


@dataclass(frozen=True, slots=True)
class Words:
    """Weights of n-grams, for each of SCORES, in whole numbers, so that no sum depends on its order; unit: of one."""

    weights: Mapping[str, Sequence[int]]
    intercepts: Sequence[int]
    unit: float


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the words, and of the regression: a row a class, a column a feature."""

    words: Words
    classes: Sequence[str]
    features: Sequence[str]
    weights: Sequence[Sequence[float]]
    biases: Sequence[float]

    def decide(self, found: Mapping[str, float]) -> str:
        """Give the likeliest class for the values of the features."""
        values = [found.get(name, 0.0) for name in self.features]
        points = [
            sum(w * v for w, v in zip(row, values, strict=True)) + bias
            for row, bias in zip(self.weights, self.biases, strict=True)
        ]
        return self.classes[max(range(len(points)), key=points.__getitem__)]


@cache
def load() -> Model | None:
    """Give the bundled model; None where there is none."""
    path = data.path(FOLDER) / NAME
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as file:
        held = json.load(file)
    words = Words(held["words"], held["intercepts"], held["unit"])
    return Model(words, held["classes"], held["features"], held["weights"], held["biases"])


def ngrams(text: str) -> set[str]:
    """Give the runs of one to three words in a lower-case text."""
    tokens = _TOKEN.findall(text)
    found = set(tokens)
    for n in range(2, _LONGEST + 1):
        found.update(map(" ".join, zip(*(tokens[i:] for i in range(n)), strict=False)))
    return found


def about(d: Draft, substance: str) -> list[str]:
    """Give the sentences, lower case, that tell of a substance, its names as "xdrug".

    Of the index treatment these are also the sentences that name no medicine at all.
    """
    named: dict[int, list[Mention]] = {}
    for m in d.mentions:
        if m.kind == "substance":
            named.setdefault(m.sentence, []).append(m)
    index = substance == d.index
    out: list[str] = []
    for number, sentence in enumerate(d.sentences):
        here = named.get(number, [])
        own = [m for m in here if m.concept == substance]
        if own or (index and not here):
            out.append(_masked(d.low, sentence.start, sentence.end, own))
    return out


def features(
    d: Draft, treatment: Treatment, mentions: Sequence[Mention], by_rule: str, words: Words
) -> dict[str, float]:
    """Give what decides on a treatment: name of a feature to its value.

    mentions: its outcomes and side effects that are told as fact; by_rule: the effect that the rules alone would give.
    """
    outcomes = sorted((m for m in mentions if m.kind == "outcome" and m.detail != "verdict"), key=lambda m: m.start)
    better = [m for m in outcomes if m.direction == "improved"]
    same = [m for m in outcomes if m.direction == "unchanged"]
    worse = [m for m in outcomes if m.direction == "worsened"]
    harms = [m for m in mentions if m.kind == "side_effect" and m.present]
    denied = [m for m in mentions if m.kind == "side_effect" and not m.present]
    grave = {m.concept for m in harms} & word_classes()["grave"]
    sentences = about(d, treatment.substance)
    found: dict[str, float] = {
        "index": treatment.substance == d.index,
        "better": min(len(better), 3),
        "any better": bool(better),
        "unchanged": min(len(same), 2),
        "any unchanged": bool(same),
        "worse": bool(worse),
        "harms": min(len(harms), 5) / 5,
        "any harm": bool(harms),
        "many harms": len(harms) >= 3,
        "denied": bool(denied),
        "grave": bool(grave),
        "graver": len(grave) > 1,
        "faded": any(m.detail == "fade" for m in outcomes) or any(m.concept == "tolerance" for m in harms),
        "all in part": bool(better) and all(m.detail == "part" for m in better),
        "in part": any(m.detail == "part" for m in outcomes),
        "worse later": bool(better) and any(m.start > better[-1].start for m in [*same, *worse]),
        "stopped": treatment.stopped is True,
        "goes on": treatment.stopped is False,
        "better and harm": bool(better) and bool(harms),
        "harm alone": not better and bool(harms),
        "nothing": not outcomes and not harms,
        "stopped with harm": bool(treatment.stopped) and bool(harms),
        "verdict": any(m.detail == "verdict" for m in mentions),
        "length": min(len(sentences), 8) / 8,
        **{f"rule {name}": name == by_rule for name in _CLASSES},
    }
    return {name: float(value) for name, value in found.items()} | _said(sentences, words)


def _said(sentences: Sequence[str], words: Words) -> dict[str, float]:
    """Give the scores of the words: effectiveness of all, the marks' highest, last and mean over sentences."""
    if not sentences:
        return {}
    per = [ngrams(s) & words.weights.keys() for s in sentences]
    whole = sum(words.weights[gram][0] for gram in set[str]().union(*per))
    out = {SCORES[0]: (words.intercepts[0] + whole) * words.unit}
    scored = [_scores(grams, words) for grams in per]
    for at, name in enumerate(SCORES[1:], 1):
        column = [row[at] for row in scored]
        out |= {f"{name} max": max(column), f"{name} last": column[-1], f"{name} mean": sum(column) / len(column)}
    return out


def _scores(grams: set[str], words: Words) -> list[float]:
    """Give all scores of n-grams that have weights."""
    rows = map(words.weights.__getitem__, grams)
    return [sum(column) * words.unit for column in zip(words.intercepts, *rows, strict=True)]


def _masked(low: str, start: int, end: int, names: Sequence[Mention]) -> str:
    parts: list[str] = []
    at = start
    for m in names:
        parts += [low[at : m.start], " xdrug "]
        at = m.end
    return "".join([*parts, low[at:end]])
