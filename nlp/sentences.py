"""Where sentences begin and end: at marks, blank lines, list items; not inside "3 mg." or "Dr. Smith"."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import itemgetter

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.phrases import Word
from nlp.types import Sentence

# Begins with one class of characters: then the search leaps from one such character to the next.
_END = re.compile(
    r"[.!?…\n](?:(?<=\n)(?:\s*\n|\s*(?=[-*•–]|\d{1,2}[.)]\s)|)"
    r"|(?<!\n)(?:[.!?…]*[\"')\]”’]*(?=\s|[A-Z]|$)|[.!?…]+|(?<=[?!])[?!]*))"
)
_start = itemgetter(1)  # of a word
_sentence = tuple.__new__  # Sentence(...) would do the same by a call into Python for each
_LONGEST = 250  # words of a sentence; only in text without marks are there more
# Words after which a full stop ends nothing, whatever follows, and those (single letters too: "e.g.", "p.m.") after
# which it ends a sentence only where a capital follows.
_ALWAYS = frozenset("dr mr mrs ms vs eg ie prof".split())
_OF_LETTERS = frozenset(("e.g", "i.e"))
_ABBREVIATED = _ALWAYS | frozenset(
    "st etc approx no inc dept jr sr fig am pm mg mgs mcg ml tab tabs oz lb lbs hr hrs min mins wk wks yr yrs mo mos "
    "max".split()
)
_TAIL = re.compile(r"\w{1,6}(?!\w)")  # of the text before a mark, read backwards
_QUESTION = re.compile(
    r"\s*(?:(?:so|and|but|also|hi|hey|guys|just|ok|okay)[\s,]+)*"
    r"(?:has|have|does|do|did|is|are|was|can|could|should|would|will|what|how|why|when|where|who|which|anyone|anybody|any)\b",
    re.IGNORECASE,
)


class Sentences(Component):
    """Finds the sentences of a post's own words."""

    def __call__(self, doc: Doc) -> Doc:
        """Write the sentences and their starts."""
        d = draft(doc)
        if d.exclusion:
            return doc
        clean, words, first, start = d.clean, d.words, 0, 0
        for end in (*boundaries(clean), len(clean)):
            last = bisect_left(words, end, first, key=_start)
            body = clean[start:end].strip()
            if body:
                asks = body.endswith(("?", "?)", '?"')) or (body[-1] not in ".!…" and bool(_QUESTION.match(body)))
                whole = _sentence(Sentence, (start, end, first, last, asks))
                d.sentences.extend(parts(words, whole) if last - first > _LONGEST else (whole,))
            first, start = last, end
        d.starts.extend([sentence[0] for sentence in d.sentences])
        return doc


def parts(words: list[Word], whole: Sentence) -> Iterator[Sentence]:
    """Cut a sentence without an end, of hundreds of words, at a comma or else at any word.

    Rules look around inside a sentence: what they cost must not grow with the square of its length.
    """
    start, first = whole.start, whole.first
    while whole.last - first > _LONGEST:
        cut = first + _LONGEST
        while words[cut].gap != "," and cut > first + _LONGEST // 2:
            cut -= 1
        cut = cut if words[cut].gap == "," else first + _LONGEST
        yield Sentence(start, words[cut].start, first, cut, whole.question)
        start, first = words[cut].start, cut
    yield Sentence(start, whole.end, first, whole.last, whole.question)


def boundaries(text: str) -> list[int]:
    """Give the offsets at which a new sentence begins, the first one (0) left out."""
    cuts: list[int] = []
    previous = 0
    for m in _END.finditer(text):
        mark = m.group()
        cut = m.end()
        if cut <= previous or cut >= len(text):
            continue
        if mark == "." and not _stops(text, m.start(), cut):
            continue
        if mark == "\n" and not _line_ends(text, previous, m.start(), cut):
            continue
        cuts.append(cut)
        previous = cut
    return cuts


def _stops(text: str, at: int, after: int) -> bool:
    tail = _TAIL.match(text[max(0, at - 8) : at][::-1])
    if tail:
        written = tail.group()[::-1]
        word = written.lower()
        if word == "ms" and (written == "MS" or (written == "ms" and text[after : after + 3].lstrip()[:1].islower())):
            return True  # the illness, no title
        if word in _ALWAYS or (len(word) == 1 and _of_letters(text, at)):
            return False
        if word in _ABBREVIATED or (len(word) == 1 and "a" <= word <= "z"):
            return text[after : after + 3].lstrip()[:1].isupper()
    return not (text[at - 1 : at].isdigit() and text[after : after + 1].isdigit())


def _of_letters(text: str, at: int) -> bool:
    return text[max(0, at - 3) : at].lower() in _OF_LETTERS and not text[max(0, at - 4) : at - 3].isalnum()


def _line_ends(text: str, start: int, at: int, after: int) -> bool:
    # A wrapped line goes on in lower case; a heading, a list item or a line of its own does not.
    follows = text[after : after + 3].lstrip()[:1]
    return not follows.islower() or at - start < 30


Language.factory("doselore_sentences", func=Sentences)
