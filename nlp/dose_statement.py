"""A dosing statement, and milligrams a day worked out from an amount and its schedule."""

from dataclasses import dataclass

from nlp.dose_amounts import CHANGES, Amount, kind, plain, text
from nlp.dose_schedule import Schedule, often
from nlp.dose_words import Token, table
from nlp.types import Range


@dataclass(slots=True)
class Statement:
    """One dosing statement, as tokens first:last.

    mg, mg_per_day: (low, high) in mg; per_day: times; derivation: how mg_per_day came about; drug: the medicine named
    inside; explicit: a unit was written; scheduled: how often was said; counted: tablets were; step: an increase;
    tablet: the strength of each, where tablets were counted; shared: its schedule is that of others in its list too.
    """

    first: int
    last: int
    mg: Range | None
    per_day: float | None
    mg_per_day: Range | None
    derivation: str
    drug: str | None = None
    explicit: bool = True
    scheduled: bool = False
    counted: bool = False
    step: bool = False
    tablet: Range | None = None
    shared: bool = False


_ONE = frozenset("tablet tab pill capsule cap patch caplet".split())
_ONE_DOSE = (*_ONE, "dose")
_TAKEN = frozenset("taken take it usually always mostly i generally just preferably ideally".split())


def combine(t: list[Token], a: Amount, s: Schedule, drug: str | None) -> Statement:
    """Work out milligrams a day from an amount and its schedule."""
    end, mg, how, counted = s.end, a.mg, a.written, a.formed
    if s.total and s.times is None and s.period == 1:
        # "10 mg a day, three times a day": the amount is one of three; "60 mg a day in three doses" is the total.
        k = end + 1 if kind(t, end) == "soft" else end
        again = often(t, k) if kind(t, k) in ("num", "latin", "twice", "thrice", "everyh", "spread") else None
        night = often(t, _taken_at(t, k))  # "50 mg a day, at night", "20 mg daily, usually taken at bedtime"
        if night and night.parts and night.times == (1.0, 1.0):
            again = None
            s, end = night, night.end
        if again and again.times and (again.total or again.times[0] > 1):
            s, end = again, again.end
        elif s.total and (_of_one(t, a) or _in_one(t, end)):
            s, end = Schedule(end, (1.0, 1.0), up_to=s.up_to, needed=s.needed), _in_one(t, end) or end
        elif a.crossed:
            most = kind(t, a.first - 1) == "upto" and not any(
                w.text in CHANGES for w in t[max(0, a.first - 3) : a.first]
            )
            s = Schedule(end, a.count, up_to=s.up_to or most)
            mg = a.strength
    if s.total and s.times:
        once = (mg[0] / s.times[1], mg[1] / s.times[0])
        how = f"{how} in {plain(s.times)} doses"
        return Statement(a.first, end, once, s.times[1], mg, how, drug, a.unit, scheduled=True, counted=counted)
    if s.total and s.period != 1 and _grows(t, a.first):
        how = f"+ {how} every {s.period:g} days"
        return Statement(a.first, end, mg, None, None, how, drug, a.unit, scheduled=True, counted=counted, step=True)
    if s.total and s.period != 1:
        day = (mg[0] / s.period, mg[1] / s.period)
        how = f"{how} / {s.period:g} days"
        return Statement(a.first, end, mg, 1 / s.period, day, how, drug, a.unit, scheduled=True, counted=counted)
    if s.total and _when_needed(t, a, s):
        return Statement(a.first, end, mg, None, None, f"{how} as needed", drug, a.unit, counted=counted)
    if s.total:
        low = min(mg[0], a.strength[0]) if s.up_to or s.needed else mg[0]
        how = f"{how} a day"
        return Statement(a.first, end, None, None, (low, mg[1]), how, drug, a.unit, scheduled=True, counted=counted)
    if s.times is None:
        return Statement(a.first, end, mg, None, None, f"{how} as needed", drug, a.unit, counted=counted)
    low, high = s.times
    if high < 1 and _grows(t, a.first):
        # "up 10 mg every 3 days" is a step, not a dose taken every third day
        how = f"+ {how} every {1 / high:g} days"
        return Statement(a.first, end, mg, None, None, how, drug, a.unit, scheduled=True, counted=counted, step=True)
    low = min(1.0, low) if s.up_to or (s.needed and low == high) else low
    how = how if a.crossed and mg == a.strength else f"{how} x {plain((low, high))}"
    day = (mg[0] * low, mg[1] * high)
    return Statement(a.first, end, mg, high, day, how, drug, a.unit, scheduled=True, counted=counted)


def _taken_at(t: list[Token], k: int) -> int:
    """Give the index where a time of day stands behind a day's total, past the words of taking it."""
    j = k
    while j - k < 4 and (text(t, j) in _TAKEN or (text(t, j) in (".", ",") and text(t, j + 1) in _TAKEN)):
        j += 1
    return j


def _of_one(t: list[Token], a: Amount) -> bool:
    """Say whether a day's amount is one tablet: "one 20 mg tablet daily", "60 mg capsule a day", "1 pill (10 mg)"."""
    if a.formed:
        return a.count[0] == a.count[1] <= 1 and not a.crossed
    if text(t, a.last) in _ONE and kind(t, a.first - 1) not in ("num", "times"):
        return True
    counted = text(t, a.first - 1) == "(" and text(t, a.first - 2) in _ONE
    return counted and kind(t, a.first - 3) == "num" and t[a.first - 3].value == 1


def _in_one(t: list[Token], k: int) -> int:
    """Give the index behind words which say that a day's amount is taken at once: "(one pill)"; 0 if there are none."""
    j = k
    while j - k < 3 and text(t, j) in ("(", ",", "in", "as", "a"):
        j += 1
    if j == k or not (text(t, j) in ("one", "1", "single") and text(t, j + 1) in _ONE_DOSE):
        return 0
    j += 2
    daily = often(t, j)
    j = daily.end if daily and daily.total else j
    return j + 1 if text(t, j) == ")" else j


def _when_needed(t: list[Token], a: Amount, s: Schedule) -> bool:
    """Say whether what is taken over the day is so only at need: "as needed over the day", "by day if it aches"."""
    spread = any(token.kind == "spread" and token.text.endswith("day") for token in t[a.last : s.end])
    return spread and (s.needed or text(t, s.end) in ("if", "when", "whenever"))


def _grows(t: list[Token], i: int) -> bool:
    roles = table().roles
    before = [token.text for token in t[max(0, i - 6) : i] if token.text not in ("then", "added")]
    return any(roles.get(word) in ("step", "taper") or word in ("by", "add", "adding") for word in before)


def drug_in(t: list[Token], i: int, j: int) -> str | None:
    """Give the medicine that is named in tokens i:j."""
    return next((token.text for token in t[i:j] if token.kind == "drug"), None)


def drug_next(t: list[Token], j: int) -> str | None:
    """Give the medicine that is named right behind, past a few small words."""
    while kind(t, j) in ("form", "of", "article", "fill") and text(t, j) not in ("with", "is", "was", "i", "am"):
        j += 1
    return t[j].text if kind(t, j) == "drug" else None
