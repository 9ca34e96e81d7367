"""What the tokens of dosing say together: how much at once, how often, how much a day, and how that was worked out.

A statement is read from left to right: an amount (nlp.dose_amounts), then, past the medicine's name and a few small
words, its schedule (nlp.dose_schedule); or the schedule first; or a number that only its place makes a dose.
"""

from nlp.dose_amounts import (
    CHANGES,
    Amount,
    amount_at,
    kind,
    number_range,
    plain,
    plural_at,
    strength_at,
    text,
    written,
)
from nlp.dose_lead import lead, leads_daily
from nlp.dose_schedule import Schedule, schedule_at, skip
from nlp.dose_statement import Statement, combine, drug_in, drug_next
from nlp.dose_tablets import by_parts, explained, tablets, tablets_after
from nlp.dose_words import Token, table
from nlp.types import Range

_BEGINS = frozenset(("num", "upto", "once", "twice", "thrice", "latin", "everyh", "part", "per", "day", "spread"))
_ENDS = frozenset(
    "now currently then but for since with at in when because so today yesterday without until which before after as "
    "from if though although while still that".split()
)
_MOST_VALUES = 6  # amounts in a series such as "5/5/5/10"
_TAKES_TABLETS = frozenset("take takes took taking use using used need only just about of to".split())


def statements(tokens: list[Token]) -> list[Statement]:
    """Give the dosing statements of a stretch of tokens, in order, none overlapping another."""
    found: list[Statement] = []
    i, behind, unit_at = 0, 0, -1000
    known: Amount | None = None
    while i < len(tokens):
        read = None
        if known and tokens[i].kind == "num" and text(tokens, i - 1) in _TAKES_TABLETS:
            read = tablets(tokens, i, known)
            if read and (found[-1].explicit or found[-1].counted) and not found[-1].scheduled:
                found.pop()  # "10 mg tablets, and I take one at night": one statement, not two
        if read is None and tokens[i].kind in _BEGINS:
            read = _statement(tokens, i, behind, unit_at)
        if read is None or read.last <= i:
            i += 1
        else:
            if found and _at_most(tokens, found[-1], read):
                found.pop()
            found.append(read)
            known = _strength(tokens, i, read)
            i = behind = read.last
            unit_at = tokens[i - 1].end if read.explicit else unit_at
    return found


def _strength(t: list[Token], i: int, read: Statement) -> Amount | None:
    """Give the strength of the tablets that a statement names without saying how often: "I have the 10 mg tablets"."""
    if read.scheduled or not (read.counted or kind(t, read.last) == "form"):
        return None
    amount = strength_at(t, i)
    return amount if amount and amount.unit else plural_at(t, i)


def _at_most(t: list[Token], a: Statement, b: Statement) -> bool:
    """Join a to b where b is the most that is taken a day of the amount a: "5mg at a time, no more than 20mg a day"."""
    limit = any(token.kind == "upto" for token in t[a.last : b.first + 1])
    if not limit or b.first - a.last > 6 or a.mg is None or a.scheduled or b.mg or not b.mg_per_day:
        return False
    if b.mg_per_day[1] < a.mg[1] or (a.drug and b.drug and a.drug != b.drug):
        return False
    b.first, b.mg, b.mg_per_day, b.drug = a.first, a.mg, (a.mg[0], b.mg_per_day[1]), b.drug or a.drug
    b.derivation = f"{a.derivation}, up to {b.derivation}"
    return True


def _statement(t: list[Token], i: int, behind: int, unit_at: int) -> Statement | None:
    if t[i].kind != "num":
        return _schedule_first(t, i)
    return (
        _series(t, i)
        or _several(t, i)
        or _single(t, i, behind)
        or tablets(t, i)
        or _schedule_first(t, i)
        or _bare(t, i, behind, unit_at)
    )


def _single(t: list[Token], i: int, behind: int) -> Statement | None:
    amount = amount_at(t, i)
    if amount is None:
        return None
    drug = drug_in(t, amount.first, amount.last)
    if not amount.formed and (shared := by_parts(t, amount)):
        return shared
    after = None if amount.formed else tablets_after(t, amount)
    if after:
        drug = drug or drug_in(t, amount.last, after[1])
        name = f"{plain(after[0])} x {amount.written}"
        amount = Amount(amount.first, after[1], amount.strength, after[0], amount.unit, name, formed=True)
    end, schedule, at = explained(t, amount), None, amount.last
    for k in dict.fromkeys((end, skip(t, end), _next_sentence(t, end))):
        schedule = schedule_at(t, k)
        if schedule:
            at = k
            break
    if schedule and _once(t, amount, schedule):
        return Statement(
            i, schedule.end, amount.mg, None, None, amount.written, drug, amount.unit, counted=amount.formed
        )
    if schedule is None:
        formed = amount.formed or kind(t, end) == "form"
        drug = drug or drug_next(t, end)
        if not formed and leads_daily(t, i, behind):
            return Statement(
                i, end, None, None, amount.mg, f"{amount.written} a day", drug, amount.unit, scheduled=True
            )
        last = end + (1 if kind(t, end) == "form" else 0)
        return Statement(i, last, amount.mg, None, None, amount.written, drug, amount.unit, counted=formed)
    drug = drug or drug_in(t, end, at) or drug_next(t, schedule.end)
    schedule.up_to = schedule.up_to or (amount.formed and kind(t, i - 1) == "upto")
    return combine(t, amount, schedule, drug)


def _once(t: list[Token], a: Amount, s: Schedule) -> bool:
    """Say whether a schedule tells of one time only: "took 2.5mg at 4am", "I only ever took 20mg twice"."""
    before = [token.text for token in t[max(0, a.first - 6) : a.first]]
    if "took" not in before and "tried" not in before:
        return False
    said = t[a.last : s.end]
    clock = (
        s.parts and s.times == (1.0, 1.0) and any(token.kind == "part" and token.text[0].isdigit() for token in said)
    )
    return clock or (bool(said) and said[-1].kind in ("twice", "thrice", "once"))


def _next_sentence(t: list[Token], end: int) -> int:
    """Give where "Three times a day." begins that follows "10 mg baclofen." as a sentence of its own."""
    j = skip(t, end, 2)
    if text(t, j) == "." and kind(t, j + 1) in ("num", "twice", "once", "latin"):
        read = schedule_at(t, j + 1)
        if read and kind(t, read.end) in ("stop", "end"):
            return j + 1
    return end


def _several(t: list[Token], i: int) -> Statement | None:
    """Read the day's parts and sum them: "20mg 2x day and 40mg at night", "10mg in the morning and 20 at night"."""
    items: list[tuple[Statement, bool]] = []
    j, unit, then = i, False, False
    known: Amount | None = None
    while True:
        item = _item(t, j, known)
        if item is None:
            break
        items.append(item)
        known = known or (amount_at(t, i) if item[0].counted else None)
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
    if len(items) < 2 or often_items > (0 if then else 1):
        return None
    if not unit and (often_items or any(not _usual(item.mg) for item, _ in items)):
        return None
    drugs = {item.drug for item, _ in items if item.drug}
    if len(drugs) > 1:
        return None
    days = [item.mg_per_day for item, _ in items if item.mg_per_day]
    day = (sum(d[0] for d in days), sum(d[1] for d in days))
    times = sum(item.per_day or 1 for item, _ in items)
    how = " + ".join(item.derivation for item, _ in items)
    return Statement(i, items[-1][0].last, None, times, day, how, next(iter(drugs), None), unit, scheduled=True)


def _usual(mg: Range | None) -> bool:
    """Say whether a number without a unit is one that tablets add up to."""
    return mg is not None and mg[0] >= 5 and not (mg[0] % 2.5 or mg[1] % 2.5)


def _item(t: list[Token], i: int, known: Amount | None) -> tuple[Statement, bool] | None:
    """Read one part of a day, and say whether a time of day was named.

    known: tablets that another part counts: "one 10 mg at noon and two at bedtime".
    """
    amount = amount_at(t, i)
    if amount is None:
        read = number_range(t, i)
        if read is None or (text(t, read[1]) in table().not_after and kind(t, read[1]) != "part"):
            return None
        if kind(t, read[1]) == "times":
            return None
        amount = Amount(i, read[1], read[0], (1.0, 1.0), unit=False, written=f"{written(t, i, read[1])} mg")
        if known and read[0][1] <= 4:
            name = f"{plain(read[0])} x {plain(known.strength)} mg"
            amount = Amount(i, read[1], known.strength, read[0], known.unit, name, formed=True)
    for k in dict.fromkeys((amount.last, skip(t, amount.last, 3))):
        schedule = schedule_at(t, k)
        if schedule and schedule.times and not schedule.total:
            if not amount.unit and not known and amount.mg[1] < 1:
                return None
            return combine(t, amount, schedule, drug_in(t, i, k)), schedule.parts
    return None


def _series(t: list[Token], i: int) -> Statement | None:
    """Read one amount for each time of day: "10-10-20", "5/5/5/10 mg"."""
    values, j, mark = [t[i].value], i + 1, text(t, i + 1)
    while mark in ("-", "/") and text(t, j) == mark and kind(t, j + 1) == "num" and t[j].end == t[j + 1].start:
        if len(values) > _MOST_VALUES:
            return None
        values.append(t[j + 1].value)
        j += 2
    if not 3 <= len(values) <= _MOST_VALUES or max(values) > 300 or text(t, j) == mark or text(t, i - 1) == mark:
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
    return Statement(i, end, None, float(len(values)), (day, day), how, drug_next(t, end), unit, scheduled=True)


def _schedule_first(t: list[Token], i: int) -> Statement | None:
    """Read "3 times daily a total of 60 mg", "every night 10mg", "twice a day I take 20 mg"."""
    if t[i].kind in ("part", "day", "per") and kind(t, i - 1) in ("num", "times"):
        return None
    schedule = schedule_at(t, i)
    if schedule is None or not (schedule.times or schedule.total) or schedule.end <= i:
        return None
    total, j = False, schedule.end
    while j - schedule.end < 6 and (
        kind(t, j) in ("article", "of", "fill", "soft", "spread", "mark")
        or text(t, j) in ("dose", "dosage", "amount", "intake")
        or (text(t, j - 1) in ("at", "around") and kind(t, j) == "num" and kind(t, j + 1) in ("fill", "soft"))
    ):
        if kind(t, j) == "soft" and t[j].text not in (",", "("):
            return None
        total = total or kind(t, j) == "spread"
        j += 1
    amount = amount_at(t, j)
    if amount is None or not amount.unit:
        return None
    if schedule_at(t, skip(t, amount.last, 3)) is not None or tablets_after(t, amount) is not None:
        return None
    if schedule.total and schedule.times is None and text(t, i) not in ("daily", "every", "each", "per"):
        return None
    schedule.end = amount.last
    schedule.total = schedule.total or (total and schedule.times is not None)
    drug = drug_in(t, i, j) or drug_next(t, amount.last)
    said = combine(t[: amount.last], amount, schedule, drug)
    said.first = i
    return said


def _bare(t: list[Token], i: int, behind: int, unit_at: int) -> Statement | None:
    """Read a number that only its place makes a dose: "at 80 now", "went up to 150", "30 spread over the day"."""
    counted = amount_at(t, i)
    if counted and not counted.unit and counted.count[1] < 1:
        return _single(t, i, behind)
    tablet = plural_at(t, i)
    if tablet:
        drug = drug_in(t, i - 1, i)  # "norco 10s"
        return Statement(i, tablet.last, tablet.mg, None, None, tablet.written, drug, explicit=False, counted=True)
    of_drug = _of_drug(t, i, unit_at)
    if of_drug:
        return of_drug
    read = number_range(t, i)
    if read is None or not 2.5 <= read[0][1] <= 4000 or text(t, i - 1) in ("$", "£", "€", "#", "@", ".", "/"):
        return None
    value, j = read
    schedule = schedule_at(t, j)
    if _changes_from(t, i, j):
        return Statement(i, j, None, None, value, f"{written(t, i, j)} mg a day", explicit=False, scheduled=True)
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
        if value[1] < 5:
            return None  # "3 a day": tablets, or drinks
        if how or kind(t, i - 1) == "drug" or kind(t, j) == "spread" or near_unit:
            return combine(t, amount, schedule, drug_next(t, schedule.end) or drug_in(t, i - 1, i))
        return None
    if schedule and schedule.times:
        fits = value[1] >= 5 and (how == "takes" or (near_unit and not schedule.parts))
        return combine(t, amount, schedule, drug_next(t, schedule.end)) if fits else None
    ends = kind(t, j) in ("end", "stop", "soft", "and") or text(t, j) in _ENDS
    if not ends or schedule or value[0] < 5:
        return None
    if how == "daily" or (how == "now" and near_unit):
        return Statement(i, j, None, None, value, f"{amount.written} a day", explicit=False, scheduled=True)
    if how == "takes" and unit_at >= 0 and not value[0] % 5 and text(t, i - 1) in ("took", "take", "taking", "takes"):
        return Statement(i, j, value, None, None, amount.written, explicit=False)
    return None


def _of_drug(t: list[Token], i: int, unit_at: int) -> Statement | None:
    """Read a number of a medicine that is named, after an amount with its unit: "100 mg of X and 30 of Y daily"."""
    j = i + 1
    if text(t, j) != "of" or unit_at < 0 or t[i].start - unit_at > 60:
        return None
    while kind(t, j) in ("of", "fill", "article") and j - i < 4:
        j += 1
    if kind(t, j) != "drug":
        return None
    value = (t[i].value, t[i].value)
    amount = Amount(i, j + 1, value, (1.0, 1.0), unit=False, written=f"{t[i].text} mg")
    schedule = schedule_at(t, j + 1)
    if schedule:
        return combine(t, amount, schedule, t[j].text)
    return Statement(i, j + 1, value, None, None, amount.written, t[j].text, explicit=False)


def _changes_from(t: list[Token], i: int, j: int) -> bool:
    """Say whether the number is where a change began that ends in milligrams: "up from 30 to 90 mg"."""
    begins = text(t, i - 1) == "from" and kind(t, j) == "to" and kind(t, j + 2) == "unit"
    return begins and any(token.text in CHANGES for token in t[max(0, i - 4) : i - 1])
