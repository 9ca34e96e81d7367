"""Is a post English, and if not, what is it? By its script, or by the small words that only its language has."""

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache

import data

_SCRIPTS = (
    ("ru", "\u0400", "\u04ff"),
    ("el", "\u0370", "\u03ff"),
    ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"),
    ("hi", "\u0900", "\u097f"),
    ("th", "\u0e00", "\u0e7f"),
    ("ko", "\uac00", "\ud7af"),
    ("ja", "\u3040", "\u30ff"),
    ("zh", "\u4e00", "\u9fff"),
)
_FAR = re.compile(r"[^\x00-\u036f]")  # no letter of the Latin script, accents included
# Small words of other languages that English posts are full of: they tell nothing.
_SHARED = frozenset("i no me a in do so as he on am an come son die was war hat".split())
_LOOK = 400  # words that are looked at: a language shows itself in fewer


@cache
def _small_words() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Give the small words of English, and the other languages of each other language's small words."""
    with data.path("lexicons/languages.toml").open("rb") as file:
        table: dict[str, str] = tomllib.load(file)
    english = frozenset(table.pop("en").split())
    of: dict[str, list[str]] = {}
    for language, listed in table.items():
        for word in set(listed.split()) - _SHARED:
            of.setdefault(word, []).append(language)
    return english, {word: tuple(languages) for word, languages in of.items()}


def guess(norms: Sequence[str], text: str) -> tuple[str, bool]:
    """Give the language (ISO 639-1, "und" if it cannot be told) and whether to read the post as English.

    norms: its words in their comparable forms. A short post with no small word of any language ("Baclofen 10mg tid,
    sleepy") is read.
    """
    script = _script(text[:4000])
    if script:
        return script, False
    english, others = _small_words()
    norms = norms[:_LOOK]
    own = sum(map(english.__contains__, norms))
    if own * 5 > len(norms):
        return "en", True
    found: Counter[str] = Counter()
    for norm in norms:
        found.update(others.get(norm, ()))
    other, most = max(found.items(), key=lambda kv: (kv[1], kv[0]), default=("", 0))
    if (most >= 3 and most > own) or (most >= 2 and not own):
        return other, False
    return ("en", True) if own else ("und", True)


def _script(text: str) -> str | None:
    far = [] if text.isascii() else _FAR.findall(text)
    found: Counter[str] = Counter()
    for char in far:
        if char.isalpha():
            for language, low, high in _SCRIPTS:
                if low <= char <= high:
                    found[language] += 1
                    break
    if not found:
        return None
    if found["ja"]:
        found["ja"] += found.pop("zh", 0)
    language, count = found.most_common(1)[0]
    letters = sum(map(str.isalpha, text))
    return language if count * 2 > letters else None
