"""All phrases of some tables found in one walk over a text's words, however many phrases there are.

The phrases become one trie of words. It would have some six hundred thousand places, of which texts meet a few
thousand: each place is made when the first text gets there.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from nlp.phrases import Hit, Row, Word, expand

_NEVER_SKIPPED = frozenset(
    "not no never dont doesnt didnt cant cannot couldnt isnt wasnt arent werent hasnt havent hadnt but hardly".split()
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:[li]bs?|kgs?|pounds?|hrs?|hours?|days?)?$")
_FEW = 6  # words that get a place each; of more, all share one
_new = tuple.__new__  # Hit(...) would do the same by a call into Python for each


class _Step(NamedTuple):
    """One token of a phrase. gap: how many words it skips at most; number: it is any; else one of words, or a chain."""

    words: tuple[str, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()
    optional: bool = False
    number: bool = False
    gap: int | None = None


class _Rest(NamedTuple):
    """What of a phrase is still to come: the words of a chain, then tokens[at:]."""

    row: Row
    tokens: tuple[str, ...]
    at: int
    chain: tuple[str, ...] = ()


@cache
def _step(token: str) -> _Step:
    if token.startswith("+") and token[1:].isdigit():
        return _Step(gap=int(token[1:]))
    if token == "#":  # noqa: S105 - a token of the notation, no secret
        return _Step(number=True)
    choices, optional = expand(token)
    chains = tuple(tuple(words) for words in sorted(choice.split("_") for choice in choices if "_" in choice))
    return _Step(tuple(sorted(choice for choice in choices if "_" not in choice)), chains, optional)


def _may_end(tokens: tuple[str, ...]) -> bool:
    return all(step.optional or step.gap is not None for step in map(_step, tokens))


class _Node:
    """One place in the trie.

    rest: what is still to come of the phrases that lead here, until the node is opened; then moves, the nodes behind
    each word, gaps and number are there.
    """

    __slots__ = ("gaps", "leaf", "moves", "needs", "number", "reach", "rest", "rows")

    def __init__(self) -> None:
        self.rest: list[_Rest] = []
        self.rows: list[Row] = []
        self.leaf = True
        self.moves: dict[str, tuple[_Node, ...]] = {}
        self.gaps: tuple[tuple[int, _Node], ...] = ()
        self.number: _Node | None = None
        # One of these words must stand among the next `reach` for the walk to go on; None if that cannot be told.
        self.needs: frozenset[str] | None = None
        self.reach = 1

    def add(self, rest: _Rest) -> None:
        """Let a phrase lead here."""
        row, tokens, at, chain = rest
        self.leaf = False
        if chain:
            self.rest.append(rest)
            return
        while at < len(tokens):
            self.rest.append(_Rest(row, tokens, at))
            step = _step(tokens[at])
            # A gap before nothing but words that may be left out is left out with them.
            if not step.optional and (step.gap is None or not _may_end(tokens[at + 1 :])):
                return
            at += 1
        self.rows.append(row)
        self.leaf = not self.rest

    def open(self) -> "_Node":
        """Make the nodes that follow. Threads that do so at once make the same ones, and either's will do."""
        waiting = self.rest  # another thread may put an empty list in its place at any moment
        if not waiting:
            return self
        made = _Branches()
        for rest in waiting:
            made.add(rest)
        moves, number = made.moves(), made.number
        gaps = tuple((length, child.open()) for length, child in made.gaps.items())
        if number is None and not any(child.gaps or child.number for _, child in gaps):
            self.needs = frozenset(moves).union(*(child.moves for _, child in gaps))
        self.reach = 1 + max((length for length, _ in gaps), default=0)
        self.moves, self.gaps, self.number = moves, gaps, number
        self.rest = []  # at last: it says that the node is open
        return self


class _Branches:
    """The nodes behind a node, while they are made."""

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.classes: dict[tuple[str, ...], _Node] = {}
        self.gaps: dict[int, _Node] = {}
        self.number: _Node | None = None

    def add(self, rest: _Rest, few: float = _FEW) -> None:
        """Let a phrase go on by its next token. few: words that get a node each."""
        row, tokens, at, chain = rest
        if chain:
            self._behind(chain[0], _Rest(row, tokens, at, chain[1:]))
            return
        step, after = _step(tokens[at]), _Rest(row, tokens, at + 1)
        if step.gap is not None:
            self.gaps.setdefault(step.gap, _Node()).add(after)
        if step.number:
            self.number = self.number or _Node()
            self.number.add(after)
        for words in step.chains:
            self._behind(words[0], _Rest(row, tokens, at + 1, words[1:]))
        if len(step.words) > few:
            self.classes.setdefault(step.words, _Node()).add(after)
        else:
            for word in step.words:
                self._behind(word, after)

    def _behind(self, word: str, rest: _Rest) -> None:
        node = self.next.get(word)
        if node is None:
            node = self.next[word] = _Node()
        node.add(rest)

    def moves(self) -> dict[str, tuple[_Node, ...]]:
        """Give the nodes behind each word, with classes of words spelt out."""
        moves: dict[str, tuple[_Node, ...]] = {word: (node,) for word, node in self.next.items()}
        for words, node in self.classes.items():
            for word in words:
                moves[word] = (*moves.get(word, ()), node)
        return moves


class PhraseBook:
    """The phrases of some tables as one trie.

    Raises KeyError for a class of words that is not defined and ValueError for a phrase that starts with a gap.
    """

    def __init__(self, table_rows: Iterable[Row]) -> None:
        root = _Branches()
        for row in table_rows:
            tokens = tuple(row.phrase.split())
            steps = [_step(token) for token in tokens]
            if steps[0].gap is not None:
                raise ValueError(f"phrase {row.phrase!r} of {row.table} starts with a gap")
            start = _Node()
            start.add(_Rest(row, tokens, 0))
            for rest in start.rest:
                root.add(rest, few=float("inf"))
        self._next, self._number = root.next, root.number

    def hits(self, text_words: list[Word], norms: list[str] | None = None) -> list[Hit]:
        """Give every phrase found, overlapping ones too, by place.

        norms: what the words are read as, where that is not as they are written.
        """
        if norms is None:
            norms = [word[0] for word in text_words]
        out: list[Hit] = []
        gaps = [word[3] for word in text_words]
        walk = _Walk(norms, gaps, out)
        number, last = self._number, len(norms) - 1
        for i, node in enumerate(map(self._next.get, norms)):
            if node is not None:
                if node.rows:
                    out.extend([_new(Hit, (i, i + 1, row)) for row in node.rows])
                if i < last and not node.leaf and gaps[i + 1] != ".":
                    if node.rest:
                        node.open()
                    # Most words that begin a phrase do not go on with it, and are spared the walk.
                    needs, reach = node.needs, node.reach
                    if (
                        needs is None
                        or norms[i + 1] in needs
                        or (reach > 1 and not needs.isdisjoint(norms[i + 2 : i + 1 + reach]))
                    ):
                        walk.start(i, node)
            if number is not None and norms[i] < ":" and i < last and gaps[i + 1] != "." and _NUMBER.match(norms[i]):
                walk.start(i, number)
        return out


class _Walk:
    """A walk over one text's words: what they are read as, and what stands before each."""

    __slots__ = ("count", "first", "found", "gaps", "norms", "out")

    def __init__(self, norms: list[str], gaps: list[str], out: list[Hit]) -> None:
        self.norms, self.gaps, self.out = norms, gaps, out
        self.count = len(norms)
        self.first = 0
        self.found: set[tuple[int, int]] = set()

    def start(self, first: int, node: _Node) -> None:
        """Find what goes on from the word at a place; another follows it, and not behind a bar."""
        self.first = first
        if self.found:
            self.found.clear()
        self.step(node, first + 1)

    def step(self, node: _Node, at: int) -> None:
        """Go on from a node with the word at a place, which is inside the text and not behind a bar."""
        if node.rest:
            node.open()
        norms = self.norms
        for child in node.moves.get(norms[at], ()):
            self.enter(child, at + 1)
        if node.number is not None and _NUMBER.match(norms[at]):
            self.enter(node.number, at + 1)
        for length, child in node.gaps:
            needs = child.needs
            if needs is None or not needs.isdisjoint(norms[at : at + length + child.reach]):
                self.leap(child, at, min(at + length, self.count - 1))

    def leap(self, child: _Node, at: int, last: int) -> None:
        """Go on behind a gap: with each of the words from one place to another, up to what no gap may hold."""
        norms, gaps, moves = self.norms, self.gaps, child.moves
        deep = bool(child.gaps) or child.number is not None
        for k in range(at, last + 1):
            if k > at and (gaps[k] or norms[k - 1] in _NEVER_SKIPPED):
                return
            if deep:
                self.step(child, k)
            else:
                for after in moves.get(norms[k], ()):
                    self.enter(after, k + 1)

    def enter(self, node: _Node, at: int) -> None:
        """Note what ends here, and go on."""
        for row in node.rows:
            key = (at, id(row))
            if key not in self.found:
                self.found.add(key)
                self.out.append(_new(Hit, (self.first, at, row)))
        if not node.leaf and at < self.count and self.gaps[at] != ".":
            self.step(node, at)


def vocabulary(table_rows: Iterable[Row]) -> frozenset[str]:
    """Give every single word that phrases name; a class of words only where a phrase begins with it."""
    found: set[str] = set()
    for row in table_rows:
        begins = True
        for step in map(_step, row.phrase.split()):
            found.update(*step.chains)
            if begins or len(step.words) <= _FEW:
                found.update(step.words)
            begins = begins and step.optional
    return frozenset(found)
