"""The author's own prose: what others wrote, links, markup and signatures are blanked by spaces.

So every offset into the cleaned text is one into the post. Then the words, and the language.
"""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.language import guess
from nlp.phrases import Word
from nlp.types import Aside

# One pass finds all marks; each alternative is linear, none nests a repeat in a repeat.
_MARK = re.compile(
    r"(?P<quote>^[ \t]*(?:>|&gt;)[^\n]*$)"
    r"|(?P<open>\[quote\b[^\]\n]{0,200}\]|<blockquote\b[^>\n]{0,300}>)"
    r"|(?P<close>\[/quote\]|</blockquote>)"
    r"|(?P<url>(?:https?://|www\.)[^\s<>\[\]\"']+)"
    r"|(?P<markup></?[a-z][a-z0-9]{0,10}\b[^<>\n]{0,300}>|\[/?[a-z*]{1,10}(?:=[^\]\n]{0,200})?\]|&(?:nbsp|amp|lt|gt|quot|#\d{2,5});"
    r"|\]\([^()\s]{0,500}\)|[*_~^]{2,}|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|Read More Read Less\s*$|^[ \t]*\|)"
    r"|(?P<said>^[^\n]{1,80}\b(?:wrote|said):[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE = re.compile(r"\n(?:-- ?|_{5,}|-{8,})\n(?=[^\n]*(?:\n[^\n]*){0,8}\Z)")
_PARAGRAPH = re.compile(r"\n\s*\n")
# Same length: what stands for an apostrophe or a space is made one, so that rules need one form.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "\u00a0": " ", "\u2009": " ", "–": "-", "—": "-"})
_INNER = "'’´`\u200b\u200c\u200d\u2060\ufeff\u00ad"
WORD = re.compile(rf"[^\W_]+(?:[{_INNER}]+[^\W_]+)*")
_DROP = str.maketrans("", "", _INNER)
_BARRIER = re.compile(r"[.!?;:\n()\[\]…]|\s-+\s|--")


class Clean(Component):
    """Blanks what is not the author's prose; finds words and language; excludes what cannot be read.

    longest: characters; a post that is longer still is excluded as too long, not read in part.
    """

    def __init__(self, nlp: Language, name: str, longest: int) -> None:
        super().__init__(nlp, name)
        self.longest = longest

    def __call__(self, doc: Doc) -> Doc:
        """Write clean, low, asides, words, language and exclusion."""
        d = draft(doc)
        if len(d.text) > self.longest:
            d.exclusion = "too long"
            return doc
        d.asides = tuple(asides(d.text))
        d.clean = blank(d.text, d.asides)
        d.low = lower(d.clean)
        d.words = words(d.clean, d.low)
        if not d.words:
            d.exclusion = "empty"
            return doc
        d.language, english = guess(d.words, d.clean)
        if not english:
            d.exclusion = "not English"
        return doc


def asides(text: str) -> Iterator[Aside]:
    """Give the stretches that are not the author's own prose, by place, none overlapping another."""
    reach = 0
    depth, opened = 0, 0
    for m in _MARK.finditer(text):
        kind = m.lastgroup or ""
        start, end = m.span()
        if kind == "open":
            opened = opened if depth else start
            depth += 1
        elif kind == "close":
            if depth == 1 and opened >= reach:
                yield Aside(opened, end, "quote")
                reach = end
            elif not depth and start >= reach:
                yield Aside(start, end, "markup")
                reach = end
            depth = max(depth - 1, 0)
        elif depth or start < reach:
            continue
        elif kind == "said":
            # "Anna wrote:" alone on its line: what follows, up to an empty line, is hers.
            stop = _PARAGRAPH.search(text, end + 2, end + 3000)
            if stop:
                yield Aside(start, stop.start(), "quote")
                reach = stop.start()
        else:
            yield Aside(start, end, kind)
            reach = end
    if depth and opened >= reach:
        # Never closed: only the mark itself goes, for the author's words may stand behind it.
        yield Aside(opened, text.find("]", opened) + 1 or opened + 1, "markup")
    signature = _SIGNATURE.search(text)
    if signature and signature.start() >= reach:
        yield Aside(signature.start() + 1, len(text), "signature")


def blank(text: str, found: tuple[Aside, ...]) -> str:
    """Give the text with the stretches as spaces; line ends are kept."""
    parts: list[str] = []
    at = 0
    for aside in found:
        parts.append(text[at : aside.start])
        parts.append(_spaces(text[aside.start : aside.end], aside.kind))
        at = aside.end
    parts.append(text[at:])
    return "".join(parts)


def _spaces(gone: str, kind: str) -> str:
    if kind == "markup" and gone[:3].lower() in ("<br", "<p>", "</p", "<li", "</l"):
        return "\n" + " " * (len(gone) - 1)
    if kind == "quote":
        return "".join("\n" if c == "\n" else " " for c in gone[:-1]) + ("\n" if gone else "")
    return " " * len(gone)


def lower(text: str) -> str:
    """Give the text in lower case with plain apostrophes, spaces and hyphens, of the same length."""
    low = text.lower()
    if len(low) != len(text):  # a few letters have a lower case of two
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_PLAIN)


def words(clean: str, low: str) -> list[Word]:
    """Give the words with their places; apostrophes and invisible characters are dropped from the comparable form."""
    out: list[Word] = []
    append, new = out.append, Word
    end = 0
    for m in WORD.finditer(low):
        start, stop = m.span()
        norm = m[0]
        if start - end == 1 and low[end] == " ":
            gap = ""
        else:
            between = clean[end:start]
            if not between.strip():
                gap = "." if "\n" in between and (between.count("\n") > 1 or not clean[start].islower()) else ""
            else:
                gap = "." if _BARRIER.search(between) else ","
        end = stop
        append(new(norm if norm.isalnum() else norm.translate(_DROP), start, stop, gap))
    return out


Language.factory("doselore_clean", default_config={"longest": 10_000_000}, func=Clean)
