"""Whether a post tells of a treatment in the present or in the past, by the forms of its verbs.

"I take", "it helps", "am on" against "I took", "it helped", "was on": who tells all of it in the past has mostly
stopped. Read by nlp.effect.
"""

from collections.abc import Iterable
from functools import cache
from math import log

from nlp.phrases import word_classes
from nlp.types import Draft

_PRESENT, _PAST = 1, 2
_ENDING, _SHORTEST = "ed", 5  # of a regular verb's past, and its letters in all
_MOST = 6  # verbs of one tense: more say no more
_LAST = 2  # sentences


@cache
def _known() -> dict[str, int]:
    classes = word_classes()
    none = dict.fromkeys(classes["no_past"], 0)
    return none | dict.fromkeys(classes["past"], _PAST) | dict.fromkeys(classes["present"], _PRESENT)


def tense_of(norm: str) -> int:
    """Give 1 for a verb in the present, 2 for one in the past, 0 for any other word. norm: its comparable form."""
    found = _known().get(norm)
    if found is None:
        return _PAST if len(norm) >= _SHORTEST and norm.endswith(_ENDING) else 0
    return found


def tenses(d: Draft, sentences: Iterable[int], substance: str) -> dict[str, float]:
    """Give the signs of tense that are not 0. sentences: the numbers of those that tell of the substance, in order."""
    named = {m.sentence for m in d.named(substance)}
    per: list[tuple[int, int]] = []
    own: list[tuple[int, int]] = []
    words: set[str] = set()
    for n in sentences:
        s = d.sentences[n]
        norms = d.norms[s.first : s.last]
        words.update(norms)
        tenses = [tense_of(norm) for norm in norms]
        count = tenses.count(_PRESENT), tenses.count(_PAST)
        per.append(count)
        if n in named or "it" in norms:
            own.append(count)
    present, past = sum([a for a, _ in per]), sum([b for _, b in per])
    found = {
        "tense all": _past_to_present(per),
        "tense at last": _past_to_present(per[-_LAST:]),
        "tense beside": _past_to_present(own),
        "tense past": min(past, _MOST) / _MOST,
        "tense present": min(present, _MOST) / _MOST,
        "tense past alone": float(past > 0 and not present),
        "tense present alone": float(present > 0 and not past),
        "tense now": float(not word_classes()["now"].isdisjoint(words)),
        "tense warning": float(not word_classes()["warning"].isdisjoint(words)),
    }
    return {name: value for name, value in found.items() if value}


def _past_to_present(counts: Iterable[tuple[int, int]]) -> float:
    """Give the logarithm of how many verbs of the past come to one of the present; 0 where there are as many."""
    present = past = 0
    for a, b in counts:
        present, past = present + a, past + b
    return log((past + 0.5) / (present + 0.5))
