"""What stands around a side effect: what nlp/context.py weighs.

Words and pairs of words before and behind it, how its sentence begins, and the sentences beside it. Another effect
counts as EFFECT, a medicine as MEDICINE, a number as #; a comma or an end within a sentence counts as a word, and so do
the beginning (^) and the end ($) of the sentence.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from nlp.assertion import span
from nlp.types import EFFECTS, Draft, Mention

BUCKETS = ("<", "<<", ">", ">>", "^", "^^", "-", "-^", "-$", "+", "+^", "is")
"""Where what counts stands: before it, pairs there; behind it, pairs there; the first words of its sentence, and these
together; words of the sentence before, its beginning, its end; words of the one behind, its beginning; how it is told.
"""
PAIRED = ("<<", ">>", "^^", "-^", "-$", "+^")
Key = str | tuple[str, ...]
Placed = list[tuple[str, Key, int, int]]
"""What counts, each with its bucket and the words, [first, last), where it stands."""
_BEFORE, _BEHIND, _FIRST = 12, 10, 3  # words that count, of those before, behind and at the beginning
_EARLIER, _LATER = 12, 8  # words of the sentence before and of the one behind


class Words(NamedTuple):
    """Some words of a post, and where each stands among its words."""

    words: list[str]
    at: list[int]


class Around(NamedTuple):
    """The words around one mention; earlier, ending, later: of the sentences beside it, None where there is none."""

    before: Words
    behind: Words
    first: Words
    earlier: Words | None
    ending: Words | None
    later: Words | None
    told: tuple[str, ...]


class Masked:
    """The words of a post with its effects and medicines under one name each."""

    def __init__(self, d: Draft) -> None:
        self._d = d
        self._starts = d.word_starts
        self._norms = ["#" if norm.isdigit() else norm for norm in d.norms]
        for m in d.mentions:
            if m.kind in EFFECTS or m.kind == "substance":
                first, last = span(m, self._starts)
                self._norms[first:last] = ["MEDICINE" if m.kind == "substance" else "EFFECT"] + [""] * (
                    last - first - 1
                )

    def around(self, m: Mention) -> Around:
        """Give what stands around a mention."""
        sentences = self._d.sentences
        s = sentences[m.sentence]
        first, last = span(m, self._starts)
        earlier = sentences[m.sentence - 1] if m.sentence else None
        later = sentences[m.sentence + 1] if m.sentence + 1 < len(sentences) else None
        return Around(
            self._back(s.first, first, _BEFORE),
            self._forth(last, s.last, _BEHIND, begin=last),
            self._forth(s.first, first, _FIRST),
            self._forth(earlier.first, earlier.last, _EARLIER) if earlier else None,
            self._back(earlier.first, earlier.last, 2, close=True) if earlier else None,
            self._forth(later.first, later.last, _LATER) if later else None,
            (m.whose, m.assertion, m.kind, "asked" if s.question else "told"),
        )

    def _back(self, first: int, last: int, most: int, *, close: bool = False) -> Words:
        """Give the last words of words[first:last], and what stands between them and what follows."""
        words, norms = self._d.words, self._norms
        out: list[str] = []
        at: list[int] = []
        k = last
        while k > first and len(out) < most:
            if k < len(words) and words[k].gap and not (close and k == last):
                out.append(words[k].gap)
                at.append(k)
            k -= 1
            if norms[k]:
                out.append(norms[k])
                at.append(k)
        if k == first:
            out.append("^")
            at.append(first)
        out.reverse()
        at.reverse()
        return Words(out, at)

    def _forth(self, first: int, last: int, most: int, *, begin: int = -1) -> Words:
        """Give the first words of words[first:last], and what stands between them; begin: the first with a gap."""
        words, norms = self._d.words, self._norms
        out: list[str] = []
        at: list[int] = []
        k = first
        while k < last and len(out) < most:
            if words[k].gap and (k > first or k == begin):
                out.append(words[k].gap)
                at.append(k)
            if norms[k]:
                out.append(norms[k])
                at.append(k)
            k += 1
        if k == last and begin >= 0:
            out.append("$")
            at.append(max(last - 1, 0))
        return Words(out, at)


def keys(a: Around) -> tuple[Iterable[Key], ...]:
    """Give what counts, for each of BUCKETS, each once."""
    before, behind, first = a.before.words, a.behind.words, a.first.words
    earlier = a.earlier.words if a.earlier else []
    later = a.later.words if a.later else []
    return (
        set(before),
        set(pairwise(before)),
        set(behind),
        set(pairwise(behind)),
        set(first),
        starts(first),
        set(earlier),
        starts(earlier[:2]),
        ends(a.ending.words if a.ending else []),
        set(later),
        starts(later[:_FIRST]),
        a.told,
    )


def starts(words: list[str]) -> list[tuple[str, ...]]:
    """Give the first word, the first two, and so on."""
    return [tuple(words[: n + 1]) for n in range(len(words))]


def ends(words: list[str]) -> list[tuple[str, ...]]:
    """Give the last word, and the last two."""
    return [tuple(words[-n:]) for n in range(1, min(len(words), 2) + 1)]


def places(a: Around) -> Placed:
    """Give what counts and where it stands: to show what decided."""
    out = _singly("<", a.before) + _paired("<<", a.before)
    out += _singly(">", a.behind) + _paired(">>", a.behind)
    out += _singly("^", a.first) + _beginning("^^", a.first, _FIRST)
    if a.earlier is not None:
        out += _singly("-", a.earlier) + _beginning("-^", a.earlier, 2)
    if a.ending is not None:
        out += [("-$", key, a.ending.at[-len(key)], a.ending.at[-1] + 1) for key in ends(a.ending.words)]
    if a.later is not None:
        out += _singly("+", a.later) + _beginning("+^", a.later, _FIRST)
    return out


def _singly(bucket: str, held: Words) -> Placed:
    return [(bucket, word, at, at + 1) for word, at in zip(held.words, held.at, strict=True)]


def _paired(bucket: str, held: Words) -> Placed:
    pairs = zip(pairwise(held.words), pairwise(held.at), strict=True)
    return [(bucket, pair, min(at), max(at) + 1) for pair, at in pairs]


def _beginning(bucket: str, held: Words, most: int) -> Placed:
    return [(bucket, key, held.at[0], held.at[len(key) - 1] + 1) for key in starts(held.words[:most])]
