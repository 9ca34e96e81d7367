"""What the words of a post refer to: each name of a medicine; "this med", "the drug", "it" with the name they mean."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from nlp import lexicon
from nlp.types import Draft

_NOUN = (
    r"(?:med|meds|medication|medications|medicine|medicines|drug|drugs|pill|pills|tablet|tablets|stuff|shot|shots|rx|"
    r"product|injection|injections|treatment)"
)
# Each begins with a letter, so that the search leaps from one such letter to the next.
_THIS = re.compile(
    rf"t(?<!\wt)h(?:is (?:new |particular |wonderful |awful )?(?:{_NOUN}|one)|e (?:med|medication|medicine|drug|stuff|"
    rf"pills?|shots?))\b"
)
_IT = re.compile(r"i(?<!\wi)t(?:'s|s)?\b")
# Right before a name: the name is not what the sentence is about.
_ASIDE = re.compile(
    r"\b(?:than|instead of|unlike|like|from|in addition to|along with|with|besides|plus|without|not|as well as|"
    r"on top of|"
    r"compared to|compared with|vs\.?|versus|replaced|replacing|replacement for|alternative to|addition of|rather than|"
    r"adding|also|combined it with|and a|and)\s+(?:(?:the|my|both|a|an|some|also|taking|using|on|take)\s+)*$"
)

_LOOK = 50  # names before a word of switching that are looked at


class Ref(NamedTuple):
    """A reference to a substance. named: by name, not by "it" or "this med"; aside: named beside what is talked of."""

    start: int
    end: int
    substance: str
    sentence: int
    named: bool
    aside: bool


class Refs:
    """The references of one post, by place."""

    def __init__(self, d: Draft, counts: Mapping[str, str]) -> None:
        self.d = d
        real = [
            Ref(m.start, m.end, m.concept, m.sentence, True, _is_aside(d, m.start, m.sentence))
            for m in d.mentions
            if m.kind == "substance" and counts.get(m.concept, "listed") != "drug"
        ]
        self.named = sorted(real)
        self._street = [
            m
            for m in d.mentions
            if m.kind == "substance" and counts.get(m.concept) == "drug" and m.concept != "alcohol"
        ]
        self._named_starts = [r.start for r in self.named]
        self._times = Counter(r.substance for r in self.named)
        self._first = {r.substance: r.start for r in reversed(self.named)}
        self._talked: list[str | None] = [None]  # after so many names: the last of them that is talked of
        for ref in self.named:
            self._talked.append(self._talked[-1] if ref.aside else ref.substance)
        self.all = sorted([*real, *self._spoken()])
        self._starts = [r.start for r in self.all]
        self._doses = sorted(m.start for m in d.mentions if m.kind == "dose")

    def _spoken(self) -> list[Ref]:
        """Give "this med" and the like; in a review they mean its drug, elsewhere what was named last."""
        d = self.d
        found: list[Ref] = []
        for m in _THIS.finditer(d.low):
            substance = d.index if d.index_from_heading else self.last_named(m.start())
            if substance:
                found.append(Ref(m.start(), m.end(), substance, d.sentence_at(m.start()), False, False))
        return found

    def other_before(self, at: int, than: str) -> str | None:
        """Give what was named last before an offset, of what is not the one that is told."""
        last = bisect_left(self._named_starts, at)
        for ref in reversed(self.named[max(0, last - _LOOK) : last]):
            if ref.end <= at and ref.substance != than:
                return ref.substance
        return None

    def dosed(self, at: int) -> bool:
        """Say whether a dose begins at an offset, or up to three characters behind it."""
        i = bisect_left(self._doses, at)
        return i < len(self._doses) and self._doses[i] - at < 4

    def apart(self, ref: Ref, at: int) -> bool:
        """Say whether a dose at an offset is none of a name before it: doses of another begin its sentence."""
        start = self.d.sentences[ref.sentence].start
        i = bisect_left(self._doses, start)
        k = bisect_left(self._named_starts, start)
        named = self._named_starts[k] if k < len(self._named_starts) else start
        first = self._doses[i] if i < len(self._doses) else at
        own = bisect_left(self._doses, at) > bisect_left(self._doses, ref.end)
        return first < ref.start and first < named and not own

    def dose_topic(self, start: int, sentence: int) -> str | None:
        """Give what a dose of a forum post is of whose sentence names nothing; None if that is what was named last.

        It is a drug of the street that the sentence before named, or what the post is about, if what was named last
        stands further off and was named but once.
        """
        d, i = self.d, bisect_left(self._named_starts, start)
        last = self.named[i - 1] if i else None
        street = [m for m in self._street if m.start < start and sentence - m.sentence < 2]
        if street and (last is None or last.sentence < sentence - 1):
            return street[-1].concept
        if last is None or last.sentence >= sentence - 1 or self._times[last.substance] > 1:
            return None
        return d.index if self._first.get(d.index or "", start) < start else None

    def last_named(self, at: int) -> str | None:
        """Give what was named last before an offset and is talked of, else what is named first after it."""
        last = self._talked[bisect_left(self._named_starts, at)]
        if last:
            return last
        if self.named:
            return self.named[max(0, bisect_left(self._named_starts, at) - 1)].substance
        return self.d.index

    def before(self, start: int, sentence: int) -> list[Ref]:
        """Give the references of a sentence before an offset, nearest first."""
        out: list[Ref] = []
        i = bisect_left(self._starts, start) - 1
        while i >= 0 and self.all[i].sentence == sentence:
            out.append(self.all[i])
            i -= 1
        return out

    def after(self, end: int, sentence: int) -> list[Ref]:
        """Give the references of a sentence after an offset, nearest first."""
        out: list[Ref] = []
        i = bisect_left(self._starts, end)
        while i < len(self.all) and self.all[i].sentence == sentence:
            out.append(self.all[i])
            i += 1
        return out

    def of_sentence(self, sentence: int) -> list[Ref]:
        """Give the references of a sentence."""
        if not 0 <= sentence < len(self.d.sentences):
            return []
        s = self.d.sentences[sentence]
        return self.all[bisect_left(self._starts, s.start) : bisect_left(self._starts, s.end)]

    def topic(self, start: int, sentence: int) -> str | None:
        """Give what is talked of at an offset where its own sentence names nothing."""
        d = self.d
        low = d.sentences[sentence].start if sentence < len(d.sentences) else 0
        said_it = _IT.search(d.low, low, start) is not None
        if d.index_from_heading:
            if said_it and sentence:
                # "I also take Neurontin. It makes me dizzy.": "it" is what the sentence before was about, if one thing.
                told = self.of_sentence(sentence - 1)
                if (
                    told
                    and not told[-1].aside
                    and told[-1].substance != d.index
                    and all(r.substance == told[-1].substance for r in told)
                ):
                    return told[-1].substance
            return d.index
        return self.last_named(start)


def _is_aside(d: Draft, start: int, sentence: int) -> bool:
    low = max(d.sentences[sentence].start, start - 34) if d.sentences else max(0, start - 34)
    return _ASIDE.search(d.low, low, start) is not None


def counts_of() -> dict[str, str]:
    """Give how each known substance counts (see data/lexicons/substances.tsv)."""
    return {s.id: s.counts for s in lexicon.substances().values()}
