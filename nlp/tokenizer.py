"""A plain tokenizer: runs of letters and digits, single marks, white space. Linear in the text, whatever it holds.

spaCy's own keeps "120mg/day" whole and takes very long over a megabyte without a space; nothing here needs its rules.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy import util
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]|_+|\s+")
_HALF = re.compile(r"[\ud800-\udfff]")  # of a surrogate pair, as a cut-off emoji leaves it: spaCy takes none
_LONGEST = 60  # characters of one token: no word is longer, and strings are kept by the vocabulary


class Words:
    """Splits a text into words, numbers, marks and white space."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Give the Doc of a text; `doc.text == text`, but that half of an emoji is a mark of what cannot be shown."""
        if not text.isascii():
            text = _HALF.sub("\ufffd", text)
        words: list[str] = []
        spaces: list[bool] = []
        for word in _TOKEN.findall(text):
            if word == " " and words and not spaces[-1]:
                spaces[-1] = True
                continue
            for start in range(0, len(word), _LONGEST):
                words.append(word[start : start + _LONGEST])
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        """Give nothing: there is no state to keep."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> "Words":
        """Give itself: there is no state to read."""
        return self

    def to_disk(self, _path: str | Path, **_: Any) -> None:
        """Write nothing: there is no state to keep."""

    def from_disk(self, _path: str | Path, **_: Any) -> "Words":
        """Give itself: there is no state to read."""
        return self


@util.registry.tokenizers("doselore.words.v1")
def words_tokenizer() -> Callable[[Language], Words]:
    """Give the factory that spaCy's config names."""

    def make(nlp: Language) -> Words:
        return Words(nlp.vocab)

    return make
