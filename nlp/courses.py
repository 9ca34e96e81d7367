"""The course of one treatment as the post tells it: stopped or not."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from nlp.taking import Verdict
from nlp.types import Draft

_STRANGERS = ("general", "literature")
_start = attrgetter("start")
# Of a medicine beside the one that the post is about: "I have taken X", "I was on X".
_PERFECT = re.compile(
    r"\b(?:had|have|has|i've|ive) (?:also |previously |already )?(?:taken|used)$|\bhad (?:also |previously |"
    r"already )?been on$|\b(?:was|were|used to be) on$"
)
_AGAIN = re.compile(
    r"(?<!never )(?<!not )(?<!n't )\b(?:back on (?:it|DRUG|\d|the\b(?! market))|(?:started|starting|start|began|"
    r"begun) (?:it |them |taking it |taking |"
    r"using |back )?(?:it )?(?:back up|again|back on)|restarted|"
    r"resumed|went back (?:on|to (?:it|this|them|DRUG|taking|using|the \w*(?:med|drug|pill)))|(?:had|have|has|"
    r"need|needed|got) to "
    r"(?:start (?:it|back|taking|again)|go back (?:on|to (?:it|this|taking))|take it|get back on)|"
    r"still (?:on|take|taking|use|using)\b|lesson learned|never (?:doing|making) that (?:mistake )?again)"
)
# "stopped for a week": a break, where the post goes on to tell of taking it now.
_BREAK = re.compile(
    r"\s*(?:it |this |them |completely |briefly )?(?:for|briefly|temporarily|during|while)\b"
    r"(?!\s*(?:good|ever|now|me|my|"
    r"the (?:same|last)))"
)
_PAUSED = re.compile(r"(?:\w+ ){0,2}(?:stop|quit|discontinued)", re.IGNORECASE)
_NOW_TAKES = re.compile(
    r"(?:^|[.!?\n]\s*)taking\b|\b(?:i (?:\w+ly |still |now |only |also |just )?(?:take|use|am on|am taking|am using)|"
    r"(?:i'm|im|i am|am) (?:\w+ )?(?:on|taking|using)|been (?:on|taking|using)|have (?:taken|used) (?:it|this))\b"
)
_TOOK = re.compile(r"\b(?:took|tried|tryed|was|were|had been|used|started|prescribed|gave|put|given|tooken)\b")
_NOT_PAST = re.compile(r"\b(?:i'm|im|i am|am|is|are|have been|has been|i've been|he's|she's|now|still|currently)\b")
# Of a medicine beside the one that the post is about: over and done with.
_DONE = re.compile(
    r"\b(?:took|tried|tryed|used|was (?:on|using|taking|given)|were (?:on|using|taking)|had been (?:on|using|taking)|"
    r"(?:had|have|has|i've|ive) (?:also |previously |already |even |both )*(?:tried|taken|used)|used to|spent|"
    r"had (?:[\w']+ ){0,4}(?:experience|reaction|luck|success|results?) (?:with|to|from|on))\b"
)
# What it did is told as past: "Robaxin gave me a rash".
_DID = re.compile(
    r"(?<!have )(?<!has )(?<!'ve )(?<!had )\b(?:helped|worked|made|gave|did|didn't|caused|knocked|calmed|killed|"
    r"relieved|eased|took|wasn't|stopped|messed|kept)\b"
)
_USED_FOR = re.compile(
    r".{0,14}\b(?:used|was on|was taking|had been on)\s+(?:[\w']+\s+){1,3}for (?:\w+ )?(?:years|months|weeks|a)\b"
)
_NEXT = 12  # characters from "still on" to the name of what is still taken
_ENDING = 4  # characters of a verb that the cue leaves out: help-ed
_NEAR = 28  # characters before what is said of taking it
_FIRST = re.compile(r"\b(?:originally|initially|at first|first|previously|before that|in the past|years ago)\b")
_UNTIL = re.compile(r"[^.;!?]{0,60}\buntil\b")
# "X made me gain weight so the doctor tried Y", "after X failed my doctor gave me Y": what came next.
_SO_NEXT = re.compile(
    r"[^.;!?\n]{0,80}?(?:\b(?:so|then|and then|until|before|after which) |, )(?:[\w']+ ){1,4}?(?:tried|gave|put|"
    r"switched|prescribed|changed|moved|suggested|recommended|went) "
)
# In a forum post: a dated past, or a stay in a hospital.
_DATED = re.compile(
    r"[^.;!?\n]{0,50}?\b(?:in (?:19|20)\d\d|(?:years|months) (?:ago|back)|a (?:long )?(?:while|time) (?:ago|back)|"
    r"(?:in|at) (?:the |a )?(?:detox|hospital|rehab|er|icu|ward|psych\w*|inpatient))\b"
)
_SIMPLE_PAST = re.compile(r"\b(?:took|tried|tryed|did|used|gave|given|was (?:on|put|given|taking|using)|had|were)\b")
# "I took this for two days": simple past and a length of time; "I have taken it for" goes on.
_TOOK_FOR = re.compile(
    r"(?<!have )(?<!i've )(?<!ve )(?<!has )\b(?:took|was (?:on|taking|using|given)|were on|tried|"
    r"(?:needed|had)(?= (?:it|this|DRUG))|used) (?!to\b)(?:[^.;!?\n]{0,40}?\bfor (?:\w+ ){0,4}?(?:days?|weeks?|months?|"
    r"years?|yrs?|wks?)\b(?! now)|(?:it|this|them|DRUG)(?: about| only| just| almost| over| maybe| less than| under| "
    r"around){1,2} (?:\w+ ){0,2}?(?:days?|weeks?|months?|years?|yrs?|wks?)\b(?! (?:now|after|before|later|ago)))"
)


def stopped(d: Draft, substance: str, said: list[Verdict], *, another: bool = False) -> bool | None:
    """Say whether a treatment was stopped; False if it goes on, None if the post does not say.

    another: the post tells of one other person, whose stopping it is that counts.
    """
    strangers = _STRANGERS if another else (*_STRANGERS, "other")
    ended, weak = -1, False
    for m in d.owned(substance):
        supposed = (m.assertion == "hypothetical") != (m.detail == "contrary")
        if m.kind == "stop" and not supposed and (m.whose not in strangers or " me" in m.quote):
            if m.detail in ("past", "later"):
                weak = True
            elif not (_PAUSED.match(m.quote) and _BREAK.match(d.low, m.end) and _takes_now(d.low)):
                ended = max(ended, m.end)
    if ended >= 0:
        return not _again(d, substance, ended)
    if weak and d.index_from_heading and substance == d.index and _all_past(d, said):
        return True
    if substance == d.index and d.index_from_heading and _took_for(d, substance):
        return True
    if substance != d.index and _over(d, said):
        return True
    if not d.index_from_heading and _dated(d, said):
        return True
    return False if any(v.says in ("taken", "began") for v in said) else None


def _again(d: Draft, substance: str, ended: int) -> bool:
    """Say whether it was taken up again after an offset; "still on X" tells of X."""
    return any(not _of_another(d, substance, end) for end in _again_after(d.low, ended))


def _again_after(low: str, at: int) -> Iterable[int]:
    """Give where the words end, behind an offset, that say that something was taken up again."""
    known = _taken_up_again(low)
    k = bisect_left(known, (at, at))
    if k and known[k - 1][1] > at:
        return (m.end() for m in _AGAIN.finditer(low, at))  # words that begin before the offset may hide others
    return (end for _, end in known[k:])


@lru_cache(maxsize=1)  # asked again for each treatment of one post
def _taken_up_again(low: str) -> list[tuple[int, int]]:
    return [m.span() for m in _AGAIN.finditer(low)]


@lru_cache(maxsize=1)
def _takes_now(low: str) -> bool:
    return _NOW_TAKES.search(low) is not None


def _of_another(d: Draft, substance: str, end: int) -> bool:
    named = d.of("substance")
    near = named[bisect_right(named, end, key=_start) : bisect_right(named, end + _NEXT, key=_start)]
    return any(m.concept != substance for m in near)


def _all_past(d: Draft, said: list[Verdict]) -> bool:
    """Say whether all that is said of taking it is past, and nothing of it is told as going on."""
    if _takes_now(d.low):
        return False
    told = [v for v in said if v.says in ("taken", "began", "ended")]
    return all(_TOOK.search(d.low, v.start, v.end) or not _NOT_PAST.search(d.low, v.start, v.end) for v in told)


def _with_index(d: Draft, at: int) -> bool:
    return any(m.concept == d.index for m in d.beside("substance", d.sentence_at(at)))


def _took_for(d: Draft, substance: str) -> bool:
    """Say whether a review tells of a past stretch of taking its drug, and of no present one."""
    if _takes_now(d.low):
        return False
    told = _TOOK_FOR.search(d.low)
    return told is not None and not any(
        m.concept != substance and told.start() <= m.start < told.end() for m in d.of("substance")
    )


def _dated(d: Draft, said: list[Verdict]) -> bool:
    """Say whether a forum post puts all taking of a medicine at a time or a place that is past."""
    told = [v for v in said if v.says in ("taken", "began", "ended") and v.start >= 0]
    return bool(told) and all(
        v.says == "taken" and _SIMPLE_PAST.search(d.low, v.start, v.end) and _DATED.match(d.low, v.end) for v in told
    )


def _over(d: Draft, said: list[Verdict]) -> bool:
    """Say whether a medicine beside the index one is told as a thing of the past."""
    told = [v for v in said if v.says in ("taken", "began", "ended") and v.start >= 0]
    if not told:
        return False
    if any(v.says == "ended" for v in told):
        return True
    around = [(max(d.sentences[d.sentence_at(v.start)].start, v.start - _NEAR), v.end) for v in told]
    if any(_NOT_PAST.search(d.low, *span) and not _UNTIL.match(d.low, span[1]) for span in around):
        return False
    if d.index_from_heading:
        return all(
            _DONE.search(d.low, *span)
            or _FIRST.search(d.low, *span)
            or (
                _DID.search(d.low, v.start, v.end + _ENDING)
                and (not _with_index(d, v.start) or _SO_NEXT.match(d.low, v.start))
            )
            or _UNTIL.match(d.low, span[1])
            for v, span in zip(told, around, strict=True)
        )
    if all(_USED_FOR.match(d.low, span[0], span[1] + 50) for span in around):
        return True
    return any(v.says == "taken" and _PERFECT.search(d.low, max(0, v.start - 12), v.end) for v in told)
