"""When taking began, as a text says it: "started yesterday", "on day 5", "from 2004 to 2008", "took my first dose"."""

import re
from collections.abc import Iterable, Iterator

from nlp.types import Range

_TODAY = re.compile(
    r"\b(?:started|starting|began|took|take|had|first|1st|prescribed|proscribed|perscribed|(?:put|placed) me on|"
    r"gave me)\b"
    r"(?: (?!ago)\w+){0,6}? (?P<when>today|last night|"
    r"yesterday|this morning|tonight|this week|last week|last month)\b"
)
_TODAY_START = re.compile(
    r"\b(?:start(?:ed|ing)?|began|first|1st|(?:pre|pro|per)scribed (?:this|it|me)|(?:put|placed) me on|"
    r"gave me (?:this|it))\b"
)
_WHEN: dict[str, Range] = {
    "the day before yesterday": (2.0, 2.0),
    "today": (0.0, 1.0), "this morning": (0.0, 1.0), "tonight": (0.0, 1.0), "last night": (1.0, 1.0),
    "yesterday": (1.0, 1.0),
    "this week": (0.0, 7.0), "last week": (7.0, 7.0), "last month": (30.0, 30.0), "last year": (365.0, 365.0),
}  # fmt: skip


def _spaced(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a space stands for any number of them."""
    return re.compile(pattern.replace(" ", r"\s+"))


_SINCE = re.compile(
    r"[touh](?<!\w.)(?:(?<=t)ak(?:ing|en)|(?<=o)n|(?<=u)s(?:ing|ed)|(?<=h)ad)\b[^.;!?\n]{0,30}?\bsince "
    r"(?P<when>the day before yesterday|yesterday|last night|last week|last month|"
    r"last year)\b"
)
_ORDINALS = {
    "first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0,
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
}  # fmt: skip
_NTH_UNIT = re.compile(r"(?:day|night|week|month|year)\b(?P<number>(?<!night)\s+(?:\d|[ofts]))?")
_NTH_NUMBER = re.compile(r"(?:\d(?:st|nd|rd|th)|[dhn]) +$")
# Begins with one class of letters, so that the search leaps from one such letter to the next.
_DOSE_UNIT = re.compile(
    r"[1-4ostf](?:(?<=\d)|(?<=o)ne|(?<=s)ingle|(?<=t)(?:wo|hree)|(?<=f)our)(?=\s)"
    r"(?:\s+\d+ ?mg| full| small| little)?\s+(?:dos|tim|pil|tab|cap)"
)
_UNITS_OF_DOSES = ("dos", "tim", "pil", "tab", "cap")
_TODAYS = ("today", "tonight", "yesterday", "last night", "last week", "last month", "this morning", "this week")
_TODAY_UNIT = re.compile(r"today|tonight|yesterday|last (?:night|week|month)|this (?:morning|week)")
_NTH_OF = _spaced(
    r"\b(?:(?P<u1>day|week|month|year) (?P<n1>\d{1,2}|one|two|three|four|five|six)|"
    r"(?P<n2>\d{1,2}(?:st|nd|rd|th)|second|third|fourth|fifth|sixth|seventh) (?P<u2>day|night|week|month|year))"
    r"(?= (?:of use\b|on (?:it|this|the (?:med|drug|pill)|DRUG|\d)|of (?:taking|using|being on|this (?:med|drug|"
    r"pill|treat)|"
    r"treatment)|"
    r"taking (?:it|this|DRUG)|using (?:it|this)))"
)
_NTH = _spaced(
    r"\b(?:(?:i'm|im|am|is|was|it's|its|only|now)(?: now| only| just)?(?: on| in| at| my| the| to| this)*|"
    r"on(?= day \d+ of (?:taking|this|it|the|my|using|treatment|DRUG))|(?:\A|(?<=[.!?\n]\s))on(?= day \d)|today is|"
    r"this is|"
    r"(?:this|it) (?:is|was)(?: only| just| now)? (?:my|the)) "
    r"(?:(?P<u1>day|week|month|year) (?P<n1>\d{1,2}|one|two|three|four|five|six)\b|"
    r"(?P<n2>\d{1,2}(?:st|nd|rd|th)|(?<=\bmy\s)first|(?<=\bthe\s)first|second|third|fourth|fifth|sixth|seventh) "
    r"(?P<u2>day|night|week|month|year)\b)"
    r"(?! (?:sober|clean|without|off|of (?:sobriety|my (?:period|cycle)|no|not|being sober|detox|withdrawal|"
    r"rehab|the|each|"
    r"every|january|february|march|april|may|june|july|august|september|october|november|december)))"
)
# The number of doses stands for days where only a few were ever taken.
_FEW = {
    "one": 1.0, "1": 1.0, "a single": 1.0, "single": 1.0, "once": 1.0, "two": 2.0, "2": 2.0, "three": 3.0, "3": 3.0,
    "four": 4.0, "4": 4.0,
}  # fmt: skip
_DOSES = _spaced(
    r"\b(?:took|taken|tried|used|after|had|taking)(?: only| just| taking| having| literally)*"
    r"(?: (?:this |the |my )?\w+)?(?: only| just)? "
    r"(?P<count>one|1|a single|single|two|2|three|3|four|4)(?: \d+ ?mg| full| small| little)? "
    r"(?P<what>doses?|dosages?|times?|pills?|tablets?|tabs?|capsules?)\b(?!\s*(?:a|an|per|each|every|in|at|"
    r"daily|before|"
    r"when|x|tid|bid|\d|three|twice|more|as|of (?:the|my|them)|every|the)\b)"
)
_ONCE = _spaced(
    r"[tu](?<!\w.)(?:(?<=t)(?:ook|ried|aken)|(?<=u)sed)(?: only| just)? (?:it|this|one|this \w+)(?: only| just)? "
    r"(?P<once>once)"
    r"(?! (?:a|an|per|daily|every|in|at|before|when|each|or|i|and a while)\b)"
)


def _around(found: re.Pattern[str], anchors: Iterable[tuple[int, int]], low: str) -> Iterator[re.Match[str]]:
    """Give the matches that lie around the words that every one of them holds: looking everywhere costs too much."""
    done = 0
    for start, end in anchors:
        if start >= done:
            m = found.search(low, max(done, start - 80), min(len(low), end + 60))
            if m:
                done = m.end()
                yield m


def _places(anchor: re.Pattern[str], low: str) -> list[tuple[int, int]]:
    return [m.span() for m in anchor.finditer(low)]


def _numbered(low: str, units: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give the units of time beside which a number may stand: "day 5", "third week"; units: where they begin."""
    for at in units:
        unit = _NTH_UNIT.match(low, at)
        if unit is None:
            continue
        before = _NTH_NUMBER.search(low, max(0, at - 8), at) if low[at - 1 : at] == " " else None
        if before:
            yield before.start(), unit.end() - len(unit["number"] or "")
        elif unit["number"]:
            yield unit.span()


_SPAN = re.compile(
    r"[12](?<![\d.,$/-].)[90](?:(?<=19)[6-9]|(?<=20)[0-3])\d ?(?:-|–|to|until|till?|through|thru|and) ?"
    r"(?:(?:\w{3,9} )?(?:19[6-9]|20[0-3])\d)\b"
)


def spans(low: str) -> list[tuple[int, int, Range]]:
    """Give where a text names the years between which something was done: "from 2004 to 2008", in days."""
    if "19" not in low and "20" not in low:
        return []
    found = [(m.start(), m.end(), 365.0 * (int(m[0][-4:]) - int(m[0][:4]))) for m in _SPAN.finditer(low)]
    return [(start, end, (days, days)) for start, end, days in found if 0 < days < 40 * 365]


_FIRST_DOSE = re.compile(
    r"\bjust (?:now )?(?:took|taken|had)(?: my| the| a)? (?:very )?(?:first|1st) (?:dose|pill|tablet|one|capsule|"
    r"shot|injection)\b"
)


def began(low: str, units: Iterable[int]) -> list[tuple[int, int, Range]]:
    """Give where a text says when it began, on which day it is, or how few doses there were: start, end, (low, high).

    "Started yesterday", "since last month", "on day 5", "the third week", "only took one dose", in days.
    units: where units of time begin.
    """
    found: list[tuple[int, int, Range]] = []
    if any(when in low for when in _TODAYS):
        found += [
            (m.start(), m.end(), _WHEN[m["when"]])
            for m in _around(_TODAY, _places(_TODAY_UNIT, low), low)
            if _TODAY_START.search(m.group())
        ]
    if "since" in low:
        found += [(m.start("when"), m.end(), _WHEN[m["when"]]) for m in _SINCE.finditer(low)]
    nth = list(_numbered(low, units))
    for m in (*_around(_NTH, nth, low), *_around(_NTH_OF, nth, low)):
        said = m["n1"] or m["n2"]
        number = _ORDINALS.get(said) or float(re.sub(r"\D", "", said) or 0)
        if 1 <= number <= 90:
            days = number * {"d": 1, "n": 1, "w": 7, "m": 30, "y": 365}[(m["u1"] or m["u2"])[0]]
            found.append((m.start(), m.end(), (days, days)))
    found += [(m.start(), m.end(), (0.0, 1.0)) for m in _FIRST_DOSE.finditer(low)] if "just " in low else []
    found += [(m.start("once"), m.end("once"), (1.0, 1.0)) for m in _ONCE.finditer(low)] if " once" in low else []
    few = any(unit in low for unit in _UNITS_OF_DOSES)
    for m in _around(_DOSES, _places(_DOSE_UNIT, low), low) if few else ():
        number = _FEW.get(m["count"], 0.0)
        if number == 1 or m["what"][:4] in ("dose", "time", "dosa"):
            found.append((m.start("count"), m.end("what"), (number, number)))
    return found
