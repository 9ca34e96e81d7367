"""Where a post says that a treatment was stopped, and why: the patterns of data/lexicons/stopping.tsv.

Not taken for stopping: "don't stop it", "if you quit", "before I stop", "stopped drinking", "it stopped working".
"""

import re
from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from nlp import lexicon
from nlp.clean import comparable
from nlp.component import Component, draft
from nlp.needed import Bits, Key, needed, score
from nlp.taking import first_words
from nlp.types import Draft, Mention

_OBJECT = (
    r"(?:(?:(?:it|that|them|these|this(?! (?:time|week|month|year|habit|shit|sub|place|way)\b))|"
    r"(?:this|the|these|that|my|all|both|any|taking the|using the|taking this|taking my) "
    r"(?:new )?(?:\w+ )?(?:med|meds|medication|medications|medicine|medicines|drug|drugs|pills?|tablets?|stuff|"
    r"shots?|poison|pump|dosage|therapy|"
    r"prescription|rx|injections?|patch|dose|treatment|crap|one)|(?:taking )?(?:medication|meds|medicine|"
    r"treatment))\b|"
    r"(?:(?:the|my|this|taking|using) )*DRUG_*)"
)
_END = (
    r"(?=\s*(?:[-.,!?;:()\n&\"]|$|and\b|(?:be)?cause\b|b/c|bc\b|cuz\b|bcuz\b|coz\b|thanks to\b|altogether|"
    r"all together|right\b|"
    r"entirely|forever|instantly|gradually|gently|quickly|asap|anyway|until\b|till\b|while\b|within\b|under\b|"
    r"before\b|per\b|"
    r"by\b|w/|via\b|or\b|then\b|even\b|just\b|early\b|four\b|five\b|six\b|several\b|this (?:week|month|morning|"
    r"year|past)|after\b|due\b|but\b|as\b|since\b|when\b|cold\b|for\b|"
    r"about\b|last\b|in\b|on\b|so\b|two\b|three\b|once\b|if\b|i\b|now\b|"
    r"today|yesterday|tonight|over\b|with(?:out|in)?\b|at\b|the (?:last|first|next|same|other|very|day|minute)\b|"
    r"the moment\b|abruptly|immediately|completely|suddenly|slowly|\d|a (?:few|couple|week|"
    r"month|year|day)|(?:my|the|his|her) (?:doctor|doc|dr)))"
)
_NOT_BEFORE = re.compile(
    r"(?:\b(?:not|don't|dont|never|can't|cannot|couldn't|without|if (?:you|i|we|he|she)|unless (?:you|i)|before|"
    r"when (?:you|i|people)|"
    r"wouldn't|didn't|haven't|until i|people|they|patients|those|once (?:you|i)|please|do not|did not|afraid to|"
    r"should you|could|"
    r"drinking|nobody|who|whoever|others|you|wish i|wish i had|(?:few|several|couple of|couple|two|three|many|\d|of|"
    r"other) times (?:that )?i|my (?:husband|wife|friend|brother|sister|mom|dad)"
    r"(?: \w+)?|(?:whenever|every time|each time|anytime) (?:i|you)|nearly|almost|(?:consider|considered|"
    r"considering|thinking of|thinking about|think about|thought about|upon|risk of|fear of|effects of)|"
    r"edge (?:is|was|gets)|"
    r"will be (?:glad|happy) to|hope to|would have)\s+(?:\w+\s+){0,1})$"
)
# "When I stopped it", "until I quit", "once I got off": what is told as past has happened.
_SINCE_I = re.compile(r"\b(?:when|once|until|till|before) (?:i|he|she|we) (?:finally |had |\w+ly )?$")
_PAST = (
    "stopped", "stoped", "quit", "discontinued", "ceased", "got", "came", "went", "was", "weaned", "tapered",
    "finished",    "completed", "switched", "withdrew", "ended", "gave up", "dropped", "ran out", "ditched",
)  # fmt: skip
# "I plan to stop when …", "need to get off it but …": not now.
_LATER = re.compile(
    r"\s*(?:it |this |them )?(?:but\b|when\b|once\b|as soon as|if\b|eventually|some ?day|in the future|next\b)"
)
_WILL = ("going to", "need to", "ready to", "plan", "have to", "has to")

_NOT_AFTER = re.compile(
    r"^\s*(?:than\b|(?:of|off) the market|"
    r"working|drinking|smoking|helping|breathing|craving|being|producing|sleeping|eating|growing|caring|going|"
    r"seeing|wanting|"
    r"hurting|counting|increasing|raising|upping|driving|exercising|"
    r"alcohol|booze|heroin|opiates|the (?:spasms?|pain|cravings?|drinking|itch|twitch|hiccups|"
    r"bleeding))"
)
_I_LAST = re.compile(r"(?:\b(?:i|he|she|we)(?: only| just)? |[.!?\n]\s*(?:only |just )?|^\s*(?:only |just )?)$")
# "They switched me", "my husband made me stop": who did it is no stranger of whom it is told.
_SOMEONE_S = re.compile(r"\b(?:me|him|her|us)\b")
_UNTRUE = re.compile(
    r"\b(?:not|don't|dont|never|can't|cannot|couldn't|if|unless|before|wouldn't|didn't|haven't|until|could|nearly|"
    r"almost|when|should|would|might|may|wants?|please|afraid|please) (?:\w+ ){0,3}$"
)
_HEAD = re.compile(r"[a-z']+")
_BEGINS = re.compile(
    r"(?:^|[.,;:!?(\n\-])\s*(?:[a-z]+ly )?$|\b(?:and|so|then|just|i|we|he|she|was|been|or|(?:i'|i)?ve) (?:[a-z]+ly )?$"
)
_DRINK = re.compile(r"\b(?:drink|drank|drunk|alcohol|beer|wine|vodka|liquor|booze|smok|cigar|drop|sober|sip)")
_REASONS = (
    (
        "side_effects",
        re.compile(
            r"side ?effects?|made me|making me|couldn't (?:stand|take|handle|function|stay awake)|"
            r"because of the (?:way|feeling)|can't tolerate|intolera"
        ),
    ),
    (
        "no_effect",
        re.compile(
            r"didn't (?:help|work|do)|not (?:help|work)|doesn't (?:help|work)|did nothing|no (?:help|effect|relief|"
            r"benefit|difference)|stopped working|wasn't (?:help|work)|useless"
        ),
    ),
    ("cost", re.compile(r"\bcost|insurance|afford|expens|co-?pay|price")),
    ("cured", re.compile(r"no longer need|didn't need|don't need|cured|went away|all better|got better")),
    (
        "doctor",
        re.compile(
            r"\b(?:dr|doctor|doc|neurologist|psychiatrist|physician|hospital|surgeon)\b[^.]{0,30}(?:took|taken|"
            r"stopped|discontinued|switched|off)|taken (?:me )?off"
        ),
    ),
)  # fmt: skip


class _Cue(NamedTuple):
    """One line of the table. bits: all those of the words that it needs, in `_Cues.keys`; begins: its first words."""

    row: int
    pattern: str
    bits: int
    begins: frozenset[str]
    reason: str
    when: str


class _Cues:
    """The lines of the table by the rarest of the words that they need: most sentences hold none of those.

    keys: the bits of the words that lines need; words are as `Word.norm`.
    """

    def __init__(self) -> None:
        self.keys = Bits()
        self._by_bit: dict[int, list[_Cue]] = {}
        for n, row in enumerate(lexicon.table("stopping")):
            begins = frozenset(map(comparable, first_words(row["pattern"])))
            needs = needed(row["pattern"]) or frozenset((frozenset(Key(word, whole=False) for word in begins),))
            bits, rarest = self.keys.added(needs), self.keys.added([min(needs, key=score)])
            self._by_bit.setdefault(rarest, []).append(
                _Cue(n, row["pattern"], bits, begins, row["reason"], row["when"])
            )
        self._rarest = reduce(or_, self._by_bit)

    def possible(self, bits: int) -> list[_Cue]:
        """Give the lines, in order, that may match where the words around have these bits."""
        found: list[_Cue] = []
        asked = bits & self._rarest
        while asked:
            rest = asked & (asked - 1)
            found += [cue for cue in self._by_bit[asked ^ rest] if cue.bits & bits == cue.bits]
            asked = rest
        found.sort()
        return found


@cache
def _cues() -> _Cues:
    return _Cues()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Give a line's pattern, made when the first text may hold a match: to make all takes seconds."""
    return re.compile(pattern.replace("OBJ", _OBJECT).replace("END", _END))


class Stopping(Component):
    """Finds the words that say that a treatment was stopped."""

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each, where there is a treatment to stop."""
        d = draft(doc)
        if d.exclusion or not d.names_treatment():
            return doc
        for m, cue in _found(d):
            if _denied(d, m) or _NOT_AFTER.match(d.low[m.end() : m.end() + 40]) or _of_drink(d, m):
                continue
            when = cue.when
            if when == "bare":
                if not _BEGINS.search(d.low, max(0, m.start() - 20), m.start()):
                    continue
                when = ""
            if when == "review":
                if not d.index_from_heading:
                    continue
                when = ""
            d.add("stop", "", m.start(), m.end(), reason=cue.reason or None, detail=when or None)
        return doc


def _denied(d: Draft, m: re.Match[str]) -> bool:
    """Say whether the words before, or behind, say that it was not stopped, or that it is not to be stopped yet."""
    said = m.group()
    if said.startswith(("threw", "thrown", "flushed", "tossed", "dumped")):
        return d.low.endswith(("nearly ", "almost "), max(0, m.start() - 8), m.start())
    if said.startswith("lasted"):
        # "I lasted two days" on it; a headache that lasted two days is another matter.
        return not _I_LAST.search(d.low, max(0, m.start() - 12), m.start())
    if _SOMEONE_S.search(said) and not said.startswith(_WILL):
        return _UNTRUE.search(d.low, max(0, m.start() - 24), m.start()) is not None
    if said.startswith("avoid") and d.low.endswith(("to ", "and "), max(0, m.start() - 4), m.start()):
        return True
    if said.startswith(_WILL) and _LATER.match(d.low, m.end(), m.end() + 40):
        return True
    before = max(0, m.start() - 40)
    if said.startswith(("glad to be", "happy to be", "relieved to be")) and d.low.endswith(
        ("will be ", "'ll be ", "would be "), before, m.start()
    ):
        return True
    if said.startswith(_PAST) and _SINCE_I.search(d.low, before, m.start()):
        return False
    return _NOT_BEFORE.search(d.low, before, m.start()) is not None


def _found(d: Draft) -> Iterator[tuple[re.Match[str], _Cue]]:
    """Give the matches, one after another: at each word only what may begin with it is tried."""
    cues, norms = _cues(), d.norms
    anywhere = cues.possible(cues.keys.of(d.vocabulary))
    if not anywhere:
        return
    # Of "stopped2 days ago" a line may begin with the first part.
    heads = {norm: m[0] for norm in d.vocabulary if not norm.isalpha() and (m := _HEAD.match(norm))}
    own = [cues.keys.of(norms[sentence[2] : sentence[3]]) for sentence in d.sentences]
    own.append(0)
    at, masked = 0, ""
    for n, sentence in enumerate(d.sentences):
        # Few lines match beyond the end of a sentence, and none beyond the next.
        bits = own[n] | own[n + 1]
        possible = [cue for cue in anywhere if cue.bits & bits == cue.bits]
        if not possible:
            continue
        begins = frozenset[str]().union(*[cue.begins for cue in possible])
        for k in range(sentence[2], sentence[3]):
            word = heads.get(norms[k], norms[k]) if heads else norms[k]
            if word not in begins:
                continue
            start = d.word_starts[k]
            if start < at:
                continue
            masked = masked or mask(d)
            for cue in possible:
                m = _compiled(cue.pattern).match(masked, start) if word in cue.begins else None
                if m:
                    at = m.end()
                    yield m, cue
                    break


def _of_drink(d: Draft, m: re.Match[str]) -> bool:
    # "I quit drinking and haven't touched it since": what was not touched is no medicine.
    if " since" not in m.group():
        return False
    return _DRINK.search(d.low, max(0, m.start() - 70), m.end() + 25) is not None


def _own_name(d: Draft) -> str:
    """Give the text in lower case, with a review's own drug as DRUG where no table knows its name."""
    name = d.index.split("_")[0] if d.index and d.index_from_heading else ""
    if len(name) < 5 or name not in d.low or d.index in lexicon.substances():
        return d.low
    return re.sub(rf"\b{re.escape(name)}\b", "DRUG" + "_" * (len(name) - 4), d.low)


@cache
def _street() -> frozenset[str]:
    return frozenset(s.id for s in lexicon.substances().values() if s.counts == "drug")


def mask(d: Draft) -> str:
    """Give the text with every medicine's name as DRUG, a street drug's as BOOZ, padded by underscores; as long."""
    low, street = _own_name(d), _street()
    parts: list[str] = []
    at = 0
    for m in d.mentions:
        if m.kind == "substance" and m.start >= at and m.end - m.start >= 4:
            parts.append(low[at : m.start])
            parts.append(("BOOZ" if m.concept in street else "DRUG") + "_" * (m.end - m.start - 4))
            at = m.end
    return "".join(parts) + low[at:] if parts else low


def harmed(d: Draft) -> frozenset[int]:
    """Give the sentences that tell of a side effect."""
    return frozenset(m.sentence for m in d.mentions if m.kind == "side_effect" and m.present)


def reason(d: Draft, m: Mention, harm: frozenset[int]) -> str | None:
    """Give why it was stopped, if the sentence says so: side_effects | no_effect | cost | cured | doctor | supply."""
    if m.reason:
        return m.reason
    s = d.sentences[m.sentence]
    said = d.low[s.start : s.end]
    for name, pattern in _REASONS:
        if pattern.search(said):
            return name
    return "side_effects" if m.sentence in harm else None


Language.factory("doselore_stopping", func=Stopping)
