"""What tells whether a claim counts: how it was found, and what else the post says. Read by nlp.claims.

Of an outcome, only kinds, counts and places of what the components found. Of a side effect also the words around it,
one and two at a time.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from nlp.conditions import of_heading
from nlp.effect_clues import conditions_like
from nlp.purpose import KIN, domain_of
from nlp.report import counts
from nlp.ties import Ties
from nlp.types import EFFECTS, Draft, Mention, Treatment

DIRECTIONS = ("improved", "unchanged", "worsened")
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
_TAKEN = re.compile(r"\b(?:took|tak(?:e|en|ing)|started|starting|began|been on|tried|put on|prescribed|given|using)\b")

Key = tuple[str, str]
"""Domain and direction of an outcome."""


class Sought(NamedTuple):
    """What a post seeks, the same for all its treatments: domains of its heading, of its conditions, named, reasons."""

    heading: list[str]
    conditions: list[str]
    named: set[str]
    reasons: set[str]


def sought(d: Draft) -> Sought:
    """Give what a post seeks."""
    named = d.of("condition")
    return Sought(
        [x for c in of_heading(d.post.condition or "") for x in domain_of(c)],
        [x for c in d.conditions for x in domain_of(c)],
        {x for c in {m.concept for m in named} for x in domain_of(c)},
        {x for c in {m.concept for m in named if m.detail == "reason"} for x in domain_of(c)},
    )


class Outcomes:
    """The outcomes that a post may claim of one treatment taken, and the features of each.

    own: the outcomes that are told of it as fact. open: those that no treatment was found for, which are the index
    treatment's if anybody's.
    """

    def __init__(self, d: Draft, treatment: Treatment, post: Sought) -> None:
        name = treatment.substance
        index = name == d.index
        owned = d.owned(name)
        told = d.of("outcome") if index else [m for m in owned if m.kind == "outcome"]
        self.all = [m for m in told if m.substance == name or (index and m.substance is None)]
        self.own = [m for m in self.all if m.substance == name and counts(m)]
        self.open = [m for m in self.all if m.substance is None and counts(m)]
        self._heading, self._named, self._reasons = post.heading, post.named, post.reasons
        self._sought = post.conditions if index else []
        harms = sum(m.kind == "side_effect" and bool(m.present) and counts(m) for m in owned)
        self._shared = {
            f"effect {treatment.effect}": 1.0,
            f"stopped {treatment.stopped}": 1.0,
            "index": float(index),
            "heading given": float(d.index_from_heading),
            f"reporter {d.reporter}": 1.0,
            "treatments": min(len(d.treatments), 5) / 5,
            "harms": min(harms, 4) / 4,
            "sentences": min(len(d.sentences), 8) / 8,
            "claimed": min(len({(m.concept, m.direction) for m in self.own}), 4) / 4,
            "no reason": float(not self._reasons),
        }

    def claims(self) -> list[Key]:
        """Give what may be claimed: what is told, and of each direction told, what the treatment is taken for."""
        told = {m.direction for m in self.own}
        found = dict.fromkeys((m.concept, str(m.direction)) for m in [*self.own, *self.open])
        for direction in DIRECTIONS:
            if direction in told:
                found |= dict.fromkeys((domain, direction) for domain in ("overall", *self._sought))
        return list(found)

    def features(self, key: Key) -> dict[str, float]:
        """Give the features of one claim."""
        domain, direction = key
        same = [m for m in self.all if (m.concept, m.direction) == key]
        own = [m for m in self.own if (m.concept, m.direction) == key]
        found = {
            **self._shared,
            "told": float(bool(own)),
            "times": min(len(same), 3) / 3,
            "times as fact": min(len(own), 3) / 3,
            "other domains": min(len({m.concept for m in self.own if m.direction == direction} - {domain}), 3) / 3,
            "other direction": float(any(m.concept == domain and m.direction != direction for m in self.own)),
            "direction told": float(any(m.direction == direction for m in self.own)),
            "overall told": float(any((m.concept, m.direction) == ("overall", direction) for m in self.own)),
            "in heading": float(domain in self._heading),
            "first in heading": float(self._heading[:1] == [domain]),
            "sought": float(domain in self._sought),
            "alone sought": float(set(self._sought) == {domain}),
            "reason": float(domain in self._reasons),
            "named": float(domain in self._named),
            "kin sought": float(KIN.get(domain) in self._sought),
            f"domain {domain}": 1.0,
        }
        for m in same:
            found |= {f"degree {m.detail or ''}"[:12]: 1.0, f"assertion {m.assertion}": 1.0, f"whose {m.whose}": 1.0}
        return _crossed(found, direction, overall=domain == "overall", told=bool(own))


def _crossed(found: Mapping[str, float], direction: str, *, overall: bool, told: bool) -> dict[str, float]:
    """Give the features as such and by direction, by direction of the treatment as a whole, and of what is told."""
    out = {f"is {direction}": 1.0}
    for name, value in found.items():
        if value:
            out[name] = out[f"{direction}: {name}"] = value
            if overall:
                out[f"overall {direction}: {name}"] = value
            if told:
                out[f"told: {name}"] = value
    return out


def side_effect(
    d: Draft, ties: Ties, m: Mention, beside: Iterable[Mention], place: tuple[int, int], section: str
) -> dict[str, float]:
    """Give the features of a side effect.

    beside: all mentions of its sentence; place: its words, as (first, last + 1); section: of a form, if any.
    """
    first, last = place
    sentence = d.sentences[m.sentence]
    found = {
        f"concept {m.concept}": 1.0,
        f"assertion {m.assertion}": 1.0,
        f"whose {m.whose}": 1.0,
        f"reporter {d.reporter}": 1.0,
        "present": float(bool(m.present)),
        "heading given": float(d.index_from_heading),
        "index": float(m.substance == d.index),
        "place": m.start / max(len(d.text), 1),
        "question": float(sentence.question),
        "sentences": min(len(d.sentences), 20) / 20,
        "words": min(sentence.last - sentence.first, 40) / 40,
        "like the illness": float(not conditions_like(m.concept).isdisjoint(d.conditions)),
        "in all": min(len(d.of("side_effect")) + len(d.of("symptom")), 6) / 6,
        "I": float(any(d.words[k].norm == "i" for k in range(sentence.first, sentence.last))),
    }
    near = {tie.kind for tie in ties.within(sentence.first, sentence.last)}
    for kind, reach in [(kind, reach) for kind, reach in _TIES.items() if kind in near]:
        if ties.before(first, (kind,), reach, sentence.first) is not None:
            found[f"{kind} before"] = 1.0
        if ties.after(last, (kind,), reach, sentence.last) is not None:
            found[f"{kind} after"] = 1.0
    for tie in ties.within(first, last):
        found[f"{tie.kind} within"] = 1.0
    found[f"section {section[:4]}"] = 1.0
    found[f"detail {m.detail or ''}"] = 1.0
    found["took before"] = float(_TAKEN.search(d.low, 0, m.start) is not None)
    found["took in the sentence"] = float(_TAKEN.search(d.low, sentence.start, m.start) is not None)
    found["first sentence"] = float(m.sentence == 0)
    others = [x for x in beside if x is not m]
    effects = [x for x in others if x.kind in EFFECTS]
    found["listed behind"] = float(any(0 <= m.start - x.end <= _LIST_GAP for x in effects))
    found["listed before"] = float(any(0 <= x.start - m.end <= _LIST_GAP for x in effects))
    for direction in DIRECTIONS:
        found[f"{direction} beside"] = float(any(x.kind == "outcome" and x.direction == direction for x in others))
    found["effects beside"] = min(len(effects), 4) / 4
    for kind in ("outcome", "condition", "substance"):
        found[f"{kind} beside"] = min(sum(x.kind == kind for x in others), 4) / 4
        found[f"{kind} over it"] = float(any(x.kind == kind and x.start < m.end and m.start < x.end for x in others))
    found["words of it"] = min(last - first, 5) / 5
    found |= {f"sign {sign}": 1.0 for sign in m.signs if sign}
    out = {name: value for name, value in found.items() if value}
    if m.kind == "side_effect":
        out |= {f"told: {name}": value for name, value in out.items()}
        out["told"] = 1.0
    return out | _around(d, first, last)


def _around(d: Draft, first: int, last: int) -> dict[str, float]:
    """Give the words before, of and behind words[first:last], and how close; a comma or an end counts as a word."""
    words = d.words
    before: list[str] = []
    for k in range(first, 0, -1):
        if words[k].gap:
            before.append(words[k].gap)
        before.append(_read(words[k - 1].norm))
        if len(before) >= _BEFORE:
            break
    after: list[str] = []
    for k in range(last, min(last + _AFTER, len(words))):
        if words[k].gap:
            after.append(words[k].gap)
        after.append(_read(words[k].norm))
    before, after = before[:_BEFORE], after[:_AFTER]
    own = [words[k].norm for k in range(first, last)]
    return dict.fromkeys(
        [
            *(f"< {word}" for word in before),
            *(f"<{at} {word}" for at, word in enumerate(before[:_CLOSE_BEFORE])),
            *(f"<< {b} {a}" for a, b in pairwise(before)),
            *(f"> {word}" for word in after),
            *(f">{at} {word}" for at, word in enumerate(after[:_CLOSE_AFTER])),
            *(f">> {a} {b}" for a, b in pairwise(after)),
            *(f"= {word}" for word in own),
            f"== {' '.join(own)}",
        ],
        1.0,
    )


def _read(norm: str) -> str:
    return "#" if norm.isdigit() else norm
