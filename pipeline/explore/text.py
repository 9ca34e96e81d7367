"""Text of strangers as it is shown: marked where something was read, whole, and inert.

Characters that steer how text runs (bidirectional controls) or that cannot be seen are shown by their number instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

# Bidirectional marks, embeddings, overrides and isolates; control characters but tab and line ends; zero-width ones.
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\ufeff\u2028\u2029]"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was read in a text. key: its name in the page; kind: treatment, dose, cue …; note: more."""

    key: str
    kind: str
    start: int
    end: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks. marks: those that cover it; ends: those whose last character it holds."""

    text: str
    marks: tuple[Mark, ...]
    ends: tuple[Mark, ...]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the marks, each once, the shortest mark's first."""
        inner = sorted(self.marks, key=lambda m: (m.end - m.start, m.start))
        return list(dict.fromkeys(m.kind for m in inner))


def pieces(text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None) -> list[Piece]:
    """Cut text[start:end] where marks begin and end. Marks may overlap; what lies outside of the text is cut off."""
    stop = len(text) if end is None else min(end, len(text))
    held = [m for m in marks if m.start < m.end and m.start < stop and m.end > start]
    bounds = sorted({start, stop, *(b for m in held for b in (m.start, m.end) if start < b < stop)})
    found: list[Piece] = []
    for a, b in pairwise(bounds):
        over = tuple(m for m in held if m.start <= a and b <= m.end)
        found.append(Piece(text[a:b], over, tuple(m for m in over if min(m.end, stop) == b)))
    return found


def around(text: str, start: int | None, end: int | None, width: int = 140) -> tuple[int, int]:
    """Give where a passage of `width` characters on each side begins and ends, not within a word where that can be."""
    if start is None or end is None:
        start, end = 0, min(len(text), width)
    low, high = max(0, start - width), min(len(text), end + width)
    if low and (at := text.find(" ", low, start)) >= 0:
        low = at + 1
    if high < len(text) and (at := text.rfind(" ", end, high)) >= 0:
        high = at
    return low, high


def visible(text: str) -> Markup:
    """Give text for a page: escaped, and what steers or hides shown as its number."""
    parts: list[Markup] = []
    at = 0
    for found in _STEERING.finditer(text):
        code = f"U+{ord(found[0]):04X}"
        parts += [escape(text[at : found.start()]), Markup('<span class="control">{}</span>').format(code)]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])


def plain(text: str) -> str:
    """Give text on one line without what steers or hides, for titles."""
    return " ".join(_STEERING.sub("", text).split())
