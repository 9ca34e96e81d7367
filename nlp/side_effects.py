"""Unwanted effects of a treatment, told apart from the illness and from what it was taken for.

The words are lines of data/lexicons/side_effects.tsv. Code answers only whether a symptom that is named is tied to the
treatment: by the sentence ("makes me", "side effects:", "since starting"), by its neighbours in a list, or, for words
that healthy and ill people seldom use of anything else ("drowsy"), by standing in a review of the treatment. What the
illness looks like (data/lexicons/side_effect_conditions.toml) needs the sentence to say so.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.effect_clues import (
    Symptom,
    addicted_to_medicine,
    apart,
    bare_lists,
    blamed,
    conditions_like,
    denies_all,
    given,
    goes_on,
    header,
    is_like_illness,
    none_at_all,
    of_other_cause,
    relieved,
)
from nlp.on_stopping import on_stopping, when_it_stopped
from nlp.phrases import word_classes
from nlp.purpose import domain_of
from nlp.sections import section_at, sections_of
from nlp.spot import found
from nlp.ties import Tie, Ties, ties_of
from nlp.types import Draft, Kind, Mention, Sentence

Changed = Mapping[int, Sequence[Mention]]
"""What has changed, by sentence."""
_start, _end = attrgetter("start"), attrgetter("end")
_DISEASE = re.compile(
    r"fibro|arthrit|sclerosis|\bms\b|disc|disk|stenosis|neuropath|lupus|syndrome|diabet|palsy|injur|parkinson|bipolar",
    re.IGNORECASE,
)
_LINKS, _NEGATORS = word_classes()["link"], word_classes()["negator"] | {"without", "any", "zero", "few", "fewer"}
_TOOK = re.compile(
    r"\b(?:took|tak(?:e|ing|en)|tried|trying|start(?:ed|ing)?|began|on|used|using|put|prescribed|gave)\b"
)
_APART = re.compile(r"[.,;!?]|\b(?:but|though)\b|\band (?:(?:it|also|then|has|had|have|now|is|was) )*$")
_BECAUSE = re.compile(r"\b(?:because|since|for|as|when|before)\b")
_GIVES = frozenset(["gav", "giv", "put", "sta"])
_MADE = ("made", "list")
_TIED = ("made", "list", "since", "stopping")
_LOOSELY = (*_TIED, "got")
_ON = 6  # words between a symptom and "on this med"
_SINCE = 3  # words between a symptom and "since I started it"
_GONE = 8  # words between a side effect and what says that it went
_OPEN_FOR = 3  # sentences that a list of side effects may run on
_DENIED = 4  # words between a denial and "side effects"
_SIDE = ("side", "cons")  # sections of a form that hold side effects
_NEAR_BEFORE, _NEAR_AFTER = 20, 25  # characters between a cue and the illness or treatment that takes it from a symptom
# What is told of a side effect rather than of a change that did not come: "can't take it without getting a headache".
_GOES_ON = re.compile(r"(?:(?:ca|could)n'?t|cannot|not|never|no) (?:stop \w+ing$|.*\bwithout\b)")
_NO_CHANGE = re.compile("(?:no|zero|without) ")
# How a change begins that is rather a side effect denied: "didn't get any headaches"; not "haven't had any since".
_DENIED_CHANGE = re.compile(
    r"(?:no|zero|without|(?:never|not|(?:did|do|does|have|has|had)(?:n'?t| not))(?: ever| really| even)* "
    r"(?:had?|have|get|got|gotten|experienced?|noticed?|felt|feel|suffered|seen))\b(?!.* (?:since|anymore|any more)\b)"
)
_PLAINLY = frozenset(["any", "withdrawal", "tolerance"])
_OF_MIND = frozenset(["mood", "anxiety"])
_COMES_BACK = frozenset(["muscle_spasm", "muscle_pain", "joint_pain", "back_pain"])  # when the treatment is missed


class SideEffects(Component):
    """Finds the unwanted effects that a post names."""

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each symptom that is an effect of a treatment, told or denied, or may be one."""
        d = draft(doc)
        if d.exclusion:
            return doc
        symptoms = [
            Symptom(hit.row["concept"], hit.row["kind"], hit.first, hit.last)
            for hit in apart(d, found(doc)["side_effects"])
        ]
        symptoms = [s for s in symptoms if s.concept != "-"]
        if d.index_from_heading:
            none = none_at_all(d)
            if none is not None:
                d.add("side_effect", "any", *none, present=False, substance=d.index)
        if not symptoms:
            return doc
        ties = ties_of(doc)
        weighed = effects(d, symptoms, ties)
        _denied_instead(d, [w.symptom for w in weighed if w.told])
        for symptom, told, signs in weighed:
            start, end = d.words[symptom.first].start, d.words[symptom.last - 1].end
            detail = _detail(d, ties, symptom)
            kind: Kind = "side_effect" if told else "symptom"
            d.add(kind, symptom.concept, start, end, present=True, detail=detail, signs=(*signs, f"row {symptom.kind}"))
        return doc


class Weighed(NamedTuple):
    """A symptom, whether the rules take it for an effect of a treatment, and what they said of it."""

    symptom: Symptom
    told: bool
    signs: tuple[str, ...]


def effects(d: Draft, symptoms: Sequence[Symptom], ties: Ties) -> list[Weighed]:
    """Say which symptoms are effects of a treatment, and add withdrawal where symptoms follow on stopping."""
    changed = _by_sentence(d)
    named = sorted(m.sentence for m in d.of("substance"))
    alone = len({m.concept for m in d.of("substance")}) == 1
    sections = list(sections_of(d))
    bare = bare_lists(d, symptoms) if d.index_from_heading else frozenset[int]()
    until = _denied_from(d, symptoms) if d.index_from_heading else 0
    accepted: list[Symptom] = []
    weighed: list[Weighed] = []
    kept: set[int] = set()
    gone: set[int] = set()  # what the treatment took away
    inside = frozenset(k for s in symptoms for k in range(s.first, s.last))
    for i, symptom in enumerate(symptoms):
        n = d.sentence_at(d.words[symptom.first].start)
        sentence = d.sentences[n]
        section = section_at(sections, d.words[symptom.first].start)
        if symptom.concept == "any" and header(d, symptom):
            continue
        if not d.index_from_heading and not _near(named, n, alone=alone):
            weighed.append(Weighed(symptom, told=False, signs=("far",)))
            continue
        joined = i > 0 and _listed(d, symptoms[i - 1], symptom)
        if of_other_cause(d, symptom, sentence):
            weighed.append(Weighed(symptom, told=False, signs=("other cause",)))
            continue
        in_list = section[0].startswith(_SIDE)
        if relieved(d, ties, symptom, sentence, inside, in_list=in_list) or (joined and (i - 1) in gone):
            gone.add(i)
            weighed.append(Weighed(symptom, told=False, signs=("relieved",)))
            continue
        alike = is_like_illness(d, symptom.concept, d.words[symptom.first : symptom.last])
        listed = (
            "listed" if joined and (i - 1) in kept
            else "bare list" if n in bare
            else "goes on" if goes_on(d, symptom, accepted[-1] if accepted else None, n, sentence)
            else "given" if given(d, symptom, sentence)
            else "blamed" if blamed(d, symptom, sentence) or addicted_to_medicine(d, symptom)
            else ""
        )  # fmt: skip
        strict = not d.index_from_heading or alike or (symptom.last <= until and symptom.concept not in _PLAINLY)
        if not alike and _came_after_taking(d, ties, symptom, sentence, n):
            told, why = True, "came"
        else:
            told, why = _effect(d, ties, symptom, sentence, section, changed, listed=listed, strict=strict, n=n)
        weighed.append(Weighed(symptom, told, (why, listed, "strict" if strict else "free")))
        if told:
            kept.add(i)
            accepted.append(symptom)
    return [*weighed, *_withdrawal(d, ties, accepted)]


def _denied_from(d: Draft, symptoms: Sequence[Symptom]) -> int:
    """Give the word where all side effects are denied, 0 if they are not.

    What such a review names before that is the illness, if nothing says that the treatment did it.
    """
    denied = (s.first for s in symptoms if s.concept == "any" and not header(d, s) and denies_all(d, s.first, s.last))
    none = none_at_all(d)
    if none is not None and d.low.startswith("none", none[0]) and d.sentences[d.sentence_at(none[0])].start == none[0]:
        return bisect_left(d.word_starts, none[0])
    return next(denied, 0)


def _by_sentence(d: Draft) -> Changed:
    """Give what has changed, by each sentence that its words touch."""
    found: dict[int, list[Mention]] = {}
    for m in d.of("outcome"):
        for n in range(m.sentence, d.sentence_at(m.end) + 1):
            found.setdefault(n, []).append(m)
    return found


def _came_after_taking(d: Draft, ties: Ties, symptom: Symptom, sentence: Sentence, n: int) -> bool:
    """Say whether a symptom came with a treatment named just before: "Tried naltrexone, got terrible nausea"."""
    came = ties.before(symptom.first, ("got", "had"), 3, sentence.first)
    if came is None or sentence.question:
        return False
    at = d.words[came.first].start
    names = [m for k in (n - 1, n) for m in d.beside("substance", k) if m.end <= at]
    begin = d.sentences[max(n - 1, 0)].start
    if not names or _BECAUSE.search(d.low, names[-1].end, at) or _of_illness(d, came):
        return False
    return _TOOK.search(d.low, begin, at) is not None


def _effect(
    d: Draft,
    ties: Ties,
    symptom: Symptom,
    sentence: Sentence,
    section_at: tuple[str, int],
    changed: Changed,
    *,
    listed: str,
    strict: bool,
    n: int,
) -> tuple[bool, str]:
    """Say whether a symptom is an effect of a treatment, and what decided."""
    section, since = section_at
    first, last = symptom.first, symptom.last
    a, b = d.words[first].start, d.words[last - 1].end
    if symptom.kind == "made" or (symptom.concept in _PLAINLY and not strict):
        return True, "plain"
    made = ties.before(first, _MADE, 7, sentence.first) or _said_within(ties, symptom)
    if made is not None and made.kind == "made" and (_of_illness(d, made) or _of_giving(d, made)):
        return False, "made by the illness"
    reach = 4 if strict or symptom.kind == "tie" else 1
    ill = ties.before(first, ("illness", "for") if reach > 1 else ("for",), reach, sentence.first)
    if ill is not None and (made is None or made.last < ill.first) and not _ever_since(d, ties, symptom, sentence):
        return False, "ill"
    tie = ties.after(last, ("since", "on"), _ON, sentence.last)
    if listed != "given" and _is_outcome(
        d, symptom, (a, b), changed, tied=tie is not None, made=made is not None and made.kind == "made"
    ):
        return False, "outcome"
    if not section.startswith("side") and made is None and _beside_illness(d, a):
        return False, "beside the illness"
    if section.startswith("benefit"):
        return made is not None, "benefit"
    kinds: tuple[str, ...] = _TIED if strict else _LOOSELY
    after: tuple[str, ...] = ("list", "since", "stopping")
    if strict and symptom.concept in _COMES_BACK:
        kinds, after = ("made", "list", "since"), ("list", "since")
    tied = (
        made is not None
        or bool(listed)
        or section.startswith(_SIDE)
        or ties.before(first, kinds, 25, sentence.first) is not None
        or ties.after(last, after, 12, sentence.last) is not None
        or ties.after(last, ("on",), _ON, sentence.last) is not None
        or _opened(d, ties, n, since, 1 if strict else _OPEN_FOR)
        or (symptom.concept not in _COMES_BACK and when_it_stopped(d, ties, symptom, sentence) is not None)
    )
    needed = strict or symptom.kind == "tie"
    return tied or not needed, "tied" if tied else "untied"


def _ever_since(d: Draft, ties: Ties, symptom: Symptom, sentence: Sentence) -> bool:
    # "I have terrible heartburn since I started it": no illness that was there before.
    tie = ties.after(symptom.last, ("since",), _SINCE, sentence.last)
    return tie is not None and d.norms[tie.first] == "since"


def _said_within(ties: Ties, symptom: Symptom) -> Tie | None:
    # "Made me sad", "makes my hands shake": the phrase of the table itself says that the treatment did it.
    return next((tie for tie in ties.within(symptom.first, symptom.last) if tie.kind == "made"), None)


def _opened(d: Draft, ties: Ties, n: int, since: int, reach: int) -> bool:
    # "I had terrible side effects. Hives, swelling ..." and "Side effects? Nausea": the sentence before opens a list;
    # one that denies them does not, nor one of the section before (since: where this one begins).
    begin = d.sentences[max(n - reach, 0)].first
    for tie in ties.within(begin, d.sentences[n].first):
        if tie.kind == "list" and d.words[tie.first].start >= since:
            near = d.words[max(tie.first - _DENIED, 0) : tie.first + 1]
            if not any(word.norm in _NEGATORS for word in near):
                return True
    return False


def _of_illness(d: Draft, tie: Tie) -> bool:
    # "my MS causes", "a herniated disc has left me with": the illness did it, not the treatment.
    at = d.words[tie.first].start
    return any(not _APART.search(d.low[m.end : at]) for m in _conditions_before(d, at))


def _beside_illness(d: Draft, at: int) -> bool:
    # "I have arthritis, fibromyalgia, ringing in my ears": one of a list of what the author has.
    for m in _conditions_before(d, at):
        if m.concept != "alcohol_use":
            between = d.clean[m.end : at]
            if "," in between and "." not in between and _DISEASE.search(m.quote):
                return True
    return False


def _conditions_before(d: Draft, at: int) -> Iterable[Mention]:
    """Give the conditions that end close before a character."""
    named = d.of("condition")  # none overlaps another
    return named[bisect_right(named, at - _NEAR_BEFORE, key=_end) : bisect_left(named, at, key=_end)]


def _of_giving(d: Draft, tie: Tie) -> bool:
    # "gave me baclofen" is no effect.
    if d.words[tie.first].norm[:3] not in _GIVES:
        return False
    after = d.words[tie.last - 1].end
    named = d.of("substance")
    near = named[bisect_left(named, after, key=_start) : bisect_left(named, after + _NEAR_AFTER, key=_start)]
    return any("." not in d.clean[after : m.start] for m in near)


def _is_outcome(
    d: Draft, symptom: Symptom, place: tuple[int, int], changed: Changed, *, tied: bool, made: bool
) -> bool:
    """Say whether the symptom is part of a change in the illness: "fewer cramps", "made my spasms worse"."""
    own = {domain for condition in conditions_like(symptom.concept) for domain in domain_of(condition)}
    sought = {domain for condition in d.conditions for domain in domain_of(condition)}
    touched = range(d.sentence_at(place[0]), d.sentence_at(place[1]) + 1)
    for m in chain.from_iterable(changed.get(n, ()) for n in touched):
        if place[0] < m.start and m.end <= place[1]:
            continue  # a word of the effect's own name: the "zaps" of "brain zaps" change nothing
        if m.concept in own and m.start < place[1] and place[0] < m.end:
            worse = m.direction == "worsened" and (sought or m.concept in _OF_MIND)
            if m.concept not in sought and (worse or m.concept == "eating" or (tied and m.direction == "worsened")):
                continue  # "no motivation", "lost 20 pounds": no change in what it is taken for
            denial = _NO_CHANGE if symptom.concept in _COMES_BACK else _DENIED_CHANGE
            if m.direction == "improved" and m.concept not in sought and denial.match(m.quote.lower()):
                continue
            if m.direction == "unchanged" and m.concept not in sought and _GOES_ON.match(m.quote.lower()):
                continue
            if not made or m.direction == "worsened":
                return True
    return False


def _denied_instead(d: Draft, accepted: Iterable[Symptom]) -> None:
    # "Zero headaches on this one": an effect denied is no change in what the treatment is for.
    begins: dict[int, int] = {}  # of the effect that ends at a character, the last if there are more
    for symptom in accepted:
        start, end = d.words[symptom.first].start, d.words[symptom.last - 1].end
        begins[end] = max(start, begins.get(end, 0))
    d.mentions = [
        m
        for m in d.mentions
        if not (
            m.kind == "outcome"
            and m.start < begins.get(m.end, 0) + (m.direction == "unchanged")
            and (_DENIED_CHANGE if m.direction == "improved" else _GOES_ON).match(m.quote.lower())
            and m.direction in ("improved", "unchanged")
        )
    ]


def _near(named: list[int], n: int, *, alone: bool) -> bool:
    # Without a review's heading a symptom must stand close behind a treatment's name, or, if it is the only one that
    # the post names, anywhere behind it.
    if alone:
        return bool(named) and named[0] <= n + 1
    k = bisect_left(named, n - 2)
    return k < len(named) and named[k] <= n + 1


def _listed(d: Draft, before: Symptom, symptom: Symptom) -> bool:
    between = d.words[before.last : symptom.first + 1]
    if not between or len(between) > 5 or any(w.gap == "." for w in between):
        return False
    linked = any(w.gap == "," for w in between) or any(w.norm in ("and", "or", "n", "plus") for w in between[:-1])
    return linked and all(w.norm in _LINKS for w in between[:-1]) if len(between) > 3 else linked


def _withdrawal(d: Draft, ties: Ties, accepted: list[Symptom]) -> Iterator[Weighed]:
    if any(s.concept == "withdrawal" for s in accepted):
        return
    for symptom in accepted:
        tie = on_stopping(d, ties, symptom)
        if tie is not None:
            yield Weighed(Symptom("withdrawal", "", tie.first, tie.last), told=True, signs=("on stopping",))
            return


def _detail(d: Draft, ties: Ties, symptom: Symptom) -> str | None:
    sentence = d.sentences[d.sentence_at(d.words[symptom.first].start)]
    words: list[str] = []
    near = ties.before(symptom.first, ("severe", "mild"), 2, sentence.first)
    if near is not None:
        words.append(near.kind)
    # Over a "but" too: "made me dizzy, but that went away".
    if any(tie.kind == "gone" for tie in ties.within(symptom.last, min(symptom.last + _GONE, sentence.last))):
        words.append("went away")
    if symptom.concept == "withdrawal" or on_stopping(d, ties, symptom) is not None:
        words.append("on stopping")
    return ", ".join(words) or None


Language.factory("doselore_side_effects", func=SideEffects)
