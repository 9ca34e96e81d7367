"""Which medicines and drugs a post names: by their names, by context where a name is ambiguous, and misspelt ones."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from typing import Any, ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from nlp import lexicon
from nlp.component import Component, draft
from nlp.misspelling import Misspellings, english
from nlp.phrases import Word
from nlp.types import Draft

_NEAR = 8  # words on either side that may decide what an ambiguous name means
_DOSE = re.compile(r"\d+(?:mg|mgs|mcg|g|ug)?$|mg$|mgs$|mcg$|tid$|bid$|milligrams?$")
_TAKE = frozenset(
    [
        "take",
        "takes",
        "taking",
        "took",
        "taken",
        "tried",
        "try",
        "trying",
        "prescribed",
        "prescribe",
        "started",
        "start",
        "starting",
        "quit",
        "stopped",
        "stopping",
        "using",
        "popped",
        "popping",
        "dosing",
        "dosed",
        "dose",
        "doses",
        "taper",
        "tapering",
        "tapered",
        "pill",
        "pills",
        "tablet",
        "tablets",
        "script",
    ]
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_MOST_PLAIN = 50_000


class Substances(Component):
    """Finds the substances that a post names, and which one it is about.

    index: the study's index treatment. extra: a study's own substances, `{"id", "names"}` each.
    """

    settings: ClassVar[tuple[str, ...]] = ("index", "extra")

    def __init__(self, nlp: Language, name: str, index: str, extra: list[dict[str, Any]]) -> None:
        super().__init__(nlp, name)
        self.extra = extra
        self.index = index.strip().lower().replace(" ", "_")
        if self.index not in lexicon.substances():
            extra = [*extra, {"id": self.index}]
        self.known = lexicon.with_extra(extra)
        self._ambiguous = lexicon.ambiguous()
        self._first = _by_first_word(self.known, self._ambiguous)
        single = {n: s.id for s in self.known.values() for n in s.names if " " not in n and n not in self._ambiguous}
        self._plain: set[str] = set()  # words seen that begin no name: most words of any post
        self._misspelt = Misspellings(single, english())

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each name found; write index and index_from_heading."""
        d = draft(doc)
        if d.exclusion:
            return doc
        undecided: list[tuple[int, lexicon.Ambiguous]] = []
        words, plain, behind = d.words, self._plain, 0
        new = d.vocabulary - plain
        for i, norm in [(i, norm) for i, norm in enumerate(d.norms) if norm in new] if new else ():
            if i < behind:
                continue
            found = self._named(words, i)
            if found:
                _add(d, found[0], i, found[1])
                behind = found[1]
            elif norm in self._ambiguous:
                undecided.append((i, self._ambiguous[norm]))
            elif meant := self._misspelt.means(norm):
                _add(d, meant, i, i + 1)
            elif norm not in self._first and len(plain) < _MOST_PLAIN:
                plain.add(norm)
        named = {m.concept for m in d.mentions}
        for at, name in undecided:
            if self._decided(d, at, name, named):
                named.add(name.id)
                _add(d, name.id, at, at + 1)
        d.mentions = sorted(d.mentions, key=lambda m: m.start)
        self._about(d)
        return doc

    def _named(self, words: list[Word], i: int) -> tuple[str, int] | None:
        for rest, substance in self._first.get(words[i].norm, ()):
            end = i + 1 + len(rest)
            if end <= len(words) and all(words[i + 1 + k].norm == part for k, part in enumerate(rest)):
                return substance, end
        return None

    def _decided(self, d: Draft, at: int, name: lexicon.Ambiguous, named: Set[str]) -> bool:
        word = d.words[at]
        written = d.text[word.start : word.end]
        if (name.case == "lower" and written.isupper()) or (name.case == "upper" and not written.isupper()):
            return False
        near = [w.norm for w in (*d.words[max(0, at - _NEAR) : at], *d.words[at + 1 : at + 1 + _NEAR])]
        if any(w in name.words_against for w in near):
            return False
        if name.with_any:
            return True
        if name.id in named:
            return True
        return any(
            w in name.words_for or (name.with_dose and _DOSE.match(w)) or (name.with_take and w in _TAKE) for w in near
        )

    def of_heading(self, heading: str) -> str | None:
        """Give the substance that a review's heading names ("Lioresal Intrathecal", "naltrexone / bupropion")."""
        found = _WORD.findall(heading.lower())
        words = [Word(w.replace("'", "").replace("’", ""), 0, 0, "") for w in found]
        for i, word in enumerate(words):
            named = self._named(words, i)
            if named:
                return named[0]
            if word.norm in self._ambiguous:
                return self._ambiguous[word.norm].id
            meant = self._misspelt.means(word.norm)
            if meant:
                return meant
        return "_".join(w.norm for w in words)[:60] or None

    def _about(self, d: Draft) -> None:
        named = Counter(m.concept for m in d.mentions if self.known[m.concept].counts in ("listed", "same"))
        if d.post.drug and d.post.drug.strip():
            d.index = self.of_heading(d.post.drug)
            d.index_from_heading = d.index is not None
        if d.index is None:
            if self.index in named:
                d.index = self.index
            elif named:
                first = [m.concept for m in d.mentions]
                d.index = max(named, key=lambda s: (named[s], self.known[s].counts == "listed", -first.index(s)))


def _add(d: Draft, substance: str, first: int, last: int) -> None:
    d.add("substance", substance, d.words[first].start, d.words[last - 1].end, substance=substance)


def _by_first_word(
    known: Mapping[str, lexicon.Substance], ambiguous: Iterable[str]
) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    taken = frozenset(ambiguous)
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for substance in known.values():
        for name in substance.names:
            parts = [w.replace("'", "").replace("’", "") for w in _WORD.findall(name)]
            if parts and name not in taken:
                found.setdefault(parts[0], []).append((tuple(parts[1:]), substance.id))
                if len(parts) == 1 and substance.counts != "drug" and len(parts[0]) > 4:
                    # the plural, and "baclofen's"
                    found.setdefault(parts[0] + "s", []).append(((), substance.id))
    for choices in found.values():
        choices.sort(key=lambda choice: -len(choice[0]))
    return found


Language.factory("doselore_substances", default_config={"index": "baclofen", "extra": []}, func=Substances)
