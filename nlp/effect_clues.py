"""What makes a symptom an effect of the treatment, or none, beside the cues of its sentence (nlp/ties.py).

It is one where it stands in a bare list ("Nausea, dry mouth, fatigue."), where it goes on with what was told before
("I also have ..."), or where a medicine is blamed right behind it ("... from the Zoloft"). It is none where the
treatment took it away ("helped with nausea and headaches"), or where the review's heading names it as the reason.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import NamedTuple

import data
from nlp.phrases import Hit, Row, Word, longest, word_classes
from nlp.ties import Ties
from nlp.types import Draft, Sentence

_CLASSES = word_classes()
_MED = _CLASSES["med"] - {"treatment", "they", "these", "that", "this"}
# Between a word of relief and a symptom: then it is the treatment that was stopped, or taken less of.
_DOSING = frozenset("dose doses dosage dosing mg taking take took due after and from when as since".split()) | _MED
_LISTED = _CLASSES["listing"]
_BLAME = frozenset(["from", "due", "because", "thanks", "result", "blame", "caused"])
_GIVES = frozenset("gives gave give giving causes caused cause causing brings brought brings".split())
_GIVERS = _MED | {"this", "these", "they", "those"}
_GETS = frozenset("get got have had getting feel felt it them".split())
_SOURCES = frozenset(["from", "off"])
_GIVEN_WITHIN = 5  # words from a symptom to the "it gives me" behind it
_BLAMED_WITHIN, _NAMED_WITHIN = 6, 3  # words from a symptom to the blame, from the blame to the medicine
_RELIEF_REACH, _LESS_REACH = 5, 3
_DENIED_WITHIN = 4  # words from a denial to the relief it denies: "I don't feel it helped"
_NOT_RELIEVED = _CLASSES["negator"]
_NOT_STEMS = frozenset(
    "feel felt feeli like have with more bad make made gain loss lost time from very probl disor".split()
)
_CLAUSE = frozenset("i just only it but now then had have my though".split())  # what begins a clause behind a comma
_ALSO = frozenset(["also", "plus", "addition", "furthermore"])
_ALSO_WITHIN = 6
_STEM, _SHORTEST = 5, 4
# What a medicine seldom takes away, and is often taken otherwise to lessen: "at night it helps with the drowsiness".
_NEVER_RELIEVED = frozenset(
    "any somnolence dizziness dry_mouth hangover weight_gain libido_decreased sexual_dysfunction brain_fog".split()
)
_DENYING, _DENIED_SOME = _CLASSES["denying"], _CLASSES["denying_some"]
_VERBAL = _CLASSES["negator"] - {"no", "none", "nothing", "nor", "neither"}
_DENIALS = _VERBAL | {"no", "zero", "without", "absence"}
_DENIED_OBJECT = _CLASSES["denied_object"]
_DENIAL_WITHIN, _TIME_WITHIN = 6, 12
_ANOTHER_TIME = _CLASSES["another_time"]
_NO_MORE = (
    r"really|at all|so far|yet|to date|what ?so ?ever|known|noticed|experienced|reported|noted|noticeable|observed|"
    r"actually|for me|to (?:report|speak|note|mention)|when |others?\b|serious|significant|worth"
)
_NONE = re.compile(
    r"(?:i |we )?(?:really )?(?:did ?n.t|have ?n.t|did not|have not|never) (?:really )?"
    r"(?:notice|have|had|experience|feel|get|see)[dn]? any\b(?=[^\w]*(?:$|yet|so far|at all|that))|"
    r"(?:no,? |there (?:were|was|are|is) |i (?:had|have) |absolutely |really |honestly |so far,? |basically )?"
    r"(?:none|nothing(?! at all| that)|nil|nada|zero|zilch)\b"
    rf"(?=[^\w]*(?:$|{_NO_MORE}|that (?:i|we|he|she)\b|"
    r"i (?:have |can |could )?(?:notic|know|can|could|had|saw|felt|experienc|start|think)))",
    re.IGNORECASE,
)
# Where fields of a form were joined, nothing but the next capital letter ends the answer: "... cleared it None I took".
_NONE_BETWEEN = re.compile(r"[Nn](?:one|othing|il)\b(?=[.!]? +[A-Z])")
_NONE_IN = re.compile(
    r"[ \t]*[:\-][ \t]*(?:none|nothing|nil|nada|zero|zilch|nope|no|0)\b"
    r"(?=[ \t]*(?:[.!,;\n]|$|so far|really|that|at all|noticed|yet|for me|whatsoever|i\b))",
    re.IGNORECASE,
)
_NONE_KNOWN = re.compile(
    r"none (?:(?:were |was )?(?:known|noticed|reported|experienced|noted|observed)|really|so far|at all|"
    r"what ?so ?ever|that (?:i|we)(?:'ve| have| can| could)? (?:notic|know|see|saw|experienc|recall|feel|felt)\w*|"
    r"to (?:speak|note|mention|report))\b",
    re.IGNORECASE,
)


_OTHER_CAUSES = _CLASSES["other_cause"]
_CAUSE_WITHIN = 4  # words from those of a cause to the illness they name
_CAUSED = re.compile(
    r"(?: (?:that|which))?(?: (?:is|are|was|were|all|mostly|partly))?"
    r" (?:caused by|due to|because of|from|associated with|related to|as a result of)"
    r" (?!(?:it|this|the med|the drug|taking|using)\b)"
)


class Symptom(NamedTuple):
    """One symptom named: words[first:last] of the post."""

    concept: str
    kind: str
    first: int
    last: int


@cache
def _looks_like() -> Mapping[str, frozenset[str]]:
    with data.path("lexicons/side_effect_conditions.toml").open("rb") as file:
        table: dict[str, list[str]] = tomllib.load(file)
    return {concept: frozenset(conditions) for concept, conditions in table.items()}


def conditions_like(concept: str) -> frozenset[str]:
    """Give the conditions that show as an effect does (data/lexicons/side_effect_conditions.toml)."""
    return _looks_like().get(concept, frozenset())


def is_like_illness(d: Draft, concept: str, words: Sequence[Word]) -> bool:
    """Say whether an effect looks like what is treated, by the conditions found or the words of the heading."""
    if not conditions_like(concept).isdisjoint(d.conditions):
        return True
    heading = (d.post.condition or "").lower()
    if not heading:
        return False
    stems = (word.norm[:_STEM] for word in words if len(word.norm) >= _SHORTEST)
    return any(stem in heading and stem not in _NOT_STEMS for stem in stems)


def relieved(
    d: Draft, ties: Ties, symptom: Symptom, sentence: Sentence, inside: frozenset[int], *, in_list: bool = False
) -> bool:
    """Say whether the treatment took the symptom away: "helped with headaches", "less jittery".

    inside: the words of all symptoms; the "less" of "less energy, headaches" is part of an effect and relieves none.
    in_list: it stands in a form's field of side effects, where "diminished motor control" begins an item of its own.
    """
    if symptom.concept in _NEVER_RELIEVED:
        return False
    behind = ties.after(symptom.last, ("gone for good",), _LESS_REACH, sentence.last)
    if behind is not None and all(d.words[k].gap == "" for k in range(symptom.last, behind.first + 1)):
        return True
    tie = ties.before(symptom.first, ("relief",), _RELIEF_REACH, sentence.first) or ties.before(
        symptom.first, ("less",), _LESS_REACH, sentence.first
    )
    if tie is None or tie.first in inside:
        return False
    if ties.before(symptom.first, ("made",), symptom.first - tie.last, tie.last) is not None:
        return False
    if any(d.words[k].norm in _NOT_RELIEVED for k in range(max(tie.first - _DENIED_WITHIN, sentence.first), tie.first)):
        return False
    if in_list and (tie.first == sentence.first or d.words[tie.first].gap):
        return False
    between = d.words[tie.last : symptom.first + 1]
    if d.words[symptom.first].gap == "." or any(word.norm == "without" for word in between):
        return False  # "reduced irritability; loss of weight", "took the pain away without drowsiness"
    between = between[:-1]
    if any(word.gap == "," and word.norm in _CLAUSE for word in d.words[tie.last : symptom.first + 1]):
        return False  # "works well for me, just had a hard time ..."
    return not any(word.norm in _DOSING or word.gap == "." for word in between)


def blamed(d: Draft, symptom: Symptom, sentence: Sentence) -> bool:
    """Say whether a medicine is blamed right behind: "couldn't sleep as a result of taking Prozac"."""
    words = d.words
    for k in range(symptom.last, min(symptom.last + _BLAMED_WITHIN, sentence.last)):
        if words[k].gap == ".":
            return False
        if words[k].norm in _BLAME:
            until = min(k + 1 + _NAMED_WITHIN, sentence.last)
            if any(words[j].norm in _MED for j in range(k + 1, until)):
                return True
            return until > k + 1 and _substance_in(d, words[k].end, words[until - 1].end)
    return False


def given(d: Draft, symptom: Symptom, sentence: Sentence) -> bool:
    """Say whether words right behind name the treatment as its giver: "the rash it gives me", "I get from this"."""
    words, last = d.words, symptom.last
    for k in range(last, min(last + _GIVEN_WITHIN, sentence.last - 1)):
        norm, following = words[k].norm, words[k + 1].norm
        if words[k].gap or words[k + 1].gap:
            return False
        if norm in _GIVERS and following in _GIVES:
            return True
        if norm in _SOURCES and (k == last or words[k - 1].norm in _GETS):
            until = min(k + 1 + _NAMED_WITHIN, sentence.last)
            return following in _GIVERS or _substance_in(d, words[k + 1].start, words[until - 1].end)
    return False


def of_other_cause(d: Draft, symptom: Symptom, sentence: Sentence) -> bool:
    """Say whether something else is blamed right behind: "nausea caused by two surgeries", "cough from bronchitis"."""
    m = _CAUSED.match(d.low, d.words[symptom.last - 1].end, sentence.end)
    if m is None:
        return False
    begin = bisect_left(d.word_starts, m.end())
    return any(d.words[k].norm in _OTHER_CAUSES for k in range(begin, min(begin + _CAUSE_WITHIN, sentence.last)))


def _substance_in(d: Draft, start: int, end: int) -> bool:
    named = d.of("substance")
    at = bisect_left(named, start, key=attrgetter("start"))
    return at < len(named) and named[at].start < end


def addicted_to_medicine(d: Draft, symptom: Symptom) -> bool:
    """Say whether the thing depended on is a medicine: "became addicted to OxyContin"."""
    words = d.words
    at = symptom.last
    if symptom.concept != "dependence" or at >= len(words) or words[at].norm not in ("to", "on", "upon"):
        return False
    until = min(at + _NAMED_WITHIN, len(words) - 1)
    return _substance_in(d, words[at].end, words[until].end)


def bare_lists(d: Draft, symptoms: Sequence[Symptom]) -> set[int]:
    """Give the sentences that are nothing but a list of symptoms: "Mild nausea, dry mouth, some dizziness."."""
    out: set[int] = set()
    by_sentence: dict[int, list[Symptom]] = {}
    for symptom in symptoms:
        by_sentence.setdefault(d.sentence_at(d.words[symptom.first].start), []).append(symptom)
    for n, here in by_sentence.items():
        sentence = d.sentences[n]
        inside = {k for s in here for k in range(s.first, s.last)}
        length = sentence.last - sentence.first
        if sentence.question or length - len(inside) > 4 * len(here):
            continue
        others = [k for k in range(sentence.first, sentence.last) if k not in inside]
        strange = sum(d.words[k].norm not in _LISTED for k in others)
        if strange <= len(here) // 3:
            out.add(n)
    return out


def goes_on(d: Draft, symptom: Symptom, before: Symptom | None, n: int, sentence: Sentence) -> bool:
    """Say whether a symptom is told beside an effect told just before: "I have also had trouble sleeping"."""
    if before is None or n - d.sentence_at(d.words[before.first].start) > 1:
        return False
    begin = max(sentence.first, symptom.first - _ALSO_WITHIN)
    return any(d.words[k].norm in _ALSO for k in range(begin, symptom.first))


def none_at_all(d: Draft) -> tuple[int, int] | None:
    """Give the place of a sentence that answers an unasked "side effects?": "None." "None that I noticed."."""
    # The first sentence of a review tells of the benefit: "None." there denies that.
    for sentence in d.sentences[1:]:
        if sentence.last - sentence.first > 9:
            continue
        begin = d.words[sentence.first].start if sentence.first < len(d.words) else sentence.end
        m = _NONE.match(d.clean, begin, sentence.end)
        if m is not None:
            return begin, m.end()
    m = _NONE_KNOWN.search(d.clean)
    if m is not None:
        return m.start(), m.start() + len("none")
    return next((m.span() for m in _NONE_BETWEEN.finditer(d.clean) if d.clean[max(m.start() - 1, 0)] == " "), None)


def denies_all(d: Draft, first: int, last: int) -> bool:
    """Say whether "side effects", words[first:last], are denied outright: "no", "never had any", "without noticeable".

    Not "no other", "does not outweigh the side effects", "none until", "other than a dry mouth no side effects", nor of
    another time ("no side effects before").
    """
    words = d.words
    sentence = d.sentences[d.sentence_at(words[first].start)]
    near = range(max(first - _TIME_WITHIN, sentence.first), min(last + _TIME_WITHIN, sentence.last))
    if any(words[k].norm in _ANOTHER_TIME for k in near):
        return False
    if any(words[k].norm in _DENIED_SOME for k in range(first, last)):
        return False
    if words[first].norm in ("no", "zero"):
        return True
    for k in range(first - 1, max(first - _DENIAL_WITHIN, 0) - 1, -1):
        norm = words[k].norm
        if words[k + 1].gap == "." or norm in _DENIED_SOME:
            return False
        if norm in _DENIALS:
            return norm not in _VERBAL or any(words[j].norm in _DENIED_OBJECT for j in range(k + 1, last))
        if norm not in _DENYING:
            return False
    return False


def apart(d: Draft, hits: Sequence[Hit]) -> list[Hit]:
    """Give the longest hits, and of one that runs over an "and" or a comma also those inside it on one side of that.

    "Loss of appetite and sex drive" is two effects, though a phrase of the table spans it.
    """
    kept = list(longest(hits))
    out: list[Hit] = []
    at = 0
    ordered = sorted(hits, key=lambda h: (h.first, h.first - h.last))
    for whole in kept:
        out.append(whole)
        while at < len(ordered) and ordered[at].first < whole.first:
            at += 1
        if whole.row["kind"] == "tie" and (free := _free(ordered, at, whole)):
            out[-1] = whole._replace(row=free)
        cut = next((k for k in range(whole.first + 1, whole.last) if _joins(d, k)), None)
        if cut is None or whole.row["concept"] == "-":
            continue
        taken = {whole.row["concept"], "-"}
        for k in range(at, len(ordered)):
            hit = ordered[k]
            if hit.first >= whole.last:
                break
            inside = hit.last <= whole.last and (hit.last <= cut or hit.first >= cut)
            if inside and hit.row["concept"] not in taken:
                taken.add(hit.row["concept"])
                out.append(hit)
    return sorted(out, key=lambda h: h.first)


def _free(ordered: Sequence[Hit], at: int, whole: Hit) -> Row | None:
    """Give the row of a phrase inside a longer one of the same effect that counts without a tie to the treatment."""
    for k in range(at, len(ordered)):
        hit = ordered[k]
        if hit.first >= whole.last:
            return None
        if hit.last <= whole.last and hit.row["concept"] == whole.row["concept"] and not hit.row["kind"]:
            return hit.row
    return None


def _joins(d: Draft, k: int) -> bool:
    word = d.words[k]
    return word.norm in ("and", "or", "n", "plus") or (
        word.gap == "," and "," in d.clean[d.words[k - 1].end : word.start]
    )


def header(d: Draft, symptom: Symptom) -> bool:
    """Say whether "side effects" is but the heading of a field with something in it."""
    end = d.words[symptom.last - 1].end
    if _NONE_IN.match(d.clean, end):
        return False
    return d.clean[end : end + 2].lstrip()[:1] == ":" and _begins_line(d.clean, d.words[symptom.first].start)


def _begins_line(text: str, at: int) -> bool:
    begin = at
    while begin and text[begin - 1].isspace():
        begin -= 1
        if text[begin] == "\n":
            return True
    return at == 0
