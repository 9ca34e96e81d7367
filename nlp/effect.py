"""What a treatment did for the problem it was taken for, as a whole; and the last word on outcomes and effects.

Runs when everything is linked. First what was found is settled: "it works" becomes a change in what it is taken for,
where the text names that; "side effects" gives way to those that are named; what was there before the treatment is
nobody's effect. Then each treatment taken gets worked, partly, no_effect, harmful or unclear.
"""

import re
from bisect import bisect_left

from spacy.language import Language
from spacy.tokens import Doc

from nlp import effect_model, lexicon
from nlp.component import Component, draft
from nlp.conditions import of_heading
from nlp.effect_clues import denies_all
from nlp.effect_signs import Signs, signs
from nlp.phrases import word_classes
from nlp.purpose import KIN, domain_of
from nlp.tense import tenses
from nlp.together import spread
from nlp.types import Draft, Mention, Treatment

_PLACEHOLDERS = frozenset(["overall", "purpose", "body"])

_TRIED = re.compile(r"\b(?:had|have|i've|i|has)\s+(?:also\s+|already\s+)?tried\b")
_NOT_SIDE = frozenset(["any", "withdrawal", "tolerance", "dependence"])  # stand beside "no side effects"
_BESIDE = 3  # effects that "I did not have any side effects" may stand beside
_BUT_FOR = re.compile(
    r"\b(?:but|except\w*|other than|besides|apart from|aside from|save for|just|only|although|though)\b"
)
# "No major side effects" leaves room for others.
_OF_SOME_KIND = re.compile(
    r"\b(?:major|serious|severe|significant|real|other|further|more|big|terrible|physical|lasting)\b"
)
_BINGE = re.compile(r"again|bing|overeat|appetite|hungry|hunger|food|crav|bulimi|purg", re.IGNORECASE)
_BINGED = re.compile(r"\bbing(?!.*\bdrink)", re.IGNORECASE)
_FOR_ELSE = frozenset(
    ["antidepressant", "anxiolytic", "benzodiazepine", "antipsychotic", "stimulant", "sleep", "opioid"]
)
_MEANT_TO = re.compile(r"\b(?:help|work|touch|reliev|nothing|effect|eas(?:e|ing)\b)", re.IGNORECASE)
_YOU = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)
_BACK = re.compile(r"\W*(?:back|return\w*) to", re.IGNORECASE)
_MED = re.compile(r"\b(?:it|this|these|meds?|medications?|medicines?|drugs?|pills?|tablets?|dose|mgs?)\b")
_FOCAL = 3  # names of a medicine that make a post speak of it
_SPARSE = 8  # sentences for each name, in a post that speaks of it
# Harm that outweighs what is not said of a benefit.
_FEW_WORDS = 25
_MANY = 3  # effects that make harm of a treatment that did nothing
_GRAVE = word_classes()["grave"]


class Effect(Component):
    """Settles outcomes and side effects and writes the effect of every treatment taken."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace the mentions by the settled ones; write Treatment.effect."""
        d = draft(doc)
        if d.exclusion:
            return doc
        by_substance = settle(d)
        for name, treatment in d.treatments.items():
            if treatment.status == "taken":
                treatment.effect, treatment.stopped = _decided(d, treatment, by_substance.get(name, []))
        # A verdict has said what it can of the effect; it is no outcome.
        d.mentions = [m for m in d.mentions if m.detail != "verdict"]
        return doc


def _decided(d: Draft, treatment: Treatment, told: list[Mention]) -> tuple[str, bool | None]:
    """Give the effect, and whether it was stopped: what the rules found weighs among the rest."""
    model = effect_model.load()
    if model is None:
        return by_rule(d, treatment, told)[0], treatment.stopped
    found, stopped = model.decide(*features(d, treatment, told))
    if treatment.stopped and len(d.words) < _FEW_WORDS:
        return found, True  # what a short text says outright stands: nothing else in it could tell otherwise
    # That it goes on, or is not said, the rules alone tell apart.
    return found, stopped or (False if treatment.stopped else treatment.stopped)


def by_rule(d: Draft, treatment: Treatment, told: list[Mention]) -> tuple[str, bool]:
    """Give the effect by the rules alone, and whether the treatment is named as one tried before another."""
    tried = _tried(d, treatment.substance)
    return effect(told, stopped=bool(treatment.stopped), tried=tried), tried


def features(d: Draft, treatment: Treatment, told: list[Mention]) -> tuple[Signs, list[str]]:
    """Give what the model decides by: the signs and the sentences about a treatment. Also what it is taught with."""
    rules, tried = by_rule(d, treatment, told)
    about = effect_model.about(d, treatment.substance)
    found = signs(d, treatment, told, rules, tried=tried) | tenses(d, about, treatment.substance)
    return found, effect_model.masked(d, about, treatment.substance)


def _told(m: Mention) -> bool:
    return m.assertion in ("present", "negated") and m.whose in ("self", "other")


def settle(d: Draft) -> dict[str, list[Mention]]:
    """Settle the Draft's mentions; give the outcomes and side effects told as fact, by substance."""
    if d.reporter == "none" and not d.post.condition:
        d.conditions = []
    d.mentions = settled(d)
    by_substance: dict[str, list[Mention]] = {}
    for m in d.mentions:
        if m.substance and m.kind in ("outcome", "side_effect") and _told(m):
            by_substance.setdefault(m.substance, []).append(m)
    return by_substance


def _of_no_treatment(d: Draft, m: Mention) -> bool:
    """Say whether what is told is another person's, was there before, or came after the treatment."""
    told_of_another = (m.whose == "other" and d.reporter != "caregiver") or _to_you(m)
    return told_of_another or m.assertion == "past" or _after_stopping(d, m) or _before_taking(d, m)


def settled(d: Draft) -> list[Mention]:
    """Give the mentions with general outcomes made specific and what is no effect of a treatment unlinked."""
    purposes = purpose(d)
    sought = {domain for condition in d.conditions for domain in domain_of(condition)}
    out: list[Mention] = []
    for m in spread(d, d.mentions):
        if m.kind == "symptom":
            out.append(m._replace(substance=None) if _of_no_treatment(d, m) else m)
            continue
        if m.kind not in ("outcome", "side_effect"):
            out.append(m)
            continue
        if m.concept == "use" and "eating" in sought and "use" not in sought and _BINGED.search(m.quote):
            m = m._replace(concept="eating")  # of one who is treated for binge eating
        if m.kind == "outcome" and m.substance and m.direction == "improved" and _unsought(d, m, sought):
            out.append(m._replace(substance=None))
            continue
        if m.detail == "sought":
            m = m._replace(detail=None, substance=m.substance if m.concept in sought else None)
        if m.kind == "outcome" and m.substance and m.detail != "verdict" and _stray(d, m):
            out.append(m._replace(substance=None))
            continue
        if _of_no_treatment(d, m):
            out.append(m._replace(substance=None))
        elif m.detail == "verdict":
            out.append(m)
        elif m.kind == "outcome" and m.concept in _PLACEHOLDERS and m.substance:
            out.extend(m._replace(concept=domain) for domain in purposes or ("overall",))
        elif m.kind == "outcome" and m.direction != "improved" and m.substance and not _asked_for(m, sought):
            out.append(m._replace(substance=None))
        else:
            out.append(m)
    outcomes = [m for m in out if m.kind == "outcome" and _told(m)]
    harms = [m for m in out if m.kind == "side_effect" and m.present and _told(m)]
    named = {m.substance for m in harms if m.concept != "any"}
    specific = {(m.substance, m.direction) for m in outcomes if m.concept != "overall"}
    present = {(m.substance, m.concept) for m in harms}
    last = {(m.substance, m.sentence): m.start for m in harms if m.concept not in _NOT_SIDE}
    better = {m.substance for m in outcomes if m.direction == "improved"}
    return [
        m._replace(substance=None) if _spent(m, named, specific, better) or _contradicted(d, m, present, last) else m
        for m in out
    ]


def _stray(d: Draft, m: Mention) -> bool:
    """Say whether a change stands far from a medicine that a post, which is no review, names in passing."""
    if d.index_from_heading or str(m.substance) in (d.post.title or "").lower():
        return False
    named = d.named(m.substance)
    if not named or named[0].sentence == 0 or _names(d, m, m.sentence):
        return False
    if m.sentence < named[0].sentence:
        return True
    return len(named) < _FOCAL and len(named) * _SPARSE < len(d.sentences)


def _names(d: Draft, m: Mention, sentence: int) -> bool:
    """Say whether a sentence names the medicine that a mention belongs to."""
    return any(x.concept == m.substance for x in d.beside("substance", sentence))


def _to_you(m: Mention) -> bool:
    # "It will not cure your pain" is a word to others; "lets you sleep" mostly tells of oneself.
    return m.kind == "outcome" and m.direction != "improved" and _YOU.search(m.quote) is not None


def _after_stopping(d: Draft, m: Mention) -> bool:
    # "I stopped it and the tremor went away": better without the treatment.
    if m.kind != "outcome" or m.direction != "improved" or m.detail == "lapse":
        return False
    stops = d.beside("stop", m.sentence)
    if _BACK.match(m.quote):
        stops = (*stops, *d.beside("stop", m.sentence - 1))
    return any(s.substance in (None, m.substance) and s.assertion == "present" and s.end <= m.start for s in stops)


def _before_taking(d: Draft, m: Mention) -> bool:
    # "Two months ago the pain became worse. ... Was put on baclofen": told before the treatment is even named.
    if m.kind != "outcome" or m.direction == "improved" or m.detail == "verdict":
        return False
    first = next(iter(d.named(m.substance)), None)
    if first is None or first.sentence <= m.sentence:
        return False
    return not any(_MED.search(d.low, s.start, s.end) for s in d.sentences[: m.sentence + 1])


def _unsought(d: Draft, m: Mention, sought: set[str]) -> bool:
    # Weight lost or days sober in the post of one who takes something for something else.
    if m.concept == "eating":
        return "eating" not in sought and not _BINGE.search(m.quote)
    if m.concept in ("use", "craving") and not sought & {"use", "craving", "withdrawal"} & _of_heading(d):
        substance = lexicon.substances().get(str(m.substance))
        near = _names(d, m, m.sentence) or _names(d, m, m.sentence - 1)
        return substance is not None and substance.group in _FOR_ELSE and not near
    return False


def _of_heading(d: Draft) -> set[str]:
    return {domain for c in of_heading(d.post.condition or "") for domain in domain_of(c)}


def _asked_for(m: Mention, sought: set[str]) -> bool:
    if m.direction == "unchanged" and _MEANT_TO.search(m.quote):
        return True  # "does not even touch the pain": it was meant to
    return not sought or m.concept in sought or KIN.get(m.concept) in sought


def _contradicted(
    d: Draft, m: Mention, present: set[tuple[str | None, str]], last: dict[tuple[str | None, int], int]
) -> bool:
    # "I don't get too drowsy ... at first it knocked me out": what was there once is not denied.
    if m.kind != "side_effect" or m.present:
        return False
    if m.concept == "any":
        # "No side effects" stands beside a few effects told elsewhere, not beside "but for a dry mouth".
        others = {concept for substance, concept in present if substance == m.substance} - _NOT_SIDE
        if not others:
            return False
        if len(others) > (_BESIDE if _outright(d, m) else 1):
            return True
        if "ffect" not in m.quote.lower():
            return True
        if m.cue_start >= 0 and _OF_SOME_KIND.search(d.low, min(m.cue_start, m.start), m.end):
            return True
        named = last.get((m.substance, m.sentence), -1)
        return named > m.end and _BUT_FOR.search(d.low, m.end, named) is not None
    return (m.substance, m.concept) in present


def _outright(d: Draft, m: Mention) -> bool:
    starts = d.word_starts
    return denies_all(d, bisect_left(starts, m.start), bisect_left(starts, m.end))


def _spent(
    m: Mention, named: set[str | None], specific: set[tuple[str | None, str | None]], better: set[str | None]
) -> bool:
    if m.detail == "verdict":
        return False
    if m.kind == "side_effect":
        return m.concept == "any" and bool(m.present) and m.substance in named
    if m.kind != "outcome" or m.concept != "overall":
        return False
    # "Nothing", "useless" beside a benefit: said of something else, or of the time before.
    lasting = m.direction == "unchanged" and m.detail != "fade"
    return (m.substance, m.direction) in specific or (lasting and m.substance in better)


def purpose(d: Draft) -> tuple[str, ...]:
    """Give the domains of what the text says the index treatment is taken for."""
    told = [m for m in d.of("condition") if m.concept in d.conditions]
    reasons = [m for m in told if m.detail == "reason"]
    domains = dict.fromkeys(domain for m in reasons or told for domain in domain_of(m.concept))
    return tuple(domains) if reasons or len(domains) == 1 else ()


def effect(mentions: list[Mention], *, stopped: bool, tried: bool = False) -> str:
    """Give the effect of one treatment from its outcomes and side effects.

    tried: it is named as one of those tried before another.
    """
    outcomes = sorted((m for m in mentions if m.kind == "outcome" and m.detail != "verdict"), key=lambda m: m.start)
    damned = any(m.detail == "verdict" for m in mentions)
    better = [m for m in outcomes if m.direction == "improved"]
    same = [m for m in outcomes if m.direction == "unchanged"]
    worse = [m for m in outcomes if m.direction == "worsened"]
    harms = [m for m in mentions if m.kind == "side_effect" and m.present]
    faded = any(m.detail == "fade" for m in outcomes) or any(m.concept == "tolerance" for m in harms)
    if better:
        # What comes last holds: "nothing at 5 mg ... then relief" worked, "helped at first, not now" partly.
        spoiled = faded or any(m.start > better[-1].start for m in [*same, *worse])
        spoiled = spoiled or (stopped and bool(harms)) or all(m.detail == "part" for m in better) or damned
        return "partly" if spoiled else "worked"
    if worse:
        return "harmful"
    if faded:
        return "partly"
    if same:
        return "harmful" if len(harms) >= _MANY else "no_effect"
    if damned:
        return "harmful" if harms else "no_effect"
    if stopped and len({m.concept for m in harms} & _GRAVE) > 1:
        return "harmful"
    return "no_effect" if tried and stopped and not harms else "unclear"


def _tried(d: Draft, substance: str) -> bool:
    # "I had tried Neurontin, Topamax and more": named in a list of what went before the one that is told of.
    if substance == d.index:
        return False
    return any(_TRIED.search(d.low[d.sentences[m.sentence].start : m.start]) for m in d.named(substance))


Language.factory("doselore_effect", func=Effect)
