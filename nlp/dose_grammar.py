"""What the tokens of dosing say together: how much at once, how often, how much a day, and how that was worked out.

A statement is read from left to right: an amount ("half a 25 mg tablet", "2 10mg", "10-10-20", "10 in the morning and
20 at night"), then, past the medicine's name and a few small words, its schedule ("3x a day", "q6h", "at bedtime").
"""

from dataclasses import dataclass, field

from nlp.dose_words import Token, table
from nlp.types import Range

_MOST_A_DAY = 24.0
_UNIT_BARRED = frozenset(
    ("kg", "dl", "ml", "l", "cc", "hr", "h", "hour", "kilo", "deciliter", "milliliter", "lb", "cm")
)
_LEADS = frozenset(("at", "on", "to", "reached", "hit", "reaching", "hitting"))
_TAKES = frozenset(
    (
        "taking",
        "take",
        "took",
        "takes",
        "prescribed",
        "doing",
        "dose",
        "dosage",
        "with",
        "of",
        "by",
        "was",
        "is",
        "using",
        "from",
    )
)


@dataclass(slots=True)
class Schedule:
    """How often: times (low, high) a day; total: the amount named is the day's; parts: times of day were named."""

    end: int
    times: Range | None = None
    total: bool = False
    parts: bool = False
    needed: bool = False
    up_to: bool = False
    period: float = 1.0  # days over which the amount is taken: 7 for "a week"


@dataclass(slots=True)
class Statement:
    """One dosing statement, as tokens first:last."""

    first: int
    last: int
    mg: Range | None
    per_day: float | None
    mg_per_day: Range | None
    derivation: str
    drug: str | None = None
    explicit: bool = True  # a unit was written
    scheduled: bool = False
    total: bool = False
    counted: bool = False
    strengths: tuple[float, ...] = field(default=())


@dataclass(slots=True)
class Amount:
    """An amount in mg at tokens first:last; count: tablets (low, high)."""

    first: int
    last: int
    strength: Range
    count: Range
    unit: bool
    written: str
    formed: bool = False

    @property
    def mg(self) -> Range:
        """The amount taken at once."""
        return (self.strength[0] * self.count[0], self.strength[1] * self.count[1])


def statements(tokens: list[Token]) -> list[Statement]:
    """Give the dosing statements of a stretch of tokens, in order, none overlapping another."""
    found: list[Statement] = []
    i, behind = 0, 0
    while i < len(tokens):
        read = None
        if tokens[i].kind in (
            "num",
            "upto",
            "times",
            "once",
            "twice",
            "thrice",
            "latin",
            "everyh",
            "part",
            "per",
            "day",
        ):
            read = _statement(tokens, i, behind)
        if read is None:
            i += 1
        else:
            found.append(read)
            i = behind = max(read.last, i + 1)
    return found


def _statement(t: list[Token], i: int, behind: int) -> Statement | None:
    if t[i].kind == "num":
        return (
            _series(t, i)
            or _several(t, i)
            or _single(t, i)
            or _counted(t, i)
            or _schedule_first(t, i)
            or _bare(t, i, behind)
        )
    return _schedule_first(t, i)


def _kind(t: list[Token], i: int) -> str:
    return t[i].kind if 0 <= i < len(t) else "end"


def _text(t: list[Token], i: int) -> str:
    return t[i].text if 0 <= i < len(t) else ""


def number_range(t: list[Token], i: int) -> tuple[Range, int] | None:
    """Read "3", "3-4", "2 or 3", "8 to 12" at i; give it and the index behind it."""
    if _kind(t, i) != "num":
        return None
    low = t[i].value
    if (
        _kind(t, i + 1) == "to"
        and _kind(t, i + 2) == "num"
        and low < t[i + 2].value
        and t[i + 2].value <= 20 * max(low, 0.1)
    ):
        return (low, t[i + 2].value), i + 3
    return (low, low), i + 1


def amount_at(t: list[Token], i: int) -> Amount | None:
    """Read an amount with its unit, and the tablets counted before or after it."""
    counted = _count_before(t, i)
    if counted:
        return counted
    return _plain(t, i)


def _plain(t: list[Token], i: int) -> Amount | None:
    read = number_range(t, i)
    if read is None:
        return None
    (low, high), j = read
    written = _written(t, i, j)
    if _kind(t, j) == "per" and _text(t, j) == "/" and _kind(t, j + 1) == "num" and _kind(t, j + 2) == "unit":
        # 10/325 mg: two medicines in one tablet; the first is the one that is named.
        j, factor = j + 3, t[j + 2].value
    elif _kind(t, j) == "unit":
        factor, j = t[j].value, j + 1
        if (
            _kind(t, j) == "to"
            and _kind(t, j + 1) == "num"
            and _kind(t, j + 2) == "unit"
            and t[j + 1].value * t[j + 2].value > high * factor
        ):
            high, j = t[j + 1].value * t[j + 2].value / factor, j + 3
    elif _kind(t, j) == "mark" and _text(t, j) == "-" and _kind(t, j + 1) == "unit":
        factor, j = t[j + 1].value, j + 2
    else:
        return None
    if _text(t, j) in ("/", "per") and _text(t, j + 1) in _UNIT_BARRED and not (_kind(t, j + 1) == "hour"):
        return None
    if (
        _text(t, j) == "."
        and _kind(t, j + 1) in ("per", "day", "article", "num", "times", "latin", "twice", "once", "upto")
        and t[j].kind == "stop"
    ):
        j += 1  # "10 mg. three times a day"
    return Amount(i, j, (low * factor, high * factor), (1.0, 1.0), True, f"{written} {_unit_name(factor)}")


def _unit_name(factor: float) -> str:
    return "mg" if factor == 1 else "mcg" if factor < 1 else "g"


def _written(t: list[Token], i: int, j: int) -> str:
    return " ".join(token.text for token in t[i:j]).replace(" - ", "-")


def _count_before(t: list[Token], i: int) -> Amount | None:
    """ "2 10mg", "half a 25 mg tablet", "two tablets of 10 mg", "1/2 of a 10mg", "2 x 10 mg"."""
    read = number_range(t, i)
    if read is None:
        return None
    count, j = read
    if not 0 < count[1] <= 12:
        return None
    k = j
    joined = False
    for _ in range(4):
        if (
            _kind(t, k) in ("form", "of", "article")
            or (_kind(t, k) == "times" and _text(t, k) in ("x", "times"))
            or _text(t, k) == "my"
        ):
            joined = joined or _kind(t, k) != "times"
            k += 1
        else:
            break
    if k > j and _kind(t, k - 1) == "times" and k - j > 1:
        return None
    inner = _plain(t, k)
    if inner is None or (k == j and t[j - 1].end == t[k].start):
        bare = _bare_strength(t, k) if (joined and count[1] < 1) or (_kind(t, k) == "num") else None
        if bare is None:
            return None
        inner = bare
    if k == j and count[1] >= inner.strength[0] and count[1] > 8:
        return None
    written = f"{_written(t, i, j)} x {inner.written}"
    last = inner.last + (1 if _kind(t, inner.last) == "form" else 0)
    return Amount(i, last, inner.strength, count, inner.unit, written, formed=True)


def _bare_strength(t: list[Token], k: int) -> Amount | None:
    """ "a quarter of a 40", "two 10s": a tablet called by its strength."""
    if _kind(t, k) != "num" or t[k].value < 2:
        return None
    nxt = _text(t, k + 1)
    plural = nxt in ("s", "'s") and t[k + 1].start == t[k].end
    if not plural and (
        nxt in table().not_after or _kind(t, k + 1) in ("unit", "times", "hour", "week", "month", "to", "per")
    ):
        return None
    if not plural and _kind(t, k - 1) not in ("of", "article"):
        return None
    value = t[k].value
    return Amount(k, k + (2 if plural else 1), (value, value), (1.0, 1.0), False, f"{t[k].text} mg")


def _count_after(t: list[Token], a: Amount) -> tuple[Range, int] | None:
    """ "10mg 1/2 pill", "10/325 mg 2 tablets", "25mg tabs which I took 1 every 4 hours", "10 mg x 2 tablets"."""
    j = _skip(t, a.last)
    for k in dict.fromkeys((a.last, j)):
        if _kind(t, k) == "times" and _text(t, k) in ("x", "times"):
            k += 1
        read = number_range(t, k)
        if read is None or not 0 < read[0][1] <= 12:
            continue
        count, after = read
        if (
            _kind(t, after) in ("times", "unit", "hour", "day", "week", "month", "and")
            or _text(t, after) in table().not_after
        ):
            if not (_kind(t, after) == "form" or _kind(t, after) == "day"):
                continue
        while _kind(t, after) in ("form", "of") or (_text(t, after) in ("a", "the") and _kind(t, after + 1) == "form"):
            after += 1
        if _kind(t, after - 1) == "form" or schedule_at(t, after) is not None:
            return count, after
    return None


def _skip(t: list[Token], j: int, most: int = 7) -> int:
    """Give the index behind the small words, tablets and names that may stand between an amount and its schedule."""
    steps = 0
    while steps < most and _kind(t, j) in ("form", "drug", "of", "fill", "article", "soft", "to", "mark", "word"):
        kind, text = t[j].kind, t[j].text
        if kind == "to" and text != "-":
            break
        if kind == "article" and _kind(t, j + 1) in ("day", "week", "month", "part"):
            break
        if (
            kind == "soft"
            and ("\n" in text or text == ")")
            and _kind(t, j + 1) not in ("latin", "times", "num", "twice", "once")
        ):
            break
        if kind == "mark" and text not in ("*", "-", "~", "@", '"', "'"):
            break
        if kind == "word" and text not in (
            "ml",
            "sublingual",
            "oral",
            "orally",
            "extended",
            "release",
            "have",
            "i've",
            "been",
            "baclofen",
            "brand",
            "generic",
            "s",
        ):
            break
        j += 1
        steps += 1
    return j


def schedule_at(t: list[Token], i: int) -> Schedule | None:
    """Read how often at i: "3x a day", "tid", "every 4-6 hours", "daily", "morning and night", "up to 3 times a day"."""
    j, up_to, needed = i, False, False
    while _kind(t, j) in ("upto", "needed"):
        up_to, needed = up_to or t[j].kind == "upto", needed or t[j].kind == "needed"
        j += 1
    got = _often(t, j)
    if got is None:
        return Schedule(j, needed=True) if needed and not up_to else None
    got.up_to, got.needed = up_to, needed
    j = got.end
    k = j + 1 if _kind(t, j) in ("soft", "fill") else j
    if _kind(t, k) == "needed":
        got.needed, got.end = True, k + 1
    elif _text(t, k) in ("max", "maximum"):
        got.up_to, got.end = True, k + 1
    return got


def _often(t: list[Token], i: int) -> Schedule | None:
    kind, text = _kind(t, i), _text(t, i)
    if kind == "latin":
        return Schedule(i + 1, (t[i].value, t[i].value))
    if kind == "everyh" or (kind == "per" and text in ("every", "each")):
        read = number_range(t, i + 1)
        if read and _kind(t, read[1]) == "hour" and read[0][0] > 0:
            (low, high), j = read
            return Schedule(j + 1, (min(24 / high, _MOST_A_DAY), min(24 / low, _MOST_A_DAY)))
        if read and _kind(t, read[1]) == "day" and read[0][0] >= 1 and kind != "everyh":
            return Schedule(read[1] + 1, (1 / read[0][1], 1 / read[0][0]))
        if _kind(t, i + 1) == "other" and _kind(t, i + 2) == "day":
            return Schedule(i + 3, (0.5, 0.5))
        if _kind(t, i + 1) == "hour":
            return None
    if kind in ("once", "twice", "thrice"):
        times = {"once": 1.0, "twice": 2.0, "thrice": 3.0}[kind]
        return _per(t, i + 1, (times, times), bare=kind != "once")
    read = number_range(t, i)
    if read:
        times, j = read
        if _kind(t, j) == "times":
            if times[1] > _MOST_A_DAY:
                return None
            return _per(t, j + 1, times, bare=_text(t, j) in ("x", "xs"))
        if _kind(t, j) == "per" and _kind(t, j + 1) == "day" and times[1] <= 8 and t[i].text.isdigit():
            return Schedule(j + 2, times)  # "3/day"
        return None
    return _part(t, i) or _daily(t, i)


def _per(t: list[Token], j: int, times: Range, *, bare: bool) -> Schedule | None:
    k = j
    while _kind(t, k) in ("per", "article") or (_kind(t, k) in ("mark", "to") and _text(t, k) == "-"):
        k += 1
    if _text(t, k) == "in" or _text(t, k) == "at":
        part = _part(t, k)
        if part:
            return Schedule(part.end, times)
    if _kind(t, k) == "day":
        end = k + 1
        # "3x daily every day", "twice a day morning and night"
        more = _part(t, end)
        return Schedule(more.end if more and more.times == times else end, times)
    if _kind(t, k) == "part":
        return Schedule(k + 1, times)
    if _kind(t, k) == "week":
        return Schedule(k + 1, (times[0] / 7, times[1] / 7))
    if _kind(t, k) == "month":
        return Schedule(k + 1, (times[0] / 30, times[1] / 30))
    if _kind(t, k) == "hour":
        return None
    return Schedule(j, times) if bare else None


def _daily(t: list[Token], i: int) -> Schedule | None:
    j = i
    if _kind(t, j) == "spread":
        times = (t[j].value, t[j].value) if t[j].value else None
        return Schedule(j + 1, times, total=True)
    while _kind(t, j) in ("per", "article"):
        j += 1
    if j - i > 2 or (
        j == i
        and _kind(t, j) == "day"
        and _text(t, j) not in ("daily", "everyday", "d", "aday", "perday", "day", "xday")
    ):
        return None
    if _kind(t, j) == "day" and _text(t, j) != "days":
        if _text(t, j) == "day" and j == i and _kind(t, j + 1) == "num":
            return None  # "day 3"
        if _text(t, j) == "day" and j > i and t[j - 1].text in ("the", "my"):
            return None
        if j == i + 1 and t[i].text in ("the",):
            return None
        return Schedule(j + 1, None, total=True)
    if _kind(t, j) == "week" and (j > i or _text(t, j) == "weekly") and _text(t, j) in ("week", "weekly", "wk"):
        return Schedule(j + 1, None, total=True, period=7.0)
    if _kind(t, j) == "month" and (j > i or _text(t, j) == "monthly") and t[i].text != "the":
        return Schedule(j + 1, None, total=True, period=30.0)
    return None


def _part(t: list[Token], i: int) -> Schedule | None:
    """ "at night", "in the morning and at bedtime", "morning, noon and night": as many times as are named."""
    count, j, last = 0.0, i, i
    while True:
        k = j
        while _kind(t, k) in ("article", "per") or _text(t, k) in (
            "in",
            "at",
            "before",
            "around",
            "about",
            "with",
            "for",
            "to",
        ):
            if k - j > 2:
                break
            k += 1
        if _kind(t, k) != "part" or (
            _text(t, k) in ("am", "bed", "sleep")
            and k == j
            and _kind(t, k - 1) != "unit"
            and count == 0
            and _text(t, k) != "am"
        ):
            break
        if _text(t, k) == "am" and k == j and _kind(t, k + 1) in ("word", "fill"):
            break  # "I am"
        count += t[k].value or 1.0
        last = j = k + 1
        if _kind(t, j) in ("and", "soft", "to") and not (_kind(t, j) == "soft" and "\n" in t[j].text):
            j += 1
            if _kind(t, j) == "and":
                j += 1
        elif _text(t, j) == "/":
            j += 1
        else:
            break
    return Schedule(last, (count, count), parts=True) if count else None


def _single(t: list[Token], i: int) -> Statement | None:
    amount = amount_at(t, i)
    return None if amount is None else _complete(t, amount)


def _complete(t: list[Token], a: Amount) -> Statement:
    drug = _drug_in(t, a.first, a.last)
    end = a.last
    counted = a.formed
    if not a.formed:
        after = _count_after(t, a)
        if after:
            drug = drug or _drug_in(t, end, after[1])
            a = Amount(
                a.first, after[1], a.strength, after[0], a.unit, f"{_plain_number(after[0])} x {a.written}", formed=True
            )
            end, counted = after[1], True
    j = _skip(t, end)
    schedule, at = None, end
    for k in dict.fromkeys((end, j)):
        schedule = schedule_at(t, k)
        if schedule:
            at = k
            break
    if schedule is None:
        drug = drug or _drug_next(t, end)
        tail = end + (1 if _kind(t, end) == "form" else 0)
        return Statement(
            a.first, tail, a.mg, None, None, a.written, drug, a.unit, counted=counted or _kind(t, end) == "form"
        )
    drug = drug or _drug_in(t, end, at) or _drug_next(t, schedule.end)
    return combine(t, a, schedule, drug, counted=counted)


def _plain_number(value: Range) -> str:
    return f"{value[0]:g}" if value[0] == value[1] else f"{value[0]:g}-{value[1]:g}"


def combine(t: list[Token], a: Amount, s: Schedule, drug: str | None, *, counted: bool) -> Statement:
    """Work out milligrams a day from an amount and its schedule."""
    end, mg = s.end, a.mg
    if s.total and s.times is None:
        # "10 mg a day, three times a day": the amount is one of three; "a total of 60 mg a day" is not.
        k = end + 1 if _kind(t, end) == "soft" else end
        again = _often(t, k) if _kind(t, k) in ("num", "latin", "twice", "thrice", "everyh", "spread") else None
        if again and again.times and not again.total and again.times[0] > 1:
            s, end = Schedule(again.end, again.times), again.end
        elif again and again.total and again.times:
            s, end = again, again.end
    written = a.written
    if s.total and s.times:
        day = mg
        once = (mg[0] / s.times[1], mg[1] / s.times[0])
        return Statement(
            a.first, end, once, s.times[1], day, f"{written} in {s.times[1]:g} doses", drug, a.unit, True, True, counted
        )
    if s.total:
        day = (mg[0] / s.period, mg[1] / s.period)
        low = day[0]
        if s.up_to or s.needed:
            low = min(low, a.strength[0] / s.period)
        how = f"{written} a day" if s.period == 1 else f"{written} / {s.period:g} days"
        if s.period != 1:
            return Statement(a.first, end, mg, 1 / s.period, day, how, drug, a.unit, True, False, counted)
        return Statement(a.first, end, None, None, (low, day[1]), how, drug, a.unit, True, True, counted)
    if s.times is None:  # as needed, no more said
        return Statement(a.first, end, mg, None, None, f"{written} as needed", drug, a.unit, False, False, counted)
    low, high = s.times
    if s.up_to:
        low = min(1.0, low)
    day = (mg[0] * low, mg[1] * high)
    how = f"{written} x {_plain_number((low, high))}"
    return Statement(a.first, end, mg, high, day, how, drug, a.unit, True, False, counted)


def _drug_in(t: list[Token], i: int, j: int) -> str | None:
    for token in t[i:j]:
        if token.kind == "drug":
            return token.text
    return None


def _drug_next(t: list[Token], j: int) -> str | None:
    while _kind(t, j) in ("form", "of", "article", "fill") and _text(t, j) not in (
        "and",
        "with",
        "is",
        "was",
        "i",
        "am",
    ):
        j += 1
    return t[j].text if _kind(t, j) == "drug" else None


def _several(t: list[Token], i: int) -> Statement | None:
    """ "20mg 2x day and 40mg at night", "10mg in the morning and 20 at night": the day's parts, summed."""
    items: list[Statement] = []
    j, unit = i, False
    while True:
        item = _item(t, j, unit=unit)
        if item is None:
            break
        items.append(item)
        unit = unit or item.explicit
        j = item.last
        k = j
        while _kind(t, k) in ("and", "soft") and not (_kind(t, k) == "soft" and "\n" in t[k].text) and k - j < 2:
            k += 1
        if _text(t, k) in ("another", "then"):
            k += 1
        if k == j or _kind(t, k) != "num":
            break
        j = k
    if len(items) < 2 or not unit:
        return None
    drugs = {item.drug for item in items if item.drug}
    if len(drugs) > 1:
        return None
    low = sum(item.mg_per_day[0] for item in items if item.mg_per_day)
    high = sum(item.mg_per_day[1] for item in items if item.mg_per_day)
    times = sum(item.per_day or 1 for item in items)
    how = " + ".join(item.derivation for item in items)
    return Statement(i, items[-1].last, None, times, (low, high), how, next(iter(drugs), None), True, True)


def _item(t: list[Token], i: int, *, unit: bool) -> Statement | None:
    """One part of a day: an amount and when; without a unit only where another part has one."""
    amount = amount_at(t, i)
    if amount is None:
        read = number_range(t, i)
        if read is None or (_text(t, read[1]) in table().not_after and _kind(t, read[1]) != "part"):
            return None
        if not unit and not _unit_ahead(t, i):
            return None
        amount = Amount(i, read[1], read[0], (1.0, 1.0), False, f"{_written(t, i, read[1])} mg")
    j = _skip(t, amount.last, 3)
    for k in dict.fromkeys((amount.last, j)):
        schedule = schedule_at(t, k)
        if schedule and schedule.times and not schedule.total:
            if amount.strength[1] * amount.count[1] < 1 and not amount.unit:
                return None
            return combine(t, amount, schedule, _drug_in(t, i, k), counted=False)
    return None


def _unit_ahead(t: list[Token], i: int) -> bool:
    return any(token.kind == "unit" for token in t[i : i + 12])


def _series(t: list[Token], i: int) -> Statement | None:
    """ "10-10-20", "5/5/5/10 mg": one amount for each time of day."""
    values = [t[i].value]
    j = i + 1
    while (
        _text(t, j) in ("-", "/")
        and _kind(t, j + 1) == "num"
        and _text(t, j) == _text(t, i + 1)
        and t[j].end == t[j + 1].start
    ):
        values.append(t[j + 1].value)
        j += 2
    if len(values) < 3 or len(values) > 6 or max(values) > 300:
        return None
    if _text(t, j) in ("-", "/") or _text(t, i - 1) in ("-", "/"):
        return None
    unit = _kind(t, j) == "unit"
    if not unit and (any(v % 2.5 for v in values) or max(values) < 5):
        return None  # a date, a telephone number
    factor = t[j].value if unit else 1.0
    end = j + 1 if unit else j
    schedule = schedule_at(t, _skip(t, end, 2))
    if schedule and schedule.total:
        end = schedule.end
    day = sum(values) * factor
    how = " + ".join(f"{v:g}" for v in values) + " mg"
    return Statement(i, end, None, float(len(values)), (day, day), how, _drug_next(t, end), unit, True)


def _counted(t: list[Token], i: int) -> Statement | None:
    """ "2 in the morning and one at night, the 20s": tablets by time of day, their strength said afterwards."""
    total, times, j = 0.0, 0.0, i
    while True:
        read = number_range(t, j)
        if read is None or not 0 < read[0][1] <= 12:
            break
        k = read[1] + (1 if _kind(t, read[1]) == "form" else 0)
        schedule = schedule_at(t, k)
        if schedule is None or not schedule.times or schedule.total:
            break
        total += read[0][1] * schedule.times[1]
        times += schedule.times[1]
        j = schedule.end
        k = j
        while _kind(t, k) in ("and", "soft") and k - j < 2:
            k += 1
        if _kind(t, k) != "num":
            break
        j = k
    if not times:
        return None
    k = j
    while _kind(t, k) in ("soft", "article", "of", "form", "fill") and k - j < 5 and "\n" not in _text(t, k):
        k += 1
    strength = _plain(t, k)
    if strength is None:
        plural = _text(t, k + 1) in ("s", "'s") and _kind(t, k) == "num"
        if not plural:
            return None
        strength = Amount(k, k + 2, (t[k].value, t[k].value), (1.0, 1.0), False, f"{t[k].text} mg")
    mg = strength.strength
    day = (mg[0] * total, mg[1] * total)
    each = total / times
    once = (mg[0] * each, mg[1] * each) if each == int(each) else None
    last = strength.last + (1 if _kind(t, strength.last) == "form" else 0)
    return Statement(
        i, last, once, times, day, f"{total:g} x {strength.written}", _drug_in(t, i, last), True, True, counted=True
    )


def _schedule_first(t: list[Token], i: int) -> Statement | None:
    """ "3 times daily a total of 60 mg", "every night 10mg", "twice a day I take 20 mg"."""
    if t[i].kind in ("part", "day", "per") and _kind(t, i - 1) in ("num", "times"):
        return None
    schedule = schedule_at(t, i)
    if schedule is None or (not schedule.times and not schedule.total) or schedule.end <= i:
        return None
    total, j = False, schedule.end
    while j - schedule.end < 5 and _kind(t, j) in ("article", "of", "fill", "soft", "spread", "mark"):
        if _kind(t, j) == "soft" and t[j].text not in (",", "("):
            return None
        total = total or _kind(t, j) == "spread"
        j += 1
    amount = amount_at(t, j)
    if amount is None or not amount.unit:
        return None
    if schedule_at(t, _skip(t, amount.last, 3)) is not None or _count_after(t, amount) is not None:
        return None
    if schedule.total and schedule.times is None and not total and _text(t, i) not in ("daily", "every", "each", "per"):
        return None
    if total and schedule.times:
        schedule = Schedule(amount.last, schedule.times, total=True)
    whole = Amount(amount.first, amount.last, amount.strength, amount.count, True, amount.written, amount.formed)
    schedule.end = amount.last
    said = combine(
        t[: amount.last], whole, schedule, _drug_in(t, i, j) or _drug_next(t, amount.last), counted=amount.formed
    )
    said.first = i
    return said


def _bare(t: list[Token], i: int, behind: int) -> Statement | None:
    """ "at 80 now", "went up to 150", "30 spread over the day": a number that only its place makes a dose."""
    read = number_range(t, i)
    if read is None:
        return None
    value, j = read
    after = _text(t, j)
    if not 2.5 <= value[1] <= 4000 or (_kind(t, i - 1) == "mark" and _text(t, i - 1) in "$£€#@"):
        return None
    if _kind(t, j) in (
        "unit",
        "times",
        "hour",
        "week",
        "month",
        "form",
        "drug",
        "mark",
        "num",
        "per",
        "to",
    ) and not _daily(t, j):
        return None
    if after in table().not_after and not _daily(t, j) and _kind(t, j) not in ("part",):
        return None
    if _kind(t, j) == "part" and _text(t, j) in ("am", "pm"):
        return None
    lead = _lead(t, i, behind)
    schedule = schedule_at(t, j)
    ends = _kind(t, j) in ("end", "stop", "soft", "and") or after in (
        "now", "currently", "then", "but", "for", "since", "with", "at", "in", "when", "because", "so", "today", "yesterday",
        "without", "until", "which", "before", "after", "as", "from", "if", "though", "although", "while", "still", "that",
    )  # fmt: skip
    written = f"{_written(t, i, j)} mg"
    amount = Amount(i, j, value, (1.0, 1.0), False, written)
    if schedule and schedule.total and schedule.period == 1 and (lead or _kind(t, j) == "spread"):
        return combine(t, amount, schedule, _drug_next(t, schedule.end), counted=False)
    if schedule and schedule.times and lead == "takes" and value[1] >= 5 and not schedule.total:
        return combine(t, amount, schedule, _drug_next(t, schedule.end), counted=False)
    if lead == "leads" and ends and schedule is None and value[0] >= 5:
        return Statement(i, j, None, None, value, f"{written} a day", None, False, True, True)
    return None


def _lead(t: list[Token], i: int, behind: int) -> str | None:
    j = i - 1
    while j >= behind and _text(t, j) in (
        "about",
        "around",
        "approx",
        "approximately",
        "only",
        "just",
        "now",
        "roughly",
        "like",
        "~",
        "a",
        "the",
        "day",
    ):
        j -= 1
    if j < behind:
        return None
    word = _text(t, j)
    if _kind(t, j) == "upto":
        return "leads"
    if word in _LEADS:
        return "leads"
    return "takes" if word in _TAKES else None
