"""Which treatment a dose, an outcome, an effect, a length of time or a stop belongs to.

First what its own sentence names: the nearest name before it that is not merely named beside another ("along with X",
"better than X"), or one after it that a small word ties to it ("no side effects from X"). Else what is talked of: a
review's own drug, the one thing that the sentence before was about if this one says "it", or what was named last.
"""

import re
from typing import ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.dose_amounts import COMBINED, PARTNERS_ONLY
from nlp.refs import Ref, Refs, counts_of
from nlp.types import Draft, Mention

_TIED = re.compile(
    r"^(?:\W*[\w']+){0,5}?\W*\b(?:from|with|on|of|by|to|off|using|taking|take|took|since|after|due to|because of|"
    r"thanks to|"
    r"while on|caused by|tried|started|for|is|was|under)\s+(?:(?:the|my|this|taking|of|a|low dose|starting|using|"
    r"being on|\d+(?: ?mgs?)?)\s+)*$"
)
# "No headaches as with X", "none of the fog that X gave me": the other medicine is only what it is compared with.
_AS_WITH = re.compile(
    r"\s*(?:,\s*)?(?:(?:as|like|than|that|the way|which)\s+(?:(?:i|you|one|it|was|did|had|got|have|get|used to)\s+)*|"
    r"(?:i|you|people)\s+(?:did|had|got|have|get|experienced|felt)\s+(?:\w+\s+)?)(?:with|on|from|by|in|of)?\s*"
)
_SWITCH = re.compile(r"(?:switch|chang|mov)")
_STOPPED = re.compile(r"^\s*(?:(?:taking|using|of|off|from|the|my|this|that|all|both|with|use|low|dose)\s+)*$")
_CLAUSE = re.compile(r"[;]|\bbut\b|\bhowever\b|\balthough\b|\bwhereas\b")
# "Naproxen gave some relief", "X really helps me in spite of Y": what stands right before the verb does it.
_SUBJECT = re.compile(
    r"\s*(?:(?:has|have|had|really|just|also|did|does|is|was|seems? to|definitely|only|actually)\s+)*"
)
_THIS = re.compile(r"\bthis(?: one)?,? (?:at )?$")
_DOSE_TIE = re.compile(
    r"^[\s,:(/\-–*\[]*(?:(?:of|is|was|at|to|for|on|my|the|dose|dosage|about|up|er|xr|sr|a|an|,|:)\s*)*$"
)


class Links(Component):
    """Gives each mention its substance.

    index: the study's index treatment, to which a post that names nothing at all, and is no review, is not tied.
    """

    settings: ClassVar[tuple[str, ...]] = ("index",)

    def __init__(self, nlp: Language, name: str, index: str) -> None:
        super().__init__(nlp, name)
        self.index = index
        self._counts = counts_of()

    def __call__(self, doc: Doc) -> Doc:
        """Replace each mention without a substance by a copy that has one, where one can be told."""
        d = draft(doc)
        if d.exclusion or not d.mentions:
            return doc
        refs = Refs(d, self._counts)
        if not refs.all and d.index is None:
            return doc
        linked = [m if m.substance else m._replace(substance=owner(d, refs, m)) for m in d.mentions]
        d.mentions = [m._replace(substance="?partner") if _of_partner(m) else m for m in linked]
        return doc


def _of_partner(m: Mention) -> bool:
    """Say whether a dose is of the paracetamol that a combined tablet holds beside its opioid."""
    return m.kind == "dose" and m.substance in COMBINED and m.mg is not None and m.mg[0] in PARTNERS_ONLY


def owner(d: Draft, refs: Refs, m: Mention) -> str | None:
    """Give the substance that a mention belongs to."""
    if m.kind == "condition":
        return d.index
    before, after = refs.before(m.start, m.sentence), refs.after(m.end, m.sentence)
    if m.kind == "dose":
        return _of_dose(d, refs, m, before, after)
    if m.kind == "stop":
        return _of_stop(d, refs, m, before, after)
    if m.kind == "outcome" and before and before[0].named and _SUBJECT.fullmatch(d.low, before[0].end, m.start):
        return before[0].substance
    if d.index_from_heading and m.assertion == "negated" and after and _AS_WITH.fullmatch(d.low, m.end, after[0].start):
        return d.index  # "not groggy like on Zanaflex"
    tied = after[0] if after and _TIED.match(d.low[m.end : after[0].start]) and after[0].start - m.end < 70 else None
    aside = not (before and m.kind == "duration" and not before[0].aside)
    if tied and aside and m.detail != "began" and not _CLAUSE.search(d.low, m.end, tied.start):
        return tied.substance
    inside = next((ref for ref in refs.of_sentence(m.sentence) if m.start <= ref.start < m.end), None)
    if inside:
        return inside.substance
    if m.kind == "duration" and before:
        return before[0].substance
    for ref in before:
        if not ref.aside:
            return ref.substance
    return refs.topic(m.start, m.sentence)


def _of_stop(d: Draft, refs: Refs, m: Mention, before: list[Ref], after: list[Ref]) -> str | None:
    """Give what was stopped: the name inside or right behind the words; of "switched to X", what came before X."""
    inside = next((ref for ref in refs.of_sentence(m.sentence) if m.start <= ref.start < m.end), None)
    if m.detail in ("new", "later"):
        return _given_up_for(d, refs, m, inside)
    if inside:
        return inside.substance
    switched = _SWITCH.match(m.quote.lower()) is not None
    follows = after[0] if after else None
    if follows and not switched and _STOPPED.match(d.low[m.end : follows.start]):
        return follows.substance
    if switched and follows:
        earlier = refs.other_before(m.start, follows.substance)
        if earlier:
            return earlier
    return before[0].substance if before else refs.topic(m.start, m.sentence)


def _given_up_for(d: Draft, refs: Refs, m: Mention, new: Ref | None) -> str | None:
    """Give what another medicine took the place of: what was named before it, else a review's own."""
    if new is None or (new.substance == d.index and not _SWITCH.match(m.quote.lower())):
        return None
    earlier = refs.other_before(m.start, new.substance)
    return earlier or (d.index if d.index_from_heading and d.index != new.substance else None)


def _of_dose(d: Draft, refs: Refs, m: Mention, before: list[Ref], after: list[Ref]) -> str | None:
    near = before[0] if before else None
    if d.index_from_heading and _THIS.search(d.low, max(0, m.start - 12), m.start):
        return d.index  # "from Soma 350 mg to this 10 mg"
    if near and (near.end > m.start - 4 or _DOSE_TIE.match(d.low[near.end : m.start])):
        return near.substance
    follows = after[0] if after else None
    if follows and _DOSE_TIE.match(d.low[m.end : follows.start]) and not refs.dosed(follows.end):
        return follows.substance
    for ref in before:
        # of a review's own drug: "100 mg 3 times a day, with X, and 300 mg at night"
        beside = d.index_from_heading and refs.apart(ref, m.start)
        if not ref.aside or (ref is near and not beside):
            return ref.substance
    told = None if d.index_from_heading else refs.dose_topic(m.start, m.sentence)
    return told or refs.topic(m.start, m.sentence)


Language.factory("doselore_links", default_config={"index": "baclofen"}, func=Links)
