"""Many phrases found in one pass over a text's words.

A phrase table is a tab-separated file: a header, then one phrase a line; `#` starts a comment. The phrase is written in
a small notation, so that one line stands for a family of spellings:

    makes|made me +2 sleepy     alternatives; a gap of up to two words
    knock~ @them out            every inflection of "knock"; a class of words from word_classes.toml
    so? tired                   an optional word
    # pills                     any number (# alone is a word)

Words are compared in lower case without apostrophes ("don't" = "dont"). A phrase never runs over the end of a
sentence or a line. The tables become one trie of words, so a text costs a walk over its words, however many phrases.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import data
from nlp.inflection import inflections

WORD = re.compile(r"[^\W_]+(?:['’´`][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’´`]")
_BARRIER = re.compile(r"[.!?;:\n()\[\]…]|\s-+\s|--")
_PLAIN = frozenset(("", " ", "  ", "'", '"'))
_NEVER_SKIPPED = frozenset(["not", "no", "never", "dont", "doesnt", "didnt", "cant", "cannot", "couldnt", "but"])
_NUMBER = re.compile(r"\d+$")


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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a phrase table: the table's name, the phrase as written and the other columns."""

    table: str
    phrase: str
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


class _Node:
    __slots__ = ("classes", "gaps", "next", "number", "rows")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.classes: list[tuple[frozenset[str], _Node]] = []
        self.gaps: list[tuple[int, _Node]] = []
        self.number: _Node | None = None
        self.rows: list[Row] = []


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
            out.append(Row(table, fields[0].strip(), values))
    return out


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


class PhraseBook:
    """The phrases of some tables as one trie.

    Raises KeyError for a class of words that is not defined and ValueError for a phrase that starts with a gap.
    """

    def __init__(self, table_rows: Iterable[Row]) -> None:
        self._root = _Node()
        for row in table_rows:
            self._add([self._root], row.phrase.split(), row)

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
            gap = _Node()
            for node in nodes:
                node.gaps.append((int(token[1:]), gap))
            return [gap]
        if token == "#":  # noqa: S105 - a token of the notation, no secret
            number = _Node()
            for node in nodes:
                if node.number is None:
                    node.number = number
            return [node.number for node in nodes if node.number is not None]
        choices, optional = expand(token)
        out = list(nodes) if optional else []
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
        """Every single word that a phrase names (classes of words apart)."""
        found: set[str] = set()
        stack, seen = [self._root], {id(self._root)}
        while stack:
            node = stack.pop()
            found.update(node.next)
            children = [*node.next.values(), *(c for _, c in node.classes), *(c for _, c in node.gaps)]
            if node.number is not None:
                children.append(node.number)
            for child in children:
                if id(child) not in seen:
                    seen.add(id(child))
                    stack.append(child)
        return frozenset(found)

    def hits(self, text_words: list[Word]) -> list[Hit]:
        """Every phrase found, overlapping ones too, by place."""
        out: list[Hit] = []
        begin = self._root.next
        count = len(text_words)
        for i, word in enumerate(text_words):
            node = begin.get(word.norm)
            if node is not None:
                if node.rows:
                    out.extend(Hit(i, i + 1, row) for row in node.rows)
                if i + 1 < count and (node.next or node.classes or node.gaps or node.number):
                    found: dict[tuple[int, int], Hit] = {}
                    _walk(node, i, i + 1, text_words, found)
                    out.extend(found.values())
        number = self._root.number
        if number is not None:
            for i, word in enumerate(text_words):
                if _NUMBER.match(word.norm):
                    found = {}
                    _walk(number, i, i + 1, text_words, found)
                    out.extend(found.values())
        return out


def _walk(node: _Node, first: int, at: int, text: list[Word], found: dict[tuple[int, int], Hit]) -> None:
    if at >= len(text):
        return
    word = text[at]
    if word.gap == ".":
        return
    norm = word.norm
    child = node.next.get(norm)
    if child is not None:
        _enter(child, first, at + 1, text, found)
    for choices, child in node.classes:
        if norm in choices:
            _enter(child, first, at + 1, text, found)
    if node.number is not None and norm.isdigit():
        _enter(node.number, first, at + 1, text, found)
    for length, child in node.gaps:
        for skip in range(length + 1):
            if at + skip >= len(text) or (skip and _bars(text, at + skip)):
                break
            _walk(child, first, at + skip, text, found)


def _bars(text: list[Word], at: int) -> bool:
    # A gap never leaps over the end of a clause, nor over a word that turns what is said.
    return text[at].gap == "." or text[at - 1].norm in _NEVER_SKIPPED


def _enter(node: _Node, first: int, at: int, text: list[Word], found: dict[tuple[int, int], Hit]) -> None:
    for row in node.rows:
        key = (at, id(row))
        if key not in found:
            found[key] = Hit(first, at, row)
    if node.next or node.classes or node.gaps or node.number is not None:
        _walk(node, first, at, text, found)


def longest(found: Iterable[Hit]) -> Iterator[Hit]:
    """Give the hits with those dropped that lie inside, or overlap, a longer one."""
    taken_to = -1
    for hit in sorted(found, key=lambda h: (h.first, h.first - h.last)):
        if hit.first >= taken_to:
            taken_to = hit.last
            yield hit
