"""What ties the words of a sentence to the treatment, or to the illness: the cues of data/lexicons/ties.tsv."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple, cast

from spacy.tokens import Doc

from nlp.component import draft
from nlp.phrases import Hit, word_classes
from nlp.spot import found
from nlp.types import Draft, Sentence

_KEY = "doselore_ties"
_first = itemgetter(1)
_STOPS = word_classes()["turn"]
_new = tuple.__new__  # Tie(...) would do the same by a call into Python for each


class Tie(NamedTuple):
    """One cue: words[first:last] of the post."""

    kind: str
    first: int
    last: int


def ties_of(doc: Doc) -> "Ties":
    """Give the cues of a post; they are kept on the Doc."""
    known = doc.user_data.get(_KEY)
    if known is None:
        known = doc.user_data[_KEY] = Ties(draft(doc), found(doc)["ties"])
    return cast(Ties, known)


class Ties:
    """The cues of one post, asked by sentence. kinds: of all of them."""

    def __init__(self, d: Draft, hits: Iterable[Hit]) -> None:
        self._norms = d.norms
        self._all = sorted([_new(Tie, (row["kind"], first, last)) for first, last, row in hits])
        self._all.sort(key=_first)
        self._firsts = [tie[1] for tie in self._all]
        self.kinds = frozenset([tie[0] for tie in self._all])

    def within(self, first: int, last: int) -> list[Tie]:
        """Give the cues that begin in words[first:last]."""
        return self._all[bisect_left(self._firsts, first) : bisect_left(self._firsts, last)]

    def before(self, at: int, kinds: Iterable[str], reach: int, begin: int) -> Tie | None:
        """Give the nearest cue of some kinds that ends at most `reach` words before a word, in its sentence."""
        if self.kinds.isdisjoint(kinds):
            return None
        farthest = max(begin, at - reach - 8)
        for k in range(bisect_right(self._firsts, at) - 1, -1, -1):
            kind, first, last = tie = self._all[k]
            if first < farthest:
                return None
            if kind in kinds and at - reach <= last <= at and self.open(last, at):
                return tie
        return None

    def after(self, at: int, kinds: Iterable[str], reach: int, end: int) -> Tie | None:
        """Give the nearest cue of some kinds that begins at most `reach` words after a word, in its sentence."""
        if self.kinds.isdisjoint(kinds):
            return None
        for tie in self.within(at, min(end, at + reach + 1)):
            if tie.kind in kinds and self.open(at, tie.first):
                return tie
        return None

    def of(self, kinds: Iterable[str], sentence: Sentence) -> list[Tie]:
        """Give the cues of some kinds in a sentence."""
        return [tie for tie in self.within(sentence.first, sentence.last) if tie.kind in kinds]

    def open(self, begin: int, end: int) -> bool:
        """Say whether no word that turns the sentence ("but") stands between two places."""
        return begin >= end or _STOPS.isdisjoint(self._norms[begin:end])
