"""Numbers and comparisons that an outcome carries: days sober, drinks a day before and after, "better than X".

They are written into the detail of the outcome's mention, beside which the record counts the outcome alone.
"""

import re
from collections.abc import Sequence

from nlp.types import Draft, Mention

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_NONE = ("none", "zero", "nothing")
_BEGINS = re.compile(r"\d{1,9}(?!\d)")
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365, "yr": 365, "mo": 30, "wk": 7}
_NUMBER = r"(\d{1,4}|" + "|".join(_NUMBERS) + r")"
_SPAN = _NUMBER + r"\s+(?:full |whole |straight |entire )?(day|week|month|year|yr|mo|wk)s?"
_SOBER = re.compile(
    r"\b" + _SPAN + r"(?:\s+(?:now|ago|later|of|completely|totally|and|been|i'?m|i am|have been)){0,3}\s+"
    r"(?:sober|clean|abstinent|sobriety|abstinence|dry|(?:alcohol|booze|drink)[- ]free|"
    r"without (?:a |any |one )?(?:drop|drink|drinking|alcohol|booze|beer|wine))\b"
    r"|\b(?:sober|clean|abstinent|dry|(?:alcohol|booze)[- ]free) (?:for|since|about|almost|over|nearly|\s)*\s*" + _SPAN
)
_DRINKS = re.compile(
    r"\bfrom (?:about |around |over |roughly |up to )?(\d{1,3})(?:\s*(?:-|to|or)\s*\d{1,3})?\s*(?:\w+\s+){0,6}?"
    r"(?:down )?to (?:about |around |maybe |only |just )?(\d{1,3}|zero|none|one|two|three|four|five|a)\b"
)
_DRINK = re.compile(r"\b(?:drinks?|beers?|units?|bottles?|glass(?:es)?|pints?|shots?|cans?|wine|vodka|drinking)\b")
_PER = re.compile(r"\b(?:a|per|each|every) (day|night|week)\b|\b(?:daily|nightly)\b")
_BETTER = re.compile(
    r"\b(better|worse|stronger|weaker|more effective|less effective|superior|inferior)\s+(?:\w+\s+){0,3}?"
    r"(?:than|to)\s+(?:(?:the|my|taking|any|either|old|other|on|with)\s+){0,2}$"
)
_PLAIN = {"stronger": "better", "more effective": "better", "superior": "better"}
_REACH = 60  # characters before a name in which it may be compared


def measured(d: Draft) -> None:
    """Replace the outcomes that carry a number or a comparison by copies whose detail says so."""
    out = list(d.mentions)
    for i, m in enumerate(out):
        if m.kind == "outcome" and m.detail in (None, "full"):
            detail = (_use(d, m) if m.concept == "use" else None) or _against(d, m)
            if detail:
                out[i] = m._replace(detail=detail)
    d.mentions = out


def compared(norms: Sequence[str]) -> str:
    """Say whether the last of some words is a number less or more than the first: "from an 8 to about a 3"."""
    first = next((n for norm in norms if (n := _count(norm)) is not None), None)
    second = _count(norms[-1])
    if first is None or second is None or first == second:
        return ""
    return "less" if second < first else "more"


def _count(norm: str) -> int | None:
    m = _BEGINS.match(norm)  # of "10x" and "20th" too
    if m or norm in _NONE:
        return int(m[0]) if m else 0
    return None if norm in ("a", "an") else _NUMBERS.get(norm)


def _use(d: Draft, m: Mention) -> str | None:
    sentence = d.sentences[m.sentence]
    sober = _SOBER.search(d.low, sentence.start, sentence.end)
    if sober and sober.start() <= m.end and m.start <= sober.end():
        number, unit = [group for group in sober.groups() if group]
        return f"sober {_value(number) * _UNITS[unit]} days"
    drinks = _DRINKS.search(d.low, sentence.start, sentence.end)
    if drinks and _DRINK.search(d.low, sentence.start, sentence.end):
        per = _PER.search(d.low, sentence.start, sentence.end)
        time = "" if per is None else f" a {per[1] or ('night' if per[0] == 'nightly' else 'day')}"
        return f"drinks {_value(drinks[1])} to {_value(drinks[2])}{time}"
    return None


def _value(said: str) -> int:
    return int(said) if said.isdigit() else _NUMBERS.get(said, 0)


def _against(d: Draft, m: Mention) -> str | None:
    for other in d.beside("substance", m.sentence):
        if m.start <= other.start:
            told = _BETTER.search(d.low, max(other.start - _REACH, m.start), other.start)
            if told:
                return f"{_PLAIN.get(told[1], 'better' if told[1] == 'better' else 'worse')} than {other.concept}"
    return None
