"""Which rules a post may meet at all, told by its words: each distinct word is looked at once and remembered.

A rule that cannot match without one of some words asks for their bit, and most posts are spared the search for it.
"""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_

ALL = -1
"""The bits of a text of which nothing is known: no rule is left out."""
_MOST_SEEN = 100_000  # words remembered: memory stays flat over any number of posts


class _Bits(dict[str, int]):
    """The bits of each word seen."""

    def __init__(self) -> None:
        super().__init__()
        self._rules: list[str] = []
        self._any = re.compile("(?!)")

    def added(self, pattern: str) -> int:
        """Add a rule; give its bit."""
        self._rules.append(pattern)
        self._any = re.compile("|".join(self._rules))
        self.clear()
        return 1 << len(self._rules) - 1

    def __missing__(self, norm: str) -> int:
        bits = 0
        if self._any.search(norm):
            bits = sum(1 << n for n, rule in enumerate(self._rules) if re.search(rule, norm))
        if len(self) < _MOST_SEEN:
            self[norm] = bits
        return bits


_bits = _Bits()


def gate(pattern: str) -> int:
    """Give the bit that says that a post holds a word with a match of a pattern; words are compared as `Word.norm`."""
    return _bits.added(pattern)


def gates(norms: Iterable[str]) -> int:
    """Give the bits of a text's words."""
    return reduce(or_, filter(None, map(_bits.__getitem__, norms)), 0)
