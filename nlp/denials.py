"""Denials that answer for what was named before them, and denials that a second one turns into a claim.

"You asked about drowsiness. Nothing of the sort.", "Dry mouth, shakes, sweats ... you name it, I didn't get it",
"I thought it would knock me out. It didn't."; "not one morning when I didn't feel queasy", "I won't pretend it didn't".
The words are lines of data/lexicons/assertion.tsv: direction whole, outer and frame.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nlp.phrases import Word, word_classes
from nlp.types import EFFECTS, Draft, Mention, Sentence

OUTRIGHT = "denied outright"
"""The sign of a symptom that a denial of its own answers for."""
SETTLED = "settled"
"""The sign of a symptom that a reply or a comparison settles, whatever the words around it look like."""
NO = frozenset(("no", "nope", "nah", "never", "none"))
"""Denials of one word, which may follow what they deny."""
DOUBLING = ("outer", "frame")  # directions of denials that a second one may cancel
_ASKED_BACK = 2  # words of a question that only takes up the one before: "Me?"
_ASKED_OF = 4  # words of a question that doubts what it names
_ITEMS = 6  # words of a question that is but a list: "Bloating?? Gas or cramps?"
_WHOLE = 16  # words between what is named and a denial of all that was named
_LIST_GAP = 3  # words between two things of one list
_BEGINS = 8  # words from where a sentence begins to a denial of what the one before it named
_CLAIM = 3  # words from what claims a symptom to it: "gave me terrible headaches"
_TURNED = 3  # words between a "but" and the denial it begins
_CLASSES = word_classes()
_LINKS = frozenset("or nor and any no a an even bad real severe the of other plus my that those all some n".split())
_TURNS = frozenset("but however although though yet except excepting whereas".split())
_ANOTHER_TIME = _CLASSES["another_time"]
_HAD = frozenset("got had has have made makes make gave gives felt was still causes caused cause".split())
_CLAIMED = frozenset("i ive im id me my made makes make gave gives got had has have was still now".split())
_TOLD = frozenset(
    "thought told said expected expecting afraid worried scared feared figured assumed warned supposed read heard "
    "waiting waited would could might id braced prepared dreaded dreading ready".split()
)
_NAMED_FOR = _TOLD | frozenset(
    "ask asked asking asks wonder wondered wondering question about regarding re promised promises promise promising "
    "threatened lists listed mentions mentioned leaflet booklet label insert pharmacist warning warnings warns talk "
    "talks talked talking hear hearing people everyone everybody folks others predicted swore sure".split()
)


class Cue(NamedTuple):
    """A cue in its place: words[first:last] of the post; reach in words, 0 for the whole sentence."""

    category: str
    direction: str
    reach: int
    first: int
    last: int


Spans = Sequence[tuple[int, int]]
"""The words of every mention, as (first, last + 1)."""


def without_doubled(cues: list[Cue], named: Sequence[int]) -> list[Cue]:
    """Give the cues of a sentence without those that a second denial cancels, and without frames; what they claim then.

    named: the words at which symptoms begin. What the first denies itself stands before the second one: "not once did I
    feel sick, and no headaches".
    """
    gone: set[int] = set()
    claimed: list[Cue] = []
    for i, cue in enumerate(cues):
        if cue.direction not in DOUBLING or i in gone:
            continue
        begin, end = cue.last, cue.last + cue.reach
        until = bisect_right(named, begin - 1)
        end = min(end, named[until]) if until < len(named) else end
        inner = next((j for j, c in enumerate(cues) if c.category == "negated" and begin <= c.first <= end), None)
        if inner is not None and inner not in gone:
            gone |= {i, inner}
            claimed.append(Cue("claimed", "reply", cue.reach, cue.first, cues[inner].last))
        elif cue.direction == "frame":
            gone.add(i)
    return [*(cue for i, cue in enumerate(cues) if i not in gone), *claimed]


def of_all_before(
    d: Draft, by_sentence: Mapping[int, Sequence[Cue]], spans: Spans, effects: Sequence[int]
) -> dict[int, Cue]:
    """Give the symptoms denied by words that answer for all that was named before them, by place among the mentions.

    effects: the places of the symptoms, in order of where they stand.
    """
    out: dict[int, Cue] = {}
    ends = [spans[i][1] for i in effects]
    for n, cues in by_sentence.items():
        for cue in cues:
            if cue.direction != "whole" or cue.category != "negated":
                continue
            at = bisect_right(ends, cue.first) - 1
            if at < 0 or _of_another_time(d, d.sentences[n], cue):
                continue
            near = d.mentions[effects[at]]
            if near.sentence == n:
                if not _open(d, spans[effects[at]], cue.first, d.sentences[n].first):
                    continue
            elif not _answers(d, near, n, cue):
                continue
            out[effects[at]] = cue
            while at and _listed(d, spans[effects[at - 1]][1], spans[effects[at]][0]):
                at -= 1
                out[effects[at]] = cue
    return out


def _of_another_time(d: Draft, sentence: Sentence, cue: Cue) -> bool:
    return not _ANOTHER_TIME.isdisjoint(d.norms[cue.last : min(cue.last + 3, sentence.last)])


def _open(d: Draft, span: tuple[int, int], end: int, start: int) -> bool:
    """Say whether a symptom is not claimed before it, and nothing else is told between it and a denial."""
    first, begin = span
    if end - begin > _WHOLE:
        return False
    if "if" not in d.norms[start:first] and not _HAD.isdisjoint(d.norms[max(start, first - _CLAIM) : first]):
        return False
    return not any(word in _TURNS for word in d.norms[begin : max(end - _TURNED, begin)])


def _answers(d: Draft, m: Mention, n: int, cue: Cue) -> bool:
    """Say whether a denial in sentence n answers for what sentences before it asked about or only named."""
    sentence = d.sentences[n]
    if cue.first - sentence.first > _BEGINS:
        return False
    k = n - 1
    while k > m.sentence and d.sentences[k].question and _words(d.sentences[k]) <= _ASKED_BACK:
        k -= 1
    if k != m.sentence:
        return False
    before = d.sentences[k]
    told = d.norms[before.first : before.last]
    if before.question or not _NAMED_FOR.isdisjoint(told):
        return True
    return _CLAIMED.isdisjoint(told)


def _words(sentence: Sentence) -> int:
    return sentence.last - sentence.first


def _listed(d: Draft, end: int, begin: int) -> bool:
    """Say whether two symptoms are of one list, or of questions that follow each other: "Bloating? Gas?"."""
    if not 0 <= begin - end <= _LIST_GAP or any(word not in _LINKS for word in d.norms[end:begin]):
        return False
    marks = [k for k in range(end, begin + 1) if d.words[k].gap == "."]
    return not marks or all(_fragment(d, d.words[k]) for k in marks)


def _fragment(d: Draft, word: Word) -> bool:
    n = d.sentence_at(word.start)
    before = d.sentences[n - 1] if n else None
    return before is not None and before.question and _words(before) <= _ITEMS


def answer(d: Draft, by_sentence: Mapping[int, Sequence[Cue]], mention: Mention, last: int) -> Cue | None:
    """Give the denial that answers a short question or a heading: "Side effects? Nada"."""
    sentence = d.sentences[mention.sentence]
    tail = sentence.last - last
    if mention.kind not in EFFECTS or tail > 3 or sentence.last - sentence.first > 12:
        return None
    if tail > 1 and not sentence.question:
        return None
    if not (sentence.question or mention.concept == "any"):
        return None
    begin = last - sentence.first
    if sentence.question and not tail and begin <= _ASKED_OF and d.norms[sentence.first] in ("what", "which"):
        return Cue("negated", "forward", 0, sentence.first, sentence.first + 1)  # "What dry mouth?"
    n = mention.sentence + 1
    while (
        n + 1 < len(d.sentences)
        and d.sentences[n].question
        and (_words(d.sentences[n]) <= _ASKED_BACK or (n == mention.sentence + 1 and _words(d.sentences[n]) <= _ITEMS))
    ):
        n += 1  # "Dizzy? Me? Not once."
    for cue in by_sentence.get(n, []):
        following = d.sentences[n]
        if cue.category == "negated" and cue.first - following.first <= 1:
            short = following.last - cue.last <= 3 and following.last - following.first <= 5
            if cue.direction == "backward" or (short and sentence.question):
                return cue
    return None


def bare_answer(words: list[Word], cue: Cue, first: int, last: int) -> bool:
    """Say whether a denial is all that stands behind words[first:last], its heading: "Edema: negative", "nausea no"."""
    if cue.category != "negated":
        return False
    if not words[cue.first].gap:  # "Headaches no, nausea yes."
        ends = cue.last >= len(words) or bool(words[cue.last].gap)
        return ends and cue.first == last and words[cue.first].norm in NO and (not first or bool(words[first].gap))
    if words[cue.first].gap not in (".", ","):
        return False
    ending = ".," if words[cue.first].gap == "." else "."  # "Sleepy, no. Dizzy, no."
    return cue.last >= len(words) or words[cue.last].gap in set(ending)
