"""Which drug name a misspelt word means, if exactly one.

A name and a word are compared after both are brought to the form in which they sound alike (ph = f, y = i, doubled
letters once, ...), by the number of letters added, left out, changed or swapped (Damerau 1964). Names are looked up
by all forms of theirs with up to two letters left out, as in SymSpell (Garbe 2012), so a word costs a few dozen
look-ups, and only once. A word that is English (data/lexicons/not_misspelt.txt) is never a misspelt drug, and a word
as near to two drugs is neither.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations

import data

_SOUNDS = (("ph", "f"), ("ck", "k"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("y", "i"), ("ae", "e"))
_SHORTEST = 5  # letters; shorter names are too near to other words
_KNOWN_LIMIT = 200_000  # words remembered: memory stays flat over any number of posts


def sound(word: str) -> str:
    """Give the form in which words that sound alike are the same: "lyrrica" and "lirica" are both "lirika"."""
    for written, spoken in _SOUNDS:
        word = word.replace(written, spoken)
    kept = word[:1]
    for letter in word[1:]:
        if letter != kept[-1]:
            kept += letter
    return kept


def allowed(length: int) -> int:
    """Give how many letters of a name of this length may be wrong, beyond those that sound alike."""
    return 0 if length < 6 else 1 if length < 9 else 2


def distance(a: str, b: str, most: int) -> int:
    """Give the number of letters added, left out, changed or swapped with their neighbour; most + 1 if more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


class Misspellings:
    """The names of medicines, ready to be asked for a misspelt one.

    names: lower-case single words and the generic name of each. english: words that are never a misspelt name.
    """

    def __init__(self, names: Mapping[str, str], english: Iterable[str]) -> None:
        self._names = names
        self._english = frozenset(english)
        self._forms: dict[str, list[str]] = {}
        self._known: dict[str, str | None] = {}
        for name in names:
            if len(name) >= _SHORTEST and name.isalpha():
                spoken = sound(name)
                for form in _shortened(spoken, allowed(len(spoken))):
                    self._forms.setdefault(form, []).append(name)

    def means(self, word: str) -> str | None:
        """Give the generic name that a lower-case word misspells, or None."""
        if word in self._known:
            return self._known[word]
        found = self._find(word) if _SHORTEST <= len(word) <= 22 and word.isalpha() else None
        if len(self._known) >= _KNOWN_LIMIT:
            self._known.clear()
        self._known[word] = found
        return found

    def _find(self, word: str) -> str | None:
        if word in self._english or (word.endswith("s") and word[:-1] in self._english):
            return None
        spoken = sound(word)
        near: dict[str, int] = {}
        for form in _shortened(spoken, allowed(len(spoken))):
            for name in self._forms.get(form, ()):
                own = sound(name)
                if own[0] != spoken[0]:
                    continue
                most = allowed(min(len(own), len(spoken)))
                far = distance(spoken, own, most)
                if far <= most:
                    generic = self._names[name]
                    near[generic] = min(far, near.get(generic, far))
        if not near:
            return None
        best = min(near.values())
        nearest = [generic for generic, far in near.items() if far == best]
        return nearest[0] if len(nearest) == 1 else None


def _shortened(word: str, most: int) -> set[str]:
    forms = {word}
    for count in range(1, min(most, len(word) - 3) + 1):
        for gone in combinations(range(len(word)), count):
            forms.add("".join(c for i, c in enumerate(word) if i not in gone))
    return forms


def english() -> frozenset[str]:
    """Give the English words that lie near a drug's name."""
    lines = data.path("lexicons/not_misspelt.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
