"""A day's parts and their sum: "10mg in the morning and 20 at night", "20mg 2x day and 40mg at night", "5/5/5/10"."""

from nlp.dose_amounts import Amount, amount_at, kind, number_range, plain, text, written
from nlp.dose_schedule import Schedule, clock, schedule_at, skip
from nlp.dose_statement import Statement, combine, drug_in, drug_next
from nlp.dose_words import Token, table
from nlp.types import Range

_MOST_VALUES = 6  # amounts in a series such as "5/5/5/10"
_PLURAL = frozenset("nights nites mornings evenings afternoons".split())
_SAME = frozenset("same again ditto likewise".split())
_MUCH = frozenset("that as much the amount dose thing number one again".split())
_THAT = frozenset("that as the".split())
_TIMES_THAT = {"twice": 2.0, "double": 2.0, "half": 0.5, "triple": 3.0}
_ONE_MORE = frozenset("one another them these those".split())
_BETWEEN = frozenset("another a i take took then also only just my an and again extra additional further".split())


def several(t: list[Token], i: int) -> Statement | None:
    """Read the day's parts and sum them: "20mg 2x day and 40mg at night", "10mg in the morning and 20 at night"."""
    items: list[tuple[Statement, bool]] = []
    j, unit, then = i, False, False
    known: Amount | None = None
    while True:
        item = _item(t, j, known)
        if item is None:
            break
        items.append(item)
        known = known or amount_at(t, i)
        unit = unit or item[0].explicit
        j = k = item[0].last
        while kind(t, k) in ("and", "soft") and "\n" not in t[k].text and k - j < 3:
            then = then or t[k].text == "then"
            k += 1
        if k == j and text(t, k) == "for":
            k = _behind_purpose(t, k)
        while k > j and (same := _again(t, k, items[-1][0])):
            items.append((same, True))
            j = k = same.last
            while kind(t, k) in ("and", "soft") and "\n" not in t[k].text and k - j < 3:
                k += 1
        while k > j and text(t, k) in _BETWEEN:
            k += 1
        k = _nothing(t, k)
        if kind(t, k) != "num" or (k == j and not (item[1] and _measured(t, k))):
            break
        j = k
    often_items = sum(not parts for _, parts in items)
    if len(items) < 2 or often_items > (0 if then else 1):
        return None
    if then and any((item.per_day or 0) > 2 for item, _ in items):
        return None  # "5 mg with breakfast and dinner, then 10 with each meal": a later dose, no part of the day
    if not unit and (often_items or any(not _usual(item.mg) for item, _ in items)):
        return None
    drugs = {item.drug for item, _ in items if item.drug}
    if len(drugs) > 1:
        return None
    days = [item.mg_per_day for item, _ in items if item.mg_per_day]
    day = (sum(d[0] for d in days), sum(d[1] for d in days))
    times = sum(item.per_day or 1 for item, _ in items)
    how = " + ".join(item.derivation for item, _ in items)
    each = {item.mg for item, _ in items if item.per_day}
    once = next(iter(each)) if len(each) == 1 and all(item.per_day for item, _ in items) else None
    return Statement(i, items[-1][0].last, once, times, day, how, next(iter(drugs), None), unit, scheduled=True)


def _behind_purpose(t: list[Token], j: int) -> int:
    """Give the index behind a purpose and "and": "10 mg at night for my legs and 5 in the morning"."""
    for k in range(j + 1, j + 6):
        if kind(t, k) == "and" and text(t, k) != "then" and kind(t, k + 1) == "num":
            return k + 1
        if kind(t, k) in ("stop", "num", "unit", "end", "drug"):
            break
    return j


def _measured(t: list[Token], k: int) -> bool:
    """Say whether an amount with its unit stands at k: "1mg in the morning 1mg in the evening"."""
    amount = amount_at(t, k)
    return amount is not None and amount.unit


def _again(t: list[Token], k: int, last: Statement) -> Statement | None:
    """Read what takes up the amount before it at another time of day: "and again in the evening", "the same at noon".

    "Twice that at bedtime" and "half that" too.
    """
    factor, j = (_TIMES_THAT.get(text(t, k), 0.0), k + 1) if text(t, k + 1) in _THAT else (0.0, k)
    same = factor > 0
    while text(t, j) in _SAME or (same and text(t, j) in _MUCH):
        same = same or text(t, j) in _SAME
        j += 1
    if not same and text(t, k) in ("the", "another") and text(t, k + 1) in _SAME | _MUCH:
        j, same = k + 1, True
        while text(t, j) in _SAME | _MUCH:
            j += 1
    if not same and text(t, k) == "another":
        j, same = k + 1, kind(t, k + 1) != "num"
    schedule = schedule_at(t, j) or clock(t, j) if same else None
    if schedule is None or not schedule.parts or not schedule.times or not last.mg:
        return None
    mg = (last.mg[0] * (factor or 1.0), last.mg[1] * (factor or 1.0))
    amount = Amount(k - 1, schedule.end, mg, (1.0, 1.0), last.explicit, f"{plain(mg)} mg")
    return combine(t[: schedule.end], amount, schedule, last.drug)


def _nothing(t: list[Token], k: int) -> int:
    """Give the index behind a time of day at which nothing is taken: "15mg in the morning, none at noon, ..."."""
    none = schedule_at(t, k + 1) if text(t, k) in ("none", "nothing", "skip", "skipping") else None
    if none is None or not none.parts:
        return k
    return none.end + 1 if kind(t, none.end) in ("soft", "and") else none.end


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
        more = read is not None and known is not None and text(t, read[1]) == "more"
        of_one = read is not None and known is not None and _of_one(t, read[1])
        unlike = read is not None and text(t, read[1]) in table().not_after and kind(t, read[1]) != "part"
        if read is None or (unlike and not more and not of_one):
            return None
        if text(t, read[1]) in _PLURAL:
            return None  # "for 3 nights"
        if kind(t, read[1]) == "times":
            return None
        if known and text(t, read[1]) == "more":
            read = read[0], read[1] + 1  # "two 50 mg in the morning and two more at noon"
        elif of_one:
            read = read[0], read[1] + 2 + (kind(t, read[1] + 2) == "num")  # "half of one at night"
        amount = Amount(i, read[1], read[0], (1.0, 1.0), unit=False, written=f"{written(t, i, read[1])} mg")
        if known and (read[0][1] <= 4 if known.formed else read[0][1] <= 3 and known.mg[0] >= 8):
            name = f"{plain(read[0])} x {plain(known.strength)} mg"
            amount = Amount(i, read[1], known.strength, read[0], known.unit, name, formed=True)
    for k in dict.fromkeys((amount.last, skip(t, amount.last, 3))):
        schedule = schedule_at(t, k) or clock(t, k)
        if kind(t, k) == "spread" and not t[k].value and text(t, k).endswith("day"):
            schedule = Schedule(k + 1, (1.0, 1.0), parts=True)  # "40 mg at night and 20 during the day"
        if schedule and schedule.times and not schedule.total:
            if not amount.unit and not known and amount.mg[1] < 1:
                return None
            return combine(t, amount, schedule, drug_in(t, i, k)), schedule.parts
    return None


def _of_one(t: list[Token], k: int) -> bool:
    """Say whether tablets are counted that were named before: "half of one", "two of them"."""
    return text(t, k) == "of" and text(t, k + 1) in _ONE_MORE


def by_time(t: list[Token], i: int) -> Statement | None:
    """Read a day told by its times, each before its amount: "breakfast 10 mg, lunch 10 mg, bed 20 mg"."""
    if kind(t, i) != "part" or kind(t, i - 1) in ("num", "unit", "form", "part", "times"):
        return None
    if kind(t, i - 1) in ("article", "fill") and kind(t, i - 2) in ("num", "unit", "form"):
        return None
    amounts: list[Amount] = []
    j = k = i
    named = False  # whether each time has its medicine: "morning: baclofen 20. evening: baclofen 35"
    while kind(t, k) == "part":
        k += 1
        k += text(t, k) in (":", "-", "=") or text(t, k) == "i"
        k += text(t, k) in ("take", "is")
        named = kind(t, k) == "drug" and (named or not amounts)
        k += kind(t, k) == "drug"
        amount = amount_at(t, k)
        if amount is None and (amounts or named) and (read := number_range(t, k)):
            amount = Amount(k, read[1], read[0], (1.0, 1.0), unit=False, written=f"{written(t, k, read[1])} mg")
        if amount is None:
            break
        amounts.append(amount)
        j = k = amount.last + (kind(t, amount.last) == "form")
        while kind(t, k) in ("and", "soft", "article") or text(t, k) in ("in", "at", "then", ".", ";"):
            k += 1
    if len(amounts) < 2 or not (amounts[0].unit or named):
        return None
    day = (sum(a.mg[0] for a in amounts), sum(a.mg[1] for a in amounts))
    each = {a.mg for a in amounts}
    how = " + ".join(a.written for a in amounts)
    drug = drug_in(t, i, j)
    return Statement(i, j, each.pop() if len(each) == 1 else None, len(amounts), day, how, drug, scheduled=True)


def series(t: list[Token], i: int) -> Statement | None:
    """Read one amount for each time of day: "10-10-20", "5/5/5/10 mg"."""
    values, j, mark = [t[i].value], i + 1, text(t, i + 1)
    apart = t[j].start - t[i].end if mark else 0
    while mark in ("-", "/") and text(t, j) == mark and kind(t, j + 1) == "num":
        if t[j + 1].start - t[j].end != apart or apart > 1:
            break
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
