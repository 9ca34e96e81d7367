"""What a treatment did for the problem it was taken for, as a whole; and the last word on outcomes and effects.

Runs when everything is linked. First what was found is settled: "it works" becomes a change in what it is taken for,
where the text names that; "side effects" gives way to those that are named; what was there before the treatment is
nobody's effect. Then each treatment taken gets worked, partly, no_effect, harmful or unclear.
"""

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.purpose import domain_of
from nlp.types import Draft, Mention

_PLACEHOLDERS = frozenset(["overall", "purpose", "body"])
# Domains that stand for each other: a change for the worse, or none, counts where the treatment was taken for one.
_KIN = {"pain": "spasm", "spasm": "pain", "craving": "use", "use": "craving", "mood": "anxiety", "anxiety": "mood"}


class Effect(Component):
    """Settles outcomes and side effects and writes the effect of every treatment taken."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace the mentions by the settled ones; write Treatment.effect."""
        d = draft(doc)
        if d.exclusion:
            return doc
        if d.reporter == "none" and not d.post.condition:
            d.conditions = []
        d.mentions = settled(d)
        by_substance: dict[str, list[Mention]] = {}
        for m in d.mentions:
            if m.substance and m.kind in ("outcome", "side_effect") and _told(m):
                by_substance.setdefault(m.substance, []).append(m)
        for name, treatment in d.treatments.items():
            if treatment.status == "taken":
                treatment.effect = effect(by_substance.get(name, []), stopped=bool(treatment.stopped))
        return doc


def _told(m: Mention) -> bool:
    return m.assertion in ("present", "negated") and m.whose in ("self", "other")


def settled(d: Draft) -> list[Mention]:
    """Give the mentions with general outcomes made specific and what is no effect of a treatment unlinked."""
    purposes = purpose(d)
    sought = {domain for condition in d.conditions for domain in domain_of(condition)}
    out: list[Mention] = []
    for m in d.mentions:
        if m.kind in ("outcome", "side_effect") and m.assertion == "past":
            out.append(m._replace(substance=None))
        elif m.kind == "outcome" and m.concept in _PLACEHOLDERS and m.substance:
            out.extend(m._replace(concept=domain) for domain in purposes or ("overall",))
        elif m.kind == "outcome" and m.direction != "improved" and m.substance and not _asked_for(m, sought):
            out.append(m._replace(substance=None))
        else:
            out.append(m)
    named = {m.substance for m in out if m.kind == "side_effect" and m.concept != "any" and m.present and _told(m)}
    specific = {(m.substance, m.direction) for m in out if m.kind == "outcome" and m.concept != "overall" and _told(m)}
    present = {(m.substance, m.concept) for m in out if m.kind == "side_effect" and m.present and _told(m)}
    return [m for m in out if not _spent(m, named, specific) and not _contradicted(m, present)]


def _asked_for(m: Mention, sought: set[str]) -> bool:
    return not sought or m.concept in sought or _KIN.get(m.concept) in sought


def _contradicted(m: Mention, present: set[tuple[str | None, str]]) -> bool:
    # "I don't get too drowsy ... at first it knocked me out": what was there once is not denied.
    return m.kind == "side_effect" and not m.present and m.concept != "any" and (m.substance, m.concept) in present


def _spent(m: Mention, named: set[str | None], specific: set[tuple[str | None, str | None]]) -> bool:
    if m.kind == "side_effect":
        return m.concept == "any" and bool(m.present) and m.substance in named
    return m.kind == "outcome" and m.concept == "overall" and (m.substance, m.direction) in specific


def purpose(d: Draft) -> tuple[str, ...]:
    """Give the domains of what the text says the index treatment is taken for."""
    told = [m for m in d.of("condition") if m.concept in d.conditions]
    reasons = [m for m in told if m.detail == "reason"]
    domains = dict.fromkeys(domain for m in reasons or told for domain in domain_of(m.concept))
    return tuple(domains) if reasons or len(domains) == 1 else ()


def effect(mentions: list[Mention], *, stopped: bool) -> str:
    """Give the effect of one treatment from its outcomes and side effects."""
    outcomes = [m for m in mentions if m.kind == "outcome"]
    better = [m for m in outcomes if m.direction == "improved"]
    same = [m for m in outcomes if m.direction == "unchanged"]
    worse = [m for m in outcomes if m.direction == "worsened"]
    harms = [m for m in mentions if m.kind == "side_effect" and m.present]
    if better:
        spoiled = bool(worse or same) or (stopped and bool(harms)) or all(m.detail in ("part", "fade") for m in better)
        return "partly" if spoiled else "worked"
    if worse:
        return "harmful"
    if same:
        return "no_effect"
    if harms and stopped:
        return "harmful"
    return "unclear"


Language.factory("doselore_effect", func=Effect)
