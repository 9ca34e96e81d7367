"""Tablets counted apart from their strength: "2 in the morning and one at night, the 20s", "10mg, one at night"."""

from nlp.dose_amounts import Amount, amount_at, bare_strength, kind, number_range, plain, strength_at, text
from nlp.dose_schedule import schedule_at, skip
from nlp.dose_statement import Statement, drug_in
from nlp.dose_words import Token, table
from nlp.types import Range

_OF_THEM = frozenset("them these those one em".split())
_CUTS = frozenset("cut cutting cuts break breaking broke split splitting splits halve bite bit chop snap".split())
_PARTS_OF = {"half": 0.5, "halves": 0.5, "halfs": 0.5, "two": 0.5, "quarters": 0.25, "fourths": 0.25, "thirds": 1 / 3}
_APIECE = frozenset("each apiece ea".split())
_TOTAL = frozenset(
    "( ) , = for a the total totals totaling totalling of equals equal so that's thats which is or daily day per my in "
    "all makes making altogether".split()
)
# Between tablets that were counted and their strength.
_TABLETS = frozenset("they they're theyre these those mine all for me i've got have being -".split())
_SAYS_TOTAL = frozenset(
    "total totals totaling totalling daily day per altogether all makes making equals = in total".split()
)


def tablets(t: list[Token], i: int, known: Amount | None = None) -> Statement | None:
    """Read tablets by time of day, their strength said afterwards: "2 in the morning and one at night, the 20s".

    known: a strength that was said before ("I have 10 mg tablets"), for a count without one.
    """
    read = _counts(t, i, known=known is not None)
    if read is None:
        return None
    total, times, j, counts = read
    k = _named_behind(t, j)
    strength = strength_at(t, k) or (bare_strength(t, k) if text(t, k + 1) in ("s", "'s") else None) or _each(t, k)
    if strength and schedule_at(t, skip(t, strength.last, 3)) and known:
        strength = None
    last = j
    if strength:
        last = strength.last + (1 if kind(t, strength.last) == "form" else 0)
    elif known is None:
        return None
    else:
        strength = known
    mg = strength.strength
    drug = drug_in(t, i, last)
    how = f"{plain(total)} x {strength.written}"
    if not times:
        day = (mg[0] * total[0], mg[1] * total[1])
        how = f"{how} a day"
        if total == (1.0, 1.0):
            return Statement(i, last, mg, 1.0, day, how, drug, scheduled=True, counted=True, tablet=mg)
        return Statement(i, last, None, None, day, how, drug, scheduled=True, counted=True, tablet=mg)
    each = next(iter(counts)) if len(counts) == 1 else None
    once = (mg[0] * each[0], mg[1] * each[1]) if each else None
    day = (mg[0] * total[0], mg[1] * total[1])
    return Statement(i, last, once, times, day, how, drug, scheduled=True, counted=True, tablet=mg)


def _each(t: list[Token], k: int) -> Amount | None:
    """Read the strength of each of the tablets that were counted: "5 pills a day at 20 each"."""
    if kind(t, k) != "num" or text(t, k + 1) not in _APIECE or not t[k].text.isdigit():
        return None
    return Amount(k, k + 2, (t[k].value, t[k].value), (1.0, 1.0), unit=False, written=f"{t[k].text} mg")


def _named_behind(t: list[Token], j: int) -> int:
    """Give where the strength of tablets counted before j may be said: "(they're the 20s)", ". Mine are 10 mg"."""
    k = j
    while k - j < 7 and "\n" not in text(t, k):
        opens = kind(t, k) == "stop" and text(t, k + 1) in _TABLETS
        if not opens and kind(t, k) not in ("soft", "article", "of", "form", "fill") and text(t, k) not in _TABLETS:
            break
        k += 1
    return k


def _counts(t: list[Token], i: int, *, known: bool = False) -> tuple[Range, float, int, set[Range]] | None:
    """Read how many tablets a day: their number, how often, the index behind, and the different numbers at once.

    How often is 0 where only the day's number is said ("3 a day").
    """
    low, high, times, j = 0.0, 0.0, 0.0, i
    counts: set[Range] = set()
    while True:
        read = number_range(t, j)
        if read is None or not 0 < read[0][1] <= 12:
            break
        count, k = read
        if text(t, k) in ("nights", "nites", "mornings", "evenings"):
            break  # "for 3 nights"
        k += kind(t, k) == "article" and kind(t, k + 1) == "form"  # "half a tablet"
        while kind(t, k) == "form" or (kind(t, k) == "of" and text(t, k + 1) in _OF_THEM):
            k += 1 if kind(t, k) == "form" else 2
        if kind(t, k) == "drug":
            k += 1 + (kind(t, k + 1) == "form")  # "3 baclofen a day, the 20 mg ones"
        schedule = schedule_at(t, k)
        if schedule is None or not (schedule.times or (schedule.total and schedule.period == 1)):
            break
        if schedule.times is None:
            return None if counts else (count, 0.0, schedule.end, {count})
        if schedule.total or (kind(t, k) == "num" and not (known and kind(t, k + 1) == "times")):
            break
        low += count[0] * schedule.times[0]
        high += count[1] * schedule.times[1]
        times += schedule.times[1]
        counts.add(count)
        j = k = schedule.end
        while kind(t, k) in ("and", "soft") and "\n" not in text(t, k) and k - j < 2:
            k += 1
        if kind(t, k) != "num":
            break
        j = k
    return ((low, high), times, j, counts) if times else None


def tablets_after(t: list[Token], a: Amount) -> tuple[Range, int] | None:
    """Read "10mg 1/2 pill", "10/325 mg 2 tablets", "25mg tabs which I took 1 every 4 hours"."""
    if explained(t, a) > a.last:
        return None
    for start in dict.fromkeys((a.last, skip(t, a.last))):
        k = start + 1 if text(t, start) in ("x", "times") else start
        read = number_range(t, k)
        if read is None or not 0 < read[0][1] <= 12:
            continue
        count, after = read
        if text(t, after) == "x" and kind(t, after + 1) == "num" and schedule_at(t, after) is not None:
            return count, after  # "1 x 3 daily"
        if text(t, after) in ("/", "per"):
            continue  # "10mg 2/day": twice
        if kind(t, after) in ("times", "unit", "hour", "week", "month", "and") or (
            text(t, after) in table().not_after and kind(t, after) not in ("form", "day", "part")
        ):
            continue
        while kind(t, after) in ("form", "of") or (text(t, after) in ("a", "the") and kind(t, after + 1) == "form"):
            after += 1
        if kind(t, after - 1) == "form" or (k == start and schedule_at(t, after) is not None):
            return count, after
    return None


def halved(t: list[Token], a: Amount) -> Amount:
    """Give the half of a tablet that is cut: "I cut the 50 mg pills in half", "break the 10s into quarters"."""
    k = a.last + (kind(t, a.last) == "form")
    cut = any(token.text in _CUTS for token in t[max(0, a.first - 5) : a.first])
    if not cut or text(t, k) not in ("in", "into") or text(t, k + 1) not in _PARTS_OF:
        return a
    part = _PARTS_OF[text(t, k + 1)]
    return Amount(a.first, k + 2, a.strength, (part, part), a.unit, f"{part:.2g} x {a.written}", formed=True)


def explained(t: list[Token], a: Amount) -> int:
    """Give the index behind an amount, and behind brackets that say how many tablets make it: "10mg (half a pill)"."""
    if text(t, a.last) != "(" or a.formed:
        return a.last
    read = number_range(t, a.last + 1)
    k = read[1] if read else a.last
    while read and (kind(t, k) in ("form", "of") or text(t, k) in ("a", "the")):
        k += 1
    return k + 1 if read and text(t, k) == ")" and kind(t, k - 1) == "form" else a.last


def by_parts(t: list[Token], a: Amount) -> Statement | None:
    """Read "10mg, one in the morning and two at night"."""
    k = skip(t, a.last)
    if text(t, k) == ":" and kind(t, k - 1) == "form":
        k += 1  # "10mg tabs: 1 morning, 2 at bed"
    read = _counts(t, k)
    if read is None or kind(t, k) != "num" or schedule_at(t, k) is not None or not _goes_on(t, k, read[2]):
        return None
    said = tablets(t, k, a)
    if said is None:
        return None
    said.first, said.drug = a.first, said.drug or drug_in(t, a.first, k)
    return said


def totalled(t: list[Token], s: Statement) -> Statement:
    """Let a statement end behind its day's total, if that is said again: "40 mg 3 times a day (120 mg)"."""
    if s.mg is None and s.per_day is None:
        return _divided(t, s)
    k = s.last
    while k - s.last < 6 and text(t, k) in _TOTAL:
        k += 1
    amount = strength_at(t, k) if k > s.last and (s.per_day or 0) > 1 else None
    if amount is None or s.mg_per_day is None or amount.strength != s.mg_per_day:
        return s
    k = amount.last
    while text(t, k) in _TOTAL:
        k += 1
    s.last = k
    return s


def capped(t: list[Token], s: Statement, a: Amount) -> Statement:
    """Lower a day's total to the most that is said behind it: "two tablets every 4 hours, no more than 8 a day"."""
    k = s.last
    while k - s.last < 3 and text(t, k) in ("(", ",", "-", "with", "and"):
        k += 1
    if kind(t, k) != "upto" or s.mg_per_day is None or (s.per_day or 0) <= 1:
        return s
    j = k + 1 + (text(t, k + 1) in ("of", "is", "at"))
    amount, read = strength_at(t, j), number_range(t, j)
    if read is None:
        return s
    most, j = (amount.strength[1], amount.last) if amount else (read[0][1] * a.strength[1], read[1])
    j += kind(t, j) == "form"
    begin = j
    while kind(t, j) in ("per", "article") or text(t, j) in ("in", "24"):
        j += 1
    a_day = kind(t, j) == "day" or (kind(t, j) == "hour" and any(text(t, k) == "24" for k in range(begin, j)))
    if not a_day or not (a.formed or amount):
        return s
    if a.mg[0] <= most < s.mg_per_day[1]:
        s.mg_per_day, s.last = (min(s.mg_per_day[0], most), most), j + 1
        s.derivation = f"{s.derivation}, at most {most:g} mg"
    return s


def _divided(t: list[Token], s: Statement) -> Statement:
    """Give the parts of a day's total, if brackets say them: "60 mg per day (3 x 20mg)", "80 mg a day (20 mg qid)"."""
    if text(t, s.last) != "(" or s.mg_per_day is None:
        return s
    amount = amount_at(t, s.last + 1)
    schedule = schedule_at(t, skip(t, amount.last, 3)) if amount else None
    if amount is None:
        return s
    times = schedule.times if schedule else amount.count if amount.crossed else None
    mg = amount.mg if schedule else amount.strength
    end = schedule.end if schedule else amount.last
    if times and times[1] > 1 and (mg[0] * times[0], mg[1] * times[1]) == s.mg_per_day:
        s.mg, s.per_day, s.last = mg, times[1], end + (text(t, end) == ")")
        s.derivation = f"{s.derivation} in {plain(times)} doses"
    return s


def of_total(t: list[Token], i: int) -> Statement | None:
    """Read tablets whose strength follows from the day's total: "2 tablets, 4 times a day (80 mg total)"."""
    read = number_range(t, i)
    if read is None or read[0][0] != read[0][1] or kind(t, read[1]) != "form":
        return None
    j = skip(t, read[1] + 1, 2)
    schedule = schedule_at(t, j)
    if schedule is None or not schedule.times or schedule.times[0] != schedule.times[1]:
        return None
    k = schedule.end
    while k - schedule.end < 6 and text(t, k) in _TOTAL:
        k += 1
    amount = strength_at(t, k) if k > schedule.end else None
    if amount is None or not (
        text(t, amount.last) in _SAYS_TOTAL or any(x.text in _SAYS_TOTAL for x in t[schedule.end : k])
    ):
        return None
    last = amount.last
    while text(t, last) in _TOTAL:
        last += 1
    day, times = amount.strength, schedule.times[1]
    how = f"{amount.written} in {plain(schedule.times)} doses"
    once = (day[0] / times, day[1] / times)
    return Statement(i, last, once, times, day, how, drug_in(t, i, last), scheduled=True, counted=True)


def _goes_on(t: list[Token], i: int, end: int) -> bool:
    """Say whether more than one number of tablets is counted in tokens i:end."""
    return any(kind(t, k) in ("and", "soft") and kind(t, k + 1) == "num" for k in range(i + 1, end - 1))
