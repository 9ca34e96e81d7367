"""What the words around a medicine's name say of whether it is taken (data/lexicons/taking.tsv)."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import Literal, cast

from nlp import lexicon
from nlp.types import Draft, Mention

Says = Literal["taken", "began", "ended", "weak", "considered", "never", "general"]
_REACH = 110  # characters before a name, 60 after, in which its cue may stand
_GAP_WORDS = 6
_start = itemgetter(1)  # of a word
_LIST = re.compile(
    r"[\s,/&+*()\-]*(?:(?:and|or|plus|with|a|an|the|some|also|my|then|even|both|maybe|various|other|of|xr|er|sr|cr|hcl|"
    r"patch|pills?|tablets?|\d++(?:\.\d++)?(?:/\d++)?|mgs?|mcg|daily|x|tid|bid|day|per|night|at|times)[\s,/&+*()\-.]*)*"
)
_LITERAL = re.compile(r"[a-z']+|\\d")
_BARRIER = re.compile(r"[;:!?\n]|\.\s|\bbut\b|\bbecause\b|\balthough\b|\bhowever\b|\bwhile\b")
_PRONOUN = re.compile(
    r"\b(?:it|them|this(?= (?:for|since|and|in|at|to|because|until|about|as|a|but|yet|daily|every|or)\b|"
    r"\s*[.,;!?)]|\s*$)|these|(?:this|the|these|that|my|any|each) (?:new )?"
    r"(?:med|meds|medication|medications|medicine|medicines|drug|drugs|pills?|tablets?|stuff|shots?|one|ones|script|"
    r"prescription|injections?|patch|pump|treatment|dose|rx|product))\b"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cue says of a name; start, end: where the cue stands (-1: nothing said)."""

    says: Says | None
    start: int = -1
    end: int = -1
    weak: bool = False


@cache
def _patterns(where: str) -> tuple[re.Pattern[str], tuple[Says, ...], frozenset[str]]:
    rows = [row for row in lexicon.table("taking") if row["where"] == where]
    joined = "|".join(f"(?P<c{i}>{row['pattern']})" for i, row in enumerate(rows))
    edge = rf"(?:{joined})(?![\w'])" if where == "before" else rf"(?:{joined})"
    begins = frozenset(word for row in rows for word in first_words(row["pattern"]))
    return re.compile(edge), tuple(cast(Says, row["says"]) for row in rows), begins


def first_words(pattern: str) -> set[str]:
    """Give the words that a match of a pattern can begin with: literals, and groups of them, optional ones too."""
    found: set[str] = set()
    rest = pattern
    while True:
        if not rest.startswith("(?:"):
            m = _LITERAL.match(rest)
            if m:
                found.add(m.group())
            return found
        depth, at, parts, begin = 0, 0, list[str](), 3
        for at, char in enumerate(rest):
            escaped = at > 0 and rest[at - 1] == "\\"
            if char == "(" and not escaped:
                depth += 1
            elif char == ")" and not escaped:
                depth -= 1
                if not depth:
                    break
            elif char == "|" and depth == 1:
                parts.append(rest[begin:at])
                begin = at + 1
        parts.append(rest[begin:at])
        for part in parts:
            found |= first_words(part) if part.strip() else set()
        after_group = rest[at + 1 : at + 2]
        if after_group not in ("?", "*"):
            return found
        rest = rest[at + 2 :].lstrip(" ")


def before(d: Draft, start: int, reach: int = _REACH) -> Verdict:
    """Give what the nearest cue before an offset says, in its sentence."""
    sentence = d.sentences[d.sentence_at(start)]
    low = max(sentence.start, start - reach)
    found, says, begins = _patterns("before")
    best, weak = Verdict(None), Verdict(None)
    at = low
    words = d.words
    for k in range(bisect_left(words, low, sentence.first, sentence.last, key=_start), sentence.last):
        word = words[k]
        if word.start >= start:
            break
        if word.start < at or word.norm not in begins:
            continue
        m = found.match(d.low, word.start, start)
        if m is None:
            continue
        at = m.end()
        between = d.low[at:start]
        if _BARRIER.search(between):
            continue
        kind = says[int((m.lastgroup or "c0")[1:])]
        if between.count(" ") > (2 if kind == "general" else _GAP_WORDS + 1):
            continue
        if kind == "weak":
            weak = Verdict("taken", m.start(), at, weak=True)
        else:
            best = Verdict(kind, m.start(), at)
    # "want to try a low dose of X": what is said of the dose holds only where nothing else is said
    return best if best.says and not (best.says == "general" and weak.start > best.end) else weak


def after(d: Draft, end: int) -> Verdict:
    """Give what follows an offset at once says."""
    found, says, _ = _patterns("after")
    rest = d.low[end : end + 60]
    skip = len(rest) - len(rest.lstrip(" ,)"))
    if rest[:skip].count(",") > 1:
        return Verdict(None)
    m = found.match(d.low, end + skip, min(len(d.low), end + 70))
    return Verdict(says[int((m.lastgroup or "c0")[1:])], m.start(), m.end()) if m else Verdict(None)


def verdicts(d: Draft, named: list[Mention]) -> list[Verdict]:
    """Give what is said of each name, in order; names in one list ("X, Y and Z") share what is said of one of them."""
    said = [_own(d, m) for m in named]
    joined = [False, *(_listed(d, a, b) for a, b in pairwise(named))] if named else []
    for i, m in enumerate(named):
        # nothing but a comma or "and" between them: what was said of the first holds
        if joined[i] and said[i - 1].says and (said[i].says is None or said[i].start < named[i - 1].end <= m.start):
            said[i] = said[i - 1]
    for i in range(len(named) - 1, 0, -1):
        if joined[i] and said[i - 1].says is None:
            said[i - 1] = said[i]
    return said


def _listed(d: Draft, a: Mention, b: Mention) -> bool:
    """Say whether two names stand in one list: nothing but commas, "and", doses between them."""
    if not 0 <= b.start - a.end < 60 or d.low.count("\n\n", a.end, b.start):
        return False
    return _LIST.fullmatch(d.low, a.end, b.start) is not None


def _own(d: Draft, m: Mention) -> Verdict:
    left, right = before(d, m.start), after(d, m.end)
    if left.says in ("never", "considered", "ended"):
        return left
    if right.says and (left.says in (None, "general") or right.says == "ended"):
        return right
    return left if left.says else right


def pronouns(d: Draft) -> list[tuple[int, int]]:
    """Give where "it", "this med", "the stuff" and the like stand."""
    return [m.span() for m in _PRONOUN.finditer(d.low)]
