"""Numbers that only their place makes doses: "at 80 now", "went up to 150", "20 left me dopey", "600 3x a day"."""

from nlp.dose_amounts import (
    CHANGES,
    MOST_OPIOID,
    PARTNERS,
    Amount,
    kind,
    number_range,
    plural_at,
    text,
    unit_of,
    written,
)
from nlp.dose_lead import lead
from nlp.dose_schedule import schedule_at, skip
from nlp.dose_statement import Statement, combine, drug_in, drug_next
from nlp.dose_words import Token, table
from nlp.types import Range

_ENDS = frozenset(
    "now currently then but for since with at in when because so today yesterday without until which before after as "
    "from if though although while still that went moved increased raised upped bumped again finally or next this "
    "tomorrow soon last ever all throughout these nowadays right maintenance".split()
)
# "20 left me dopey", "10 did nothing": what an amount does that is named by its number alone.
_EFFECTS = frozenset(
    "took kept keeps killed stopped stops brought brings cut cuts "
    "left leaves made makes gave gives knocked knocks put puts did does didn't doesn't didnt doesnt was is "
    "wasn't isn't seemed seems helped helps worked works barely turned sent had has".split()
)
_LEAST_DAILY = 5
_THEN = frozenset("then just only".split())
_DOSED = frozenset(
    "doubled tripled halved changed moved took brought bringing taking increased upped bumped raised lowered reduced "
    "titrated tapered weaned dose dosage up down".split()
)


def bare(t: list[Token], i: int, behind: int, unit_at: int) -> Statement | None:
    """Read a number that only its place makes a dose: "at 80 now", "went up to 150", "30 spread over the day"."""
    tablet = plural_at(t, i)
    if tablet:
        drug = drug_in(t, i - 1, i)  # "norco 10s"
        schedule = schedule_at(t, tablet.last)
        if schedule and schedule.times and not schedule.parts:
            return combine(t, tablet, schedule, drug)  # "oxy 30s 5x a day"
        return Statement(i, tablet.last, tablet.mg, None, None, tablet.written, drug, explicit=False, counted=True)
    stated = _of_drug(t, i, unit_at, behind) or _with_partner(t, i)
    if stated:
        return stated
    read = number_range(t, i)
    grows = read is not None and _grown(t, i)
    if (
        read is None
        or not (2.5 <= read[0][1] <= 4000 or grows)
        or text(t, i - 1) in ("$", "£", "€", "#", "@", ".", "/")
    ):
        return None
    value, j = read
    schedule = schedule_at(t, j)
    if _changes_from(t, i, j):
        factor = t[j + 2].value if kind(t, j + 2) == "unit" else 1.0  # "from 200 to 240 mcg"
        day = (value[0] * factor, value[1] * factor)
        derived = f"{written(t, i, j)} {unit_of(factor)} a day"
        return Statement(i, j, None, None, day, derived, explicit=factor != 1, scheduled=True)
    if text(t, j) == "day" and t[j].start - t[j - 1].end <= 1:
        return None  # "a 30 day supply"
    if kind(t, j) in ("unit", "times", "hour", "week", "month", "form", "drug", "mark", "num", "to") and not schedule:
        return None
    if text(t, j) in table().not_after and not schedule:
        return None
    if kind(t, j) == "part" and text(t, j) in ("am", "pm"):
        return None
    how = lead(t, i, behind)
    amount = Amount(i, j, value, (1.0, 1.0), unit=False, written=f"{written(t, i, j)} mg")
    near_unit = t[i].start - unit_at < 60
    named = _named(t, i)
    if schedule and schedule.total and schedule.period == 1:
        if value[1] < 5:
            return None  # "3 a day": tablets, or drinks
        its = behind > 0 and text(t, i - 1) in ("its", "it's") and not value[0] % 5  # "15 a day, now its 90 a day"
        if how or named or kind(t, j) == "spread" or near_unit or its:
            return combine(t, amount, schedule, drug_next(t, schedule.end) or drug_in(t, i - 1, i))
        return None
    if schedule and schedule.times:
        begins = kind(t, i - 1) in ("end", "stop") or text(t, i - 1) in _THEN
        begins = begins and not value[1] % 5 and (not schedule.parts or text(t, i - 1) in _THEN)
        told = how == "takes" or named or begins or ((near_unit or how == "daily") and not schedule.parts)
        told = told or (near_unit and how == "daily" and not value[1] % 5)  # "moved to 10 nightly"
        fits = value[1] >= 5 and told
        return combine(t, amount, schedule, drug_next(t, schedule.end)) if fits else None
    goes_on = text(t, i - 1) == "at" and value[0] >= 100 and text(t, j) in ("the", "my", "i", "it", "there", "they")
    over = text(t, j) in ("over", "within") and kind(t, j + 1) in (
        "num",
        "article",
        "per",
        "fill",
    )  # "to 80 over 3 months"
    ago = kind(t, j) == "article" and text(t, j + 2) == "ago"  # "to 100 a month ago"
    of_it = text(t, j) == "on" and kind(t, j + 1 + (kind(t, j + 1) == "article")) == "drug"  # "at 75 on the baclofen"
    acts = text(t, j) in _EFFECTS and kind(t, i - 1) in ("stop", "end", "and")  # "20 left me dopey"
    ends = (
        over or of_it or goes_on or ago or acts or kind(t, j) in ("end", "stop", "soft", "and") or text(t, j) in _ENDS
    )
    if not ends or schedule or (value[0] < 5 and not grows):
        return None
    if how == "daily" or (how == "now" and near_unit) or _also_for(t, i, j, behind):
        return Statement(i, j, None, None, value, f"{amount.written} a day", explicit=False, scheduled=True)
    if how == "takes" and unit_at >= 0 and not value[0] % 5 and text(t, i - 1) in ("took", "take", "taking", "takes"):
        return Statement(i, j, value, None, None, amount.written, explicit=False)
    if text(t, j) in _EFFECTS and kind(t, i - 1) in ("stop", "end", "and") and _near_size(t, i):
        return Statement(i, j, value, None, None, amount.written, explicit=False)
    if named and _strengths(value):
        return Statement(i, j, value, None, None, amount.written, named, explicit=False)
    return None


def _also_for(t: list[Token], i: int, j: int, behind: int) -> bool:
    """Say whether a number has its time like the dose before it: "at 1200 for 2 weeks, 600 for 2 weeks"."""
    if text(t, j) != "for" or behind <= 0 or not 3 <= i - behind <= 8 or text(t, behind) != "for":
        return False
    timed = any(token.kind in ("day", "week", "month") for token in t[j + 1 : j + 5])
    before = any(token.kind in ("day", "week", "month") for token in t[behind:i])
    return timed and before and kind(t, i - 1) in ("soft", "and")


def _grown(t: list[Token], i: int) -> bool:
    """Say whether the number at i goes on from a small one in milligrams: "started with 1.5 mg, then 3, then 4.5"."""
    if text(t, i - 1) not in ("then", "to"):
        return False
    last = next((k for k in range(i - 2, max(0, i - 9), -1) if kind(t, k) == "num"), 0)
    unit = any(token.kind == "unit" for token in t[max(0, i - 14) : i])
    before, now = t[last].value, t[i].value
    return unit and last > 0 and before != now and before <= 3 * now and now <= 3 * before and max(before, now) < 20


def _near_size(t: list[Token], i: int) -> bool:
    """Say whether the number at i is near in size to an amount in milligrams before it."""
    last = next((k for k in range(i - 1, max(0, i - 24), -1) if kind(t, k) == "unit" and kind(t, k - 1) == "num"), 0)
    return last > 0 and t[last - 1].value <= 8 * t[i].value and t[i].value <= 8 * t[last - 1].value


def _named(t: list[Token], i: int) -> str | None:
    """Give the medicine right before the number at i: "Wellbutrin XL 300"."""
    j = i - 1
    while text(t, j) in ("xr", "er", "sr", "xl", "cr"):
        j -= 1
    return t[j].text if kind(t, j) == "drug" else None


def _strengths(value: Range) -> bool:
    """Say whether a number may be a tablet's strength, and is no year."""
    return value[1] <= 1200 and not value[0] % 5 and not value[1] % 5


def _with_partner(t: list[Token], i: int) -> Statement | None:
    """Read "Norco 10/325", "7.5/750 of hydrocodone": the first number is the medicine that is named."""
    if text(t, i + 1) != "/" or kind(t, i + 2) != "num" or t[i + 2].value not in PARTNERS or t[i].value > MOST_OPIOID:
        return None
    j = i + 3 + (text(t, i + 3) in ("s", "'s"))
    drug = _named(t, i) or drug_next(t, j)
    if kind(t, j) == "unit":
        return None
    value = (t[i].value, t[i].value)
    amount = Amount(i, j, value, (1.0, 1.0), unit=drug is None, written=f"{t[i].text} mg")
    schedule = schedule_at(t, skip(t, j))
    if schedule and schedule.times:
        return combine(t, amount, schedule, drug)
    if drug is None:
        return None
    return Statement(i, j, value, None, None, amount.written, drug, explicit=False, counted=True)


def _of_drug(t: list[Token], i: int, unit_at: int, behind: int) -> Statement | None:
    """Read a number of a medicine that is named, after an amount with its unit: "100 mg of X and 30 of Y daily".

    Or one that is a day's by what stands before it: "holding at 130 of X".
    """
    j = i + 1
    if text(t, j) != "of":
        return None
    daily = t[i].value >= _LEAST_DAILY and lead(t, i, behind) == "daily"
    if not daily and (unit_at < 0 or t[i].start - unit_at > 60):
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
    if daily:
        return Statement(i, j + 1, None, None, value, f"{amount.written} a day", t[j].text, False, scheduled=True)
    return Statement(i, j + 1, value, None, None, amount.written, t[j].text, explicit=False)


def _changes_from(t: list[Token], i: int, j: int) -> bool:
    """Say whether the number is where a change began that ends in milligrams: "up from 30 to 90 mg"."""
    begins = text(t, i - 1) == "from" and kind(t, j) == "to" and kind(t, j + 1) == "num"
    if not begins:
        return False
    verbs = any(token.text in _DOSED for token in t[max(0, i - 6) : i - 1])
    measured = (
        (verbs and not t[i].value % 5 and not t[j + 1].value % 5)
        or kind(t, j + 2) == "unit"
        or any(token.kind == "drug" for token in (*t[max(0, i - 4) : i - 1], *t[j + 2 : j + 5]))
    )
    return measured and any(token.text in CHANGES for token in t[max(0, i - 6) : i - 1])
