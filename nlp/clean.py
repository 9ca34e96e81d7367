"""The author's own prose: what others wrote, links, markup and signatures are blanked by spaces.

So every offset into the cleaned text is one into the post. Then the words, and the language.
"""

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import accumulate
from typing import ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.gates import gates
from nlp.language import guess
from nlp.phrases import Word
from nlp.types import Aside

# The marks, each with the signs of which a text that holds it has one (in lower case). One pass finds all that a text
# may hold; each alternative is linear, none nests a repeat in a repeat.
_MARKS = (
    ("quote", (">", "&"), r"^[ \t]*(?:>|&gt;)[^\n]*$"),
    ("open", ("[q", "<b"), r"\[quote\b[^\]\n]{0,200}\]|<blockquote\b[^>\n]{0,300}>"),
    ("close", ("[/q", "</b"), r"\[/quote\]|</blockquote>"),
    ("url", ("://", "www."), r"(?:https?://|www\.)[^\s<>\[\]\"']+"),
    ("markup", ("<",), r"</?[a-z][a-z0-9]{0,10}\b[^<>\n]{0,300}>"),
    ("markup", ("[",), r"\[/?[a-z*]{1,10}(?:=[^\]\n]{0,200})?\]"),
    (
        "markup",
        ("&",),
        r"&(?:amp;)?(?:nbsp|e[mn]sp|thinsp|zwn?j|shy|amp|lt|gt|quot|apos|[lr][sd]quo|[nm]dash|hellip|"
        r"#\d{2,7}|#x[\da-f]{2,6});",
    ),
    ("markup", ("\\'",), r"\\+'"),
    ("markup", ("â€™",), "â€™"),
    ("markup", ("\ufffd",), r"(?<=[^\W\d_])\ufffd(?=(?:[tsmd]|re|ve|ll)\b)"),
    ("markup", ("](",), r"\]\([^()\s]{0,500}\)"),
    ("markup", ("*", "_", "~", "^"), r"[*_~^]{2,}|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)"),
    ("markup", ("read more",), r"Read More Read Less\s*$"),
    ("markup", ("|",), r"^[ \t]*\|"),
    ("said", ("wrote:", "d:"), r"^[^\n]{1,80}\b(?:wrote|said):[ \t]*$"),
)
_SIGNATURE = re.compile(r"\n(?:-- ?|_{5,}|-{8,})\n(?=[^\n]*(?:\n[^\n]*){0,8}\Z)")
_PARAGRAPH = re.compile(r"\n\s*\n")
# Same length: what stands for an apostrophe or a space is made one, so that rules need one form.
_SPACES = "\u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_PLAIN = str.maketrans(dict.fromkeys("’‘´`ʼ′＇", "'") | {"–": "-", "—": "-"} | dict.fromkeys(_SPACES, " "))
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# Between a number and its unit, or beside a space, what is not seen parts words; inside a word it is none of it.
_PARTING = re.compile(rf"(?<=[\d½¼¾])[{_UNSEEN}]+(?=[^\W\d_])|(?<=\s)[{_UNSEEN}]+|[{_UNSEEN}]+(?=\s)")
_INNER = f"'’´`ʼ′＇{_UNSEEN}"
# What a page or a broken encoding has for an apostrophe: as many of them, so that "didn&#039;t" stays one word.
_APOSTROPHE = re.compile(
    r"&(?:amp;)?(?:apos|[lr]squo|#0*(?:39|8216|8217|700)|#x0*(?:27|2018|2019|2bc));|\\+'|â€™|\ufffd"
)
WORD = re.compile(rf"[^\W_]+(?:[{_INNER}]+[^\W_]+)*")
_SPLIT = re.compile(f"({WORD.pattern})")
_SPLIT_PLAIN = re.compile("([a-z0-9]+(?:'+[a-z0-9]+)*)")  # the same in a lower-case text of ASCII, and twice as fast
_DROP = str.maketrans("", "", _INNER)
_GAPS = {" ": "", ", ": ",", ". ": ".", "! ": ".", "? ": ".", "/": ","}  # what stands between most words
_word = partial(tuple.__new__, Word)
_BARRIER = re.compile(r"[.!?;:\n()\[\]…]|\s-+\s|--")
# Without their apostrophe these would be other words: "ill", "hell", "shell", "well".
_WILL = {"i'll": "i", "he'll": "he", "she'll": "she", "we'll": "we"}


class Clean(Component):
    """Blanks what is not the author's prose; finds words and language; excludes what cannot be read.

    longest: characters; a post that is longer still is excluded as too long, not read in part.
    """

    settings: ClassVar[tuple[str, ...]] = ("longest",)

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
        d.words, d.norms, d.word_starts, d.gaps = words(d.clean, d.low)
        if not d.words:
            d.exclusion = "empty"
            return doc
        d.vocabulary = frozenset(d.norms)
        d.gates = gates(d.vocabulary)
        d.language, english = guess(d.norms, d.clean)
        if not english:
            d.exclusion = "not English"
        return doc


@cache
def _marks(possible: tuple[bool, ...]) -> re.Pattern[str]:
    by_kind: dict[str, list[str]] = {}
    for (kind, _, pattern), may in zip(_MARKS, possible, strict=True):
        if may:
            by_kind.setdefault(kind, []).append(pattern)
    joined = "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in by_kind.items())
    return re.compile(joined, re.IGNORECASE | re.MULTILINE)


def _marked(text: str) -> Iterator[re.Match[str]]:
    """Give the marks of a text, looking only for those whose signs it holds: most texts hold none."""
    low = text.lower()
    possible = tuple([True in [sign in low for sign in signs] for _, signs, _ in _MARKS])
    return _marks(possible).finditer(text) if True in possible else iter(())


def asides(text: str) -> Iterator[Aside]:
    """Give the stretches that are not the author's own prose, by place, none overlapping another."""
    reach = 0
    depth, opened = 0, 0
    for m in _marked(text):
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
    signature = _SIGNATURE.search(text) if "\n--" in text or "\n__" in text else None
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
    joined = "".join(parts)
    if joined.isascii() or not any(mark in joined for mark in _UNSEEN):
        return joined
    return _PARTING.sub(lambda m: " " * len(m[0]), joined)


def _spaces(gone: str, kind: str) -> str:
    if kind == "markup" and gone[:3].lower() in ("<br", "<p>", "</p", "<li", "</l"):
        return "\n" + " " * (len(gone) - 1)
    if kind == "markup" and gone[0] in "&\\â\ufffd" and _APOSTROPHE.fullmatch(gone.lower()):
        return "'" * len(gone)
    if kind == "quote":
        return "".join("\n" if c == "\n" else " " for c in gone[:-1]) + ("\n" if gone else "")
    return " " * len(gone)


def lower(text: str) -> str:
    """Give the text in lower case with plain apostrophes, spaces and hyphens, of the same length."""
    low = text.lower()
    if low.isascii():
        return low.replace("`", "'")
    if len(low) != len(text):  # a few letters have a lower case of two
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_PLAIN)


def words(clean: str, low: str) -> tuple[list[Word], list[str], list[int], list[str]]:
    """Give the words with their places, and each of their comparable forms, starts and gaps by itself.

    Apostrophes and invisible characters are dropped from the comparable form.
    """
    # What stands between two words, and a word, by turns; and where each of these pieces ends.
    pieces = (_SPLIT_PLAIN if low.isascii() else _SPLIT).split(low)
    ends = list(accumulate(map(len, pieces)))
    starts, ends = ends[:-1:2], ends[1::2]
    norms = pieces[1::2]
    if not "".join(norms).isalnum():
        norms = [norm if norm.isalnum() else comparable(norm) for norm in norms]
    before = map(_GAPS.get, pieces[:-1:2])
    gaps = [
        _gap(clean, end, start) if gap is None else gap
        for gap, end, start in zip(before, [0, *ends], starts, strict=False)
    ]
    # Word(...) would do the same by a call into Python for each word.
    return list(map(_word, zip(norms, starts, ends, gaps, strict=True))), norms, starts, gaps


def comparable(word: str) -> str:
    """Give the comparable form of a word in lower case with plain apostrophes."""
    return _WILL.get(word) or word.translate(_DROP)


def _gap(clean: str, end: int, start: int) -> str:
    between = clean[end:start]
    if not between.strip():
        return "." if "\n" in between and (between.count("\n") > 1 or not clean[start].islower()) else ""
    return "." if _BARRIER.search(between) else ","


Language.factory("doselore_clean", default_config={"longest": 10_000_000}, func=Clean)
