"""Many phrases found in one pass over a text's words.

A phrase table is a tab-separated file: a header, then one phrase a line; `#` starts a comment. The phrase is written in
a small notation, so that one line stands for a family of spellings:

    makes|made me +2 sleepy     alternatives; a gap of up to two words
    knock~ @them out            every inflection of "knock"; a class of words from word_classes.toml
    so? tired                   an optional word
    hungry|off_my_food          an alternative of several words
    # pills                     any number (# alone is a word)

Words are compared in lower case without apostrophes ("don't" = "dont"). A phrase never runs over the end of a
sentence or a line. The tables become one trie of words (nlp/phrase_book.py).
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
    behind: those of these words that would stand next to the phrase, "#" for a number. bound: there are such words.
    A dictionary itself, because columns are asked for hundreds of times a post.
    """

    __slots__ = ("ahead", "behind", "bound", "not_after", "not_before", "phrase", "table")

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
        self.bound = bool(not_before or not_after)
        self.ahead = frozenset(phrase[-1] for phrase in not_before)
        self.behind = frozenset(phrase[0] for phrase in not_after)

    def __missing__(self, column: str) -> str:
        return ""


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


@cache
def rows(table: str) -> tuple[Row, ...]:
    """Give the lines of data/lexicons/<table>.tsv. Raises ValueError for a line with more fields than the header."""
    out: list[Row] = []
    with data.path(f"lexicons/{table}.tsv").open(encoding="utf-8", newline="") as file:
        # A phrase may begin with a number ("# pounds heavier"): a comment has no second field.
        lines = (line for line in file if line.strip() and not (line.startswith("#") and "\t" not in line))
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = [name.strip() for name in next(reader)]
        for fields in reader:
            if len(fields) > len(header):
                raise ValueError(f"lexicons/{table}.tsv: {fields[0]!r} has more fields than the header")
            values = {name: value.strip() for name, value in zip(header, fields, strict=False)}
            before, after = _spelt(values.get("not_before", "")), _spelt(values.get("not_after", ""))
            out.append(Row(table, fields[0].strip(), values, before, after))
    return tuple(out)


def _spelt(column: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part.split()) for part in column.split(",") if part.strip())


@cache
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
