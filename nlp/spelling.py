"""Misspelt words of the effect tables read as what was meant: one letter wrong, missing, doubled or swapped.

Only words of seven letters or more that no table knows are looked at, and the first letter must be right. A letter
changed for another makes too many real words of short ones ("leaving", "leaking"), so nine letters are asked for that;
other real words that lie one letter from a table's word are listed in data/lexicons/real_words.tsv.
"""

from collections.abc import Iterable, Set
from functools import cache

from nlp.phrase_book import vocabulary
from nlp.phrases import rows

_MOST_SEEN = 100_000  # words of texts that are kept: memory stays flat
_SHORTEST = 7
_SHORTEST_CHANGED = 9
_TABLES = ("side_effects", "outcomes", "conditions")


class Corrector:
    """Reads misspelt words. known: words that are right as they are; wanted: those that may be meant."""

    def __init__(self, known: frozenset[str], wanted: frozenset[str]) -> None:
        self._known = set(known)  # and words of texts that are read as they are written, up to a number
        self._most = len(known) + _MOST_SEEN
        self._seen: dict[str, str] = {}
        self._wanted: dict[str, list[str]] = {}  # by first letter
        self._by_shorter: dict[str, dict[str, list[str]]] = {}  # the same, when a word with that letter was met
        for word in sorted(wanted):
            if len(word) >= _SHORTEST and word.isalpha():
                self._wanted.setdefault(word[0], []).append(word)

    def corrected(self, norms: list[str], vocabulary: Set[str]) -> list[str]:
        """Give the words with the misspelt ones in the form that was meant. vocabulary: each word once."""
        meant: dict[str, str] = {}
        known = self._known
        for norm in [norm for norm in vocabulary if len(norm) >= _SHORTEST - 1 and norm not in known]:
            read = self._seen.get(norm)
            if read is None:
                read = self._look_up(norm)
                if read != norm and len(self._seen) < _MOST_SEEN:
                    self._seen[norm] = read
            if read != norm:
                meant[norm] = read
            elif len(self._known) < self._most:
                self._known.add(norm)
        return [meant.get(norm, norm) for norm in norms] if meant else norms

    def _look_up(self, norm: str) -> str:
        if not norm.isalpha() or len(norm) > 30:
            return norm
        near = self._by_shorter.get(norm[0])
        if near is None:
            near = self._by_shorter[norm[0]] = _by_shorter(self._wanted.get(norm[0], ()))
        for candidate in (norm, *_shorter(norm)):
            for word in near.get(candidate, ()):
                if one_edit(norm, word) and not _too_free(norm, word):
                    return word
        return norm


def _by_shorter(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        for shorter in (word, *_shorter(word)):
            found.setdefault(shorter, []).append(word)
    return found


def _shorter(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(1, len(word))]


def _too_free(norm: str, word: str) -> bool:
    return len(norm) == len(word) < _SHORTEST_CHANGED and sorted(norm) != sorted(word)


def one_edit(a: str, b: str) -> bool:
    """Say whether two words differ by one letter changed, missing, added or swapped with its neighbour."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    x, y = a[start:], b[start:]
    if x[1:] == y[1:] or x[1:] == y or x == y[1:]:
        return True
    return len(x) == len(y) and x[:2] == y[1::-1] and x[2:] == y[2:]


@cache
def corrector() -> Corrector:
    """Give the corrector for the effect tables."""
    wanted = vocabulary(row for table in _TABLES for row in rows(table))
    right = frozenset(row.phrase for row in rows("real_words"))
    others = vocabulary(row for table in ("assertion", "experiencer", "ties") for row in rows(table))
    return Corrector(wanted | others | right, wanted)
