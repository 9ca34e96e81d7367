"""What an amount of which nothing else is said must mean, by the kind of medicine that it is of.

Of what is taken for years, once a day or at a level that is built up, people name the day's total: "Celexa 60 mg from
2007 to 2008", "reached my 100 mg of Topamax". Of what is taken as it is needed they name what they take at once.
"""

import re
from functools import cache

from nlp import lexicon
from nlp.types import Draft, Mention

BARE = "bare"  # the detail of a dose that is an amount and nothing more
_BUILT_UP = frozenset("antidepressant anticonvulsant antipsychotic heart hormone movement metabolic ms".split())
_BUILT_UP_TOO = frozenset(("naltrexone", "disulfiram", "methadone"))
_LARGEST_TABLET = 25.0  # mg of a muscle relaxer; what one is told to go up to is rarely less than that a day
# One time only, at need, or one of several: around it, and right before it.
_BARRED = re.compile(
    r"\b(?:once|one time|one day|(?:first|second|third) (?:dose|day|night|time|pill|one|try)|tonight|last night|"
    r"yesterday|as needed|as necessary|needed|prn|"
    r"when(?:ever)?|if|occasional\w*|sometimes|another|extra|miss\w*|skip\w*|forg[eo]t|pills?|tabs?|tablets?|caps?|"
    r"capsules?|each|apiece|overdos\w*|at once|at a time|every|hours? (?:after|later|before))\b"
)
_BESIDE = re.compile(r"\b(?:along with|half (?:an?|of|the)) (?:[\w'/-]+ ){0,2}$")
_OF_ONE = re.compile(
    r"\b(?:(?:an?|one|two) (?!doctor|dr\b|psych|day|week|month|year)(?:[\w'/-]+,? ?){0,2}|"
    r"the (?!dos(?:e|age)|doctor|doc\b|dr\b|psych)(?:[\w'/-]+,? ?)?)[(]?$"
)
_ONCE_ON_A_FORUM = re.compile(
    r"\b(?:to+k+|popped|swallowed|ate|downed|snorted|dosed|gave|give|bought|got|have|had|has|prescribed)\b"
)
_AT_NEED = re.compile(
    r"\b(?:as[ -]needed|prn|a (?:couple|few) times a|couple times a|when needed|on occasion|occasionally)\b"
)
# How often what is taken for years is taken, said apart from its amount.
_ONCE_A_DAY = re.compile(
    r"\b(?:once|one time|1x|one|1|one (?:pill|tablet|capsule|cap|tab)|1 (?:pill|tablet|capsule|cap|tab)) "
    r"(?:daily|(?:a|per|each|every) (?:day|night|morning|evening))\b|"
    r"\b(?:take|taking|took|taken|takes)(?: (?:it|this|one|1|my|dose|pill|only|mostly|usually|them))* "
    r"(?:at (?:night|bed ?time)|(?:every|each) (?:morning|night|evening)|before bed|nightly|"
    r"in the (?:morning|evening|am))\b"
)
_ASIDE = 120
_NEXT = re.compile(r"[,;(]| and ")
_TO = re.compile(r"\bto\s+$")
_REACH = 50


@cache
def _groups() -> dict[str, str]:
    return {s.id: s.group for s in lexicon.substances().values()}


def as_daily(d: Draft, m: Mention) -> Mention:
    """Give a dose that was only an amount with the sense that its medicine and status lend it."""
    group = _groups().get(m.substance or "", "")
    if m.detail == BARE:
        m = m._replace(detail=None)
        built_up = group in _BUILT_UP or m.substance in _BUILT_UP_TOO
        if built_up and (m.status == "taken" or m.whose == "other") and m.mg and not _at_once(d, m):
            if _once_a_day(d, m):
                return m._replace(per_day=1.0, mg_per_day=m.mg, derivation=f"{m.derivation} x 1")
            return m._replace(mg=None, mg_per_day=m.mg, derivation=f"{m.derivation} a day")
    elif group == "relaxant" and m.status == "advised" and _goes_to_a_tablet(d, m):
        return m._replace(mg=m.mg_per_day, mg_per_day=None)
    return m


def _once_a_day(d: Draft, m: Mention) -> bool:
    """Say whether it is told near by that the amount is taken once a day, and no other amount stands between."""
    others = [x.start for x in d.of("dose") if m.end <= x.start < m.end + _ASIDE]
    said = _ONCE_A_DAY.search(d.low, m.end, min([len(d.low), m.end + _ASIDE, *others]))
    return said is not None and "but" not in d.low[m.end : said.start()].split()


def _goes_to_a_tablet(d: Draft, m: Mention) -> bool:
    """Say whether what is to be gone up to is no more than one tablet: "taper up to 10 mg", of three a day."""
    total = m.mg is None and not m.per_day and m.mg_per_day is not None and m.mg_per_day[1] <= _LARGEST_TABLET
    return total and _TO.search(d.low, max(0, m.start - 12), m.start) is not None


def _at_once(d: Draft, m: Mention) -> bool:
    sentence = d.sentences[m.sentence]
    before = max(sentence.start, m.start - _REACH)
    stop = _NEXT.search(d.low, m.end, min(sentence.end, m.end + _REACH))
    behind = stop.start() if stop else min(sentence.end, m.end + _REACH)
    if _BARRED.search(d.low, before, behind) or _OF_ONE.search(d.low, before, m.start):
        return True
    if _BESIDE.search(d.low, before, m.start):
        return True
    if _AT_NEED.search(d.low, max(0, m.start - 3 * _REACH), m.start):
        return True
    return not d.index_from_heading and _ONCE_ON_A_FORUM.search(d.low, sentence.start, m.start) is not None
