"""The phrases of the effect tables found in a post: one walk over its words for all tables, kept on the Doc."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from spacy.tokens import Doc

from nlp.component import draft
from nlp.phrase_book import PhraseBook
from nlp.phrases import Hit, Row, Word, rows
from nlp.spelling import corrector
from nlp.types import Draft

TABLES = ("side_effects", "outcomes", "conditions", "assertion", "experiencer", "ties")
_KEY = "doselore_hits"

Found = Mapping[str, Sequence[Hit]]


@cache
def book() -> PhraseBook:
    """Give the phrases of all tables as one trie."""
    return PhraseBook(row for table in TABLES for row in rows(table))


def found(doc: Doc) -> Found:
    """Give the hits in a post by table, those dropped that the table's own not_before and not_after forbid."""
    known = doc.user_data.get(_KEY)
    if known is None:
        d = draft(doc)
        known = doc.user_data[_KEY] = spot(d)
    return cast(Found, known)


def spot(d: Draft) -> Found:
    """Give the hits in a post by table, in order of place; misspelt words are read as the lexicons' own."""
    out: dict[str, list[Hit]] = {table: [] for table in TABLES}
    words = d.words
    for hit in book().of_columns(corrector().corrected(d.norms, d.vocabulary), d.gaps):
        first, last, row = hit
        if not row.bound or allowed(row, words, first, last):
            out[row.table].append(hit)
    return out


def allowed(row: Row, words: list[Word], first: int, last: int) -> bool:
    """Say whether what stands before and after lets the phrase count."""
    if last < len(words) and _may(row.behind, words[last][0]) and _stands(row.not_after, words, last, 1):
        return False
    barred = first > 0 and _may(row.ahead, words[first - 1][0])
    return not (barred and _stands(row.not_before, words, first - 1, -1))


def _may(near: frozenset[str], norm: str) -> bool:
    return norm in near or "#" in near


def _stands(banned: tuple[tuple[str, ...], ...], words: list[Word], at: int, step: int) -> bool:
    if not 0 <= at < len(words) or (words[at].gap if step > 0 else words[at + 1].gap == "."):
        return False
    near = words[at].norm
    for phrase in banned:
        if (phrase[0] if step > 0 else phrase[-1]) == near or phrase == ("#",):
            begin = at if step > 0 else at - len(phrase) + 1
            if begin >= 0 and begin + len(phrase) <= len(words):
                inside = words[begin : begin + len(phrase)]
                if all(_same(word.norm, wanted) for word, wanted in zip(inside, phrase, strict=True)):
                    return True
    return False


def _same(norm: str, wanted: str) -> bool:
    return norm == wanted or (wanted == "#" and norm.isdigit())
