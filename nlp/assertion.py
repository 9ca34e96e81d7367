"""Is it so? Present, negated, hypothetical (asked, feared, possible) or past (before the treatment).

The method is ConText (Harkema and others 2009): cue words reach a number of words forward or backward in their sentence
until a word that ends their reach. The cues, their reach and the words that end it are lines of
data/lexicons/assertion.tsv; added for forum prose are denials that answer a question ("side effects? nada"), lists
("no nausea, headaches or rash"), and questions that tell ("anyone else get this dizziness?").
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.denials import DOUBLING, NO, OUTRIGHT, SETTLED, Cue, answer, bare_answer, of_all_before, without_doubled
from nlp.despite import disliked, only, unrelieved
from nlp.effect_clues import is_like_illness
from nlp.phrases import Hit, Word, word_classes
from nlp.replies import REPLY
from nlp.settled import answered, settled
from nlp.spot import found
from nlp.types import EFFECTS, Assertion, Draft, Kind, Mention
from nlp.when import BEFORE, begun, conditional, not_begun, past_holds, whole_before

# Words that may stand between two things denied in one breath: "no nausea, no bad headaches or any rash".
_LINKS = frozenset(["or", "nor", "and", "any", "no", "a", "an", "even", "bad", "real", "severe", "the", "of", "other"])
_NEGATORS = word_classes()["negator"] | {"zero"}
_LIST_GAP = 3  # words between two things of one list
_LONGEST_LIST, _ITEM_WORDS = 24, 4  # words of a list that a denial runs over, and of one thing in it
_LISTING = frozenset("no without zero denies denied deny denying negative neither never not free".split())
_NO_ITEM = frozenset(
    "i im ive my it its he she they we you this that but just only now feel felt makes made is was am are have has had "
    "do did does can will would so because which who then very really still though although however except".split()
)
_WILL = ("'ll ", "’ll ", " will ", " gonna ", " going to ")
_UNTIL, _UNTIL_WITHIN = frozenset(("until", "till", "til")), 3  # words from what came to when it did
_ANSWER = 3  # words between a heading and the colon before what answers it
_FORWARD = frozenset(("forward", "sure", "both", "through", "outer", "verb", "dated", "cause"))
_BACKWARD = frozenset(("backward", "both", "dated"))
_TAKEN = ("negated", "hypothetical")  # cues of which a phrase that is none may take the first words
_UNTRUE = word_classes()["untrue"]
_FIRST = frozenset(("whole", "outer", "frame"))  # directions that go before longer phrases which begin with them
_OVER = ("verb", "frame", "outer")  # directions of denials that may stand in what is named: "can't remember a day when"
_OUTRIGHT = frozenset(("whole", "outer", "verb", "sure"))
_CHANGES: tuple[Kind, ...] = (*EFFECTS, "outcome")
_ORDER: tuple[Assertion, ...] = ("hypothetical", "past", "negated")


class Cues(NamedTuple):
    """The cues of a post by sentence, where reaches end, and the mentions that a denial of all before them answers.

    unbegun: what says that the treatment has yet to begin.
    """

    by_sentence: dict[int, list[Cue]]
    stops: list[int]
    answered: dict[int, Cue]
    unbegun: Cue | None


class Decided:
    """What holds of the mentions that a cue reached. spans: the words of every mention, as (first, last + 1)."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans
        self._known: dict[int, tuple[Assertion, Cue]] = {}
        self._ending: dict[int, list[int]] = {}

    def __setitem__(self, i: int, known: tuple[Assertion, Cue]) -> None:
        self._known[i] = known
        self._ending.setdefault(self._spans[i][1], []).append(i)

    def __getitem__(self, i: int) -> tuple[Assertion, Cue]:
        return self._known[i]

    def ending(self, first: int) -> list[int]:
        """Give the mentions, by place, that end so close before a word that it can go on with their list."""
        near = [j for end in range(first - _LIST_GAP, first + 1) for j in self._ending.get(end, ())]
        return sorted(near, key=lambda j: (self._spans[j], j)) if len(near) > 1 else near


class Asserted(Component):
    """Writes the assertion and the cue of every mention; `present` of the side effects."""

    def __call__(self, doc: Doc) -> Doc:
        """Replace the mentions by copies that say whether they are so."""
        d = draft(doc)
        if d.exclusion or not d.mentions:
            return doc
        starts = d.word_starts
        spans = [span(m, starts) for m in d.mentions]
        named = [s for s, m in zip(spans, d.mentions, strict=True) if m.kind == "side_effect"]
        cues = cues_of(d, found(doc)["assertion"], named)
        if any(
            cue.direction == "whole" and cue.category == "negated" for here in cues.by_sentence.values() for cue in here
        ):
            effects = sorted((i for i, m in enumerate(d.mentions) if m.kind in EFFECTS), key=lambda i: spans[i])
            cues.answered.update(of_all_before(d, cues.by_sentence, spans, effects))
        decided = Decided(spans)
        relieved: set[int] = set()
        out = list(d.mentions)
        for i in sorted(range(len(spans)), key=lambda i: spans[i]):
            mention = d.mentions[i]
            if mention.kind in ("dose", "duration"):
                continue
            if mention.present is False:  # "None." in answer to an unasked question is a denial of its own
                out[i] = mention._replace(
                    assertion="negated", cue=mention.quote, cue_start=mention.start, cue_end=mention.end
                )
                continue
            category, cue = judge(d, cues, spans, i, decided)
            if cue is None:
                changed = mention
            else:
                a, b = d.words[cue.first].start, d.words[cue.last - 1].end
                changed = mention._replace(assertion=category, cue=d.text[a:b], cue_start=a, cue_end=b)
            if changed.kind in EFFECTS:
                changed = changed._replace(present=changed.assertion != "negated")
                if cue is not None and cue.direction in _OUTRIGHT and not changed.present:
                    changed = changed._replace(signs=(*changed.signs, OUTRIGHT))
                if cue is not None and cue.direction == REPLY:
                    changed = changed._replace(signs=(*changed.signs, SETTLED))
                if (
                    not changed.present
                    and "given" not in changed.signs
                    and is_like_illness(d, changed.concept, d.words[slice(*spans[i])])
                ):
                    relieved.add(i)
            elif changed.kind == "outcome" and cue is not None and cue.direction == "whole" and category == "past":
                changed = changed._replace(signs=(*changed.signs, BEFORE))
            elif changed.kind == "outcome" and cue is not None and cue.direction == REPLY:
                changed = answered(changed)._replace(signs=(*changed.signs, SETTLED))
            out[i] = changed
        # "Not anxious any more" of one treated for anxiety is no side effect that did not come.
        d.mentions = [m for i, m in enumerate(out) if i not in relieved]
        return doc


def span(mention: Mention, starts: list[int]) -> tuple[int, int]:
    """Give the words that a mention covers, as (first, last + 1)."""
    first = bisect_left(starts, mention.start)
    return first, max(bisect_left(starts, mention.end), first + 1)


@cache
def _reach(text: str) -> int:
    return int(text) if text else 0


def cues_of(d: Draft, hits: Iterable[Hit], named: Iterable[tuple[int, int]] = ()) -> Cues:
    """Give the cues that count: a longer phrase takes the words from those inside it, a "pseudo" one for nothing.

    named: the spans of symptoms; a cue inside one ("no energy") is part of it and says nothing of others.
    """
    spans = frozenset(named)
    inner = {first for begin, end in spans for first in range(begin, end)}
    by_sentence: dict[int, list[Cue]] = {}
    stops: list[int] = []
    unbegun: Cue | None = None
    for first, last, row in _outermost(hits):
        category = row["category"]
        if category == "unbegun":
            unbegun = Cue("hypothetical", "post", 0, first, last)
            continue
        inside = (
            category == "negated" and first in inner and row["direction"] not in _OVER and (first, last) not in spans
        )
        if category == "pseudo" or inside:
            continue
        if category == "stop":
            stops.append(first)
            continue
        n = d.sentence_at(d.words[first].start)
        direction = row["direction"]
        if direction == "untrue":  # "whoever says it makes you fat is lying"
            if _UNTRUE.isdisjoint(d.norms[last : d.sentences[n].last]):
                continue
            direction = "outer"
        by_sentence.setdefault(n, []).append(Cue(category, direction, _reach(row["reach"]), first, last))
    if any(cue.direction in DOUBLING for here in by_sentence.values() for cue in here):
        begins = sorted(first for first, _ in spans)
        by_sentence = {n: without_doubled(here, begins) for n, here in by_sentence.items()}
    return Cues(by_sentence, stops, {}, None if unbegun is None or begun(d) else unbegun)


def _outermost(hits: Iterable[Hit]) -> Iterator[Hit]:
    ordered = sorted(hits, key=lambda h: (h[0], h[2]["direction"] not in _FIRST, -h[1], h[2]["category"] != "pseudo"))
    kept: list[Hit] = []
    until = 0  # where the last of those kept ends
    for hit in ordered:
        if kept and kept[-1].first == hit.first and kept[-1].row["direction"] in DOUBLING:
            continue
        if hit[0] >= until:
            until = hit[1]
            kept.append(hit)
            yield hit
            continue
        inside = [k for k in kept[-4:] if k.first <= hit.first and (hit.last <= k.last or _cut_off(k, hit))]
        # A stop inside a cue ("and no") still ends the reach of the cues before it; the "so" of "so far" is none.
        ends = hit.row["category"] == "stop" and (
            inside[-1].row["category"] != "pseudo" or hit.first > inside[-1].first if inside else True
        )
        if inside and not (ends and hit.last < inside[-1].last):
            continue
        until = max(until, hit[1])
        kept.append(hit)
        yield hit


def _cut_off(known: Hit, hit: Hit) -> bool:
    # "It isn't that I don't feel sick": what looks like a cue and is none takes "don't feel" with its "don't".
    # "No doubt it makes me dizzy" is no "doubt it".
    return known.row["category"] == "pseudo" and hit.row["category"] in _TAKEN and hit.first < known.last


def judge(d: Draft, cues: Cues, spans: list[tuple[int, int]], i: int, decided: Decided) -> tuple[Assertion, Cue | None]:
    """Give the assertion of mention i and the cue that decides, None if there is none.

    decided: what holds of the mentions before it that a cue reached; a list goes on with the cue of its first.
    """
    first, last = spans[i]
    mention = d.mentions[i]
    here = cues.by_sentence.get(mention.sentence, [])
    reaching: dict[str, Cue] = {}
    for cue in here:
        if cue.category == "claimed":
            continue
        if cue.first < last and first < cue.last:
            if conditional(d, cue, first, last):
                reaching["hypothetical"] = cue
            # Part of the mention itself ("no energy", "can't sleep"); only "spasms could be helped" is still in doubt.
            doubted = mention.kind == "outcome" and mention.concept != "craving"  # "don't want to drink" is so
            if doubted and cue.category == "hypothetical" and first < cue.first and cue.last < last:
                reaching["hypothetical"] = cue
            if cue.category == "hypothetical" and cue.first < first and last < cue.last:
                reaching["hypothetical"] = cue  # "would it make me dizzy if"
            if cue.direction == "cause" and cue.first < first and past_holds(d, cue, mention, first, last):
                reaching["past"] = cue  # "the steroids made me gain weight"
            if mention.kind in EFFECTS and cue.category == "negated" and _denies(d.words, cue, first, last):
                reaching["negated"] = cue
            continue
        if _reaches(d.words, cues.stops, cue, first, last):
            category = _category(cue, d, mention)
            if category == "negated" and mention.kind in EFFECTS and _spares(d, cue, first, last):
                continue
            if category == "past" and not past_holds(d, cue, mention, first, last):
                continue
            if category:
                reaching[category] = cue
    known = settled(d, mention, first, last, reaching, here)
    if known is not None:
        decided[i] = known
        return known
    past = whole_before(d, here, cues.by_sentence.get(mention.sentence + 1, ()), mention, last)
    if past is not None and mention.kind in _CHANGES:
        decided[i] = ("past", past)
        return decided[i]
    told = cues.answered.get(i) or answer(d, cues.by_sentence, mention, last)
    if told is not None:
        reaching = {"negated": told}
    if mention.kind == "outcome":
        denied = reaching.pop("negated", None)  # the outcome's own words already say in which direction
        if denied is not None and denied.direction == "outer" and mention.direction == "improved":
            reaching["hypothetical"] = denied  # "it would be a lie to say that it helped"
    if mention.kind in EFFECTS and "negated" in reaching and reaching["negated"].first >= last:
        reaching.pop("hypothetical", None)  # "the dreaded insomnia didn't happen"
    for category in _ORDER:
        if category in reaching:
            decided[i] = (category, reaching[category])
            return decided[i]
    if cues.unbegun is not None and mention.kind in _CHANGES and not_begun(d, mention, first):
        decided[i] = ("hypothetical", cues.unbegun)
        return decided[i]
    if mention.kind in EFFECTS:
        for j in decided.ending(first):
            if d.mentions[j].kind in _goes_on_from(mention) and _listed(d, cues, spans[j][1], first, j):
                decided[i] = decided[j]
                return decided[j]
    return "present", None


def _spares(d: Draft, cue: Cue, first: int, last: int) -> bool:
    if cue.last <= first and not _UNTIL.isdisjoint(d.norms[last : last + _UNTIL_WITHIN]):
        return True  # "no headaches till they doubled my dose"
    # "It didn't just make me dizzy", "nothing stops the headaches", "I don't like the dry mouth"
    return cue.last <= first and (
        only(d, cue.first, cue.last) or unrelieved(d, cue.first, cue.last, first) or disliked(d, cue.first, first)
    )


def _goes_on_from(mention: Mention) -> tuple[Kind, ...]:
    # What the rules take for an effect does not hang on what they do not.
    return EFFECTS if mention.kind == "symptom" else ("side_effect",)


def _denies(words: list[Word], cue: Cue, first: int, last: int) -> bool:
    # "hasn't affected my memory": the verb is the mention's own, the denial stands before it; "have not slept" has its
    # own "not". A "none" that is all of the mention denies.
    if cue.direction == "verb":
        return first < cue.first and cue.last < last  # "my feet refuse to swell"
    if cue.first < first:
        return not any(words[k].norm in _NEGATORS for k in range(first, min(cue.last, last)))
    return cue.first == first and cue.last == last


def _category(cue: Cue, d: Draft, mention: Mention) -> str:
    if cue.category == "asked":
        return "hypothetical" if d.sentences[mention.sentence].question else ""
    if cue.category == "awaited":
        # "Once my cravings are gone I'll stop": no change has come, but "once my headaches go I'll go up" tells of one.
        behind = d.low[mention.end : d.sentences[mention.sentence].end]
        return "hypothetical" if mention.kind == "outcome" and any(w in behind for w in _WILL) else ""
    if cue.category == "wished":
        # "Wish I could say it killed my cravings": nothing is told of a change, and a side effect is denied.
        return "negated" if mention.kind in EFFECTS else "hypothetical"
    return cue.category


def _reaches(words: list[Word], stops: list[int], cue: Cue, first: int, last: int) -> bool:
    denying = cue.category == "negated" and words[cue.first].norm in _LISTING
    listed = denying and cue.last <= first and _denied_list(words, cue.last, first, last)
    forward = cue.last <= first and (
        cue.direction in _FORWARD or (cue.direction == "whole" and first == cue.last)  # "not one bit sleepy"
    )
    backward = last <= cue.first and (cue.direction in _BACKWARD or bare_answer(words, cue, first, last))
    if not (forward or backward):
        return False
    begin, end = (cue.last, first) if forward else (last, cue.first)
    if cue.reach and end - begin > cue.reach and not listed:
        return False
    at = bisect_left(stops, begin)
    if at < len(stops) and stops[at] < end:
        return cue.category == "past" and (cue.direction == "dated" or (cue.direction == "both" and forward))
    inner = range(begin, min(end + 1, len(words)))
    barred = sum(words[k].gap == "." for k in inner)
    if barred:
        # "Side effects so far: none"
        return backward and (end - begin <= 1 or (end - begin <= _ANSWER and barred == 1 and words[end].gap == "."))
    over = listed or cue.category == "past" or cue.direction == "through"
    return not (forward and not over and any(words[k].gap == "," for k in inner))


def _denied_list(words: list[Word], begin: int, first: int, last: int) -> bool:
    """Say whether a list of short items ending in "or" runs from a denial to a mention: "no rash, hives or itch"."""
    if not (first - begin < _LONGEST_LIST and any(words[k].gap == "," for k in range(begin + 1, first + 1))):
        return False
    run = commas = 0
    joined = ""
    for k in range(begin, min(last + _LONGEST_LIST, len(words))):
        word = words[k]
        if word.gap == "." or word.norm in _NO_ITEM:
            if k <= last:
                return False
            break
        if word.gap == ",":
            run, commas = 0, commas + 1
            if joined and k >= last:
                break
        if word.norm in ("or", "nor") or (word.norm == "and" and commas > 1):
            run, joined = 0, word.norm
            continue
        run += 1
        if run > _ITEM_WORDS:
            if k < last:
                return False
            break
    return bool(joined)


def _listed(d: Draft, cues: Cues, begin: int, first: int, j: int) -> bool:
    # "no nausea, headaches or rash": what stands between may only be words of a list.
    if not 0 <= first - begin <= _LIST_GAP:
        return False
    between = d.words[begin : first + 1]
    if any(word.norm in NO and not word.gap and between[k + 1].gap for k, word in enumerate(between[:-1])):
        return False  # "Headaches no, nausea yes"
    if any(word.gap == "." for word in between) or any(begin <= stop < first for stop in cues.stops):
        return False
    if not all(word.norm in _LINKS for word in between[:-1]):
        return False
    # After "no side effects, ..." what is named is mostly the exception.
    return d.mentions[j].concept != "any" or any(word.norm in ("or", "nor") for word in between[:-1])


Language.factory("doselore_assertion", func=Asserted)
