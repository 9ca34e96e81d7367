"""What dosing statements say of each other: "on 5 mg, then 10", "on 60 mg of X and 10 of Y", "10 mg. I take it daily".

An amount that says no more than a strength takes the sense of the one to which it is strung, or of what is said behind
it of how it is taken.
"""

from itertools import pairwise

from nlp.dose_amounts import CHANGES, Amount, kind, plain, text
from nlp.dose_schedule import Schedule, schedule_at
from nlp.dose_statement import Statement, combine
from nlp.dose_words import Token
from nlp.types import Range

_MOST_BETWEEN = 9  # tokens between two amounts of one string
_MOST_AFTER = 24  # tokens behind an amount in which it is said how it is taken
_LINKS = frozenset(
    "then now up down to for a an the my next few couple after later about finally eventually currently and & + plus "
    "at day days week weeks month months year years yrs xr er sr xl cr ir , ( ) / with also but after of -".split()
)
_ONWARD = frozenset("then to up down next later finally eventually after now and & + plus , also".split())
_ONWARD_ONLY = frozenset("then now eventually later finally".split())
_BEGAN = frozenset("start started starting starts began begin beginning begun initially".split())
_JOINS = frozenset("and & + plus , also of with".split())
_TAKING = frozenset("take takes taking taken took use uses using used prescribed given dosed".split())
_IT = frozenset(
    "it them this these that one 1 to be by mouth only just usually mostly the med meds medicine pill i".split()
)
_TIMES = frozenset("day days week weeks month months year years wk wks".split())
_TOLD = frozenset("was be which i is are were".split())
_LEADS = frozenset("take takes taking took on using use".split())


def strung(t: list[Token], found: list[Statement]) -> list[Statement]:
    """Complete each statement that names a mere amount by what stands beside it; give them all."""
    for a, b in pairwise(found):
        _titrated(t, a, b)
        _onward(t, a, b)
        _raised(t, a, b)
        _left(t, a, b)
    for a, b in reversed(list(pairwise(found))):
        _shared(t, a, b)
    found = [a for a, b in pairwise(found) if not _sum_of(t, a, b)] + found[-1:]
    ends = [b.first for b in found[1:]] + [len(t)]
    return [
        _as_taken(t, s, min(end, s.last + _MOST_AFTER)) if _mere(s) else s for s, end in zip(found, ends, strict=True)
    ]


def _mere(s: Statement) -> bool:
    """Say whether a statement is an amount with nothing of how often."""
    return s.mg is not None and s.mg_per_day is None and not s.step and not s.scheduled


def _sum_of(t: list[Token], a: Statement, b: Statement) -> bool:
    """Say whether a is but the day's total of b, told first: "I take 80 mg, 20 mg 4 times a day"."""
    close = b.first - a.last < 4 and all(token.kind in ("soft", "mark", "to", "fill") for token in t[a.last : b.first])
    return close and (b.per_day or 0) > 1 and _mere(a) and a.mg == b.mg_per_day


def _onward(t: list[Token], a: Statement, b: Statement) -> None:
    """Make b a day's total like a, to which it is strung: "started at 5 mg, then 10 mg", "on 60 mg X and 300 mg Y"."""
    between = t[a.last : b.first]
    if a.mg is not None or a.mg_per_day is None or a.per_day or not _mere(b) or b.counted:
        return
    if not between or len(between) > _MOST_BETWEEN or any(token.text not in _LINKS for token in _plain(between)):
        return
    if any(token.text in _ONWARD for token in between):
        b.mg_per_day, b.mg, b.scheduled = b.mg, None, True
        b.derivation = f"{b.derivation} a day"


def _titrated(t: list[Token], a: Statement, b: Statement) -> None:
    """Make a day's totals of amounts that follow each other: "taking 10 mg for 3 weeks, then increased to 15"."""
    between = t[a.last : b.first]
    timed = bool(between) and text(t, a.last) == "for" and any(token.text in _TIMES for token in between[:5])
    if _begun(t, a, b):
        a.mg_per_day, a.mg, a.scheduled, a.derivation = a.mg, None, True, f"{a.derivation} a day"
        return
    if not timed or not _mere(a) or a.counted or b.counted or len(between) > 2 * _MOST_BETWEEN:
        return
    if not any(token.text in _ONWARD | CHANGES for token in between[2:]) or any(
        token.kind == "drug" for token in between
    ):
        return
    for s in (a, b):
        if s.mg and _mere(s):
            s.mg_per_day, s.mg, s.scheduled = s.mg, None, True
            s.derivation = f"{s.derivation} a day"


def _raised(t: list[Token], a: Statement, b: Statement) -> None:
    """Give a the schedule of b, to which it was raised or lowered: "from 10 to 20 mg 3 times a day"."""
    amount = a.mg or a.mg_per_day
    alone = amount is not None and not a.per_day and not a.counted and (a.mg is None or _mere(a))
    between = [token.text for token in t[a.last : b.first]]
    if not alone or between not in (["to"], ["up to"], ["up", "to"], ["down", "to"]) or text(t, a.first - 1) != "from":
        return
    if b.mg and b.per_day and b.per_day > 1 and b.mg_per_day and amount and b.mg[0] == b.mg[1]:
        ratio = b.mg_per_day[1] / b.mg[1], b.mg_per_day[0] / b.mg[0]
        a.mg, a.per_day, a.scheduled = amount, b.per_day, True
        a.mg_per_day = (amount[0] * ratio[1], amount[1] * ratio[0])
        a.derivation = f"{plain(amount)} mg x {plain((ratio[1], ratio[0]))}"


def _left(t: list[Token], a: Statement, b: Statement) -> None:
    """Make b an amount at once like a, whose schedule it may share: "down from 60 mg every 6 hours to 30 mg"."""
    between = [token.text for token in t[a.last : b.first]]
    to = between in (["to"], ["down to"], ["down", "to"], ["up to"], ["up", "to"])
    if not to or (a.per_day or 0) <= 1 or b.per_day or b.mg or b.mg_per_day is None or a.mg is None:
        return
    if b.mg_per_day[0] <= 2 * a.mg[1]:
        b.mg, b.mg_per_day = b.mg_per_day, None
        b.derivation = b.derivation.removesuffix(" a day")


def _begun(t: list[Token], a: Statement, b: Statement) -> bool:
    """Say whether a is where a course began that goes on to the day's total b: "started with 5 mg, went up to 10"."""
    between = t[a.last : b.first]
    total = b.mg is None and b.mg_per_day is not None and not b.per_day
    if not total or not _mere(a) or a.counted or len(between) > 2 * _MOST_BETWEEN or a.drug != b.drug:
        return False
    if [token.text for token in between] == ["to"] and text(t, a.first - 1) in ("my", "the", "his", "her"):
        return any(token.text in CHANGES for token in t[max(0, a.first - 4) : a.first])  # "doubled my 20 mg to 40 mg"
    begins = any(token.text in _BEGAN for token in t[max(0, a.first - 5) : a.first])
    goes = any(token.text in _ONWARD_ONLY or token.text in CHANGES for token in between)
    return begins and goes and all(token.kind != "drug" for token in between)


def _plain(between: list[Token]) -> list[Token]:
    return [token for token in between if token.kind not in ("drug", "num", "day", "week", "month")]


def _shared(t: list[Token], a: Statement, b: Statement) -> None:
    """Give a the schedule of b, another medicine in the same breath: "taking 40 mg of X and 10 mg of Y daily"."""
    between = t[a.last : b.first]
    drugs = [token for token in between if token.kind == "drug"]
    joins = [token for token in between if token.kind != "drug"]
    if not _mere(a) or not drugs or not 1 <= len(joins) <= 3 or b.mg_per_day is None or not b.scheduled:
        return
    both = b.shared or any(token.text in ("both", "all") for token in t[b.first : b.last])
    if any(token.text not in _JOINS for token in joins) or not (
        both or any(token.text in _LEADS for token in t[max(0, a.first - 4) : a.first])
    ):
        return
    if b.mg is None and b.per_day is None:
        a.mg_per_day, a.mg, a.scheduled = a.mg, None, True
        a.derivation = f"{a.derivation} a day"
    elif (
        b.per_day
        and a.mg
        and (both or (b.per_day == 1 and any(token.kind == "and" for token in joins)) or _with(joins))
    ):
        a.per_day, a.scheduled, a.shared = b.per_day, True, both
        a.mg_per_day = (a.mg[0] * b.per_day, a.mg[1] * b.per_day)
        a.derivation = f"{a.derivation} x {b.per_day:g}"


def _with(joins: list[Token]) -> bool:
    """Say whether two medicines are taken together: "20 mg of X with 500 mg of Y 4 times daily"."""
    return any(token.text == "with" for token in joins)


def _as_taken(t: list[Token], s: Statement, end: int) -> Statement:
    """Add what is said behind an amount of taking it: "10 mg tablets. I take them three times a day"."""
    if s.mg is None:
        return s
    schedule = _behind_purpose(t, s, end) or _told_behind(t, s, end)
    return combine(t, _whole(s, s.mg), schedule, s.drug) if schedule and schedule.end <= end else s


def _told_behind(t: list[Token], s: Statement, end: int) -> Schedule | None:
    """Give how often the amount is taken, in the same sentence or the next one."""
    stops = 0
    for j in range(s.last, end):
        stops += kind(t, j) == "stop"
        if stops > 1 or "\n" in text(t, j) or (kind(t, j) == "drug" and s.drug not in (None, t[j].text)):
            return None
        if kind(t, j) == "upto":
            # "10 mg prn for cramps, at most twice a day"
            most = schedule_at(t, j) if j - s.last <= _MOST_BETWEEN else None
            return most if most and most.times else None
        if text(t, j) in _TAKING and (schedule := _taken(t, s, j, end)):
            return schedule
    return None


def _taken(t: list[Token], s: Statement, j: int, end: int) -> Schedule | None:
    """Read how often behind a word of taking at j, whose object is the amount: "I take it twice a day"."""
    k = j + 1
    while k < end and k - j < 5 and text(t, k) in _IT and (kind(t, k) != "num" or t[k].value == 1):
        k += 1
    before = text(t, j - 1)
    other = before in ("not", "never") or (before == "to" and j - 1 > s.last)  # "told to take it twice a day"
    alone = k == j + 1 and not (j - 1 <= s.last or kind(t, j - 1) in ("stop", "soft") or before in _TOLD)
    schedule = None if other or alone else schedule_at(t, k)
    return schedule if schedule and schedule.times else None


def _behind_purpose(t: list[Token], s: Statement, end: int) -> Schedule | None:
    """Give how often, behind what or how long it is taken for: "10 mg for my back spasms three times a day"."""
    k = s.last
    while kind(t, k) == "drug" or text(t, k) in ("of", ","):
        k += 1
    if text(t, k) != "for":
        return None
    for j in range(k + 1 + (kind(t, k + 1) != "upto"), min(k + 8, end)):
        if kind(t, j) in ("stop", "and", "drug"):
            return None
        if kind(t, j) in ("num", "twice", "thrice", "latin", "upto") or text(t, j) in ("at", "in", "every", "before"):
            schedule = schedule_at(t, j)
            if schedule and schedule.times:
                return schedule
    return None


def _whole(s: Statement, mg: Range) -> Amount:
    return Amount(s.first, s.last, mg, (1.0, 1.0), s.explicit, f"{plain(mg)} mg", formed=s.counted)
