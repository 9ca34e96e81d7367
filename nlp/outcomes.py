"""What changed: a domain (spasm, craving, sleep …) and a direction (improved, unchanged, worsened).

A small grammar over the phrases of data/lexicons/outcomes.tsv: a cue of change ("helps with", "worse", "still have")
takes the things named after or before it in its clause; some phrases say both at once ("pain free"). A cue that takes
nothing speaks of the treatment as a whole ("it works") and gives the domain "overall"; nlp.effect later puts what it
was taken for in the place of that, where the text names it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.measures import compared, measured
from nlp.phrases import Hit, Word, longest, word_classes
from nlp.spot import found
from nlp.things import Thing, named_in
from nlp.types import Draft
from nlp.untold import best_ever, hardly, meant, more_than, of_a_job, of_side_effects, soon, without_treatment

_AFTER = 7  # words between a cue and the thing after it: "helps me a lot with the pain in my legs"
_BEFORE = 7
_FIRST = 4  # words between a change and "at first"
_NEXT = 2  # "less", "no", "more" stand close before it: "less of the pain"
_CLOSE = frozenset("less fewer milder lighter more no zero without".split())
_OBJECT = 4  # words between a verdict and what it is of: "it is great for my leg spasms"
_OF = frozenset("for with on against".split())
# What a treatment does: "doesn't help me sleep" is no change, "am not happy" is none of it.
_DOES = ("help", "let", "allow", "relax", "loosen", "mak", "made", "enabl", "stop", "sle", "calm", "took", "tak")
_ENDING = ("stop", "prevent", "block", "kill", "eliminat")
_VERY = frozenset("much many very far incredibly greatly drastically".split())
_LISTED = 4  # words between two things of one list: "my anxiety and my sleep"
_CLASSES = word_classes()
_NEGATORS, _NOT_NEGATED, _STOPS = _CLASSES["negator"], _CLASSES["not_negated"], _CLASSES["turn"]
_LINKS, _MED = _CLASSES["link"], _CLASSES["med_subject"]
_ANEW = frozenset("it i they he she causes caused causing makes made gives gave gets got".split())  # a clause begins
_BENEFITS = re.compile(
    r"(?:^|\n)[ \t]*(?:benefits?|pros)[ \t]*:(?P<text>.*?)(?=\n[ \t]*[A-Za-z ]{4,20}:|\Z)", re.IGNORECASE | re.DOTALL
)
_NONE = re.compile(
    r"\W*(?:none|no|nothing|n/?a|nil|not|zero|i (?:did|do|could|can|have|had|was)\b.{0,12}\b(?:not|no|n't)|"
    r"i (?:didn'?t|don'?t|couldn'?t|can'?t|haven'?t)|there (?:were|was|are) no|unknown|unsure)\b",
    re.IGNORECASE,
)


_first = itemgetter(0)
_DOSE = re.compile(r"(?:\d+)?m(?:c?gs?|illigrams?)$")


class Found(NamedTuple):
    """One change found: words[first:last]; degree: "", part, full, fade."""

    domain: str
    direction: str
    first: int
    last: int
    degree: str


class Outcomes(Component):
    """Finds what a post says has changed."""

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for every domain and direction that a clause names."""
        d = draft(doc)
        if d.exclusion:
            return doc
        starts = d.word_starts
        named = frozenset(bisect_left(starts, m.end) for m in d.of("substance"))
        for change in changes(d, found(doc)["outcomes"], named):
            start, end = d.words[change.first].start, d.words[change.last - 1].end
            d.add("outcome", change.domain, start, end, direction=change.direction, detail=change.degree or None)
        _benefits(d)
        measured(d)
        return doc


def _benefits(d: Draft) -> None:
    """Append "overall, improved" for a section that is headed "Benefits" and names some, if no rule has read it.

    One that names none gives "overall, unchanged".
    """
    head = _BENEFITS.search(d.clean) if "benefit" in d.low or "pros" in d.low else None
    if head is None:
        return
    none = _NONE.match(d.clean, head.end("text") - len(head["text"].lstrip()))
    if none is not None:
        start = none.end() - len(none.group().lstrip(" .:-\t\n"))
        if start < none.end() and not any(head.start() <= m.start < head.end() for m in d.of("outcome")):
            d.add("outcome", "overall", start, none.end(), direction="unchanged", detail="full")
        return
    if not any(head.start() <= m.start < head.end() for m in d.of("outcome")):
        end = head.start("text") + len(head["text"].rstrip())
        start = head.end("text") - len(head["text"].lstrip())
        first = d.sentences[d.sentence_at(start)]
        if start < end:
            d.add("outcome", "overall", start, min(end, max(first.end, start + 1)), direction="improved")


def changes(d: Draft, hits: Sequence[Hit], named: frozenset[int] = frozenset()) -> list[Found]:
    """Give what the post says has changed, sentence by sentence; named: words before which a substance's name ends."""
    out: list[Found] = []
    at, clean, words = 0, d.clean, d.words
    hits = [hit for hit in hits if not clean.startswith(":", words[hit[1] - 1][2])]
    if "mine" in d.vocabulary:
        hits = sorted([*hits, *_mine(d.norms, hits)], key=_first)
    while at < len(hits):
        sentence = d.sentences[d.sentence_at(words[hits[at].first].start)]
        until = at + 1
        while until < len(hits) and hits[until].first < sentence.last:
            until += 1
        out.extend(_sentence(words, hits[at:until], sentence.first, sentence.last, named))
        at = until
    return out


def _mine(norms: Sequence[str], hits: Sequence[Hit]) -> Iterable[Hit]:
    """Give what "mine" stands for as if it were named: "it stopped her spasms; mine are just the same"."""
    nouns = [hit for hit in hits if hit.row["kind"] == "noun" and hit.row["domain"] not in ("body", "purpose")]
    for k, norm in enumerate(norms):
        if norm == "mine" and k + 1 < len(norms) and norms[k - 1] != "of":
            meant_ = [hit for hit in nouns if hit.last <= k]
            if meant_:
                yield Hit(k, k + 1, meant_[-1].row)


def _sentence(words: list[Word], hits: Sequence[Hit], begin: int, end: int, named: frozenset[int]) -> list[Found]:
    by_kind: dict[str, list[Hit]] = {"said": [], "noun": [], "degree": [], "verdict": []}
    for hit in hits:
        kind = hit.row["kind"]
        by_kind.setdefault("said" if kind in ("cue", "whole") else kind, []).append(hit)
    said = list(longest([hit for hit in by_kind["said"] if not more_than(words, hit)]))
    verdicts = [
        Found(hit.row["domain"], hit.row["sense"], hit.first, hit.last, "verdict")
        for hit in longest(by_kind["verdict"])
    ]
    if not said:
        return verdicts  # things are named, and nothing of their changing
    things = named_in(words, by_kind["noun"], said)
    out: list[Found] = []
    for n, hit in enumerate(said):
        edges = (said[n - 1].last if n else begin, said[n + 1].first if n + 1 < len(said) else end)
        if hit.row["kind"] == "whole":
            out.extend(_whole(words, hit, things, edges[1], begin))
        else:
            out.extend(_cues(words, [hit, *_again(by_kind["said"], hit)], things, edges, begin, named))
    if any(f.degree == "fade" and f.direction == "worsened" for f in out) and without_treatment(words[begin:end]):
        out = [f._replace(direction="improved", degree="lapse") if _back(f) else f for f in out]
    return [*(_degree(f, by_kind["degree"]) for f in _settled(words, out)), *verdicts]


def _back(f: Found) -> bool:
    return f.degree == "fade" and f.direction == "worsened"


def _degree(f: Found, degrees: list[Hit]) -> Found:
    """Give a change with the degree that its sentence adds: "helps, but wears off", "worked at first"."""
    if f.direction != "improved" or f.degree in ("part", "fade", "sought", "lapse"):
        return f
    for hit in degrees:
        degree = hit.row["degree"]
        if degree in ("part", "fade"):
            return f._replace(degree=degree)
        if degree == "spoil":
            return f._replace(degree="part")
        if degree == "first" and hit.first - f.last < _FIRST and f.first - hit.last < _FIRST:
            return f._replace(degree="fade")
    return f


def _whole(words: list[Word], hit: Hit, things: list[Thing], end: int, begin: int) -> Iterable[Found]:
    row = hit.row
    negator = _negator(words, hit, begin)
    direction, degree = row["sense"], row["degree"]
    if meant(words, hit.first, begin) or hardly(words, hit.first, begin):
        return
    if negator is not None and direction != "unchanged":
        if direction == "worsened" or degree == "full" or not words[hit.first].norm.startswith(_DOES):
            return  # "I was not feeling good" denies no effect of the treatment
        direction = "unchanged"
    first = hit.first if negator is None else negator
    of = _object(words, hit, things, end) if row["domain"] == "overall" else []
    for thing in of:
        yield Found(thing.domain, direction, first, thing.last, degree)
    if not of:
        yield Found(row["domain"], direction, first, hit.last, degree)


def _again(said: list[Hit], hit: Hit) -> list[Hit]:
    """Give the other cues of the same words: "increased" takes what stands before it, or behind."""
    if not hit.row["takes"] or hit.row["takes"] == "x":
        return []
    same = [h for h in said if h[:2] == hit[:2] and h is not hit and h.row["kind"] == "cue"]
    if any(h.row["takes"] == "x" for h in same):
        return []
    return [h for h in same if h.row["sense"] == hit.row["sense"]]


def _cues(
    words: list[Word], hits: list[Hit], things: list[Thing], edges: tuple[int, int], begin: int, named: frozenset[int]
) -> list[Found]:
    best: list[Found] = []
    for hit in hits:
        out = list(_cue(words, hit, things, edges, begin, named))
        if out and out[0].domain != "overall":
            return out
        best = best or out
    return best


def _object(words: list[Word], hit: Hit, things: list[Thing], end: int) -> list[Thing]:
    """Give what a word on the treatment as a whole is said of: "a life saver for my spasms and my pain"."""
    after = [t for t in things if hit.last <= t.first < end]
    if not after or after[0].first - hit.last > _OBJECT or not _open(words, hit.last, after[0].first):
        return []
    if not any(words[k].norm in _OF for k in range(hit.last, after[0].first)):
        return []
    return _list(words, after)


def _cue(
    words: list[Word], hit: Hit, things: list[Thing], edges: tuple[int, int], begin: int, named: frozenset[int]
) -> Iterable[Found]:
    row = hit.row
    sense, degree, takes = row["sense"], row["degree"], row["takes"]
    if sense == "numbers":
        sense = compared([words[k].norm for k in range(hit.first, hit.last)])
        if not sense:
            return
    negator = _negator(words, hit, begin) if sense != "unchanged" else None
    if sense == "unchanged" and (of_side_effects(words, hit) or of_a_job(words, hit)):
        return
    taken = _taken(words, hit, things, edges, takes)
    if not taken and not (takes[-1:] in ("a", "f", "n") and _alone(words, hit, begin, named)):
        return
    if meant(words, hit.first, begin):
        return
    first = hit.first if negator is None else negator
    each: Sequence[Thing | None] = taken or (None,)
    for thing in each:
        domain = thing.domain if thing else "overall"
        if (
            sense == "improved"
            and thing
            and not thing.bad
            and (words[hit.first].norm.startswith(_ENDING) or words[hit.last - 1].norm == "away")
        ):
            continue  # "it stopped me from walking"
        back = sense == "worsened" and degree == "fade" and thing is not None and not thing.bad
        direction = "improved" if back else _direction(sense, thing)  # "my walking has come back"
        if domain == "body" and (direction != "improved" or sense in ("less", "more")):
            continue  # "without my legs giving out"
        if negator is not None:
            if direction == "worsened":
                continue
            # "hasn't eliminated", "not a miracle": some benefit, no absence of it; but "not that it went away".
            some = degree == "full" and words[negator + 1].norm != "that"
            direction, degree = ("improved", "part") if some else ("unchanged", degree)
        if direction:
            low = min(first, thing.first) if thing else first
            high = max(hit.last, thing.last) if thing else hit.last
            yield Found(domain, direction, low, high, degree)


def _direction(sense: str, thing: Thing | None) -> str:
    if sense in ("less", "more"):
        if thing is None:
            return ""
        return "improved" if thing.bad == (sense == "less") else "worsened"
    return sense


def _taken(words: list[Word], hit: Hit, things: list[Thing], edges: tuple[int, int], takes: str) -> list[Thing]:
    inside = [t for t in things if hit.first <= t.first < hit.last and t.domain != "body"]
    if inside:
        return inside
    after = [t for t in things if t.first >= hit.last and t.first < edges[1]] if "o" in takes else []
    reach = _NEXT if hit.row["sense"] in ("less", "more") and words[hit.last - 1].norm in _CLOSE else _AFTER
    after = after if after and after[0].first - hit.last <= reach and _open(words, hit.last, after[0].first) else []
    if after and hit.row["sense"] in ("less", "more") and _apart(words, hit.last, after[0].first):
        after = []
    if after and any(_DOSE.match(words[k].norm) for k in range(hit.last, after[0].first)):
        after = []  # "increased from 10 to 20 mg and the spasms ..."
    before = [t for t in things if t.last <= hit.first and t.first >= edges[0]] if "s" in takes else []
    before.reverse()
    if not (before and hit.first - before[0].last <= _BEFORE and _subject(words, before[0].last, hit.first)):
        before = []
    if before and hit.row["sense"] in ("less", "more") and _apart(words, before[0].last, hit.first):
        before = []
    if not before and not after and "s" in takes and _they(words, hit.first):
        named = [t for t in things if t.last <= hit.first][-1:]
        return named if named and hit.first - named[0].last <= _BEFORE else []
    if before and (takes[0] == "s" or not after):
        return _list(words, before)
    if before and after and after[0].first - hit.last > 2 and hit.first - before[0].last <= 2:
        return _list(words, before)
    if words[hit.first].norm in ("no", "zero", "without"):
        return [t for n, t in enumerate(after) if n == 0 or words[t.first - 1].norm in ("or", "nor")][:2]
    return _list(words, after)


def _open(words: list[Word], begin: int, end: int) -> bool:
    between = words[begin : end + 1]
    if any(word.gap == "." for word in between):
        return False
    return not any(word.norm in _STOPS for word in between[:-1])


def _they(words: list[Word], first: int) -> bool:
    # "I still have spasms but they are much milder": what was named before.
    return any(words[k].norm in ("they", "theyre") for k in range(max(first - 4, 0), first))


def _apart(words: list[Word], begin: int, end: int) -> bool:
    # "my heart rate increased, headaches": the verb's own subject stands before it.
    return any(word.gap == "," for word in words[begin : end + 1])


def _subject(words: list[Word], begin: int, end: int) -> bool:
    return _open(words, begin, end) and not any(
        words[k].norm in ("and", "then") or (words[k].norm == "so" and not _so_much(words, k, end))
        for k in range(begin, end)
    )


def _so_much(words: list[Word], k: int, end: int) -> bool:
    # "My temper is so much better", not "I have pain, so it got better".
    return not words[k].gap and (k + 1 == end or words[k + 1].norm in _VERY)


def _list(words: list[Word], things: list[Thing]) -> list[Thing]:
    out = things[:1]
    for thing in things[1:]:
        low, high = sorted((out[-1], thing), key=lambda t: t.first)
        between = words[low.last : high.first + 1]
        linked = any(w.gap == "," for w in between) or any(w.norm in ("and", "or", "n") for w in between[:-1])
        if len(between) - 1 > _LISTED or not linked or any(w.gap == "." for w in between):
            break
        if not all(w.norm in _LINKS for w in between[:-1]) and len(between) > 3:
            break
        if any(w.norm in _ANEW for w in between[:-1]):
            break
        out.append(thing)
    return out


def _alone(words: list[Word], hit: Hit, begin: int, named: frozenset[int]) -> bool:
    if hit.row["takes"] == "n":  # "I love my Zoloft"
        return any(hit.last + k in named for k in (1, 2, 3))
    if hit.row["takes"] == "f":
        ends = hit.last >= len(words) or words[hit.last].gap
        return bool(ends) and (hit.first == begin or bool(words[hit.first].gap))
    # "work" and "help" are also other things: the treatment, or nothing, must stand before them.
    if not words[hit.first].norm.startswith(("work", "help", "effect", "better", "success", "relief")):
        return True
    if hit.last - hit.first > 1 or hit.first == begin or words[hit.first].gap == "." or hit.first in named:
        return True
    return words[hit.first - 1].norm in _MED or words[hit.first].gap == ","


def _negator(words: list[Word], hit: Hit, begin: int) -> int | None:
    first = hit.first
    for k in range(first - 1, max(first - 5, begin) - 1, -1):
        if words[k + 1].gap:
            return None
        norm = words[k].norm
        if norm == "from" and words[k - 1].norm == "far":
            return k - 1
        if norm in _NEGATORS:
            if best_ever(words, k, hit.last) or soon(words, k):
                return None
            wonder = words[k + 1].norm == "believe" and not norm.startswith(("cant", "couldnt", "cannot"))
            return None if words[k + 1].norm in _NOT_NEGATED and not wonder else k
        if norm in _STOPS or norm == "and" or (norm == "so" and words[k - 1].norm not in _NEGATORS):
            return None
    return None


def _settled(words: list[Word], found_: list[Found]) -> list[Found]:
    """Give the changes of a sentence, less the "still have spasms" that the same breath takes back ("but fewer")."""
    better = {f.domain for f in found_ if f.direction == "improved"}
    out: list[Found] = []
    for f in found_:
        if (
            f.direction == "unchanged"
            and words[f.first].norm in ("still", "continue")
            and better & {f.domain, "overall"}
        ):
            continue
        out.append(f)
    return out


Language.factory("doselore_outcomes", func=Outcomes)
