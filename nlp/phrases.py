"""Many phrases found in one pass over a text's words.

A phrase table is a tab-separated file: a header, then one phrase a line; `#` starts a comment. The phrase is written in
a small notation, so that one line stands for a family of spellings:

    makes|made me +2 sleepy     alternatives; a gap of up to two words
    knock~ @them out            every inflection of "knock"; a class of words from word_classes.toml
    so? tired                   an optional word
    hungry|off_my_food          an alternative of several words
    # pills                     any number (# alone is a word)

Words are compared in lower case without apostrophes ("don't" = "dont"). A phrase never runs over the end of a
sentence or a line. The tables become one trie of words, so a text costs a walk over its words, however many phrases.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import data
from nlp.inflection import inflections

# The control character 0x92 is the apostrophe of Windows-1252, as sites of the time left it in their texts.
WORD = re.compile(r"[^\W_]+(?:['’‘´`\x92][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’‘´`\x92]")
_BARRIER = re.compile(r"[.!?;:\n()\[\]…]|\s-+\s|--")
_PLAIN = frozenset(("", " ", "  ", "'", '"'))
_NEVER_SKIPPED = frozenset(
    "not no never dont doesnt didnt cant cannot couldnt isnt wasnt arent werent hasnt havent hadnt but hardly".split()
)
_DIGITS = frozenset("0123456789")
_new = tuple.__new__  # Hit(...) would do the same by a call into Python for each
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:[li]bs?|kgs?|pounds?|hrs?|hours?|days?)?$")


class Word(NamedTuple):
    """One word: its comparable form, its place in the text, and what stands before it.

    gap: "" for nothing but space, "," for a comma or the like, "." where no phrase may run over.
    """

    norm: str
    start: int
    end: int
    gap: str


class Hit(NamedTuple):
    """A phrase found: words[first:last] and the row of the table it came from."""

    first: int
    last: int
    row: "Row"


class Row(dict[str, str]):
    """One line of a phrase table: its columns by name (one that is missing is empty), the table's name and the phrase.

    not_before, not_after: the words of these two columns, spelt out; they must not stand right before or after. ahead,
    behind: those of these words that would stand next to the phrase, "#" for a number.
    A dictionary itself, because columns are asked for hundreds of times a post.
    """

    __slots__ = ("ahead", "behind", "not_after", "not_before", "phrase", "table")

    def __init__(
        self,
        table: str,
        phrase: str,
        values: Mapping[str, str],
        not_before: tuple[tuple[str, ...], ...] = (),
        not_after: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        super().__init__(values)
        self.table, self.phrase = table, phrase
        self.not_before, self.not_after = not_before, not_after
        self.ahead = frozenset(phrase[-1] for phrase in not_before)
        self.behind = frozenset(phrase[0] for phrase in not_after)

    def __missing__(self, column: str) -> str:
        return ""


class _Node:
    """One place in the trie. next: while it is built; moves: the same with classes of words spelt out, for the walk."""

    __slots__ = ("classes", "gaps", "leaf", "moves", "needs", "next", "number", "reach", "rows")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.classes: list[tuple[frozenset[str], _Node]] = []
        self.gaps: list[tuple[int, _Node]] = []
        self.number: _Node | None = None
        self.rows: list[Row] = []
        self.moves: dict[str, tuple[_Node, ...]] = {}
        self.leaf = True
        # One of these words must stand among the next `reach` for the walk to go on; None if that cannot be told.
        self.needs: frozenset[str] | None = None
        self.reach = 1

    def children(self) -> list["_Node"]:
        found = [*self.next.values(), *(c for _, c in self.classes), *(c for _, c in self.gaps)]
        return found if self.number is None else [*found, self.number]

    def close(self) -> None:
        """Spell out the classes of words, when the trie is whole."""
        moves: dict[str, list[_Node]] = {word: [child] for word, child in self.next.items()}
        for choices, child in self.classes:
            for word in choices:
                moves.setdefault(word, []).append(child)
        self.moves = {word: tuple(found) for word, found in moves.items()}
        self.leaf = not (self.moves or self.gaps or self.number)

    def look_ahead(self) -> None:
        """Note which words the walk needs next, when all nodes are closed."""
        after = [child for _, child in self.gaps]
        if self.number is None and not any(child.gaps or child.number for child in after):
            self.needs = frozenset(self.moves).union(*(child.moves for child in after))
            self.reach = 1 + max((length for length, _ in self.gaps), default=0)


def words(text: str) -> list[Word]:
    """Give the words of a text with their places; apostrophes are dropped from the comparable form."""
    out: list[Word] = []
    add = out.append
    end = 0
    for m in WORD.finditer(text):
        start, until = m.span()
        between = text[end:start]
        if between in _PLAIN:
            gap = ""
        elif _BARRIER.search(between):
            gap = "."
        else:
            gap = "," if between.strip() else ""
        norm = text[start:until].lower()
        if not norm.isalnum():
            norm = _APOSTROPHES.sub("", norm)
        end = until
        add(Word(norm, start, end, gap))
    return out


@cache
def word_classes() -> Mapping[str, frozenset[str]]:
    """Give the named classes of words that a phrase may use as `@name` (data/lexicons/word_classes.toml)."""
    with data.path("lexicons/word_classes.toml").open("rb") as file:
        table: dict[str, str] = tomllib.load(file)
    return {name: frozenset(value.split()) for name, value in table.items()}


def rows(table: str) -> list[Row]:
    """Give the lines of data/lexicons/<table>.tsv. Raises ValueError for a line with more fields than the header."""
    out: list[Row] = []
    with data.path(f"lexicons/{table}.tsv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = [name.strip() for name in next(reader)]
        for fields in reader:
            if len(fields) > len(header):
                raise ValueError(f"lexicons/{table}.tsv: {fields[0]!r} has more fields than the header")
            values = {name: value.strip() for name, value in zip(header, fields, strict=False)}
            before, after = _spelt(values.get("not_before", "")), _spelt(values.get("not_after", ""))
            out.append(Row(table, fields[0].strip(), values, before, after))
    return out


def _spelt(column: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.split()) for part in column.split(",") if part.strip())


def expand(token: str) -> tuple[frozenset[str], bool]:
    """Give the words that one token of the notation stands for, and whether it may be left out."""
    optional = token.endswith("?")
    if optional:
        token = token[:-1]
    found: set[str] = set()
    for part in token.split("|"):
        if part.startswith("@"):
            found |= word_classes()[part[1:]]
        elif part.endswith("~"):
            found |= inflections(part[:-1])
        else:
            found.add(part)
    return frozenset(found), optional


def _chain(node: _Node, parts: Iterable[str]) -> _Node:
    """Give the node behind several words that follow a node; those that are not there yet are made."""
    for part in parts:
        node = node.next.setdefault(part, _Node())
    return node


class PhraseBook:
    """The phrases of some tables as one trie.

    Raises KeyError for a class of words that is not defined and ValueError for a phrase that starts with a gap.
    """

    def __init__(self, table_rows: Iterable[Row]) -> None:
        self._root = _Node()
        for row in table_rows:
            self._add([self._root], row.phrase.split(), row)
        for node in self._nodes():
            node.close()
        for node in self._nodes():
            node.look_ahead()

    def _nodes(self) -> list[_Node]:
        stack, seen = [self._root], {id(self._root): self._root}
        while stack:
            for child in stack.pop().children():
                if id(child) not in seen:
                    seen[id(child)] = child
                    stack.append(child)
        return list(seen.values())

    def _add(self, nodes: list[_Node], tokens: list[str], row: Row) -> None:
        for position, token in enumerate(tokens):
            nodes = self._step(nodes, token, first=position == 0)
            if not nodes:
                raise ValueError(f"phrase {row.phrase!r} of {row.table} starts with a gap")
        for node in nodes:
            node.rows.append(row)

    def _step(self, nodes: list[_Node], token: str, *, first: bool) -> list[_Node]:
        if token.startswith("+") and token[1:].isdigit():
            if first:
                return []
            length = int(token[1:])
            out: list[_Node] = []
            for node in nodes:
                gap = next((child for known, child in node.gaps if known == length), None)
                if gap is None:
                    gap = _Node()
                    node.gaps.append((length, gap))
                out.append(gap)
            return out
        if token == "#":  # noqa: S105 - a token of the notation, no secret
            number = _Node()
            for node in nodes:
                if node.number is None:
                    node.number = number
            return [node.number for node in nodes if node.number is not None]
        choices, optional = expand(token)
        out = list(nodes) if optional else []
        joined = sorted(choice.split("_") for choice in choices if "_" in choice)
        if joined:
            out.extend(_chain(node, parts) for node in nodes for parts in joined)
            choices = frozenset(choice for choice in choices if "_" not in choice)
        for node in nodes:
            if len(choices) > 6 and node is not self._root:
                child = next((known for words_, known in node.classes if words_ == choices), None)
                if child is None:
                    child = _Node()
                    node.classes.append((choices, child))
                out.append(child)
            else:
                out.extend(node.next.setdefault(choice, _Node()) for choice in sorted(choices))
        return out

    def vocabulary(self) -> frozenset[str]:
        """Give every single word that a phrase names (classes of words apart)."""
        return frozenset(word for node in self._nodes() for word in node.next)

    def hits(self, text_words: list[Word], norms: list[str] | None = None) -> list[Hit]:
        """Give every phrase found, overlapping ones too, by place.

        norms: what the words are read as, where that is not as they are written.
        """
        if norms is None:
            norms = [word[0] for word in text_words]
        out: list[Hit] = []
        gaps = [word[3] for word in text_words]
        walk = _Walk(norms, gaps, out)
        number, last = self._root.number, len(norms) - 1
        for i, node in enumerate(map(self._root.next.get, norms)):
            if node is not None:
                if node.rows:
                    out.extend([_new(Hit, (i, i + 1, row)) for row in node.rows])
                if i < last and not node.leaf and gaps[i + 1] != ".":
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


def longest(found: Iterable[Hit]) -> Iterator[Hit]:
    """Give the hits, which come by place, with those dropped that lie inside, or overlap, a longer one."""
    taken_to = -1
    best: Hit | None = None
    for hit in found:
        if best is not None:
            if hit[0] == best[0]:
                if hit[1] > best[1]:
                    best = hit
                continue
            if best[0] >= taken_to:
                taken_to = best[1]
                yield best
        best = hit
    if best is not None and best[0] >= taken_to:
        yield best
