"""What the tokens of dosing say together: how much at once, how often, how much a day, and how that was worked out.

A statement is read from left to right: an amount (nlp.dose_amounts), then, past the medicine's name and a few small
words, its schedule (nlp.dose_schedule); or the schedule first; or a number that only its place makes a dose.
"""

from dataclasses import dataclass

from nlp.dose_amounts import Amount, amount_at, bare_strength, kind, number_range, plain, strength_at, text, written
from nlp.dose_lead import lead, leads_daily
from nlp.dose_schedule import Schedule, often, schedule_at, skip
from nlp.dose_words import Token, table
from nlp.types import Range

_BEGINS = frozenset(("num", "upto", "once", "twice", "thrice", "latin", "everyh", "part", "per", "day", "spread"))
_ENDS = frozenset(
    "now currently then but for since with at in when because so today yesterday without until which before after as "
    "from if though although while still that".split()
)


@dataclass(slots=True)
class Statement:
    """One dosing statement, as tokens first:last.

    mg, mg_per_day: (low, high) in mg; per_day: times; derivation: how mg_per_day came about; drug: the medicine named
    inside; explicit: a unit was written; scheduled: how often was said; counted: tablets were; step: an increase.
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


def statements(tokens: list[Token]) -> list[Statement]:
    """Give the dosing statements of a stretch of tokens, in order, none overlapping another."""
    found: list[Statement] = []
    i, behind, unit_at = 0, 0, -1000
    while i < len(tokens):
        read = _statement(tokens, i, behind, unit_at) if tokens[i].kind in _BEGINS else None
        if read is None or read.last <= i:
            i += 1
        else:
            found.append(read)
            i = behind = read.last
            unit_at = tokens[i - 1].end if read.explicit else unit_at
    return found


def _statement(t: list[Token], i: int, behind: int, unit_at: int) -> Statement | None:
    if t[i].kind != "num":
        return _schedule_first(t, i)
    return (
        _series(t, i)
        or _several(t, i)
        or _single(t, i, behind)
        or _tablets(t, i)
        or _schedule_first(t, i)
        or _bare(t, i, behind, unit_at)
    )


def _single(t: list[Token], i: int, behind: int) -> Statement | None:
    amount = amount_at(t, i)
    if amount is None:
        return None
    drug = _drug_in(t, amount.first, amount.last)
    after = None if amount.formed else _tablets_after(t, amount)
    if after:
        drug = drug or _drug_in(t, amount.last, after[1])
        name = f"{plain(after[0])} x {amount.written}"
        amount = Amount(amount.first, after[1], amount.strength, after[0], amount.unit, name, formed=True)
    end, schedule, at = amount.last, None, amount.last
    for k in dict.fromkeys((end, skip(t, end), _next_sentence(t, end))):
        schedule = schedule_at(t, k)
        if schedule:
            at = k
            break
    if schedule is None:
        formed = amount.formed or kind(t, end) == "form"
        drug = drug or _drug_next(t, end)
        if not formed and leads_daily(t, i, behind):
            return Statement(
                i, end, None, None, amount.mg, f"{amount.written} a day", drug, amount.unit, scheduled=True
            )
        last = end + (1 if kind(t, end) == "form" else 0)
        return Statement(i, last, amount.mg, None, None, amount.written, drug, amount.unit, counted=formed)
    drug = drug or _drug_in(t, end, at) or _drug_next(t, schedule.end)
    return combine(t, amount, schedule, drug)


def _next_sentence(t: list[Token], end: int) -> int:
    """Give where "Three times a day." begins that follows "10 mg baclofen." as a sentence of its own."""
    j = skip(t, end, 2)
    if text(t, j) == "." and kind(t, j + 1) in ("num", "twice", "once", "latin"):
        read = schedule_at(t, j + 1)
        if read and kind(t, read.end) in ("stop", "end"):
            return j + 1
    return end


def _tablets_after(t: list[Token], a: Amount) -> tuple[Range, int] | None:
    """Read "10mg 1/2 pill", "10/325 mg 2 tablets", "25mg tabs which I took 1 every 4 hours"."""
    for start in dict.fromkeys((a.last, skip(t, a.last))):
        k = start + 1 if text(t, start) in ("x", "times") else start
        read = number_range(t, k)
        if read is None or not 0 < read[0][1] <= 12:
            continue
        count, after = read
        if kind(t, after) in ("times", "unit", "hour", "week", "month", "and") or (
            text(t, after) in table().not_after and kind(t, after) not in ("form", "day", "part")
        ):
            continue
        while kind(t, after) in ("form", "of") or (text(t, after) in ("a", "the") and kind(t, after + 1) == "form"):
            after += 1
        if kind(t, after - 1) == "form" or (k == start and schedule_at(t, after) is not None):
            return count, after
    return None


def combine(t: list[Token], a: Amount, s: Schedule, drug: str | None) -> Statement:
    """Work out milligrams a day from an amount and its schedule."""
    end, mg, how, counted = s.end, a.mg, a.written, a.formed
    if s.total and s.times is None and s.period == 1:
        # "10 mg a day, three times a day": the amount is one of three; "60 mg a day in three doses" is the total.
        k = end + 1 if kind(t, end) == "soft" else end
        again = often(t, k) if kind(t, k) in ("num", "latin", "twice", "thrice", "everyh", "spread") else None
        if again and again.times and (again.total or again.times[0] > 1):
            s, end = again, again.end
        elif a.crossed:
            s = Schedule(end, a.count)
            mg = a.strength
    if s.total and s.times:
        once = (mg[0] / s.times[1], mg[1] / s.times[0])
        how = f"{how} in {plain(s.times)} doses"
        return Statement(a.first, end, once, s.times[1], mg, how, drug, a.unit, scheduled=True, counted=counted)
    if s.total and s.period != 1:
        day = (mg[0] / s.period, mg[1] / s.period)
        how = f"{how} / {s.period:g} days"
        return Statement(a.first, end, mg, 1 / s.period, day, how, drug, a.unit, scheduled=True, counted=counted)
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
    low = min(1.0, low) if s.up_to else low
    how = how if a.crossed and mg == a.strength else f"{how} x {plain((low, high))}"
    day = (mg[0] * low, mg[1] * high)
    return Statement(a.first, end, mg, high, day, how, drug, a.unit, scheduled=True, counted=counted)


def _grows(t: list[Token], i: int) -> bool:
    roles = table().roles
    return any(roles.get(token.text) in ("step", "taper") or token.text == "by" for token in t[max(0, i - 6) : i])


def _drug_in(t: list[Token], i: int, j: int) -> str | None:
    return next((token.text for token in t[i:j] if token.kind == "drug"), None)


def _drug_next(t: list[Token], j: int) -> str | None:
    while kind(t, j) in ("form", "of", "article", "fill") and text(t, j) not in ("with", "is", "was", "i", "am"):
        j += 1
    return t[j].text if kind(t, j) == "drug" else None


def _several(t: list[Token], i: int) -> Statement | None:
    """Read the day's parts and sum them: "20mg 2x day and 40mg at night", "10mg in the morning and 20 at night"."""
    items: list[tuple[Statement, bool]] = []
    j, unit, then = i, False, False
    while True:
        item = _item(t, j, unit=unit)
        if item is None:
            break
        items.append(item)
        unit = unit or item[0].explicit
        j = k = item[0].last
        while kind(t, k) in ("and", "soft") and "\n" not in t[k].text and k - j < 3:
            then = then or t[k].text == "then"
            k += 1
        if text(t, k) == "another":
            k += 1
        if k == j or kind(t, k) != "num":
            break
        j = k
    often_items = sum(not parts for _, parts in items)
    if len(items) < 2 or not unit or often_items > (0 if then else 1):
        return None
    drugs = {item.drug for item, _ in items if item.drug}
    if len(drugs) > 1:
        return None
    days = [item.mg_per_day for item, _ in items if item.mg_per_day]
    day = (sum(d[0] for d in days), sum(d[1] for d in days))
    times = sum(item.per_day or 1 for item, _ in items)
    how = " + ".join(item.derivation for item, _ in items)
    return Statement(i, items[-1][0].last, None, times, day, how, next(iter(drugs), None), scheduled=True)


def _item(t: list[Token], i: int, *, unit: bool) -> tuple[Statement, bool] | None:
    """Read one part of a day; without a unit only where another part has one. True: a time of day was named."""
    amount = amount_at(t, i)
    if amount is None:
        read = number_range(t, i)
        if read is None or (text(t, read[1]) in table().not_after and kind(t, read[1]) != "part"):
            return None
        if kind(t, read[1]) == "times" or (not unit and not any(x.kind == "unit" for x in t[i : i + 12])):
            return None
        amount = Amount(i, read[1], read[0], (1.0, 1.0), unit=False, written=f"{written(t, i, read[1])} mg")
    for k in dict.fromkeys((amount.last, skip(t, amount.last, 3))):
        schedule = schedule_at(t, k)
        if schedule and schedule.times and not schedule.total:
            if not amount.unit and amount.mg[1] < 1:
                return None
            return combine(t, amount, schedule, _drug_in(t, i, k)), schedule.parts
    return None


def _series(t: list[Token], i: int) -> Statement | None:
    """Read one amount for each time of day: "10-10-20", "5/5/5/10 mg"."""
    values, j, mark = [t[i].value], i + 1, text(t, i + 1)
    while mark in ("-", "/") and text(t, j) == mark and kind(t, j + 1) == "num" and t[j].end == t[j + 1].start:
        values.append(t[j + 1].value)
        j += 2
    if not 3 <= len(values) <= 6 or max(values) > 300 or text(t, j) == mark or text(t, i - 1) == mark:
        return None
    unit = kind(t, j) == "unit"
    if not unit and (any(v % 2.5 for v in values) or max(values) < 5):
        return None  # a date, a telephone number
    factor, end = (t[j].value, j + 1) if unit else (1.0, j)
    schedule = schedule_at(t, skip(t, end, 2))
    if schedule and schedule.total:
        end = schedule.end
    day = sum(values) * factor
    how = " + ".join(f"{v:g}" for v in values) + " mg"
    return Statement(i, end, None, float(len(values)), (day, day), how, _drug_next(t, end), unit, scheduled=True)


def _tablets(t: list[Token], i: int) -> Statement | None:
    """Read tablets by time of day, their strength said afterwards: "2 in the morning and one at night, the 20s"."""
    total, times, j = 0.0, 0.0, i
    while True:
        read = number_range(t, j)
        if read is None or not 0 < read[0][1] <= 12:
            break
        schedule = schedule_at(t, read[1] + (1 if kind(t, read[1]) == "form" else 0))
        if schedule is None or not schedule.times or schedule.total:
            break
        total, times = total + read[0][1] * schedule.times[1], times + schedule.times[1]
        j = k = schedule.end
        while kind(t, k) in ("and", "soft") and k - j < 2:
            k += 1
        if kind(t, k) != "num":
            break
        j = k
    if not times:
        return None
    k = j
    while kind(t, k) in ("soft", "article", "of", "form", "fill") and k - j < 5 and "\n" not in text(t, k):
        k += 1
    strength = strength_at(t, k) or (bare_strength(t, k) if text(t, k + 1) in ("s", "'s") else None)
    if strength is None:
        return None
    mg, each = strength.strength, total / times
    once = (mg[0] * each, mg[1] * each) if each == int(each) else None
    last = strength.last + (1 if kind(t, strength.last) == "form" else 0)
    how = f"{total:g} x {strength.written}"
    day = (mg[0] * total, mg[1] * total)
    return Statement(i, last, once, times, day, how, _drug_in(t, i, last), scheduled=True, counted=True)


def _schedule_first(t: list[Token], i: int) -> Statement | None:
    """Read "3 times daily a total of 60 mg", "every night 10mg", "twice a day I take 20 mg"."""
    if t[i].kind in ("part", "day", "per") and kind(t, i - 1) in ("num", "times"):
        return None
    schedule = schedule_at(t, i)
    if schedule is None or not (schedule.times or schedule.total) or schedule.end <= i:
        return None
    total, j = False, schedule.end
    while j - schedule.end < 5 and kind(t, j) in ("article", "of", "fill", "soft", "spread", "mark"):
        if kind(t, j) == "soft" and t[j].text not in (",", "("):
            return None
        total = total or kind(t, j) == "spread"
        j += 1
    amount = amount_at(t, j)
    if amount is None or not amount.unit:
        return None
    if schedule_at(t, skip(t, amount.last, 3)) is not None or _tablets_after(t, amount) is not None:
        return None
    if schedule.total and schedule.times is None and text(t, i) not in ("daily", "every", "each", "per"):
        return None
    schedule.end = amount.last
    schedule.total = schedule.total or (total and schedule.times is not None)
    drug = _drug_in(t, i, j) or _drug_next(t, amount.last)
    said = combine(t[: amount.last], amount, schedule, drug)
    said.first = i
    return said


def _bare(t: list[Token], i: int, behind: int, unit_at: int) -> Statement | None:
    """Read a number that only its place makes a dose: "at 80 now", "went up to 150", "30 spread over the day"."""
    counted = amount_at(t, i)
    if counted and not counted.unit and counted.count[1] < 1:
        return _single(t, i, behind)
    read = number_range(t, i)
    if read is None or not 2.5 <= read[0][1] <= 4000 or text(t, i - 1) in ("$", "£", "€", "#", "@", ".", "/"):
        return None
    value, j = read
    schedule = schedule_at(t, j)
    if kind(t, j) in ("unit", "times", "hour", "week", "month", "form", "drug", "mark", "num", "to") and not schedule:
        return None
    if text(t, j) in table().not_after and not schedule:
        return None
    if kind(t, j) == "part" and text(t, j) in ("am", "pm"):
        return None
    how = lead(t, i, behind)
    amount = Amount(i, j, value, (1.0, 1.0), unit=False, written=f"{written(t, i, j)} mg")
    near_unit = t[i].start - unit_at < 60
    if schedule and schedule.total and schedule.period == 1:
        if how or kind(t, i - 1) == "drug" or kind(t, j) == "spread" or near_unit:
            return combine(t, amount, schedule, _drug_next(t, schedule.end) or _drug_in(t, i - 1, i))
        return None
    if schedule and schedule.times:
        fits = value[1] >= 5 and (how == "takes" or (near_unit and not schedule.parts))
        return combine(t, amount, schedule, _drug_next(t, schedule.end)) if fits else None
    ends = kind(t, j) in ("end", "stop", "soft", "and") or text(t, j) in _ENDS
    if not ends or schedule or value[0] < 5:
        return None
    if how == "daily" or (how == "now" and near_unit):
        return Statement(i, j, None, None, value, f"{amount.written} a day", explicit=False, scheduled=True)
    if how == "takes" and unit_at >= 0 and not value[0] % 5 and text(t, i - 1) in ("took", "take", "taking", "takes"):
        return Statement(i, j, value, None, None, amount.written, explicit=False)
    return None
