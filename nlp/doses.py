"""Doses: what the grammar reads, with role, derivation and the medicine that the words themselves name."""

import re
from typing import ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.dose_daily import BARE
from nlp.dose_grammar import Statement, statements
from nlp.dose_names import Names, unknown
from nlp.dose_told import told
from nlp.dose_words import Token, table, tokens
from nlp.types import Draft, Role

# Each begins with one class of characters, so that the search leaps from one such character to the next.
_ANCHOR = re.compile(
    r"[\d½¼¾tfsehn](?:(?<=[\d½¼¾])|(?<!\w.)(?:(?<=t)(?:en|wenty|hirty)|(?<=f)(?:orty|ifty)|"
    r"(?<=s)(?:ixty|eventy)|(?<=e)ighty|(?<=h)undred|(?<=n)inety)\b)"
)
_ANCHOR_DIGIT = re.compile(r"[\d½¼¾]")
_MASS = r" {0,16}-?(?:m(?:illi?)?c?g|mc?gs?|mics?|ug|[µμ]g|g\b|gr?ams?\b|milli|mili|mils?\b|micro)"
_UNIT = re.compile(
    rf"[\dtfsehn](?:(?<=\d)|(?<!\w.)(?:(?<=t)(?:en|wenty|hirty)|(?<=f)(?:orty|ifty)|(?<=s)(?:ixty|eventy)|(?<=e)ighty|"
    rf"(?<=h)undred|(?<=n)inety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?){_MASS}"
)
_UNIT_DIGIT = re.compile(rf"\d{_MASS}")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_TEN = re.compile(r"ten\b(?<!\wten)")
# Without a unit: what can make a dose of a number.
_HINT = re.compile(
    r"\b(?:at|on|to|hit|reached|now|take|takes|taking|took|of|dose|doing|half|quarter|then)\s+"
    r"(?:about |around |only |just |a |the |of a )?[\d]|\d ?[/-] ?\d+ ?[/-] ?\d|"
    r"(?:\d|enty|irty|orty|ifty|ixty|ghty|nety|\bten) ?"
    r"(?:a day|per day|daily|/day|spread|total|tid|bid|(?:in the |at |on |for |with |before |after |when |upon )?"
    r"(?:morning|am\b|noon|lunch|midday|tea|evening|dinner|supper|night|bed|breakfast|waking|i get)|x|s\b|'s\b)"
    r"|\d/(?:[3-7]\d{2})\b"
)
_BEFORE, _AFTER = 90, 150  # characters around a number that can belong to its dose
_WORD = re.compile(r"[a-z']+")
_ITEM = re.compile(r"\s*[-*•–+]?\s*$")
_HEAD = re.compile(r"\b(?:daily|every day|each day|a day|per day)\b[^.\n]{0,40}\n(?:\s*[-*•–+]?[^.\n]{1,60}\n|\s*\n)*$")
_OF_A_PERSON = re.compile(r"weigh|pounds|lb|age|bp\b|pressure")
_OWN_NUMBER = re.compile(r"\W{0,2}(?:is |was |of |at |about |around ){0,2}\d+")
_BREAK = re.compile(r"\n\s*\n\s*\n\s*\n")
_MOST_GRAMS = 12_000.0  # mg a day of a medicine that is not named beside its grams
_MOST = 20_000.0  # milligrams a day; more is not a dose but a mistake of reading


_DOSE_WORD = re.compile(r"\d\s?mgs?\b|\bdos(?:e|es|age|ing)\b|\btitrat|\btaper|\bpills?\b|\btablets?\b")


class Doses(Component):
    """Finds the doses of a post.

    most: the largest amount in mg that is taken for a dose.
    """

    settings: ClassVar[tuple[str, ...]] = ("most",)

    def __init__(self, nlp: Language, name: str, most: float) -> None:
        super().__init__(nlp, name)
        self.most = most

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each dosing statement."""
        d = draft(doc)
        if d.exclusion:
            return doc
        named = Names(d)
        spelt = _spelt(d.low)
        amount = _UNIT if spelt else _UNIT_DIGIT
        unit = amount.search(d.low) is not None
        for start, end in windows(d.low, spelt=spelt):
            if (
                not (amount if unit else _HINT).search(d.low, start, end)
                and not (unit and _HINT.search(d.low, start, end))
                and not named.numbered(d.low, start, end)
            ):
                continue
            read = tokens(d.low, start, end, named.at)
            for said in statements(read):
                if self._is_dose(d, read, said, named):
                    self._add(d, read, said, named)
                    named.dosed = True
        return doc

    def _is_dose(self, d: Draft, read: list[Token], said: Statement, named: Names) -> bool:
        amounts = [x[1] for x in (said.mg, said.mg_per_day) if x]
        if not amounts or min(amounts) <= 0 or max(amounts) > self.most:
            return False
        if said.explicit:
            unit = next((t for t in read[said.first : said.last] if t.kind == "unit"), None)
            # grams are food, water or a drug of the street unless a medicine is named beside them
            return not (unit and unit.value == 1000 and said.drug is None) or (
                d.index is not None
                and any(t.kind in ("day", "per", "times", "latin", "twice") for t in read[said.first : said.last])
                and max(amounts) <= _MOST_GRAMS
                and not (said.last < len(read) and read[said.last].text == "of")
            )
        return d.index is not None and _dosing(d, read, said, named)

    def _add(self, d: Draft, read: list[Token], said: Statement, named: Names) -> None:
        if not said.scheduled and said.mg and not said.counted and _listed_daily(d, read[said.first].start):
            said.mg_per_day, said.mg, said.derivation = said.mg, None, f"{said.derivation} a day"
        start, end = read[said.first].start, read[said.last - 1].end
        while end > start and d.text[end - 1] in " .,;:\n)":
            end -= 1
        d.add(
            "dose",
            "",
            start,
            end,
            mg=said.mg,
            per_day=said.per_day,
            mg_per_day=said.mg_per_day,
            derivation=said.derivation,
            substance=said.drug or unknown(d, start, end, named),
            status=told(d, _amount(read, said), end),
            role="step" if said.step else role(d, start, end),
            detail="increment" if said.step else BARE if _bare(said) else None,
        )


def _bare(said: Statement) -> bool:
    """Say whether a statement is an amount and nothing more."""
    alone = said.mg is not None and not said.per_day and said.mg_per_day is None
    return alone and not said.counted and not said.derivation.endswith("needed")


def _spelt(low: str) -> bool:
    """Say whether a text may hold tens in words: most hold none, and digits alone are found several times as fast."""
    return any(word in low for word in _TENS) or ("ten" in low and _TEN.search(low) is not None)


def windows(low: str, *, spelt: bool) -> list[tuple[int, int]]:
    """Give the stretches around numbers, merged; cut at blanks, so that no word is halved. spelt: tens may be words."""
    found: list[tuple[int, int]] = []
    for m in (_ANCHOR if spelt else _ANCHOR_DIGIT).finditer(low):
        at = m.start()
        if found and at < found[-1][1] - _AFTER + 20:
            continue
        start, end = max(0, at - _BEFORE), min(len(low), at + _AFTER)
        while start > 0 and not low[start - 1].isspace() and at - start < _BEFORE + 40:
            start -= 1
        while end < len(low) and not low[end].isspace() and end - at < _AFTER + 40:
            end += 1
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _amount(read: list[Token], said: Statement) -> int:
    """Give where the amount of a statement begins that may begin with its schedule."""
    inside = read[said.first : said.last]
    unit = next((i for i, token in enumerate(inside) if token.kind == "unit"), 0)
    return inside[max(0, unit - 1)].start


def _listed_daily(d: Draft, start: int) -> bool:
    """Say whether a dose is an item of a list whose head says that it is taken daily."""
    line = d.low.rfind("\n", 0, start) + 1
    if not _ITEM.match(d.low, line, start):
        return False
    head = _HEAD.search(d.low, max(0, start - 400), line)
    return head is not None and not _BREAK.search(d.low, head.end(), line)


def _dosing(d: Draft, read: list[Token], said: Statement, named: Names) -> bool:
    """Say whether a number without a unit stands among words of dosing."""
    start, end = read[said.first].start, read[said.last - 1].end
    plural = said.counted and read[said.first + 1].text in ("s", "'s")  # "my pulse is in the 60's"
    if (plural or not said.counted) and not said.per_day and _measured(d, start, end):
        return False
    begin = max(d.sentences[d.sentence_at(start)].start, start - 60) if d.sentences else start
    if said.per_day and said.mg is None and table().consumed.search(d.low, begin, end + 40):
        return False  # "10 in the morning and 20 at night" of cigarettes
    if named.dosed or (d.index_from_heading and (said.scheduled or said.counted)):
        return True
    return _DOSE_WORD.search(d.low, max(0, start - 160), end + 80) is not None or named.between(start - 160, end + 80)


def _measured(d: Draft, start: int, end: int) -> bool:
    """Say whether the number at start:end may be a weight, a pressure or the like."""
    measures = table().measures.finditer(d.low, max(0, start - 120), end + 60)
    return any(not _numbered(d, m, start, end) for m in measures)


def _numbered(d: Draft, m: re.Match[str], start: int, end: int) -> bool:
    """Say whether a measure beside a dose has a number of its own: "I weigh 130 lbs. I cut it to 10"."""
    if (start < m.end() and m.start() < end) or not _OF_A_PERSON.match(m[0]):
        return False
    after = _OWN_NUMBER.match(d.low, m.end())
    own = after is not None and (after.end() <= start or m.start() >= end)
    return own or (m.end() <= start and d.low[max(0, m.start() - 2) : m.start()].strip()[-1:].isdigit())


def role(d: Draft, start: int, end: int) -> Role | None:
    """Give the role of a dose: the word of a role that stands nearest before it in its sentence, or right behind it."""
    sentence = d.sentences[d.sentence_at(start)] if d.sentences else None
    low = sentence.start if sentence else max(0, start - 80)
    roles = table().roles
    before: list[str] = _WORD.findall(d.low[max(low, start - 60) : start])[-9:]
    for word in reversed(before):
        if word in roles:
            return roles[word]
    for word in _WORD.findall(d.low[end : end + 14])[:2]:
        if roles.get(word) in ("current", "peak"):
            return roles[word]
    return None


Language.factory("doselore_doses", default_config={"most": _MOST}, func=Doses)
