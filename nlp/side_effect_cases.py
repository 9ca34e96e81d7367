"""What tells whether a side effect counts: how it was found, what else the post says, and the words around it.

The words count one and two at a time. Read by nlp.claims.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from nlp.assertion import span
from nlp.effect_clues import conditions_like
from nlp.logistic import Logistic
from nlp.sections import section_at, sections_of
from nlp.ties import Ties
from nlp.types import EFFECTS, Draft, Mention

AROUND = ("<", "<0", "<1", "<2", "<<", ">", ">0", ">1", ">>", "=", "==")
"""Words before a side effect, the closest three by their place, and pairs; those behind it; those of it, and all."""
_OF_SEVERAL = ("<<", ">>", "==")
_TOLD = "told: "
_TIES = {
    "made": 7,
    "list": 7,
    "since": 12,
    "stopping": 25,
    "got": 6,
    "had": 6,
    "illness": 4,
    "for": 4,
    "severe": 2,
    "mild": 2,
    "gone": 8,
    "relief": 5,
    "less": 3,
}
"""Kinds of cues (data/lexicons/ties.tsv) and how many words they may stand from a side effect."""

_LIST_GAP = 12  # characters between two effects of one list
_BEFORE, _CLOSE_BEFORE = 8, 3  # words and commas before a side effect, and those whose distance counts
_AFTER, _CLOSE_AFTER = 5, 2
_TAKEN = re.compile(
    r"[tsbpgu](?<!\w.)(?:(?<=t)(?:ook|ak(?:e|en|ing)|ried)|(?<=s)tart(?:ed|ing)|(?<=b)(?:egan|een on)|"
    r"(?<=p)(?:ut on|rescribed)|(?<=g)iven|(?<=u)sing)\b"
)
_COMPANY = ("outcome", "condition", "substance")


class EffectFeatures(NamedTuple):
    """The features of a side effect, as they are counted: to name each would cost more than to weigh it.

    found: by name; each counts once more, as "told: <name>", if the rules take it for a side effect (told). post: by
    name, of all alike. around: the words around it, for each of AROUND; of pairs, and of what it is called, tuples.
    """

    found: dict[str, float]
    told: bool
    post: dict[str, float]
    around: tuple[Iterable[str | tuple[str, ...]], ...]

    def named(self) -> dict[str, float]:
        """Give all features by name, as a model has them."""
        out = {name: value for name, value in self.found.items() if value}
        if self.told:
            out |= {f"told: {name}": value for name, value in out.items()}
            out["told"] = 1.0
        for kind, words in zip(AROUND, self.around, strict=True):
            out |= {f"{kind} {word if isinstance(word, str) else ' '.join(word)}": 1.0 for word in words}
        return out | self.post


class EffectWeights:
    """The weights of a model of side effects, laid out as their features are."""

    def __init__(self, model: Logistic) -> None:
        words: dict[str, dict[str | tuple[str, ...], float]] = {kind: {} for kind in AROUND}
        names: dict[str, float] = {}
        for name, weight in model.weights.items():
            kind, _, word = name.partition(" ")
            if kind in words:
                words[kind][tuple(word.split(" ")) if kind in _OF_SEVERAL else word] = weight
            else:
                names[name] = weight
        more = {name.removeprefix(_TOLD): weight for name, weight in names.items() if name.startswith(_TOLD)}
        self._passed_over = names
        self._told = {name: names.get(name, 0.0) + more.get(name, 0.0) for name in (*names, *more)}
        self._around = tuple(words.values())
        self._bias, self._least = model.bias, model.least

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, model: Logistic) -> "EffectWeights":
        """Give those of a model, laid out once."""
        return cls(model)

    def holds(self, features: EffectFeatures) -> bool:
        """Say whether a side effect counts."""
        found, told, post, around = features
        weights = self._told if told else self._passed_over
        total = self._bias + (self._passed_over.get("told", 0.0) if told else 0.0)
        total += sum([weights[name] * found[name] for name in found if name in weights])
        total += sum([self._passed_over.get(name, 0.0) * post[name] for name in post])
        for known, words in zip(self._around, around, strict=True):
            for word in words:
                if word in known:
                    total += known[word]
        return total >= self._least


class Effects:
    """The side effects that a post may claim, and the features of each."""

    def __init__(self, d: Draft, ties: Ties) -> None:
        self._d, self._ties = d, ties
        self._starts = d.word_starts
        self._sections = list(sections_of(d))
        self._taken = [m.span() for m in _TAKEN.finditer(d.low)]
        self._beside: dict[int, list[Mention]] = {}
        for m in d.mentions:
            self._beside.setdefault(m.sentence, []).append(m)
        told = d.of("side_effect")
        self._told = {_claim(m) for m in told}
        self._denied = float(any(m.concept == "any" and m.present is False for m in told))
        self._shared = {
            f"reporter {d.reporter}": 1.0,
            "heading given": float(d.index_from_heading),
            "sentences": min(len(d.sentences), 20) / 20,
            "in all": min(len(told) + len(d.of("symptom")), 6) / 6,
        }

    def features(self, m: Mention) -> EffectFeatures:
        """Give the features of one of them. What is 0 may be left out."""
        d, ties = self._d, self._ties
        first, last = span(m, self._starts)
        sentence = d.sentences[m.sentence]
        begin, end = sentence.first, sentence.last
        found = {
            **self._shared,
            f"concept {m.concept}": 1.0,
            f"assertion {m.assertion}": 1.0,
            f"whose {m.whose}": 1.0,
            f"section {section_at(self._sections, m.start)[0][:4]}": 1.0,
            f"detail {m.detail or ''}": 1.0,
            "present": float(bool(m.present)),
            "index": float(m.substance == d.index),
            "place": m.start / max(len(d.text), 1),
            "question": float(sentence.question),
            "first sentence": float(m.sentence == 0),
            "words": min(end - begin, 40) / 40,
            "words of it": min(last - first, 5) / 5,
            "like the illness": float(not conditions_like(m.concept).isdisjoint(d.conditions)),
            "I": float("i" in d.norms[begin:end]),
        }
        for kind in {tie.kind for tie in ties.within(begin, end)}:
            reach = _TIES.get(kind)
            if reach is not None:
                if ties.before(first, (kind,), reach, begin) is not None:
                    found[f"{kind} before"] = 1.0
                if ties.after(last, (kind,), reach, end) is not None:
                    found[f"{kind} after"] = 1.0
        for tie in ties.within(first, last):
            found[f"{tie.kind} within"] = 1.0
        for a, b in self._taken:
            if b > m.start:
                break
            found["took before"] = 1.0
            if a >= sentence.start:
                found["took in the sentence"] = 1.0
        for sign in m.signs:
            if sign:
                found[f"sign {sign}"] = 1.0
        found |= _company(m, self._beside[m.sentence])
        post = {"same told": float(_claim(m) in self._told), "all denied": self._denied}
        return EffectFeatures(found, m.kind == "side_effect", post, _around(d, first, last))


def _claim(m: Mention) -> tuple[str | None, str, bool]:
    return m.substance, m.concept, bool(m.present)


def _company(m: Mention, beside: Iterable[Mention]) -> dict[str, float]:
    """Give what else stands in the sentence of a side effect. beside: all its mentions."""
    found: dict[str, float] = {}
    effects = 0
    count = dict.fromkeys(_COMPANY, 0)
    for x in beside:
        kind = x.kind
        if kind in count:
            count[kind] += 1
            if x.start < m.end and m.start < x.end:
                found[f"{kind} over it"] = 1.0
            if kind == "outcome":
                found[f"{x.direction} beside"] = 1.0
        elif kind in EFFECTS and x is not m:
            effects += 1
            if 0 <= m.start - x.end <= _LIST_GAP:
                found["listed behind"] = 1.0
            if 0 <= x.start - m.end <= _LIST_GAP:
                found["listed before"] = 1.0
    found["effects beside"] = min(effects, 4) / 4
    for company, number in count.items():
        found[f"{company} beside"] = min(number, 4) / 4
    return found


def _around(d: Draft, first: int, last: int) -> tuple[Iterable[str | tuple[str, ...]], ...]:
    """Give the words before, of and behind words[first:last], for each of AROUND; a comma or an end counts as a word.

    Each is there once, in order: a sum must not hang on chance.
    """
    words = d.words
    before: list[str] = []
    for k in range(first, 0, -1):
        gap = words[k][3]
        if gap:
            before.append(gap)
        norm = words[k - 1][0]
        before.append("#" if norm.isdigit() else norm)
        if len(before) >= _BEFORE:
            break
    after: list[str] = []
    for norm, _, _, gap in words[last : last + _AFTER]:
        if gap:
            after.append(gap)
        after.append("#" if norm.isdigit() else norm)
    before, after = before[:_BEFORE], after[:_AFTER]
    own = d.norms[first:last]
    once = dict.fromkeys
    return (
        once(before),
        before[:1],
        before[1:2],
        before[2:3],
        once(zip(before[1:], before, strict=False)),
        once(after),
        after[:1],
        after[1:2],
        once(pairwise(after)),
        once(own),
        (tuple(own),),
    )
