"""Which outcomes and side effects count, when all else is known.

The rules read a cue at a time. Whether what they found is claimed of a treatment, and whether "it works" speaks of
what it was taken for, is weighed here against the rest of the post by two logistic regressions. Their weights lie in
data/models/claims.json, made by nlp/training/claims.py; the card beside it says from what. Nothing is claimed that no
words stand for: a claim is dropped, or another domain is put to the words. Without the file the rules stand.
"""

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from nlp import logistic
from nlp.assertion import span
from nlp.claim_features import Key, Outcomes, side_effect, sought
from nlp.component import Component, draft
from nlp.report import counts
from nlp.sections import section_at, sections_of
from nlp.ties import ties_of
from nlp.types import Draft, Mention

MODEL = "claims"


class Claims(Component):
    """Takes the substance from what is not claimed of it, and gives outcomes the domain that is."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace outcomes and side effects by what counts."""
        d = draft(doc)
        models = logistic.load(MODEL)
        if d.exclusion or models is None:
            return doc
        taken = [t for t in d.treatments.values() if t.status == "taken"]
        post = sought(d)
        changed: dict[int, list[Mention]] = {}
        for treatment in taken:
            if treatment.substance == d.index:
                _replace(d, changed)  # what others gave up may be of the index treatment
            cases = Outcomes(d, treatment, post)
            if cases.own or cases.open:
                chosen = [key for key in cases.claims() if models["outcomes"].holds(cases.features(key))]
                changed |= claimed(cases, chosen, treatment.substance)
        _replace(d, changed)
        unclaimed = {
            i
            for i, features in side_effects(doc, {t.substance for t in taken})
            if not models["side_effects"].holds(features)
        }
        if unclaimed:
            d.mentions = [m._replace(substance=None) if i in unclaimed else m for i, m in enumerate(d.mentions)]
        return doc


def _replace(d: Draft, changed: dict[int, list[Mention]]) -> None:
    """Put what some mentions have become, by their `id`, in their places, and forget it."""
    if changed:
        d.mentions = [new for m in d.mentions for new in changed.get(id(m), (m,))]
        changed.clear()


def claimed(cases: Outcomes, chosen: Sequence[Key], substance: str) -> dict[int, list[Mention]]:
    """Give what the outcomes of one treatment become when they are settled, by their `id`, where they change.

    What is chosen and told stays. What is chosen and not told takes the words of an outcome that no treatment was found
    for, else those of one of the same direction. What is told and not chosen loses its treatment.
    """
    told = {(m.concept, str(m.direction)) for m in cases.own}
    found_ = {(m.concept, str(m.direction)): m for m in reversed(cases.open)}
    out = {
        id(found_[key]): [found_[key]._replace(substance=substance)]
        for key in chosen
        if key not in told and key in found_
    }
    bare = [key for key in chosen if key not in told and key not in found_]
    for m in cases.own:
        moved = [key for key in bare if key[1] == m.direction]
        bare = [key for key in bare if key[1] != m.direction]
        stays = (m.concept, m.direction) in chosen
        if moved or not stays:
            out[id(m)] = [m] if stays else [] if moved else [m._replace(substance=None)]
            out[id(m)].extend(m._replace(concept=domain) for domain, _ in moved)
    return out


def side_effects(doc: Doc, taken: set[str]) -> list[tuple[int, dict[str, float]]]:
    """Give the side effects that are told as fact of a treatment taken: place among the mentions, and features."""
    d = draft(doc)
    at = [i for i, m in enumerate(d.mentions) if m.kind == "side_effect" and m.substance in taken and counts(m)]
    if not at:
        return []
    ties = ties_of(doc)
    starts = d.word_starts()
    beside: dict[int, list[Mention]] = {}
    for m in d.mentions:
        beside.setdefault(m.sentence, []).append(m)
    sections = list(sections_of(d))
    return [
        (i, side_effect(d, ties, m, beside[m.sentence], span(m, starts), section_at(sections, m.start)[0]))
        for i in at
        for m in [d.mentions[i]]
    ]


def outcome_cases(d: Draft) -> list[tuple[str, Key, dict[str, float]]]:
    """Give every outcome that may be claimed of a treatment taken, with its features: what the model learns from."""
    out: list[tuple[str, Key, dict[str, float]]] = []
    post = sought(d)
    for treatment in d.treatments.values():
        if treatment.status == "taken":
            cases = Outcomes(d, treatment, post)
            out.extend((treatment.substance, key, cases.features(key)) for key in cases.claims())
    return out


Language.factory("doselore_claims", func=Claims)
