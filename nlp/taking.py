"""What the words around a medicine's name say of whether it is taken (data/lexicons/taking.tsv)."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal, cast

from nlp import lexicon
from nlp.types import Draft, Mention

Says = Literal["taken", "began", "ended", "weak", "considered", "never", "general"]
_REACH = 110  # characters before a name, 60 after, in which its cue may stand
_BEFORE_IF = 20  # characters before "don't" in which an "if I" is sought
_GAP_WORDS = 6
_WEAK_GAP_WORDS = 3
_LIST = re.compile(
    r"[\s,/&+*()\-]*(?:(?:and|or|plus|with|a|an|the|some|also|my|then|even|both|maybe|various|other|of|xr|er|sr|cr|hcl|"
    r"patch|pills?|tablets?|\d++(?:\.\d++)?(?:/\d++)?|mgs?|mcg|daily|x|tid|bid|day|per|night|at|times)[\s,/&+*()\-.]*)*"
)
_LITERAL = re.compile(r"[a-z']+|\\d")
_ENDINGS = re.compile(r"(?:\(\?:(?P<of>[a-z'| ]+)\)|\[(?P<one>[a-z]+)\])(?P<may>[?*])?")
_BARRIER = re.compile(r"[;:!?\n]|\.\s|\bbut\b|\bbecause\b|\balthough\b|\bhowever\b|\bwhile\b")
_MEDICINE = (
    r" (?:new )?(?:med|meds|medication|medications|medicine|medicines|drug|drugs|pills?|tablets?|stuff|shots?|one|ones|"
    r"script|prescription|injections?|patch|pump|treatment|dose|rx|product)\b"
)
# Each choice begins with a letter, so that the search leaps from one such letter to the next.
_PRONOUN = re.compile(
    r"i(?<!\w.)t\b|t(?<!\w.)h(?:em\b|is\b(?= (?:for|since|and|in|at|to|because|until|about|as|a|but|yet|daily|every|or)"
    rf"\b|\s*[.,;!?)]|\s*$)|ese\b|(?:is|e|at){_MEDICINE})"
    rf"|m(?<!\w.)y{_MEDICINE}|a(?<!\w.)ny{_MEDICINE}|e(?<!\w.)ach{_MEDICINE}"
)


_NOW_NOT = re.compile(r"(?:don't|dont|do not)\b")

# A list of medicines and its head: "current meds: X, Y", "I have tried the following:" and a line for each.
_LIST_LENGTH, _HEAD_LENGTH, _LIST_LINES, _LONGEST_ITEM, _ITEM_WORDS = 160, 90, 25, 90, 2
_HEAD = re.compile(
    r"\b(?:i|i'm|i've|ive|im|me)\b.{0,60}\b(?:take|taking|took|taken|on|tried|used|use|using|done|prescribed|have|had|"
    r"given|stack|regimen)\b"
    r"|\b(?:my|current|currently|daily|present|past|previous|other|prescribed|prescription|psych)\b.{0,30}\b(?:meds?|"
    r"medications?|medicines?|prescriptions?|stack|regimen|cocktail|drugs?|supplements?|pills?|taking|on|treatments?)\b"
    r"|\b(?:taking|tried|meds|medications|stack|regimen|have taken|rx)\s*$"
)
_HEAD_NOT = re.compile(
    r"\b(?:never|not|want|consider\w*|should|would|could|allerg\w*|options?|ask|recommend\w*|you|your)\b"
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
    # The group that tells them apart stands behind each, so that the search sees by which letter it begins.
    joined = "|".join(f"(?:{row['pattern']})(?P<c{i}>)" for i, row in enumerate(rows))
    edge = rf"(?:{joined})(?![\w'])" if where == "before" else rf"(?:{joined})"
    begins = frozenset(word.replace("'", "") for row in rows for word in first_words(row["pattern"]))  # as norms are
    return re.compile(edge), tuple(cast(Says, row["says"]) for row in rows), begins


def _whole_words(begun: str, rest: str) -> set[str]:
    """Give the words that begin with some letters, by what follows them: "days?", "wean(?:ed|ing)", "cause[ds]?"."""
    if rest.startswith("?"):
        return {begun, begun[:-1]}
    m = _ENDINGS.match(rest)
    if m is None:
        return {begun}
    ends = m["of"].split("|") if m["of"] is not None else list(m["one"])
    letters = {_LITERAL.match(end) for end in ends}
    whole = {begun} if m["may"] or None in letters else set[str]()
    return whole | {begun + end.group() for end in letters if end}


def first_words(pattern: str) -> set[str]:
    """Give the words that a match of a pattern can begin with: literals, and groups of them, optional ones too."""
    found: set[str] = set()
    rest = pattern
    while True:
        if not rest.startswith("(?:"):
            m = _LITERAL.match(rest)
            return found | _whole_words(m.group(), rest[m.end() :]) if m else found
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


def before(d: Draft, start: int, end: int, reach: int = _REACH) -> Verdict:
    """Give what the nearest cue before a name, low[start:end], says in its sentence.

    "I don't take it every day", "if I don't take it": it is taken; "I don't take it any more": it was.
    """
    said = _nearest(d, start, reach)
    if said.says != "never" or not _NOW_NOT.match(d.low, said.start):
        return said
    found, says, _ = _patterns("not_always")
    if m := found.match(d.low, end + d.low.startswith(" ", end)):
        return replace(said, says=says[int((m.lastgroup or "c0")[1:])])
    only_if, _, _ = _patterns("only_if")
    if only_if.search(d.low, max(0, said.start - _BEFORE_IF), said.start):
        return replace(said, says="taken")
    return said


def _nearest(d: Draft, start: int, reach: int) -> Verdict:
    sentence = d.sentences[d.sentence_at(start)]
    low = max(sentence.start, start - reach)
    found, says, begins = _patterns("before")
    best, weak = Verdict(None), Verdict(None)
    at = low
    starts = d.word_starts
    first = bisect_left(starts, low, sentence.first, sentence.last)
    last = bisect_left(starts, start, first, sentence.last)
    for k in [k for k, norm in enumerate(d.norms[first:last], first) if norm in begins]:
        if starts[k] < at:
            continue
        m = found.match(d.low, starts[k], start)
        if m is None:
            continue
        at = m.end()
        between = d.low[at:start]
        if _BARRIER.search(between):
            continue
        kind = says[int((m.lastgroup or "c0")[1:])]
        most = 2 if kind == "general" else 1 + (_WEAK_GAP_WORDS if kind == "weak" else _GAP_WORDS)
        if between.count(" ") > most:
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
    if ":" in d.low:
        said = [v if v.says else _headed(d, m) for m, v in zip(named, said, strict=True)]
    joined = [False, *(_listed(d, a, b) for a, b in pairwise(named))] if named else []
    for i, m in enumerate(named):
        # nothing but a comma or "and" between them: what was said of the first holds
        if joined[i] and said[i - 1].says and (said[i].says is None or said[i].start < named[i - 1].end <= m.start):
            said[i] = said[i - 1]
    for i in range(len(named) - 1, 0, -1):
        if joined[i] and (said[i - 1].says is None or _relative(d, named[i], said[i])):
            said[i - 1] = said[i]
    return said


def _headed(d: Draft, m: Mention) -> Verdict:
    """Give what the head of a list ("I have the following prescribed:", "my meds:") says of what stands in it."""
    begin = d.low.rfind("\n", 0, m.start) + 1
    colon = d.low.rfind(":", max(begin, m.start - _LIST_LENGTH), m.start)
    if colon < 0:
        if len(d.low[begin : m.start].split()) > _ITEM_WORDS:
            return Verdict(None)
        colon = _head_above(d.low, begin)
    if colon < 0:
        return Verdict(None)
    begin = max(d.low.rfind("\n", 0, colon) + 1, d.low.rfind(". ", 0, colon) + 1, colon - _HEAD_LENGTH)
    head = _HEAD.search(d.low, begin, colon)
    if head is None or _HEAD_NOT.search(d.low, begin, colon):
        return Verdict(None)
    return Verdict("taken", head.start(), head.end())


def _head_above(low: str, begin: int) -> int:
    """Give where the line that heads a list ends in a colon, or -1; begin: where a line of the list begins."""
    for _ in range(_LIST_LINES):
        end = begin - 1
        if end <= 0:
            return -1
        begin = low.rfind("\n", 0, end) + 1
        line = low[begin:end].rstrip(" *_")
        if line.endswith(":"):
            return begin + len(line) - 1
        if len(line) > _LONGEST_ITEM:
            return -1
    return -1


def _listed(d: Draft, a: Mention, b: Mention) -> bool:
    """Say whether two names stand in one list: nothing but commas, "and", doses between them."""
    if not 0 <= b.start - a.end < 60 or d.low.count("\n\n", a.end, b.start):
        return False
    return _LIST.fullmatch(d.low, a.end, b.start) is not None


def _own(d: Draft, m: Mention) -> Verdict:
    left, right = before(d, m.start, m.end), after(d, m.end)
    if _relative(d, m, right):
        return right
    if left.says in ("never", "considered", "ended"):
        return left
    if right.says and (left.says in (None, "general") or right.says == "ended"):
        return right
    return left if left.says else right


def _relative(d: Draft, m: Mention, said: Verdict) -> bool:
    """Say whether what is said is a clause on a name: "ask about the Valium I took"."""
    if said.says != "taken" or said.start <= m.start or "," in d.low[m.end : said.start]:
        return False
    return d.low.startswith(("i ", "i'", "that i", "which i"), said.start)


def pronouns(d: Draft) -> list[tuple[int, int]]:
    """Give where "it", "this med", "the stuff" and the like stand."""
    return [m.span() for m in _PRONOUN.finditer(d.low)]
