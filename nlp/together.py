"""Medicines spoken of as one ("baclofen and gabapentin took it away"), and all of them at once ("nothing helps but X").

What the links component tied to one of them then holds for each.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from nlp.phrases import word_classes
from nlp.types import Draft, Mention

_JOINT = word_classes()["jointly"]
_TWO = re.compile(r"\b(?:these|those|both|the) (?:two|three|meds|drugs|medicines|medications)\b|\btogether\b|\bcombo\b")
_THEY = re.compile(r"\s*(?:and |so )?(?:they|both|these|together|combined|the two|between)\b")
# "(also on X, Y and Z)": what is taken beside, of which nothing is told.
_ALSO = re.compile(r"\b(?:also|besides|other meds|addition to|other medications)\b[^.]*$")
_BESIDES = 60  # characters
_BUT = re.compile(r"\b(?:but|except|besides|other than|like|as much as|as well as)\b")


def groups(d: Draft) -> dict[int, list[set[str]]]:
    """Give, by sentence, the sets of taken substances that it names as one."""
    out: dict[int, list[set[str]]] = {}
    named = sorted((m for m in d.of("substance") if _taken(d, m.concept)), key=lambda m: m.start)
    for left, right in pairwise(named):
        if left.sentence != right.sentence or left.concept == right.concept:
            continue
        between = re.findall(r"[a-z]+", d.low[left.end : right.start])
        if _ALSO.search(d.low, max(left.start - _BESIDES, 0), left.start):
            continue
        joined = bool(between) or bool(re.search(r"[,&+/]", d.clean[left.end : right.start]))
        if joined and len(between) <= 6 and all(word in _JOINT for word in between):
            found = out.setdefault(left.sentence, [])
            known = next((group for group in found if left.concept in group), None)
            if known is None:
                found.append({left.concept, right.concept})
            else:
                known.add(right.concept)
    return out


def _taken(d: Draft, substance: str) -> bool:
    return substance in d.treatments and d.treatments[substance].status == "taken"


def spread(d: Draft, mentions: Sequence[Mention]) -> list[Mention]:
    """Give the mentions with those of medicines spoken of as one repeated for each of them."""
    joined = groups(d)
    out: list[Mention] = []
    for m in mentions:
        out.append(m)
        if m.kind == "outcome" and m.detail == "all":
            out.pop()
            out.extend(_all(d, m))
        elif m.kind in ("outcome", "side_effect") and m.substance and joined:
            out.extend(m._replace(substance=other) for other in sorted(_others(d, m, joined)))
    return out


def _others(d: Draft, m: Mention, joined: dict[int, list[set[str]]]) -> set[str]:
    named_here = {x.concept for x in d.beside("substance", m.sentence)}
    text = d.low[d.sentences[m.sentence].start : d.sentences[m.sentence].end]
    for group in joined.get(m.sentence, []):
        if m.substance in group:
            return group - {m.substance}
    if named_here:
        return set()
    if m.concept != "any" and m.kind == "side_effect":
        return set()
    for n in (m.sentence - 1, m.sentence - 2):
        for group in joined.get(n, []):
            if m.substance in group and (n == m.sentence - 1 or _THEY.match(text)) and not _one(text):
                return group - {m.substance}
    if _TWO.search(text) or _THEY.match(text):
        taken = {name for name, t in d.treatments.items() if t.status == "taken"}
        return taken - {str(m.substance)} if len(taken) <= 3 else set()
    return set()


def _one(text: str) -> bool:
    return bool(re.search(r"\b(?:it|this (?:drug|med|medicine|medication))\b", text))


def _all(d: Draft, m: Mention) -> list[Mention]:
    """Give "nothing helps but X": no change for all taken, improvement by X."""
    end = d.sentences[m.sentence].end
    turn = _BUT.search(d.low, m.end, end)
    named = [x for x in d.beside("substance", m.sentence) if turn is not None and x.start >= turn.end()]
    spared = {x.concept for x in named}
    if not spared:
        return []
    plain = m._replace(detail=None)
    none = [plain._replace(substance=s) for s, t in d.treatments.items() if t.status == "taken" and s not in spared]
    return [*none, *(plain._replace(substance=s, direction="improved") for s in sorted(spared))]
