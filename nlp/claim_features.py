"""What tells whether a claim counts: how it was found, and what else the post says. Read by nlp.claims.

Here that of outcomes: only kinds, counts and places of what the components found. nlp/side_effect_cases.py has that of
side effects.
"""

from collections.abc import Mapping
from typing import NamedTuple

from nlp.conditions import of_heading
from nlp.purpose import KIN, domain_of
from nlp.report import counts
from nlp.types import Draft, Mention, Treatment
from nlp.when import BEFORE

DIRECTIONS = ("improved", "unchanged", "worsened")

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
        self.open = [m for m in self.all if m.substance is None and counts(m) and not _of_no_treatment(d, m)]
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


def _of_no_treatment(d: Draft, m: Mention) -> bool:
    """Say whether a change is another person's, or is said outright to have come before the treatment."""
    return BEFORE in m.signs or (m.whose == "other" and d.reporter != "caregiver")


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
