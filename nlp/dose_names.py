"""The names beside an amount whose it is, where they are none of the medicines that count.

"400 mg of cimetidine", "Ramipril (5 mg a day)", "Bacopa - 500 mg": such an amount belongs to none that is recorded.
A name is told by data/lexicons/dose_words.toml (common medicines, supplements and street drugs, and the stems of
generic names), by what stands behind "mg of", or by a capital letter where no sentence begins.
"""

import re
from bisect import bisect_left
from functools import cache

from nlp import lexicon
from nlp.dose_words import table
from nlp.types import Draft

_BEFORE = re.compile(
    r"([^\W\d_](?:[\w'’]|-(?=\w))*)"
    r"(?i: (?:hcl|xr|er|sr|sodium|tartrate|succinate|hydrochloride|generic|"
    r"tabs?\.?|tablets?|caps?\.?|capsules?|pills?))?"
    r"[ \t(:*=\-–—]{0,5}$"
)
_AFTER = re.compile(
    r"[ \t)\[*_]*(?:(?P<of>of) "
    r"(?:(?:the|my|his|her|some|pure|a|an|generic|their|your|liquid|powdered|injected|oral) )?[*\[]*)?"
    r"(?P<word>[^\W\d_](?:[\w'’]|-(?=\w))*)"
)
# Behind a name in a list, where no sentence goes on: "400 mg Guaifenesin, ..."
_LISTED = re.compile(r"(?: [A-Z][\w'-]*){0,3}[ \t]*(?:[,+&(*\n/;\]]|\.|$|and \d)")
# A line of a list: its mark, and up to five words before the amount.
_ITEM = re.compile(
    r"[ \t]*(?P<mark>[*•+–—-]|\d\d?[.)])?[ \t*_]*"
    r"(?P<name>(?:[^\W\d_][\w'’/&-]*[ \t]+){0,4}[^\W\d_][\w'’/&-]*)[ \t(:*=\-–—_]+$"
)
_SHORTEST, _SHORTEST_CAPITALS = 4, 3
_REACH = 50
_NUMBER_NEXT = re.compile(r" (?:(?:[xes]r|xl|cr) )?\d")


@cache
def street() -> frozenset[str]:
    """Give the drugs that are no treatment."""
    return frozenset(s.id for s in lexicon.substances().values() if s.counts == "drug")


class Names:
    """The names of medicines in a post, by place. at: from each one's offset, its end and generic name."""

    __slots__ = ("at", "dosed", "ends", "starts", "street")

    def __init__(self, d: Draft) -> None:
        self.at = {m.start: (m.end, m.concept) for m in d.mentions if m.kind == "substance"}
        self.starts = sorted(self.at)
        self.street = {at: f"?{name}" for at, (_, name) in self.at.items() if name in street()}
        self.ends = dict(self.at.values())
        self.dosed = False

    def numbered(self, low: str, start: int, end: int) -> bool:
        """Say whether a number stands right behind a name between two offsets: "Wellbutrin XL 300"."""
        i = bisect_left(self.starts, start)
        while i < len(self.starts) and self.starts[i] < end:
            if _NUMBER_NEXT.match(low, self.at[self.starts[i]][0]):
                return True
            i += 1
        return False

    def between(self, start: int, end: int) -> bool:
        """Say whether a name begins between two offsets."""
        i = bisect_left(self.starts, start)
        return i < len(self.starts) and self.starts[i] <= end


def unknown(d: Draft, start: int, end: int, named: Names) -> str | None:
    """Give the name beside the dose at start:end whose amount it is, if that is none of the medicines that count.

    Of food and drink ("200 mg of caffeine") it is ?food.
    """
    foods = table().foods
    if any(m.end() == start for m in foods.finditer(d.low, max(0, start - 40), start)) or foods.match(d.low, end):
        return "?food"
    line = d.clean.rfind("\n", 0, start) + 1
    before = _BEFORE.search(d.clean, max(line, start - _REACH), start)
    if before:
        if before.end(1) in named.ends:
            return None
        beside = named.between(max(line, before.start() - 30), start)
        if _foreign(d, before[1].lower()) or (not beside and _names(d, before, 1)):
            return f"?{before[1].lower()}"
    item = _ITEM.match(d.clean, line, start) if start - line < 2 * _REACH else None
    if item and not named.between(line, start) and _is_item(item["name"]) and (item["mark"] or _on_a_line(d, item)):
        return f"?{item['name'].lower()}"
    after = _AFTER.match(d.text, end)  # a name that links to a shop is blanked in the clean text
    if after is None:
        return None
    if named.between(after.start("word"), after.end("word")):
        # a drug of the street that the amount is of: none of those that a dose is tied to by its place
        return named.street.get(after.start("word")) if after["of"] else None
    word = after["word"].lower()
    if after["of"]:
        said = len(word) < _SHORTEST_CAPITALS or word in table().generics or _common(word) or _own(d, word)
        return None if said else f"?{word}"
    if _foreign(d, word) or (_names(d, after, "word") and _LISTED.match(d.text, after.end())):
        return f"?{word}"
    return None


def _names(d: Draft, m: re.Match[str], group: int | str) -> bool:
    """Say whether a word is a name: a known one, or one in capitals where no sentence begins."""
    word = m[group]
    low = word.lower()
    if _foreign(d, low):
        return True
    if not word[0].isupper() or _common(low) or _own(d, low) or d.clean.isupper():
        return False
    if len(word) < _SHORTEST and not (word.isupper() and len(word) >= _SHORTEST_CAPITALS):
        return False
    begin = m.start(group)
    ahead = d.text[max(0, begin - 12) : begin].rstrip(" \t*(\"'“")[-1:]
    return ahead not in (".", "!", "?", "\n", "", ":", "-", "•")


def _foreign(d: Draft, word: str) -> bool:
    """Say whether a word is a name of the table, or ends as the generic names of medicines do."""
    words = table()
    if _own(d, word):
        return False  # a review's own drug, which the table of medicines need not know
    return word in words.others or word.rstrip("s") in words.others or words.stems.fullmatch(word) is not None


def _own(d: Draft, word: str) -> bool:
    return d.index is not None and word in d.index.split("_")


def _common(word: str) -> bool:
    """Say whether a word is one of dosing or of daily language, and no name."""
    words = table()
    return (
        word in words.openers
        or word in words.kinds
        or word in words.roles
        or word in words.not_after
        or word.endswith(("ed", "ing", "ly", "n't", "'s", "'m", "'ve"))
    )


def _on_a_line(d: Draft, item: re.Match[str]) -> bool:
    """Say whether a line without a mark begins with a name, and is no sentence: "Muscle spasms 10 mg" in a review."""
    rest = item["name"].split()[1:]
    return len(rest) < 2 and all(w[0].isupper() for w in rest) and (not d.index_from_heading or "\n" in d.clean.strip())


def _is_item(name: str) -> bool:
    """Say whether the words of a line before an amount are a name: each of them begins in capitals and is no other."""
    words = name.split()
    return len(words[0]) >= _SHORTEST_CAPITALS and words[0][0].isupper() and not any(_common(w.lower()) for w in words)
