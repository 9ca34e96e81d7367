"""The course of one treatment as the post tells it: stopped or not, and how long it was taken."""

import re

from nlp.taking import Verdict
from nlp.types import Draft, Mention, Range

_ADVERBS = (
    r"(?:(?:the|a|my|about|over|only|approx(?:imately)?\.?|at least|at most|just|like|around|nearly|almost|"
    r"more than|less than|"
    r"well over|maybe|probably|roughly|some|well|now|not quite|under|fro|even)\s+)*"
)
_VERB = (
    r"(?:tak(?:e|en|ing|es)|took|on|us(?:e|ed|ing|es)|tried|trying|prescribed|start(?:ed|ing)?|began|given|"
    r"med(?:s|ication|icine)?|drug|treatment|pills?|shots?|stuff|DRUG_*|with it)"
)
_ILL = (
    r"(?:drink(?:ing|er)?|drank|alcoholi\w+|addict\w*|sober|clean|suffer\w*|diagnos\w+|smok\w+|married|hospital|rehab|struggl\w+|"
    r"more|caused|had|pain\w*|quit|stop\w*|off|without|every|sle[ep]\w+|surger\w+|injur\w+|accident|slept|wait\w*|abstin\w+|dry|relaps\w+)"
)
# "taking it ... for 2 years": the nearest verb before the length of time is one of taking.
_FOR = re.compile(
    rf"\b{_VERB}\b(?:(?!\b{_ILL}\b)[^.;!?\n]){{0,60}}?\b(?:for|since|going on|past|last|total of|during|"
    rf"over the course of|throughout)\s+{_ADVERBS}$"
)
_ON = re.compile(
    rf"\b(?:(?:been|am|was|is|were|i'm|im|only|just|now) on|tak(?:en|ing)|took|us(?:ed|ing)|tried)\b(?: (?:it|this|"
    rf"them|DRUG_*|this \w+|the \w+))?\s+{_ADVERBS}$"
)
_AFTER = re.compile(rf"\b(?:after|within|in|by)\s+(?:taking (?:\w+ ){{0,3}}for )?{_ADVERBS}$")
_BARE_FOR = re.compile(rf"\b(?:for|since|past|last)\s+{_ADVERBS}$")
_AGO = re.compile(r"\s*(?:ago|back\b)")
_NOW = re.compile(r"\s*(?:now\b|so far|and counting|straight)")
_USE = re.compile(
    r"\s*(?:of (?:use|taking|treatment|using|being on|it\b|this|therapy)|use\b|on (?:it|this|the (?:med|drug)|"
    r"DRUG)|with (?:it\b|this|DRUG)|period|course|in(?:to)? (?:it|treatment|this))"
)
_BEGAN = re.compile(
    r"\b(?:start(?:ed|ing)?|began|begun|prescribed|put (?:me |him |her )?on|placed (?:me |him |her )?on|given|"
    r"gave|switched|went on|got on|"
    r"first (?:dose|took|tried)|added|increased|taking|took|approved)\b"
)
_SELF_AFTER = re.compile(r"\s*,?\s*(?:i|my|it|the)\b")
_COURSE = re.compile(r"\b(?:course of|over(?: a)?|period of|total of)\s+(?:the |a )?$")
_OTHER = re.compile(
    r"\s*(?:old\b|sober|clean\b|of (?:sobriety|drinking|abstinence|pain|heavy|my life|suffering|age\b|hell|"
    r"daily drinking|being sober)|later|"
    r"apart|prior|before (?:i (?:had|was) (?:surg|diagn)|surg)|without|off\b|free\b|post\b|from now|to live|"
    r"in (?:rehab|jail|detox|hospital|the hospital)|"
    r"supply|worth|abstinent|dry\b|young|ahead|after (?:i |my )?(?:stopp|quit|surg|injur|the acc|accid)|half-life|"
    r"since my (?:last drink|surg))"
)
_NOT_LEAD = re.compile(
    r"\b(?:first time in|(?:would|will|only|not|can|does|doesn't|may|could) last|for the first|during the first|"
    r"the first|every|each|next|another|takes?|take about|wait|before)\s+(?:\w+\s+)?$"
)
_EARLIER = re.compile(r"\bbefore\b")
_TODAY = re.compile(
    r"\b(?:started|starting|began|took|take|had|first|1st)\b(?: (?!ago)\w+){0,6}? (?P<when>today|last night|"
    r"yesterday|this morning|tonight|this week|last week|last month)\b"
)
_TODAY_START = re.compile(r"\b(?:start(?:ed|ing)?|began|first|1st)\b")
_WHEN: dict[str, Range] = {
    "today": (0, 1), "this morning": (0, 1), "tonight": (0, 1), "last night": (1, 1), "yesterday": (1, 1),
    "this week": (0, 7), "last week": (7, 7), "last month": (30, 30),
}  # fmt: skip
# Of a medicine beside the one that the post is about: "I have taken X", "I was on X".
_PERFECT = re.compile(
    r"\b(?:had|have|has|i've|ive) (?:also |previously |already )?(?:taken|used|been on)$|\b(?:was|were|used to be) on$"
)
_AGAIN = re.compile(
    r"\b(?:back on (?:it|DRUG|the)|started (?:it |taking it |taking |using )?(?:it )?again|restarted|resumed|"
    r"went back (?:on|to))\b"
)


def stopped(d: Draft, substance: str, said: list[Verdict]) -> bool | None:
    """Say whether a treatment was stopped; False if it goes on, None if the post does not say."""
    ended = -1
    for m in d.mentions:
        if m.kind == "stop" and m.substance == substance and m.assertion != "hypothetical":
            ended = max(ended, m.end)
    if ended >= 0:
        return not _AGAIN.search(d.low, ended)
    says = [v.says for v in said]
    if substance != d.index and any(
        v.says == "ended" or (v.says == "taken" and _PERFECT.search(d.low, max(0, v.start - 12), v.end)) for v in said
    ):
        return True
    return False if any(s in ("taken", "began") for s in says) else None


def duration(d: Draft, substance: str, masked: str) -> Mention | None:
    """Give the length of time that says best how long a treatment was or is taken.

    masked: the lower-case text with names as DRUG, of the same length.
    """
    best, most = None, 1.0
    for m in d.mentions:
        if m.kind == "duration" and m.substance == substance:
            points = _points(d, m, masked)
            if points > most:
                best, most = m, points
    return best


def _points(d: Draft, m: Mention, masked: str) -> float:
    if m.detail == "began":
        return 1.5
    low = d.sentences[m.sentence].start
    if "more" in m.quote:
        return 0.0
    before, after = masked[max(low, m.start - 90) : m.start], masked[m.end : m.end + 30]
    if _OTHER.match(after) or _NOT_LEAD.search(before) or m.whose in ("general", "literature", "quoted"):
        return 0.0
    if _AGO.match(after):
        if _EARLIER.search(before[-25:]):
            return 0.0
        return 2.4 if _BEGAN.search(before[-60:]) or _BEGAN.search(masked[m.end : m.end + 40]) else 0.0
    points = 0.0
    if _FOR.search(before):
        points = 3.0
    elif _ON.search(before):
        points = 2.8
    elif _USE.match(after):
        points = 2.5
    elif _COURSE.search(before):
        points = 1.6
    elif _AFTER.search(before) and (_SELF_AFTER.match(after) or re.search(rf"\b{_VERB}\b", before)):
        points = 1.4
    elif _BARE_FOR.search(before) and re.search(rf"\b{_VERB}\b", masked[low : d.sentences[m.sentence].end]):
        points = 0.6 if re.search(rf"\b{_ILL}\b", before[-45:]) else 1.5
    if _NOW.match(after):
        points += 1.0
    return points


def began(low: str) -> list[tuple[int, int, Range]]:
    """Give where a text says that something began today, yesterday, last night: start, end, (low, high) days."""
    told = (m for m in _TODAY.finditer(low) if _TODAY_START.search(m.group()))
    return [(m.start(), m.end(), _WHEN[m["when"]]) for m in told]
