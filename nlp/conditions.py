"""Why the treatment is taken: from the review's heading and from the text.

The phrases are lines of data/lexicons/conditions.tsv. A condition that the sentence gives as the reason ("for my
sciatica", "to control spasms") counts first, then one that the author has ("I have MS"), then what the treatment is
said to have changed. An illness of the brain or spine makes spasms spasticity.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from nlp import lexicon
from nlp.component import Component, draft
from nlp.phrases import Hit, longest, rows, word_classes, words
from nlp.spot import allowed, book, found
from nlp.ties import Ties, ties_of
from nlp.types import Draft

_TREATED, _LINKS = word_classes()["treated"], word_classes()["link"]


_SECTION = re.compile(
    r"^[ \t]*(?:side[ -]?effects?|benefits?|comments?|pros|cons)[ \t]*:", re.IGNORECASE | re.MULTILINE
)


class Named(NamedTuple):
    """A condition named in the text: words[first:last].

    reason: the sentence gives it as what the treatment is for. has: it says that the subject has it. tied: it may be
    something that the treatment brought.
    """

    condition: str
    kind: str
    first: int
    last: int
    reason: bool
    has: bool
    tied: bool


class Conditions(Component):
    """Finds the conditions that a post names, and those that the treatment is taken for."""

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each condition named; write Draft.conditions."""
        d = draft(doc)
        if d.exclusion:
            return doc
        hits = found(doc)
        named = named_in(d, hits["conditions"], ties_of(doc))
        for n in named:
            start, end = d.words[n.first].start, d.words[n.last - 1].end
            d.add("condition", n.condition, start, end, detail=_detail(n))
        heading = of_heading(d.post.condition or "")
        if not heading or heading == ("other",):
            named = _plausible(d, named)
        d.conditions = decide(heading, named)
        return doc


def _detail(n: Named) -> str | None:
    # An illness behind the complaint names no domain: "for my MS, works great" is no word of spasms.
    if n.reason:
        return "illness" if n.kind in ("cause", "spastic") else "reason"
    return None


def named_in(d: Draft, hits: Iterable[Hit], ties: Ties) -> list[Named]:
    """Give the conditions named in the text, in order."""
    out: list[Named] = []
    opioids_only = not d.post.condition and _only_opioids(d)
    sections: list[tuple[int, str]] = []
    if ":" in d.clean:
        sections = [(m.start(), m.group().lstrip().lower()) for m in _SECTION.finditer(d.clean)]
    for hit in longest(hits):
        n = d.sentence_at(d.words[hit.first].start)
        sentence = d.sentences[n]
        reason = ties.before(hit.first, ("for",), 4, sentence.first)
        has = ties.before(hit.first, ("illness",), 4, sentence.first)
        told = reason is not None and (
            reason.last - reason.first > 1
            or any(d.words[k].norm in _TREATED for k in range(max(sentence.first, reason.first - 12), reason.first))
        )
        if told and reason is not None:
            told = not _of_another(d, n, d.words[reason.first].start)
        listed = bool(out) and _listed(d, out[-1].last, hit.first)
        if not told and not (listed and out[-1].reason):
            if hit.row["condition"] == "drug_use" and opioids_only:
                continue
            at = d.words[hit.first].start
            if _in_side(sections, at):
                continue
        tied = ties.before(hit.first, ("made", "got", "since", "list"), 8, sentence.first) is not None
        out.append(
            Named(
                hit.row["condition"],
                hit.row["kind"],
                hit.first,
                hit.last,
                told or (listed and out[-1].reason),
                has is not None or (listed and out[-1].has),
                tied,
            )
        )
    return out


def _plausible(d: Draft, named: Sequence[Named]) -> list[Named]:
    """Give the conditions that may be what the index treatment is for, else another of the medicines named."""
    known = lexicon.substances()
    others = {s for m in d.of("substance") if (s := m.concept) in known and known[s].counts in ("listed", "same")}
    for substances in ({d.index}, others):
        found = [n for n in named if n.reason or any(n.condition in treated_by(s) for s in substances)]
        if found:
            return found
    return []


@cache
def treated_by(substance: str | None) -> frozenset[str]:
    """Give what a medicine may be taken for; every condition, if that is not known."""
    known = lexicon.substances().get(substance or "")
    by_name = {row["name"]: frozenset(row["conditions"].split()) for row in lexicon.table("indications")}
    found = by_name.get(known.id) or by_name.get(known.group) if known else None
    return found or frozenset(row["condition"] for row in rows("conditions"))


def _only_opioids(d: Draft) -> bool:
    # Opioids taken for pleasure or for pain are no treatment of drug use.
    groups = {s.group for m in d.of("substance") if (s := lexicon.substances().get(m.concept)) is not None}
    return bool(groups) and groups <= {"opioid", "drug", "benzodiazepine", "stimulant"}


def _in_side(sections: Sequence[tuple[int, str]], at: int) -> bool:
    # What stands under "SIDE EFFECTS:" is an effect, not what the treatment is for.
    k = bisect_left(sections, (at, "")) - 1
    return k >= 0 and sections[k][1].startswith("side")


def _of_another(d: Draft, sentence: int, at: int) -> bool:
    # "I also take Keppra for nerve pain" gives the reason of another medicine.
    before = {m.concept for m in d.beside("substance", sentence) if m.end <= at}
    return bool(before) and d.index not in before


def _listed(d: Draft, begin: int, first: int) -> bool:
    between = d.words[begin : first + 1]
    if not 1 <= len(between) <= 4 or any(w.gap == "." for w in between):
        return False
    linked = any(w.gap == "," for w in between) or any(w.norm in ("and", "or", "n") for w in between[:-1])
    return linked and all(w.norm in _LINKS for w in between[:-1])


_PART = re.compile(r"[,;/&+.]|\band\b|\bor\b")


@cache
def _headings() -> dict[str, str]:
    return {row["heading"]: row["condition"] for row in rows("headings")}


@lru_cache(maxsize=4096)  # memory stays flat over any number of headings
def of_heading(heading: str) -> tuple[str, ...]:
    """Give the conditions of a review's heading."""
    plain = " ".join(heading.lower().split())
    if not plain:
        return ()
    if plain in _headings():
        return tuple(c for c in [_headings()[plain]] if c)
    found: list[str] = []
    for part in _PART.split(heading):
        # Each thing of a list counts for itself: "fibromyalgia and muscle spasm" are two reasons.
        text = words(part)
        hits = [h for h in book().hits(text) if h.row.table == "conditions" and allowed(h.row, text, h.first, h.last)]
        named = [Named(h.row["condition"], h.row["kind"], h.first, h.last, True, False, False) for h in longest(hits)]
        found += [*_joined(named), *(n.condition for n in named if n.kind == "use")]
        if not named and any(c in _headings() for c in [" ".join(part.lower().split())]):
            found.append(_headings()[" ".join(part.lower().split())])
    return tuple(dict.fromkeys(filter(None, found))) or ("other",)


def decide(heading: Sequence[str], named: Sequence[Named]) -> list[str]:
    """Give the conditions that the treatment is taken for."""
    reasons = [n for n in named if n.reason]
    out = list(heading)
    if reasons:
        out.extend(_joined(reasons))
    elif out and out != ["other"]:
        # "I have suffered with back pain for years" beside a heading of spasms is a reason too.
        out.extend(_joined([n for n in named if n.has and n.kind in ("symptom", "bare")]))
        if out == ["muscle_spasm"] and any(n.condition == "pain" and n.kind != "weak" and not n.tied for n in named):
            out.append("pain")  # who takes something for spasms and speaks of pain takes it for both
    else:
        has = [n for n in named if n.has and n.kind not in ("weak", "bare", "faint")]
        out = _joined(has) or _joined([n for n in named if not n.tied and n.kind != "faint"]) or out
    if any(n.kind == "spastic" for n in named) and "muscle_spasm" in out:
        out = ["spasticity" if c == "muscle_spasm" else c for c in out]
    if out == ["alcohol_withdrawal"] and not any(n.condition == "alcohol_withdrawal" for n in named):
        # The sites file those who want to stop drinking under withdrawal.
        out = ["alcohol_use"] if any(n.condition == "alcohol_use" for n in named) else out
    return list(dict.fromkeys(out))


def _joined(named: Sequence[Named]) -> list[str]:
    """Give the conditions of some that stand together: what is felt, else the illness behind it, else the rest."""
    felt = [n.condition for n in named if n.kind == "symptom"]
    if "neuropathic_pain" not in felt:
        felt += [n.condition for n in named if n.kind == "bare"]
    out = felt or [n.condition for n in named if n.kind in ("cause", "spastic", "use")]
    out = out or [n.condition for n in named if n.kind in ("weak", "faint")][:1]
    if any(n.kind == "spastic" for n in named):
        out = ["spasticity", *(c for c in out if c != "muscle_spasm")]
    if "alcohol_withdrawal" in out:
        out = [c for c in out if c != "alcohol_use"]
    return list(dict.fromkeys(out))


Language.factory("doselore_conditions", func=Conditions)
