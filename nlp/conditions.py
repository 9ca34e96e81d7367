"""Why the treatment is taken: from the review's heading and from the text.

The phrases are lines of data/lexicons/conditions.tsv. A condition that the sentence gives as the reason ("for my
sciatica", "to control spasms") counts first, then one that the author has ("I have MS"), then what the treatment is
said to have changed. An illness of the brain or spine makes spasms spasticity.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.phrases import Hit, longest, rows, word_classes, words
from nlp.spot import allowed, book, found
from nlp.ties import Ties
from nlp.types import Draft

_TREATED = word_classes()["treated"]


class Named(NamedTuple):
    """A condition named in the text: words[first:last]. reason: the sentence gives it as what the treatment is for."""

    condition: str
    kind: str
    first: int
    last: int
    reason: bool
    has: bool


class Conditions(Component):
    """Finds the conditions that a post names, and those that the treatment is taken for."""

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each condition named; write Draft.conditions."""
        d = draft(doc)
        if d.exclusion:
            return doc
        hits = found(doc)
        named = named_in(d, hits["conditions"], Ties(d, hits["ties"]))
        for n in named:
            start, end = d.words[n.first].start, d.words[n.last - 1].end
            d.add("condition", n.condition, start, end, detail="reason" if n.reason else None)
        d.conditions = decide(of_heading(d.post.condition or ""), named)
        return doc


def named_in(d: Draft, hits: Iterable[Hit], ties: Ties) -> list[Named]:
    """Give the conditions named in the text, in order."""
    out: list[Named] = []
    for hit in longest(hits):
        sentence = d.sentences[d.sentence_at(d.words[hit.first].start)]
        reason = ties.before(hit.first, ("for",), 4, sentence.first)
        has = ties.before(hit.first, ("illness",), 4, sentence.first)
        told = reason is not None and (
            reason.last - reason.first > 1
            or any(d.words[k].norm in _TREATED for k in range(max(sentence.first, reason.first - 12), reason.first))
        )
        again = bool(out) and hit.first - out[-1].last <= 3 and out[-1].last > sentence.first
        linked = again and all(w.gap != "." for w in d.words[out[-1].last : hit.first + 1])
        out.append(
            Named(
                hit.row["condition"],
                hit.row["kind"],
                hit.first,
                hit.last,
                told or (linked and out[-1].reason),
                has is not None or (linked and out[-1].has),
            )
        )
    return out


@cache
def _headings() -> dict[str, str]:
    return {row["heading"]: row["condition"] for row in rows("headings")}


@cache
def of_heading(heading: str) -> tuple[str, ...]:
    """Give the conditions of a review's heading."""
    plain = " ".join(heading.lower().split())
    if not plain:
        return ()
    if plain in _headings():
        return tuple(c for c in [_headings()[plain]] if c)
    text = words(heading)
    hits = [h for h in book().hits(text) if h.row.table == "conditions" and allowed(h.row, text, h.first, h.last)]
    named = [Named(h.row["condition"], h.row["kind"], h.first, h.last, True, False) for h in longest(hits)]
    return tuple(_joined(named)) or ("other",)


def decide(heading: Sequence[str], named: Sequence[Named]) -> list[str]:
    """Give the conditions that the treatment is taken for."""
    spastic = any(n.kind == "spastic" for n in named)
    reasons = [n for n in named if n.reason]
    out = list(heading)
    if reasons:
        out.extend(_joined(reasons))
    elif not out:
        out.extend(_joined([n for n in named if n.has and n.kind != "weak"]) or _joined(named))
    if spastic and "muscle_spasm" in out:
        out = ["spasticity" if c == "muscle_spasm" else c for c in out]
    return list(dict.fromkeys(out))


def _joined(named: Sequence[Named]) -> list[str]:
    """Give the conditions of some that stand together: what is felt, else the illness behind it, else the rest."""
    spastic = any(n.kind == "spastic" for n in named)
    felt = [n.condition for n in named if n.kind == "symptom"]
    out = felt or [n.condition for n in named if n.kind in ("cause", "spastic", "use")]
    out = out or [n.condition for n in named if n.kind == "weak"][:1]
    out += [n.condition for n in named if n.kind == "use" and n.condition not in out] if not felt else []
    if spastic and "spasticity" not in out:
        out = ["spasticity", *(c for c in out if c != "muscle_spasm")]
    if "alcohol_withdrawal" in out and "alcohol_use" in out:
        out.remove("alcohol_use")
    return list(dict.fromkeys(out))


Language.factory("doselore_conditions", func=Conditions)
