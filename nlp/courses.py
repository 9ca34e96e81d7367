"""The course of one treatment as the post tells it: stopped or not, and how long it was taken."""

import re

from nlp.taking import Verdict
from nlp.types import Draft, Mention

# Before a length of time: that it is one of taking.
_TAKING = re.compile(
    r"\b(?:tak(?:e|en|ing|es)|took|on|used?|using|been|tried|prescribed|start(?:ed|ing)?|began|given|med(?:s|ication|icine)?|drug|"
    r"it|this|dose|doses|dosage|mgs?|daily|night|day|treatment|shot|pills?|bedtime|times|stuff|tid|bid|going on|x|for|after|"
    r"only|now|the (?:past|last)|over|about|since|within|in|almost|just|first|approx(?:imately)?|off and on|with)\b"
)
_ILLNESS = re.compile(
    r"\b(?:drink(?:ing|er)?|drank|alcoholic|alcoholism|addict(?:ed|ion)?|sober|clean|suffer(?:ed|ing)?|pain|had (?:ms|spasms?)|"
    r"diagnos(?:ed|is)|smok(?:ed|ing|er)|have had|i've had|ive had|i have|disabled|married|old|age|injury|accident|surger(?:y|ies)|"
    r"quit|abstinen(?:t|ce)|without|every|sleep|slept|withdraw(?:al|als)|binge|hospital|rehab|dry|stopping|stopped|off|struggled|ill|"
    r"apart|later|half-life|hours? a|working|worked as|job|school|dating|together|relapsed?|using (?:heroin|meth|cocaine)|heroin)\b"
)
_OTHER_AFTER = re.compile(
    r"^\s*(?:old\b|sober|clean|of (?:sobriety|drinking|abstinence|pain|heavy|my life|suffering|age|hell|daily drinking)|later|apart|prior|"
    r"before|without|off\b|free\b|post|from now|to (?:live|go)|in (?:rehab|jail|detox|hospital)|supply|worth|abstinent|dry|young|ahead|"
    r"in the hospital|after (?:i |my )?(?:stopp|quit|surg|injur|the acc|accid))"
)
_FOR = re.compile(
    r"\b(?:for|since|been|past|last|now|total of|almost|about|over|nearly|going on|after|course of|in)\s*(?:the |a |my )?(?:first |past |last |about |over |almost |only |approx(?:imately)? |at least |just |like |around |nearly |more than |less than |well over )*$"
)
_AGO = re.compile(r"^\s*(?:ago|back)\b")
_NOW = re.compile(r"^\s*(?:now\b|so far|already|straight|and counting|today)")
_START = re.compile(
    r"\b(?:start(?:ed|ing)?|began|begun|prescribed|put (?:me |him |her )?on|placed|given|switched|on (?:it|this)|been on|first (?:dose|took)|went on|got on|taking|took)\b"
)
_TODAY = re.compile(
    r"\b(?:just )?(?:started|began|took (?:my|the|a)? ?(?:first|1st)(?: dose| pill| one)?|first (?:dose|pill|day|shot)|1st (?:dose|pill|day|shot))"
    r"(?: (?:\w+ ){0,5})?(?P<when>today|last night|yesterday|this morning|tonight|this week|last week|last month)\b"
)
_WHEN = {
    "today": (0, 1),
    "this morning": (0, 1),
    "tonight": (0, 1),
    "last night": (1, 1),
    "yesterday": (1, 1),
    "this week": (0, 7),
    "last week": (7, 7),
    "last month": (30, 30),
}
_NOT_STOP_BEFORE = re.compile(
    r"\b(?:not|don't|dont|never|can't|cannot|without|if (?:you|i)|afraid to|before|when (?:you|i)|should|could|would|want(?:ed)? to|"
    r"won't|wouldn't|didn't|until i|no plans? to|to|trying to|tried to|how (?:do|to)|you|people|they|drinking|once (?:you|i)|unless|please)\s*(?:\w+\s+)?$"
)
_STOP_OBJECT = re.compile(
    r"^\s*(?:working|drinking|smoking|helping|breathing|using (?:alcohol|heroin|drugs)|the (?:pain|spasms?|cravings?|urge|hiccups|tremors?|drinking|bleeding)|"
    r"(?:my|all|these|having|me from|him from|her from|craving|being|producing|sleeping|eating|the itch|growing|caring|going|seeing|wanting|doing|hurting|counting)\b|"
    r"alcohol|booze|cold turkey drinking|after (?:one|two|a few|1|2) (?:drinks?|beers?)|by|at|in time)"
)
_AGAIN = re.compile(
    r"\b(?:back on|started (?:it |taking it |taking |using )?again|restarted|resumed|went back on|went back to)\b"
)


def stopped(d: Draft, substance: str, said: list[Verdict]) -> bool | None:
    """Say whether a treatment was stopped; False if it goes on, None if the post does not say."""
    ended = -1
    for m in d.mentions:
        if (
            m.kind == "stop"
            and m.substance == substance
            and m.assertion not in ("negated", "hypothetical")
            and _is_stop(d, m)
        ):
            ended = max(ended, m.start)
    if ended >= 0:
        again = _AGAIN.search(d.low, ended)
        return not again
    says = [v.says for v in said]
    if "ended" in says and substance != d.index:
        return True
    return False if says and any(s in ("taken", "began") for s in says) else None


def _is_stop(d: Draft, m: Mention) -> bool:
    if _NOT_STOP_BEFORE.search(d.low, max(0, m.start - 40), m.start):
        return False
    return not _STOP_OBJECT.match(d.low[m.end : m.end + 50])


def duration(d: Draft, substance: str) -> Mention | None:
    """Give the length of time that says best how long a treatment was or is taken."""
    best, most = None, 1.0
    for m in d.mentions:
        if m.kind == "duration" and m.substance == substance:
            points = _points(d, m)
            if points > most:
                best, most = m, points
    return best


def _points(d: Draft, m: Mention) -> float:
    sentence = d.sentences[m.sentence]
    before, after = d.low[max(sentence.start, m.start - 70) : m.start], d.low[m.end : min(m.end + 40, len(d.low))]
    points = 0.0
    if _OTHER_AFTER.match(after):
        return 0.0
    if _FOR.search(before):
        points += 1.0
    ago = _AGO.match(after)
    if ago:
        points += 1.2 if _START.search(before) else -1.0
    if _NOW.match(after):
        points += 0.8
    if _TAKING.search(before[-45:]):
        points += 0.6
    if _START.search(before):
        points += 0.6
    if _ILLNESS.search(before[-40:]):
        points -= 1.2
    return points
