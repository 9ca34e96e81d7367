"""Whose way with a medicine is a stated dose? Taken, only advised, or other people's, as the words around it tell.

The cues are regular expressions of data/lexicons/dose_told.toml. Of those before the dose in its sentence the last one
holds: "my doctor wants me to go to 80 mg" is advised, "he said 80 mg but I was on 40 mg" is taken.
"""

import re
import tomllib
from functools import cache
from typing import Any, NamedTuple

import data
from nlp.types import Draft

_REACH = 110  # characters before a dose in which its cue may stand
_AFTER = 70  # characters behind it in which it may be taken back
_KIN = re.compile(
    r"\b(?:my|our|his|her) (?:\w+ )?(?:sister|brother|mother|mom|mum|father|dad|husband|wife|partner|friend|neighbou?r|"
    r"cousin|uncle|aunt|son|daughter|boyfriend|girlfriend|buddy|mate|boss|colleague|coworker|roommate)"
    r"(?: is| was| takes| took| gets| got| has been| needs| needed| went| swears by| does well| did well)\b"
    r"(?![^.;!?]*\b(?:i|i'm|i've|im|ive)\b)[^.;!?]*$"
)
_BUT_I = re.compile(r"[^.!?\n]{0,40}?[;,] ?(?:but |while |whereas |and |though |yet )?(?:i|i'm|i've|me|mine)\b")
_OWN = re.compile(r"\b(?:i|i'm|i've|im|ive|me|my)\b")


# "If I take 40 mg, will I sleep?": in a question only, for "if I take 40 mg I sleep" was taken.
_SUPPOSED = re.compile(
    r"\bif i(?:'m| am)? (?:only |just |also |even )?(?:take|took|taking|do|did|use|used|start|go|went|add)\b"
)


class Cues(NamedTuple):
    """The cues before a dose, one group a kind; what a question begins with; what takes a prescription back."""

    before: re.Pattern[str]
    asks: re.Pattern[str]
    undone: re.Pattern[str]
    instead: re.Pattern[str]
    followed: re.Pattern[str]


@cache
def cues() -> Cues:
    """Give the table of data/lexicons/dose_told.toml."""
    with data.path("lexicons/dose_told.toml").open("rb") as file:
        read: dict[str, Any] = tomllib.load(file)
    verb = read["verb"]
    groups = "|".join(
        f"(?P<{kind}>{'|'.join(pattern.replace('@verb', verb) for pattern in read['before'][kind])})"
        for kind in ("plain", "advised", "other", "prescribed", "taken")
    )
    after = read["after"]
    return Cues(
        re.compile(rf"(?<![\w'])(?:{groups})(?![\w'])"),
        re.compile(read["asks"]),
        re.compile(after["undone"]),
        re.compile(after["instead"]),
        re.compile(after["followed"]),
    )


_TAKES_IT = re.compile(r"\bi (?:\w+ ){0,2}(?:take|took|use|used|am taking)\b")


def told(d: Draft, start: int, end: int) -> str | None:
    """Give advised or other for the dose whose amount stands at start:end; taken where the author plainly took it.

    None where nothing says any of it: then what is said of the medicine holds.
    """
    table = cues()
    sentence = d.sentences[d.sentence_at(start)]
    low = max(sentence.start, start - _REACH)
    last = None
    for m in table.before.finditer(d.low, low, start):
        if m.lastgroup != "plain":
            last = m.lastgroup
    if _KIN.search(d.low, low, start) and _BUT_I.match(d.low, end, sentence.end):
        return "other"  # "my sister is on 120 mg; I never needed more than 50"
    if last in ("advised", "other", "prescribed") and table.followed.match(d.low, end, min(len(d.low), end + _AFTER)):
        return "taken"
    if last in ("advised", "other"):
        own = last == "other" and _TAKES_IT.search(d.low, start, end)  # "$4 for 90 of 10 mg, and I take it twice a day"
        return "taken" if own else last
    if sentence.question and _SUPPOSED.search(d.low, low, start):
        return "advised"
    if table.undone.match(d.low, end, min(len(d.low), end + _AFTER)):
        return "advised"
    if last == "prescribed" and table.instead.match(d.low, end, min(len(d.low), end + _AFTER)):
        return "advised"
    if last == "taken" and not sentence.question and _OWN.search(d.low, sentence.start, sentence.end):
        return "taken"
    if last is None and sentence.question and table.asks.fullmatch(d.low, low, start):
        return "advised"
    if sentence.question and not d.index_from_heading and not _OWN.search(d.low, sentence.start, sentence.end):
        return "advised"  # "would 40 mg of it do more harm than 20 mg?"
    return None
