"""Which outcomes and side effects count, when all else is known.

The rules read a cue at a time. Whether what they found is claimed of a treatment, and whether "it works" speaks of
what it was taken for, is weighed here against the rest of the post by two logistic regressions. Their weights lie in
data/models/claims.json.gz, made by nlp/training/claims.py; the card beside it says from what. Nothing is claimed that
no words stand for: a claim is dropped, another domain is put to the words, or a symptom that the rules passed over is
taken for a side effect. Without the file the rules stand.
"""

from collections.abc import Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from nlp import logistic
from nlp.claim_features import Key, Outcomes, sought
from nlp.component import Component, draft
from nlp.denials import OUTRIGHT, SETTLED
from nlp.report import counts
from nlp.side_effect_cases import EffectFeatures, Effects, EffectWeights
from nlp.ties import ties_of
from nlp.types import EFFECTS, Draft, Mention

MODEL = "claims"


class Claims(Component):
    """Takes the substance from what is not claimed of it, and gives outcomes the domain that is."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace outcomes and side effects by what counts."""
        d = draft(doc)
        models = logistic.load(MODEL)
        if d.exclusion:
            return doc
        if models is None:
            _settle(d, {})
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
        weighed = side_effects(doc, {t.substance for t in taken})
        weights = EffectWeights.of(models["side_effects"])
        _settle(d, {i: weights.holds(features) for i, features in weighed})
        return doc


def _settle(d: Draft, holds: Mapping[int, bool]) -> None:
    """Keep of the symptoms those that hold, as side effects; a side effect that does not hold loses its treatment.

    What words answer for that deny nothing else is denied, whatever stands around it.
    """
    out: list[Mention] = []
    for i, m in enumerate(d.mentions):
        if m.kind == "symptom":
            out += [m._replace(kind="side_effect")] if holds.get(i) else []
        else:
            out.append(
                m if OUTRIGHT in m.signs or SETTLED in m.signs or holds.get(i, True) else m._replace(substance=None)
            )
    if out != d.mentions:
        d.mentions = out


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


def side_effects(doc: Doc, taken: set[str]) -> list[tuple[int, EffectFeatures]]:
    """Give what is, or may be, a side effect told as fact of a treatment taken: place among mentions, and features."""
    d = draft(doc)
    at = [i for i, m in enumerate(d.mentions) if m.kind in EFFECTS and m.substance in taken and counts(m)]
    if not at:
        return []
    effects = Effects(d, ties_of(doc))
    return [(i, effects.features(d.mentions[i])) for i in at]


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
