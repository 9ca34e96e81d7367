"""The course of one treatment as the post tells it: stopped or not, and how long it was taken."""

import re
from collections.abc import Iterator

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
    r"(?:drink(?:ing|er)?|drank|alcoholi\w+|addict\w*|sober|clean|suffer\w*|diagnos\w+|smok\w+|married|hospital|"
    r"rehab|struggl\w+|"
    r"more|caused|had|pain\w*|quit|stop\w*|(?<!and )off|without|every|sle[ep]\w+|(?<!after )(?<!my )(?<!the )surger\w+|"
    r"injur\w+|accident|slept|wait\w*|abstin\w+|dry|relaps\w+)"
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
    r"DRUG)|with (?:it\b|this|DRUG)|period|course|in(?:to)? (?:it|treatment|this)|in\s*(?:[,.]|and\b|but\b)|"
    r"(?:of )?(?:taking|being on|using) |since (?:i )?(?:start|began|beginning|taking|going on)|of (?:this|DRUG))"
)
_BEGAN = re.compile(
    r"\b(?:start(?:ed|ing)?|began|begun|prescribed|put (?:me |him |her )?on|placed (?:me |him |her )?on|given|"
    r"gave|switched|went on|got on|"
    r"first (?:dose|took|tried)|added|increased|taking|took|approved)\b"
)
_SELF_AFTER = re.compile(r"\s*,?\s*(?:i|my|it|the)\b")
_COURSE = re.compile(r"\b(?:course of|over(?: a)?|period of|total of)\s+(?:the |a )?$")
_OTHER = re.compile(
    r"\s*(?:old\b|sober|clean\b|of (?:\w+ ){0,2}?(?:sobriety|drinking|abstinence|pain|heavy|my life|suffering|age\b|"
    r"hell|agony|misery|sleepless|drinking|being sober|spasms|headaches|depression|anxiety|insomnia|abuse|addiction|"
    r"alcohol|using|use of alcohol)|later|"
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
    "this week": (0, 7), "last week": (7, 7), "last month": (30, 30), "last year": (365, 365),
}  # fmt: skip


def _spaced(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a space stands for any number of them."""
    return re.compile(pattern.replace(" ", r"\s+"))


_SINCE = re.compile(
    r"\b(?:taking|on|using|taken|used|had)\b[^.;!?\n]{0,30}?\bsince (?P<when>yesterday|last night|last week|last month|"
    r"last year)\b"
)
_ORDINALS = {
    "first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0,
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
}  # fmt: skip
# Each begins with one class of letters, so that the search leaps from one such letter to the next.
_NTH_UNIT = re.compile(
    r"[dwmy\dhn](?:(?:(?<=d)ay|(?<=w)eek|(?<=m)onth|(?<=y)ear)\s+(?:\d|[ofts])"
    r"|(?:(?<=\d)(?:st|nd|rd|th)|(?<=[dhn])) +(?:day|night|week|month|year)\b)"
)
_DOSE_UNIT = re.compile(
    r"(?:one|1|single|two|2|three|3|four|4)(?:\s+\d+ ?mg| full| small| little)?\s+(?:dos|tim|pil|tab|cap)"
)
_TODAY_UNIT = re.compile(r"today|tonight|yesterday|last (?:night|week|month)|this (?:morning|week)")
_NTH = _spaced(
    r"\b(?:(?:i'm|im|am|is|was|it's|its|only|now)(?: now| only| just)?(?: on| in| at| my| the| to| this)*|"
    r"on(?= day \d+ of (?:taking|this|it|the|my|using|treatment|DRUG))|today is|this is|"
    r"(?:this|it) (?:is|was)(?: only| just| now)? (?:my|the)) "
    r"(?:(?P<u1>day|week|month|year) (?P<n1>\d{1,2}|one|two|three|four|five|six)\b|"
    r"(?P<n2>\d{1,2}(?:st|nd|rd|th)|second|third|fourth|fifth|sixth|seventh) (?P<u2>day|night|week|month|year)\b)"
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
# Of a medicine beside the one that the post is about: "I have taken X", "I was on X".
_PERFECT = re.compile(
    r"\b(?:had|have|has|i've|ive) (?:also |previously |already )?(?:taken|used)$|\bhad (?:also |previously |"
    r"already )?been on$|\b(?:was|were|used to be) on$"
)
_AGAIN = re.compile(
    r"\b(?:back on (?:it|DRUG|the)|started (?:it |taking it |taking |using )?(?:it )?(?:back up|again)|restarted|"
    r"resumed|went back (?:on|to)|(?:had|have|has|need|needed|got) to (?:start|go back|take it|get back)|"
    r"still (?:on|take|taking|use|using) (?:it|this|them|DRUG|the)|still (?:on|taking) )\b"
)
# "stopped for a week": a break, where the post goes on to tell of taking it now.
_BREAK = re.compile(
    r"\s*(?:it |this |them |completely |briefly )?(?:for|briefly|during|while)\b(?!\s*(?:good|ever|now|me|my|"
    r"the (?:same|last)))"
)
_PAUSED = re.compile(r"(?:\w+ ){0,2}(?:stop|quit|discontinued)", re.IGNORECASE)
_NOW_TAKES = re.compile(
    r"(?:^|[.!?\n]\s*)taking\b|\b(?:i (?:\w+ly |still |now |only |also |just )?(?:take|use|am on|am taking|am using)|"
    r"(?:i'm|im|i am|am) (?:\w+ )?(?:on|taking|using)|been (?:on|taking|using)|have (?:taken|used) (?:it|this))\b"
)
# What a review says of a medicine that is taken now.
_NOW_WORKS = re.compile(
    r"\b(?:makes|helps|works|gives|keeps|causes|relieves|allows|lets|eases|it is|it's|seems|does|doesn't|so far|still|"
    r"currently|started|just|lately|today|yesterday|last night|is (?:helping|working)|need|can)\b"
)
_TOOK = re.compile(r"\b(?:took|tried|tryed|was|were|had been|used|started|prescribed|gave|put|given|tooken)\b")
_NOT_PAST = re.compile(r"\b(?:i'm|im|i am|am|is|are|have been|has been|i've been|he's|she's|now|still|currently)\b")
# Of a medicine beside the one that the post is about: over and done with.
_DONE = re.compile(
    r"\b(?:took|tried|tryed|used|was (?:on|using|taking|given)|were (?:on|using|taking)|had been (?:on|using|taking)|"
    r"(?:had|have|has|i've|ive) (?:also |previously |already |even |both )*(?:tried|taken|used)|used to|spent|"
    r"had (?:[\w']+ ){0,4}(?:experience|reaction|luck|success|results?) (?:with|to|from|on)|"
    r"(?:go|get|going|getting) back (?:on|to))\b"
)
# What it did is told as past: "Robaxin gave me a rash".
_DID = re.compile(
    r"(?<!have )(?<!has )(?<!'ve )(?<!had )\b(?:helped|worked|made|gave|did|didn't|caused|knocked|calmed|killed|"
    r"relieved|eased|took|wasn't|stopped|messed|kept)\b"
)
_USED_FOR = re.compile(
    r".{0,14}\b(?:used|was on|was taking|had been on)\s+(?:[\w']+\s+){1,3}for (?:\w+ )?(?:years|months|weeks|a)\b"
)
_ENDING = 4  # characters of a verb that the cue leaves out: help-ed
_NEAR = 28  # characters before what is said of taking it
_FIRST = re.compile(r"\b(?:originally|initially|at first|first|previously|before that|in the past|years ago)\b")


_UNTIL = re.compile(r"[^.;!?]{0,60}\buntil\b")
# "I took this for two days": simple past and a length of time; "I have taken it for" goes on.
_TOOK_FOR = re.compile(
    r"(?<!have )(?<!i've )(?<!ve )(?<!has )\b(?:took|was (?:on|taking|using|given)|were on|tried|"
    r"used) (?!to\b)[^.;!?\n]{0,40}?"
    r"\bfor (?:\w+ ){0,4}?(?:days?|weeks?|months?|years?|yrs?|wks?)\b(?! now)"
)


def stopped(d: Draft, substance: str, said: list[Verdict]) -> bool | None:
    """Say whether a treatment was stopped; False if it goes on, None if the post does not say."""
    ended, weak = -1, False
    for m in d.mentions:
        if m.kind == "stop" and m.substance == substance and m.assertion != "hypothetical":
            if m.detail == "past":
                weak = True
            elif not (_PAUSED.match(m.quote) and _BREAK.match(d.low, m.end) and _NOW_TAKES.search(d.low)):
                ended = max(ended, m.end)
    if ended >= 0:
        return not _AGAIN.search(d.low, ended)
    if weak and d.index_from_heading and substance == d.index and _all_past(d, said):
        return True
    if substance == d.index and d.index_from_heading and _took_for(d, substance):
        return True
    if substance != d.index and _over(d, said):
        return True
    return False if any(v.says in ("taken", "began") for v in said) else None


def _all_past(d: Draft, said: list[Verdict]) -> bool:
    """Say whether all that is said of taking it is past, and nothing of it is told as going on."""
    if _NOW_TAKES.search(d.low):
        return False
    told = [v for v in said if v.says in ("taken", "began", "ended")]
    return all(_TOOK.search(d.low, v.start, v.end) or not _NOT_PAST.search(d.low, v.start, v.end) for v in told)


def _took_for(d: Draft, substance: str) -> bool:
    """Say whether a review tells of a past stretch of taking its drug, and of no present one."""
    if _NOW_TAKES.search(d.low):
        return False
    told = _TOOK_FOR.search(d.low)
    return told is not None and not any(
        m.kind == "substance" and m.concept != substance and told.start() <= m.start < told.end() for m in d.mentions
    )


def _over(d: Draft, said: list[Verdict]) -> bool:
    """Say whether a medicine beside the index one is told as a thing of the past."""
    told = [v for v in said if v.says in ("taken", "began", "ended") and v.start >= 0]
    if not told:
        return False
    if any(v.says == "ended" for v in told):
        return True
    with_index = {m.sentence for m in d.of("substance") if m.concept == d.index}
    around = [(max(d.sentences[d.sentence_at(v.start)].start, v.start - _NEAR), v.end) for v in told]
    if any(_NOT_PAST.search(d.low, *span) and not _UNTIL.match(d.low, span[1]) for span in around):
        return False
    if d.index_from_heading:
        return all(
            _DONE.search(d.low, *span)
            or _FIRST.search(d.low, *span)
            or (_DID.search(d.low, v.start, v.end + _ENDING) and d.sentence_at(v.start) not in with_index)
            or _UNTIL.match(d.low, span[1])
            for v, span in zip(told, around, strict=True)
        )
    if all(_USED_FOR.match(d.low, span[0], span[1] + 50) for span in around):
        return True
    return any(v.says == "taken" and _PERFECT.search(d.low, max(0, v.start - 12), v.end) for v in told)


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
        return 1.2
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


def _around(found: re.Pattern[str], anchor: re.Pattern[str], low: str) -> Iterator[re.Match[str]]:
    """Give the matches that lie around the words that every one of them holds: looking everywhere costs too much."""
    done = 0
    for at in anchor.finditer(low):
        if at.start() >= done:
            m = found.search(low, max(done, at.start() - 80), min(len(low), at.end() + 60))
            if m:
                done = m.end()
                yield m


def began(low: str) -> list[tuple[int, int, Range]]:
    """Give where a text says when it began, on which day it is, or how few doses there were: start, end, (low, high).

    "Started yesterday", "since last month", "on day 5", "the third week", "only took one dose", in days.
    """
    found = [
        (m.start(), m.end(), _WHEN[m["when"]])
        for m in _around(_TODAY, _TODAY_UNIT, low)
        if _TODAY_START.search(m.group())
    ]
    if "since" in low:
        found += [(m.start("when"), m.end(), _WHEN[m["when"]]) for m in _SINCE.finditer(low)]
    for m in _around(_NTH, _NTH_UNIT, low):
        said = m["n1"] or m["n2"]
        number = _ORDINALS.get(said) or float(re.sub(r"\D", "", said) or 0)
        if 1 <= number <= 90:
            days = number * {"d": 1, "n": 1, "w": 7, "m": 30, "y": 365}[(m["u1"] or m["u2"])[0]]
            found.append((m.start(), m.end(), (days, days)))
    for m in _around(_DOSES, _DOSE_UNIT, low):
        number = _FEW.get(m["count"], 0.0)
        if number == 1 or m["what"][:4] in ("dose", "time", "dosa"):
            found.append((m.start("count"), m.end("what"), (number, number)))
    return found
