"""What the rules found of a treatment, as the numbers that its effect is decided by: name of a sign to its value.

Only what is not zero is given. The names are kept in the model's file, so a sign may be added or dropped when the
model is learned again, and at no other time.
"""

from collections.abc import Mapping, Sequence

from nlp.phrases import word_classes
from nlp.purpose import domain_of
from nlp.types import Draft, Mention, Treatment

Signs = dict[str, float]

_TOLD = ("present", "negated")
_LONG, _SHORT = 180, 21  # days
_TINY, _MANY_WORDS = 15, 300
_GRAVE = word_classes()["grave"]
_CROSSED = ("nothing", "stopped", "tried", "listed", "any better", "any unchanged")
"""Signs that mean one thing of the medicine that a post is about and another of one that it names beside."""


def signs(d: Draft, treatment: Treatment, told: Sequence[Mention], by_rule: str, *, tried: bool) -> Signs:
    """Give what decides on a treatment.

    told: its outcomes and side effects that are told as fact; by_rule: the effect that the rules alone would give;
    tried: it is named as one of those tried before another.
    """
    index = treatment.substance == d.index
    found: dict[str, float] = {
        "index": index,
        "heading": d.index_from_heading and index,
        "not of heading": d.index_from_heading and not index,
        "tried": tried,
        f"rule {by_rule}": True,
        **_of_changes(d, told),
        **_of_harms(told),
        **_of_course(d, treatment),
        **_of_post(d, treatment.substance),
        **_of_names(d, treatment.substance),
    }
    found |= _together(found, treatment)
    found |= {f"{'index' if index else 'beside'}: {name}": found[name] for name in _CROSSED}
    return {name: float(value) for name, value in found.items() if value}


def _of_changes(d: Draft, told: Sequence[Mention]) -> Mapping[str, float]:
    outcomes = sorted((m for m in told if m.kind == "outcome" and m.detail != "verdict"), key=lambda m: m.start)
    better = [m for m in outcomes if m.direction == "improved"]
    same = [m for m in outcomes if m.direction == "unchanged"]
    worse = [m for m in outcomes if m.direction == "worsened"]
    sought = {domain for condition in d.conditions for domain in domain_of(condition)}
    last = outcomes[-1].direction if outcomes else None
    return {
        "better": min(len(better), 4) / 2,
        "any better": bool(better),
        "two better": len(better) > 1,
        "unchanged": min(len(same), 2),
        "any unchanged": bool(same),
        "worse": bool(worse),
        "faded": any(m.detail == "fade" or m.concept == "tolerance" for m in told),
        "all in part": bool(better) and all(m.detail == "part" for m in better),
        "in part": any(m.detail == "part" for m in outcomes),
        "worse later": bool(better) and any(m.start > better[-1].start for m in [*same, *worse]),
        "mixed": bool(better) and bool(same or worse),
        f"last {last}": bool(last),
        "first improved": bool(outcomes) and outcomes[0].direction == "improved",
        "verdict": any(m.detail == "verdict" for m in told),
        "no change told": not outcomes,
        **{f"overall {m.direction}": True for m in outcomes if m.concept == "overall"},
        "sought, better": any(m.concept in sought for m in better),
        "sought, not better": any(m.concept in sought for m in [*same, *worse]),
    }


def _of_harms(told: Sequence[Mention]) -> Mapping[str, float]:
    effects = [m for m in told if m.kind == "side_effect"]
    harms = {m.concept for m in effects if m.present}
    denied = {m.concept for m in effects if not m.present}
    severe = {m.concept for m in effects if m.present and m.detail == "severe"}
    return {
        "harms": min(len(harms), 6) / 6,
        "any harm": bool(harms),
        "many harms": len(harms) > 2,
        "severe harm": bool(severe),
        "denied": bool(denied),
        "none at all": "any" in denied,
        "grave": bool(harms & _GRAVE),
        "graver": len(harms & _GRAVE) > 1,
        "harm unnamed": "any" in harms,
        "withdrawal": bool(harms & {"withdrawal", "dependence"}),
    }


def _of_course(d: Draft, treatment: Treatment) -> Mapping[str, float]:
    days = treatment.duration_days
    own = d.owned(treatment.substance)
    return {
        "stopped": treatment.stopped is True,
        "goes on": treatment.stopped is False,
        "time told": bool(days),
        "long": bool(days and days[1] >= _LONG),
        "short": bool(days and days[1] <= _SHORT),
        **{f"stopped for {m.reason}": True for m in own if m.kind == "stop" and m.reason},
        **{f"stop {m.detail or 'told'} {m.assertion} {m.whose}": True for m in own if m.kind == "stop"},
        **{f"dose {m.role}": True for m in own if m.kind == "dose" and m.role},
    }


def _of_post(d: Draft, substance: str) -> Mapping[str, float]:
    taken = sum(t.status == "taken" for t in d.treatments.values())
    return {
        "alone": taken == 1,
        "one of many": taken > 3,
        "caregiver": d.reporter == "caregiver",
        "another better": any(_better_of_another(m, substance) for m in d.of("outcome")),
        "first": next(iter(d.treatments), None) == substance,
        "words": min(len(d.words), _MANY_WORDS) / _MANY_WORDS,
        "tiny": len(d.words) < _TINY,
        "sections": "side effects:" in d.low,
    }


def _better_of_another(m: Mention, substance: str) -> bool:
    return m.direction == "improved" and m.substance is not None and m.substance != substance and m.assertion in _TOLD


def _of_names(d: Draft, substance: str) -> Mapping[str, float]:
    names = d.named(substance)
    own = {m.sentence for m in names}
    most = max((sum(m.concept != substance for m in d.beside("substance", at)) for at in own), default=0)
    return {
        "named": min(len(names), 4) / 4,
        "never named": not own,
        "listed": most > 1,
        "with one other": most == 1,
        "asked": bool(own) and all(d.sentences[at].question for at in own),
    }


def _together(found: Mapping[str, float], treatment: Treatment) -> Mapping[str, float]:
    better, harm, stopped = found["any better"], found["any harm"], found["stopped"]
    nothing = bool(found["no change told"]) and not harm
    return {
        "nothing": nothing,
        "better and harm": better and harm,
        "harm alone": not better and harm,
        "better alone": better and not (harm or found["any unchanged"] or found["worse"]),
        "better, severe harm": better and found["severe harm"],
        "stopped with harm": stopped and harm,
        "stopped, better": stopped and better,
        "stopped, unchanged": stopped and found["any unchanged"],
        "goes on, better": treatment.stopped is False and better,
        "heading, nothing": found["heading"] and nothing,
        "heading, harm alone": found["heading"] and harm and not better,
    }
