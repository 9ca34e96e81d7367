"""Which words a text must hold for a regular expression to match, told by the expression itself.

An expression on lower-case text, as the lexicons have them: words, single spaces, groups of choices. Each part that
every match holds gives a set of words of which one must be there: where it is a group, the rarest of each choice.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import NamedTuple

from nlp.clean import comparable

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz'")
_COMMON = frozenset(
    "a about all am an and any are as at be been but by can could day days did do for from get go going got had has "
    "have he her him his i i'm if im in is it it's just last like me month months more my never no not now of on one "
    "only or out she so some still take taken taking than that the them then they this time to too took try tried two "
    "up use used using was we week weeks went were what when while will with would year years you".split()
)
_MOST_SEEN = 100_000  # words remembered: memory stays flat over any number of posts


class Key(NamedTuple):
    """A word that must be there. whole: as it stands; else a longer word that begins with it will do, too."""

    word: str
    whole: bool


Keys = frozenset[Key]


class Bits(dict[str, int]):
    """The bits of each word seen, as `Word.norm`: one bit for each set of words that was added and holds it."""

    def __init__(self) -> None:
        super().__init__()
        self._bit: dict[Keys, int] = {}
        self._whole: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        self._longest = 0  # of the words added: of a word of a megabyte no more need be looked at

    def added(self, sets: Iterable[Keys]) -> int:
        """Add sets of words; give their bits: a text that holds a word of each has all of them."""
        bits = 0
        for keys in sets:
            bit = self._bit.setdefault(keys, 1 << len(self._bit))
            for key in keys:
                held, word = self._whole if key.whole else self._begun, comparable(key.word)
                held[word] = held.get(word, 0) | bit
                self._longest = max(self._longest, len(word))
            bits |= bit
        return bits

    def __missing__(self, norm: str) -> int:
        begun = (self._begun.get(norm[:length], 0) for length in range(1, min(len(norm), self._longest) + 1))
        bits = reduce(or_, begun, self._whole.get(norm, 0))
        if len(self) < _MOST_SEEN:
            self[norm] = bits
        return bits

    def of(self, norms: Iterable[str]) -> int:
        """Give the bits of a text's words."""
        return reduce(or_, filter(None, map(self.__getitem__, norms)), 0)


class _Group(NamedTuple):
    """What one part of an expression is: choices that are read one by one, or None where nothing is known of it."""

    choices: tuple[str, ...] | None
    optional: bool
    width: int
    """How many characters of the expression it is."""


def needed(pattern: str) -> frozenset[Keys]:
    """Give sets of words: every match holds a word of each. A match begins with a word."""
    choices = tuple(_split(pattern))
    if len(choices) > 1:
        keys = _any_of(choices, starts=True, ends=False)
        return frozenset((keys,)) if keys else frozenset()
    return frozenset(_required(pattern, starts=True, ends=False))


def _any_of(choices: tuple[str, ...], *, starts: bool, ends: bool) -> Keys | None:
    """Give words of which whatever matches one of some choices holds one: of each the set of the rarest."""
    sets = [min(_required(choice, starts=starts, ends=ends), key=score, default=None) for choice in choices]
    return frozenset[Key]().union(*(keys for keys in sets if keys)) if all(sets) else None


def score(keys: Keys) -> tuple[int, int]:
    """Give how common a set of words is, as far as the expressions tell: common words in it, then words."""
    return sum(key.word in _COMMON or len(key.word) < 3 for key in keys), len(keys)


def _required(pattern: str, *, starts: bool, ends: bool) -> Iterator[Keys]:
    """Give the sets of words of which every match holds one, part by part."""
    at, edge = 0, starts
    while at < len(pattern):
        if pattern[at] in _LETTERS:
            until = at
            while until < len(pattern) and pattern[until] in _LETTERS:
                until += 1
            optional = pattern[until : until + 1] in ("?", "*", "{")
            word = pattern[at : until - optional]
            if edge and word:
                yield frozenset((Key(word, not optional and _ends_word(pattern, until, ends=ends)),))
            at, edge = until, False
            continue
        part = _part(pattern, at)
        behind = at + part.width
        if part.choices is not None:
            if not part.optional:
                keys = _any_of(part.choices, starts=edge, ends=_ends_word(pattern, behind, ends=ends))
                if keys:
                    yield keys
            spaced = all(choice.endswith(" ") for choice in part.choices)
            edge = spaced and (edge or not part.optional)
        elif part.width:
            edge = pattern[at] == " " and not part.optional
        at = behind


def _ends_word(pattern: str, at: int, *, ends: bool) -> bool:
    if at == len(pattern):
        return ends
    return pattern.startswith("\\b", at) or (pattern[at] in " /" and pattern[at + 1 : at + 2] not in ("?", "*", "{"))


def _part(pattern: str, at: int) -> _Group:
    """Give the part that begins at a place: a group, a class of characters, an escape or one character."""
    char, choices = pattern[at], None
    if char == "(":
        until = _closing(pattern, at)
        if pattern.startswith("(?:", at):
            choices = tuple(_split(pattern[at + 3 : until - 1]))
    elif char == "[":
        until = pattern.index("]", at + 2) + 1
    else:
        until = at + (2 if char == "\\" else 1)
    optional = pattern[until : until + 1] in ("?", "*") or pattern.startswith("{0", until)
    if pattern[until : until + 1] in ("?", "*", "+", "{"):
        until = pattern.index("}", until) + 1 if pattern[until] == "{" else until + 1
        if pattern[until : until + 1] == "?":
            until += 1
    return _Group(choices, optional, until - at)


def _closing(pattern: str, at: int) -> int:
    """Give the place behind the bracket that closes the one at a place."""
    depth, in_class = 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    raise ValueError(f"a bracket is not closed in {pattern!r}")


def _split(choices: str) -> Iterator[str]:
    """Give the choices of a group."""
    begin = at = 0
    while at < len(choices):
        if choices[at] in "([":
            at += _part(choices, at).width
            continue
        if choices[at] == "|":
            yield choices[begin:at]
            begin = at + 1
        at += 2 if choices[at] == "\\" else 1
    yield choices[begin:]
