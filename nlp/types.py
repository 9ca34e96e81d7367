"""The records that the components hand to each other.

A `Draft` is the one thing that travels: it hangs on the spaCy Doc (`doc._.draft`), each component reads what those
before it wrote and adds its own. All offsets are characters of the post's own text: `quote == text[start:end]`.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from nlp.gates import ALL
from nlp.phrases import Word

Kind = Literal["substance", "dose", "duration", "stop", "condition", "outcome", "side_effect", "symptom"]
"""A symptom is what may be a side effect, though the rules do not take it for one; none is left in the end."""
EFFECTS: tuple[Kind, ...] = ("side_effect", "symptom")
KINDS: tuple[Kind, ...] = ("substance", "dose", "duration", "stop", "condition", "outcome", "side_effect")
"""The kinds of mentions that are left in the end."""
Assertion = Literal["present", "negated", "hypothetical", "past"]
Whose = Literal["self", "other", "general", "clinician", "literature", "quoted"]
Role = Literal["start", "step", "current", "peak", "effective", "maintenance", "taper", "missed"]
Sex = Literal["female", "male"]
Reporter = Literal["self", "caregiver", "none"]
Range = tuple[float, float]


class Mention(NamedTuple):
    """One span of a post that says something: a tuple, because a post makes dozens (`_replace` gives a changed copy).

    kind, concept: what it names. substance: generic name; dose, duration, stop: ""; condition, side_effect: a word of
    the vocabulary; outcome: the domain.
    start, end, quote: where it stands, and its text as written. sentence: index into `Draft.sentences`.
    assertion, cue, cue_start, cue_end: does the text say that it is so, and the words that decided; offsets -1 if none.
    whose: self (the author), other (one specific person or animal), general, clinician, literature, quoted.
    substance: generic name of the treatment it belongs to; None until the links component has run, or if none.
    direction: of an outcome, improved | unchanged | worsened. present: of a side effect.
    mg, mg_per_day: (low, high) in milligrams; per_day: times a day; derivation: how mg_per_day came about.
    role, status: of a dose; status is taken | advised | other.
    days: (low, high) of a duration. reason: of stopping, e.g. "side_effects". detail: anything else worth keeping,
    e.g. severity or course of a side effect, drinks per day of an outcome. signs: of a side effect or symptom, what
    the rules said of it.
    """

    kind: Kind
    concept: str
    start: int
    end: int
    quote: str
    sentence: int
    assertion: Assertion = "present"
    cue: str | None = None
    cue_start: int = -1
    cue_end: int = -1
    whose: Whose = "self"
    substance: str | None = None
    direction: str | None = None
    present: bool | None = None
    mg: Range | None = None
    per_day: float | None = None
    mg_per_day: Range | None = None
    derivation: str | None = None
    role: Role | None = None
    status: str | None = None
    days: Range | None = None
    reason: str | None = None
    detail: str | None = None
    signs: tuple[str, ...] = ()


class Sentence(NamedTuple):
    """One sentence: its characters, its words (`Draft.words[first:last]`) and whether it asks."""

    start: int
    end: int
    first: int
    last: int
    question: bool


class Aside(NamedTuple):
    """A stretch that is not the author's own prose. kind: quote | signature | url | markup."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Post:
    """What the caller gave. drug, condition: a review's heading; title: a thread's or post's own."""

    id: str
    text: str
    drug: str | None = None
    condition: str | None = None
    title: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:  # a frozen class that is compiled cannot be filled in afterwards
        return Post, (self.id, self.text, self.drug, self.condition, self.title)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the post tells of, where the text says so. age: years."""

    age: int | None = None
    sex: Sex | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Person, (self.age, self.sex)


@dataclass(slots=True)
class Treatment:
    """What the post says of one substance as a whole.

    status: taken | considered | mentioned. effect: worked | partly | no_effect | harmful | unclear, for taken only.
    duration_days: (low, high).
    """

    substance: str
    status: str
    effect: str | None = None
    stopped: bool | None = None
    duration_days: Range | None = None
    duration_quote: str | None = None


class _Index:
    """The mentions of one post by kind, and by what else is asked for: a long post has thousands, asked for each."""

    __slots__ = ("_beside", "_named", "_owned", "count", "kinds", "of")

    def __init__(self, mentions: list[Mention]) -> None:
        self.of, self.count = mentions, len(mentions)
        self.kinds: dict[str, list[Mention]] = {}
        for m in mentions:
            self.kinds.setdefault(m[0], []).append(m)
        self._beside: dict[str, dict[int, list[Mention]]] = {}
        self._named: dict[str | None, list[Mention]] | None = None
        self._owned: dict[str | None, list[Mention]] | None = None

    def beside(self, kind: str) -> Mapping[int, Sequence[Mention]]:
        """Give the mentions of a kind by sentence."""
        found = self._beside.get(kind)
        if found is None:
            found = self._beside[kind] = {}
            for m in self.kinds.get(kind, ()):
                found.setdefault(m.sentence, []).append(m)
        return found

    def named(self) -> Mapping[str | None, Sequence[Mention]]:
        """Give the names by the substance that they name."""
        if self._named is None:
            self._named = {}
            for m in self.kinds.get("substance", ()):
                self._named.setdefault(m.concept, []).append(m)
        return self._named

    def owned(self) -> Mapping[str | None, Sequence[Mention]]:
        """Give the mentions by the substance that they belong to."""
        if self._owned is None:
            self._owned = {}
            for m in self.of:
                self._owned.setdefault(m.substance, []).append(m)
        return self._owned


@dataclass(slots=True)
class Draft:
    """All that has been found in one post so far.

    text: as given. clean: of the same length, with all that is not the author's own prose blanked by spaces.
    low: clean in lower case, of the same length. words: of clean, with comparable forms (nlp.phrases.Word); norms,
    word_starts, gaps: these forms, where each begins and what stands before it; vocabulary: each form once. gates:
    which rules its words let it meet (nlp.gates).
    index: the substance that the post is about: the review's drug, else the study's index treatment if it is named,
    else the one that is named most; None if there is none. index_from_heading: True if the review's heading gave it.
    treatments: by substance, in order of first mention. own: does its author tell of taking (nlp.reporter)? None until
    it is asked.
    """

    post: Post
    text: str
    clean: str = ""
    low: str = ""
    asides: tuple[Aside, ...] = ()
    language: str = "und"
    exclusion: str | None = None
    words: list[Word] = field(default_factory=list[Word])
    norms: list[str] = field(default_factory=list[str])
    word_starts: list[int] = field(default_factory=list[int])
    gaps: list[str] = field(default_factory=list[str])
    vocabulary: frozenset[str] = frozenset()
    gates: int = ALL
    sentences: list[Sentence] = field(default_factory=list[Sentence])
    mentions: list[Mention] = field(default_factory=list[Mention])
    index: str | None = None
    index_from_heading: bool = False
    conditions: list[str] = field(default_factory=list[str])
    person: Person = Person()
    reporter: Reporter = "none"
    treatments: dict[str, Treatment] = field(default_factory=dict[str, Treatment])
    record: dict[str, Any] = field(default_factory=dict[str, Any])
    starts: list[int] = field(default_factory=list[int])
    own: bool | None = None
    _index: "_Index | None" = None

    def sentence_at(self, offset: int) -> int:
        """Give the index of the sentence that holds a character (the one before it, if it stands between two)."""
        return (bisect_right(self.starts, offset) or 1) - 1

    def names_treatment(self) -> bool:
        """Say whether anything is named, or known from the heading, that may have been taken."""
        return self.index is not None or any(m.kind == "substance" for m in self.mentions)

    def of(self, kind: Kind) -> list[Mention]:
        """Give the mentions of one kind, in order of place; the list is kept, and not to be changed."""
        return self._indexed().kinds.get(kind, [])

    def beside(self, kind: Kind, sentence: int) -> Sequence[Mention]:
        """Give the mentions of one kind in a sentence."""
        return self._indexed().beside(kind).get(sentence, ())

    def named(self, substance: str | None) -> Sequence[Mention]:
        """Give the places that name a substance."""
        return self._indexed().named().get(substance, ())

    def owned(self, substance: str | None) -> Sequence[Mention]:
        """Give the mentions of every kind that belong to a substance."""
        return self._indexed().owned().get(substance, ())

    def _indexed(self) -> "_Index":
        # Whoever changes a mention puts a new list in the place of the old one; only adding lengthens it.
        known, mentions = self._index, self.mentions
        if known is None or known.of is not mentions or known.count != len(mentions):
            known = self._index = _Index(mentions)
        return known

    def add(self, kind: Kind, concept: str, start: int, end: int, **more: Any) -> None:
        """Append a mention; quote and sentence are filled in."""
        mention = Mention(kind, concept, start, end, self.text[start:end], self.sentence_at(start), **more)
        self.mentions.append(mention)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one post gave.

    record: of the gold form. mentions: by place. language: ISO 639-1 code, "und" if it cannot be told.
    exclusion: why the post was not read ("empty", "not English", …), or None.
    """

    record: Mapping[str, Any]
    mentions: tuple[Mention, ...]
    language: str
    exclusion: str | None
    person: Person

    def __reduce__(self) -> tuple[Any, ...]:
        return Reading, (self.record, self.mentions, self.language, self.exclusion, self.person)
