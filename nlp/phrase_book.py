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

    __slots__ = ("gaps", "leaf", "moves", "number", "rest", "rows")

    def __init__(self) -> None:
        self.rest: list[_Rest] = []
        self.rows: list[Row] = []
        self.leaf = True
        self.moves: dict[str, tuple[_Node, ...]] = {}
        self.gaps: tuple[tuple[int, _Node], ...] = ()
        self.number: _Node | None = None

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


_MOST_STATES = 60_000  # some 2 kB each

_Places = tuple[tuple[_Node, int], ...]
"""Nodes, each with the number of words that may be skipped before the next one."""


class _Move:
    """What reading a word leads to. rows: the phrases that end with it; then the place behind it, None if none goes on.

    after: if nothing stands before the next word; barred: if a comma does, which no gap may hold.
    """

    __slots__ = ("after", "barred", "rows")

    def __init__(self, rows: tuple[Row, ...], after: "_State | None", barred: "_State | None") -> None:
        self.rows, self.after, self.barred = rows, after, barred


class _State:
    """Everywhere that the words read so far may have led to, of all phrases that begin with one word.

    moves: of the words met so far that phrases go on with. parts: all these words; number: a number is one too.
    skipped: where any other word leads to.
    """

    __slots__ = ("moves", "number", "parts", "places", "skipped")

    def __init__(self, places: _Places, nodes: tuple[_Node, ...], skipped: "_State | None") -> None:
        self.places, self.skipped = places, skipped
        self.parts = tuple(node.moves for node in nodes if node.moves)
        self.number = any(node.number is not None for node in nodes)
        self.moves: dict[str, _Move] = {}


class _Start:
    """A word that phrases begin with. rows: those that are this word alone, None if none is; leaf: no other is there.

    Then what a phrase may go on with: one of these words among the next `reach`, or a number; state: the place behind
    the word, None until a text gets there. All that most words ask for lies in this one object: a look at a second one
    costs as much as the rest.
    """

    __slots__ = ("leaf", "node", "number", "reach", "rows", "state", "words")

    def __init__(self, node: _Node) -> None:
        self.node, self.leaf, self.number, self.reach = node, node.leaf, False, 1
        self.rows: list[Row] | None = node.rows or None
        self.state: _State | None = None
        self.words: frozenset[str] = frozenset()


def _opened(nodes: Iterable[_Node]) -> dict[_Node, None]:
    """Give nodes, opened, and those behind their gaps, each once."""
    found: dict[_Node, None] = {}
    for node in nodes:
        found[node.open()] = None
        found |= _opened(child for _, child in node.gaps)
    return found


def _reach(node: _Node) -> int:
    return max((length + _reach(child) for length, child in node.gaps), default=1)


class _Reading:
    """What a word leads to from some places, in the order in which one would walk from each of them in turn.

    word: "" stands for one that no phrase goes on with.
    """

    def __init__(self, word: str, places: _Places) -> None:
        self.word = word
        self.number = _NUMBER.match(word) is not None
        self.skips = word not in _NEVER_SKIPPED
        self.rows: dict[int, Row] = {}
        self.reached: list[tuple[_Node, int, bool]] = []  # the last: it was reached by skipping the word
        for node, skips in places:
            self._read(node, skips)

    def _read(self, node: _Node, skips: int) -> None:
        follow = node.moves.get(self.word, ())
        for child in (*follow, node.number) if node.number is not None and self.number else follow:
            self.rows.update((id(row), row) for row in child.rows)
            if not child.leaf:
                self.reached.append((child, 0, False))
        for length, child in node.gaps:
            self._read(child, length)
        if skips and self.skips:
            self.reached.append((node, skips - 1, True))

    def places(self, *, barred: bool) -> _Places:
        """Give the places reached, each once. barred: only those reached by the word itself."""
        most: dict[_Node, int] = {}
        out: list[tuple[_Node, int]] = []
        for node, skips, skipped in self.reached:
            if not (barred and skipped) and most.get(node, -1) < skips:
                most[node] = skips
                out.append((node, skips))
        return tuple(out)


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
        self._begins = {word: _Start(node) for word, node in root.next.items()}
        self._number = _Start(root.number) if root.number is not None else None
        # Made when a text gets there, and kept: a walk then costs one look-up a word.
        self._states: dict[_Places, _State] = {}
        self._started: list[_Start] = []

    def hits(self, text_words: list[Word]) -> list[Hit]:
        """Give every phrase found among words, as `of_columns` does."""
        return self.of_columns([word[0] for word in text_words], [word[3] for word in text_words])

    def of_columns(self, norms: list[str], gaps: list[str]) -> list[Hit]:
        """Give every phrase found, overlapping ones too, by the place of its first word and then of its last.

        norms: what the words are read as; gaps: what stands before each.
        """
        if len(self._states) > _MOST_STATES:
            self._forget()
        out: list[Hit] = []
        gaps = [*gaps, "."]  # nothing goes on behind the last word
        begins, number = self._begins, self._number
        for i, norm in enumerate(norms):
            start = begins.get(norm)
            if start is not None:
                self._follow(start, i, norms, gaps, out)
            # What is between these two begins with a letter.
            if number is not None and (norm < ":" or norm > "~") and _NUMBER.match(norm):
                self._follow(number, i, norms, gaps, out)
        return out

    def _follow(self, start: _Start, i: int, norms: list[str], gaps: list[str], out: list[Hit]) -> None:
        """Add the phrases that begin with one word."""
        if start.rows is not None:
            out += [_new(Hit, (i, i + 1, row)) for row in start.rows]
        at = i + 1
        if start.leaf or gaps[at] == ".":
            return
        state = start.state or self._begun(start)
        # Most words that begin a phrase do not go on with it.
        if (
            norms[at] not in start.words
            and not start.number
            and (start.reach == 1 or start.words.isdisjoint(norms[at + 1 : at + start.reach]))
        ):
            return
        going: _State | None = state
        while going is not None:
            word = norms[at]
            move = going.moves.get(word)
            if move is None:
                for part in going.parts:
                    if word in part:
                        move = going.moves[word] = self._move(going, word)
                        break
                else:
                    if going.number and _NUMBER.match(word):
                        move = self._move(going, word)  # not kept: there are numbers without end
                    else:
                        at += 1
                        going = None if gaps[at] or word in _NEVER_SKIPPED else going.skipped
                        continue
            at += 1
            if move.rows:
                out += [_new(Hit, (i, at, row)) for row in move.rows]
            gap = gaps[at]
            going = None if gap == "." else move.barred if gap else move.after

    def _begun(self, start: _Start) -> _State:
        """Find what goes on from a word that phrases begin with, and keep it there."""
        state = self._state(((start.node, 0),))
        start.words = frozenset[str]().union(*state.parts)
        start.number, start.reach = state.number, _reach(start.node)
        start.state = state
        self._started.append(start)
        return state

    def _forget(self) -> None:
        """Let go of all states, so that memory stays flat over any number of texts."""
        started, self._started, self._states = self._started, [], {}
        for start in started:
            start.state = None

    def _state(self, places: _Places) -> _State:
        """Give the state of some places. Threads that ask at once may get two that are alike."""
        known = self._states.get(places)
        if known is None:
            nodes = tuple(_opened(node for node, _ in places))
            passed = _Reading("", places).places(barred=False)
            known = self._states[places] = _State(places, nodes, self._state(passed) if passed else None)
        return known

    def _move(self, state: _State, word: str) -> _Move:
        """Give what a word leads to that a phrase may go on with."""
        reading = _Reading(word, state.places)
        after, barred = reading.places(barred=False), reading.places(barred=True)
        return _Move(
            tuple(reading.rows.values()),
            self._state(after) if after else None,
            self._state(barred) if barred else None,
        )


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
