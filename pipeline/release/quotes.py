"""Which quotes may leave the building: those that lead back to nobody.

Reagle (2022) found 3 of 3 verbatim quotes again by searching, and 11 of 19 that had been reworded; so a quote passes
only where its words are everybody's: each run of three words of it (or all of it, if shorter) stands in the posts of at
least as many persons as a cell must have.
"""

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[^\W_]+")
_RUN = 3


def common(quotes: Iterable[str], posts: Iterable[tuple[str, str]], least: int) -> set[str]:
    """Give the quotes that may pass. posts: writer and text of every post that we hold; least: persons."""
    runs = {q: _runs(q) for q in set(quotes)}
    wanted = {r: set[str]() for some in runs.values() for r in some}
    longest = {len(r) for r in wanted}
    for writer, text in posts:
        words = _WORDS.findall(text.casefold())
        for size in longest:
            for n in range(len(words) - size + 1):
                held = wanted.get(tuple(words[n : n + size]))
                if held is not None and len(held) < least:
                    held.add(writer)
    return {q for q, some in runs.items() if some and all(len(wanted[r]) >= least for r in some)}


def _runs(quote: str) -> list[tuple[str, ...]]:
    words = _WORDS.findall(quote.casefold())
    return [tuple(words[n : n + _RUN]) for n in range(max(1, len(words) - _RUN + 1))] if words else []
