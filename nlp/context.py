"""Whether a side effect is so, whose it is and when it was, weighed by all the words around it.

The cues of nlp/assertion.py and nlp/experiencer.py say it where they stand alone; of the ways in which people say it
without them a list has no end. Here a multinomial logistic regression holds the words around against what the cues
said, and overrules them only where it is likelier than not that a reader would. Its weights lie in
data/models/context.json.gz, made by nlp/training/context.py; the card beside it says from what. Without it the cues
stand alone.
"""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import exp
from typing import Literal, cast

from spacy.language import Language
from spacy.tokens import Doc

import data
from nlp.component import Component, draft
from nlp.context_words import BUCKETS, PAIRED, Around, Key, Masked, keys, places
from nlp.denials import OUTRIGHT, SETTLED
from nlp.effect_model import FOLDER, columns, packed
from nlp.phrases import word_classes
from nlp.types import EFFECTS, Assertion, Draft, Mention

NAME = "context.json.gz"
CLASSES: tuple[str, ...] = ("present", "negated", "past", "hypothetical", "general")
"""What may be so: it came; it did not; of another time or cause; not told as fact; of others."""
Verdict = Literal["present", "negated", "none"]
VERDICTS: tuple[Verdict, ...] = ("present", "negated", "none")
"""What counts of it: the last three of CLASSES are none."""
WIDEST = 400  # words: larger classes are lists of names
_I = frozenset("i im ive id ill me myself mine".split())
LEAST = 0.6
"""How likely a reading must be to overrule the cues."""


def verdict(m: Mention) -> Verdict:
    """Give what the cues say of a side effect."""
    if m.whose not in ("self", "other") or m.assertion in ("hypothetical", "past"):
        return "none"
    return "negated" if m.assertion == "negated" or m.present is False else "present"


@cache
def classes_of() -> Mapping[str, Sequence[str]]:
    """Give the classes of words (data/lexicons/word_classes.toml) of each word that is in one."""
    out: dict[str, list[str]] = {}
    for name, words in word_classes().items():
        if len(words) <= WIDEST:
            for word in words:
                out.setdefault(word, []).append(name)
    return out


class Weights:
    """What speaks for each of CLASSES, by what the cues said: biases, and a table for each of BUCKETS, packed."""

    def __init__(self, held: Mapping[str, Mapping[str, Sequence[int]]], unit: float) -> None:
        """Lay out the weights of a file. held: by verdict ("" for all) the weights of each feature by name."""
        self._unit = unit
        self._biases: dict[str, int] = {}
        self._tables: dict[str, tuple[dict[Key, int], ...]] = {}
        members: dict[str, list[str]] = {}
        for word, names in classes_of().items():
            for name in names:
                members.setdefault(name, []).append(word)
        for said in VERDICTS:
            bias = 0
            tables: dict[str, dict[Key, int]] = {bucket: {} for bucket in BUCKETS}
            for part in ("", said):
                for name, row in held.get(part, {}).items():
                    weight = packed(row)
                    bucket, _, rest = name.partition(" ")
                    if not bucket:
                        bias += weight
                    elif bucket.endswith("@"):  # of every word of a class
                        table = tables[bucket[:-1]]
                        for word in members.get(rest, ()):
                            table[word] = table.get(word, 0) + weight
                    else:
                        key: Key = tuple(rest.split(" ")) if bucket in PAIRED else rest
                        tables[bucket][key] = tables[bucket].get(key, 0) + weight
            self._biases[said] = bias
            self._tables[said] = tuple(tables[bucket] for bucket in BUCKETS)

    def likely(self, said: Verdict, found: Sequence[Iterable[Key]]) -> list[float]:
        """Give how likely each of CLASSES is. said: by the cues; found: what counts, for each of BUCKETS."""
        total = self._biases[said]
        for table, some in zip(self._tables[said], found, strict=True):
            for key in some:
                weight = table.get(key)
                if weight is not None:
                    total += weight
        points = [value * self._unit for value in columns(total, 0, len(CLASSES))]
        most = max(points)
        powers = [exp(point - most) for point in points]
        whole = sum(powers)
        return [power / whole for power in powers]

    def decisive(self, said: Verdict, around: Around, chosen: int, rest: Iterable[int]) -> tuple[int, int] | None:
        """Give the words, [first, last), that speak most for one of CLASSES and against others; None if none do."""
        best = 0
        where: tuple[int, int] | None = None
        tables: dict[str, dict[Key, int]] = dict(zip(BUCKETS, self._tables[said], strict=True))
        others = list(rest)
        for bucket, key, first, last in places(around):
            if key in tables[bucket]:
                points = columns(tables[bucket][key], 0, len(CLASSES))
                worth = points[chosen] - max(points[k] for k in others)
                if worth > best:
                    best, where = worth, (first, last)
        return where


@cache
def load() -> Weights | None:
    """Give the bundled weights; None where there are none."""
    path = data.path(FOLDER) / NAME
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as file:
        held = json.load(file)
    return Weights(held["weights"], held["unit"])


class Context(Component):
    """Overrules what the cues said of side effects where the words around speak plainly against it."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace the side effects that are told otherwise by copies, where they may be a treatment's."""
        d = draft(doc)
        weights = load()
        if d.exclusion or weights is None or not d.names_treatment():
            return doc
        if not any(m.kind in EFFECTS for m in d.mentions):
            return doc
        masked = Masked(d)
        d.mentions = [weighed(d, masked, weights, m) if m.kind in EFFECTS else m for m in d.mentions]
        return doc


def weighed(d: Draft, masked: Masked, weights: Weights, m: Mention) -> Mention:
    """Give a side effect as the words around it tell of it."""
    said = verdict(m)
    if said == "present" and m.whose == "other" and _I.isdisjoint(d.vocabulary):
        return m  # where no author speaks of himself the post may be that other person's
    around = masked.around(m)
    shares = weights.likely(said, keys(around))
    of = (shares[0], shares[1], sum(shares[2:]))
    best = max(range(3), key=of.__getitem__)
    if VERDICTS[best] == said or of[best] < LEAST:
        return m
    chosen = best if best < 2 else max(range(2, len(CLASSES)), key=shares.__getitem__)
    against = {"present": [0], "negated": [1], "none": [2, 3, 4]}[said]
    return _as(d, m, chosen, weights.decisive(said, around, chosen, against))


def _as(d: Draft, m: Mention, chosen: int, where: tuple[int, int] | None) -> Mention:
    """Give a side effect as one of CLASSES says, with the words that decided as its cue."""
    what = CLASSES[chosen]
    signs = tuple(sign for sign in m.signs if sign not in (OUTRIGHT, SETTLED))
    changed = m._replace(whose="self" if m.whose not in ("self", "other") else m.whose, signs=signs, present=True)
    changed = changed._replace(assertion="present", cue=None, cue_start=-1, cue_end=-1)
    if what == "present":
        return changed
    if where is not None:
        start, end = d.words[where[0]].start, d.words[where[1] - 1].end
        changed = changed._replace(cue=d.text[start:end], cue_start=start, cue_end=end)
    if what == "general":
        return changed._replace(whose="general")
    return changed._replace(assertion=cast("Assertion", what), present=what != "negated")


Language.factory("doselore_context", func=Context)
