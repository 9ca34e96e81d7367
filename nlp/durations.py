"""How long: "for 2 years", "3 weeks now", "started last month", "after a few days", in days.

1 week = 7, 1 month = 30, 1 year = 365 days; "a couple" = 2, "a few" = 3 to 5, "several" = 4 to 7; "about", "over",
"almost" are dropped, "less than" begins at 0.
"""

import re
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlp.began import began, spans
from nlp.component import Component, draft
from nlp.types import Range

_DAYS = {"d": 1.0, "n": 1.0, "w": 7.0, "f": 14.0, "m": 30.0, "y": 365.0}
_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "fifteen": 15.0,
    "twenty": 20.0, "thirty": 30.0, "thirteen": 13.0, "fourteen": 14.0, "sixteen": 16.0, "eighteen": 18.0,
    "forty": 40.0, "fifty": 50.0, "seventeen": 17.0, "nineteen": 19.0,
    "half a dozen": 6.0, "a dozen": 12.0,
}  # fmt: skip
_VAGUE: dict[str, Range] = {"couple": (2.0, 2.0), "few": (3.0, 5.0), "several": (4.0, 7.0)}
_NUMBER = (
    r"(?:\d+(?:\.\d+)?(?:\s*(?:1/2|½))?|1/2|½|an?\b|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|half a dozen|a dozen)"
)
# A unit of time is looked for first, for there are few; then what stands before it.
# Begins with one class of letters, so that the search leaps from one such letter to the next.
_UNIT = re.compile(
    r"[dnwmyf](?<![a-z].)(?:(?<=d)(?:ays?|ecades?)|(?<=n)ights?|(?<=w)(?:eeks?|ks?)|(?<=m)(?:onths?|n?ths?|os?)|"
    r"(?<=y)(?:ears?|rs?)|(?<=f)ortnight)\b(?P<and>\s+(?:and|&|n) a half)?"
    r"(?P<more>\s*,?\s*(?:and\s+)?(?P<rest>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven)\s*(?:months?|mos?|weeks?|wks?|days?)\b(?! ago))?"
    r"(?P<ortwo>\s+or\s+(?:two|2|three|3)\b)?"
)
_BEFORE = re.compile(
    r"(?P<less>\b(?:less than|under|not even|not quite|fewer than)\s+)?"
    r"(?:\b(?:about|around|almost|nearly|over|approx(?:imately)?\.?|roughly|at least|more than|only|just|like)\s+)*"
    rf"(?:(?<![\w.$/])(?:x ?)?(?P<low>{_NUMBER})(?:\s*(?:-|to|or)\s*(?P<high>{_NUMBER}))?|"
    r"\b(?:a\s+|the (?:past|last)\s+)?(?P<vague>couple|few|several))"
    r"(?P<half>\s+(?:and|&) (?:a |1/2 )?half|\s+and a 1/2|\s*(?:-\s*)?(?:1/2|½))?"
    r"\s*(?:-\s*)?(?:(?:of|some|more|full|good|whole|odd|solid|straight|consecutive|long|short|entire|or so|"
    r"plus|\+)\s+)*$"
)
# Before blanks and a hyphen that stand before the unit: most units ("every day") have none of these there.
_ENDS = (
    *"0123456789½+",
    *"of some more full good whole odd solid straight consecutive long short entire so plus half".split(),
    *(number.split()[-1] for number in _NUMBERS),
    *_VAGUE,
)
_REACH = 60  # characters before the unit
_LEAD = re.compile(
    r"\b(?:for|in|about|after|over|almost|nearly|within|than|since|past|last|approx(?:imately)?\.?|around|just|"
    r"only|least|"
    r"took|under|not|like|maybe|roughly|half|on it|been|close to|shy of|(?:gave|given|giving) (?:it|this|them))\s+$"
)
_TELLS = re.compile(r" (?:ago|on (?:it|this|the)|into)\b")
_PAST = re.compile(
    r"t(?<!\wt)h(?:e|is) (?:whole |entire )?(?:past|last) (?P<unit>week|month|year)\b(?! of| i (?:stop|quit|was off))"
)
_HALF = re.compile(r"[ha](?<!\w.)(?:(?<=h)alf an? (year|month|week|day)\b|(?:(?<=h)|(?<=a) h)alf (year|month)\b)")


class Durations(Component):
    """Finds lengths of time."""

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each length of time; what it is the length of, the status component decides."""
        d = draft(doc)
        if not d.exclusion:
            units = list(_UNIT.finditer(d.low))
            for start, end, days in lengths(d.low, units):
                d.add("duration", "", start, end, days=days)
            for start, end, days in began(d.low, list(_unit_starts(units))):
                d.add("duration", "", start, end, days=days, detail="began")
            for start, end, days in spans(d.low):
                d.add("duration", "", start, end, days=days, detail="years")
        return doc


def _unit_starts(units: Iterable[re.Match[str]]) -> Iterator[int]:
    """Give where units of time begin, also the second one of "a year and 2 months"."""
    for unit_at in units:
        yield unit_at.start()
        if unit_at["more"]:
            inner = _UNIT.search(unit_at.string, unit_at.start("rest"), unit_at.end("more"))
            if inner:
                yield inner.start()


def lengths(low: str, units: Iterable[re.Match[str]]) -> list[tuple[int, int, Range]]:
    """Give every length of time in a lower-case text with these units: start, end, (low, high) days."""
    found: list[tuple[int, int, Range]] = []
    behind = 0
    for unit_at in units:
        begin = max(behind, unit_at.start() - _REACH)
        if not low[begin : unit_at.start()].rstrip().rstrip("-").rstrip().endswith(_ENDS):
            continue
        m = _BEFORE.search(low, begin, unit_at.start())
        if m is None:
            continue
        name = unit_at.group()
        unit = 3650.0 if name.startswith("decade") else _DAYS[name[0]]
        extra = 0.5 if m["half"] or unit_at["and"] else 0.0
        lone = m["low"] in ("a", "an") and not _TELLS.match(low, unit_at.end())
        if lone and not _LEAD.search(low, max(0, m.start("low") - 24), m.start("low")):
            continue  # "3 times a day", "a week later"
        if m["vague"] == "several" and unit == 365:
            continue  # says no more than "many years"
        if m["vague"]:
            lower, upper = _VAGUE[m["vague"]]
        else:
            lower = _number(m["low"]) + extra
            upper = _number(m["high"]) + extra if m["high"] else lower
        if unit_at["ortwo"] and upper == lower:
            upper = lower + 1
        if upper < lower:
            lower, upper = upper, upper
        if m["less"]:
            lower = 0.0
        rest = _rest(unit_at, unit)
        days = (float(round(lower * unit + rest)), float(round(upper * unit + rest)))
        if 0 <= days[0] <= days[1] <= 40_000 and days[1] > 0:
            found.append((m.start(), unit_at.end(), days))
            behind = unit_at.end()
    if "past" in low or "last" in low:
        for m in _PAST.finditer(low):
            unit = _DAYS[m["unit"][0]]
            found.append((m.start(), m.end(), (unit, unit)))
    for m in _HALF.finditer(low) if "half" in low else ():
        half = float(round(_DAYS[(m[1] or m[2])[0]] / 2))
        found.append((m.start(), m.end(), (half, half)))
    return sorted(found)


def _rest(unit_at: re.Match[str], unit: float) -> float:
    """Give the days that a smaller unit adds: "1 year, 9 months"."""
    if not unit_at["more"]:
        return 0.0
    smaller = _DAYS[unit_at["more"].split(unit_at["rest"], 1)[1].strip()[0]]
    return _number(unit_at["rest"]) * smaller if smaller < unit else 0.0


def _number(text: str) -> float:
    text = text.strip()
    if text in _NUMBERS:
        return _NUMBERS[text]
    half = 0.5 if text.endswith(("1/2", "½")) else 0.0
    whole = text.removesuffix("1/2").removesuffix("½").strip()
    return (float(whole) if whole else 0.0) + half


Language.factory("doselore_durations", func=Durations)
