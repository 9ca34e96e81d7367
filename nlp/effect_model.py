"""The effect of a treatment as a whole, and whether it was stopped, by weights learned from annotated posts.

For the effect, rated reviews teach too.

The rules say what was found (`nlp/effect_signs.py`); the words around say how it is meant. Both weigh in one
multinomial logistic regression. Its weights lie in data/models/effect.json.gz, made by nlp/training/effect.py; the card
beside it says from what. Without that file the rules decide alone.
"""

import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from math import sqrt
from operator import add
from sys import intern
from typing import Self

import data
from nlp.types import Draft, Mention

FOLDER, NAME = "models", "effect.json.gz"
CLASSES = ("worked", "partly", "no_effect", "harmful", "unclear")
MARKS = ("ADR", "WD", "EF", "INF")
"""What sentences are scored for: PsyTAR's marks."""

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[!?]")
_LONGEST = 3  # words of an n-gram
Key = str | tuple[str, ...]
"""An n-gram: one word, or a tuple of several."""


_BITS = 40  # of a column: no sum of weights comes near it
_HALF, _FULL = 1 << _BITS - 1, (1 << _BITS) - 1


def packed(row: Sequence[int]) -> int:
    """Give whole numbers as one: to add rows up is then one addition each, and a model lies close in memory."""
    total = 0
    for value in reversed(row):
        total = (total << _BITS) + value
    return total


def columns(total: int, first: int, last: int) -> list[int]:
    """Give the columns first:last of a sum of packed rows."""
    out: list[int] = []
    for _ in range(last):
        value = (total + _HALF & _FULL) - _HALF
        out.append(value)
        total = total - value >> _BITS
    return out[first:]


@dataclass(frozen=True, slots=True)
class Words:
    """Weights of n-grams, in whole numbers, so that no sum depends on its order; unit: of one.

    rows: of each n-gram, packed, a weight for each of MARKS, then its mass, a weight for each of CLASSES and one for
    "stopped". The latter weigh together as one vector of length 1: its length is the root of the sum of the masses in a
    text.
    """

    rows: Mapping[Key, int]
    intercepts: Sequence[int]
    unit: float

    @classmethod
    def of(
        cls,
        classes: Mapping[Key, Sequence[int]],
        marks: Mapping[Key, Sequence[int]],
        intercepts: Sequence[int],
        unit: float,
    ) -> Self:
        """Make them of two tables. classes: of each n-gram its mass and its weights; marks: of each its weights."""
        none = [0] * len(MARKS)
        rows = {gram: packed([*marks.get(gram, none), *classes.get(gram, ())]) for gram in (*classes, *marks)}
        return cls(rows, intercepts, unit)

    def known(self, grams: Iterable[Key]) -> Set[Key]:
        """Give those n-grams that have weights."""
        return set(filter(self.rows.__contains__, grams))

    def of_text(self, known: Set[Key]) -> list[float]:
        """Give what the n-grams of a whole text say for each class and for "stopped", of those that have weights."""
        first = len(MARKS)
        mass, *weights = columns(sum(map(self.rows.__getitem__, known)), first, first + 2 + len(CLASSES))
        length = sqrt(mass * self.unit or 1)
        return [weight * self.unit / length for weight in weights]

    def of_sentence(self, known: Set[Key]) -> list[float]:
        """Give what the n-grams of one sentence say for each mark, of those that have weights."""
        found = columns(sum(map(self.rows.__getitem__, known)), 0, len(MARKS))
        return [(own + weight) * self.unit for own, weight in zip(self.intercepts, found, strict=True)]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the words; of each sign, for each of CLASSES and for "stopped"; biases, of the same order."""

    words: Words
    signs: Mapping[str, Sequence[float]]
    biases: Sequence[float]

    def decide(self, found: Mapping[str, float], sentences: Sequence[str]) -> tuple[str, bool]:
        """Give the likeliest class, and whether it was stopped, by the signs and the sentences about a treatment."""
        *points, stopped = self.points(found, sentences)
        return CLASSES[max(range(len(points)), key=points.__getitem__)], stopped >= 0

    def points(self, found: Mapping[str, float], sentences: Sequence[str]) -> list[float]:
        """Give what speaks for each of CLASSES (probabilities are as exp of these); last for "stopped", if over 0."""
        per = [self.words.known(keys(sentence)) for sentence in sentences]
        a, b, c, d, e, f = map(add, self.biases, self.words.of_text(set[Key]().union(*per)))
        weights_of = self.signs.get
        for name, value in (*found.items(), *marked(per, self.words).items()):
            if weights := weights_of(name):
                # One by one, in this order: a loop over the six would cost three times as much.
                u, v, w, x, y, z = weights
                a += u * value
                b += v * value
                c += w * value
                d += x * value
                e += y * value
                f += z * value
        return [a, b, c, d, e, f]


@cache
def load() -> Model | None:
    """Give the bundled model; None where there is none."""
    path = data.path(FOLDER) / NAME
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as file:
        held = json.load(file)
    words = Words.of(_keyed(held["words"]), _keyed(held["marks"]), held["intercepts"], held["unit"])
    return Model(words, held["signs"], held["biases"])


def _keyed(weights: Mapping[str, Sequence[int]]) -> dict[Key, Sequence[int]]:
    return {_key(gram): row for gram, row in weights.items()}


def _key(gram: str) -> Key:
    one, *more = map(intern, gram.split(" "))
    return (one, *more) if more else one


def ngrams(text: str) -> set[str]:
    """Give the runs of one to three words in a lower-case text."""
    tokens = _TOKEN.findall(text)
    found = set(tokens)
    for n in range(2, _LONGEST + 1):
        found.update(map(" ".join, zip(*(tokens[i:] for i in range(n)), strict=False)))
    return found


def keys(text: str) -> Iterable[Key]:
    """Give the n-grams of a text as the model has them: to join their words would cost more than to look them up."""
    tokens = _TOKEN.findall(text)
    return chain[Key](tokens, pairwise(tokens), zip(tokens, tokens[1:], tokens[2:], strict=False))


def about(d: Draft, substance: str) -> list[int]:
    """Give the numbers of the sentences that tell of a substance.

    Of the index treatment these are also the sentences that name no medicine at all.
    """
    numbers = list(dict.fromkeys(m.sentence for m in d.named(substance)))
    if substance == d.index:
        own = set(numbers)
        numbers = [n for n in range(len(d.sentences)) if n in own or not d.beside("substance", n)]
    return numbers


def masked(d: Draft, numbers: Iterable[int], substance: str) -> list[str]:
    """Give sentences in lower case: the names of a substance as "xdrug", those of others as "xother"."""
    out: list[str] = []
    for n in numbers:
        sentence = d.sentences[n]
        out.append(_masked(d.low, sentence.start, sentence.end, d.beside("substance", n), substance))
    return out


def marked(per: Sequence[Set[Key]], words: Words) -> dict[str, float]:
    """Give each mark's highest, last and mean score over sentences, given as their n-grams that have weights."""
    out: dict[str, float] = {}
    scored = [words.of_sentence(grams) for grams in per]
    for name, column in zip(MARKS, zip(*scored, strict=True), strict=bool(scored)):
        out |= {f"{name} max": max(column), f"{name} last": column[-1], f"{name} mean": sum(column) / len(column)}
    return out


def _masked(low: str, start: int, end: int, names: Sequence[Mention], substance: str) -> str:
    parts: list[str] = []
    at = start
    for m in names:
        if m.start >= at:
            parts += [low[at : m.start], " xdrug " if m.concept == substance else " xother "]
            at = m.end
    return "".join([*parts, low[at:end]])
