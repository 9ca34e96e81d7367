"""Is a post English, and if not, what is it? By its script, or by the small words that only its language has."""

import tomllib
from collections import Counter
from functools import cache

import data
from nlp.phrases import Word

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
_LOOK = 400  # words that are looked at: a language shows itself in fewer


@cache
def _small_words() -> dict[str, tuple[str, ...]]:
    with data.path("lexicons/languages.toml").open("rb") as file:
        table: dict[str, str] = tomllib.load(file)
    of: dict[str, list[str]] = {}
    for language, listed in table.items():
        for word in listed.split():
            of.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in of.items()}


def guess(words: list[Word], text: str) -> tuple[str, bool]:
    """Give the language (ISO 639-1, "und" if it cannot be told) and whether to read the post as English.

    A short post with no small word of any language ("Baclofen 10mg tid, sleepy") is read.
    """
    script = _script(text[:4000])
    if script:
        return script, False
    small = _small_words()
    found: Counter[str] = Counter()
    for word in words[:_LOOK]:
        found.update(small.get(word.norm, ()))
    if not found:
        return "und", True
    other, most = max(((k, v) for k, v in found.items() if k != "en"), key=lambda kv: (kv[1], kv[0]), default=("", 0))
    english = found["en"]
    if most >= 3 and most > english:
        return other, False
    if most >= 2 and not english:
        return other, False
    return ("en", True) if english else ("und", True)


def _script(text: str) -> str | None:
    if text.isascii():
        return None
    found: Counter[str] = Counter()
    letters = 0
    for char in text:
        if not char.isalpha():
            continue
        letters += 1
        if char > "\u036f":
            for language, low, high in _SCRIPTS:
                if low <= char <= high:
                    found[language] += 1
                    break
    if not found:
        return None
    if found["ja"]:
        found["ja"] += found.pop("zh", 0)
    language, count = found.most_common(1)[0]
    return language if count * 2 > letters else None
