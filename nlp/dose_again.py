"""The same amount at another schedule: "10 mg 3 times a day, but I only take it at night", "up to 4 times a day now".

Such words name no amount of their own; it is that of the statement before them.
"""

from nlp.dose_amounts import CHANGES, Amount, kind, number_range, plain, text
from nlp.dose_schedule import schedule_at
from nlp.dose_statement import Statement, combine
from nlp.dose_words import Token

_REACH = 36  # tokens behind a statement in which its amount is still meant
_MOST_COUNT = 4
_TAKE = frozenset("take takes taking took use uses using used taken".split())
_IT = frozenset(
    "it them one this that these those mine only just usually mostly generally actually really now about maybe the "
    "same amount a tablet pill tab my dose as".split()
)
_NOT = frozenset(
    "not never to can't cant cannot couldn't could don't dont didn't didnt won't wont shouldn't should must they "
    "people others some patients who you he she".split()
)
_TO = frozenset(("to", "up to", "now", "currently", "or"))
_STARTS = ("num", "once", "twice", "thrice", "latin", "upto", "part", "everyh", "per")
_INTO = frozenset("at in before every with after".split())


def again(t: list[Token], found: list[Statement]) -> list[Statement]:
    """Give the statements with those that say the amount of one before them at another schedule."""
    out: list[Statement] = []
    for n, a in enumerate(found):
        out.append(a)
        if a.mg is None or not a.per_day or not a.scheduled or not (a.explicit or a.counted):
            continue
        end = found[n + 1].first if n + 1 < len(found) else len(t)
        out.extend(_other(t, a, min(end, a.last + _REACH)))
    return out


def _other(t: list[Token], a: Statement, end: int) -> list[Statement]:
    j = a.last
    while j < end:
        if kind(t, j) == "drug" and t[j].text != a.drug:
            break
        schedule = None
        if (kind(t, j) in _STARTS or text(t, j) in _INTO) and _led(t, j, a.last) and a.mg:
            schedule = schedule_at(t, j + (kind(t, j) == "upto"))  # "went up to 4 times a day": no limit
        if schedule is None or not schedule.times or schedule.end > end or a.mg is None:
            j += 1
            continue
        amount = Amount(j, schedule.end, a.mg, (1.0, 1.0), a.explicit, f"{plain(a.mg)} mg", formed=a.counted)
        more = combine(t[: schedule.end], amount, schedule, a.drug)
        return [] if more.mg_per_day == a.mg_per_day or more.step else [more]
    return []


def _led(t: list[Token], j: int, begin: int) -> bool:
    """Say whether the words before the schedule at j say that the same is taken: "only take it", "went down to"."""
    if kind(t, j) in ("part", "per") or text(t, j) in _INTO:
        return _taken(t, j, begin)
    before = text(t, j - 1)
    if kind(t, j) == "upto":
        return j > begin and any(token.text in CHANGES for token in t[max(begin, j - 4) : j])
    if before in _TO and j > begin:
        near = t[max(begin, j - 5) : j - 1]
        return j - 1 == begin or before == "now" or any(token.text in CHANGES for token in near)
    return _taken(t, j, begin)


def _taken(t: list[Token], j: int, begin: int) -> bool:
    k = j - 1
    while k >= begin and j - k < 6 and text(t, k) in _IT:
        k -= 1
    return k >= begin and text(t, k) in _TAKE and text(t, k - 1) not in _NOT


def another_count(t: list[Token], i: int, a: Statement) -> bool:
    """Say whether the number at i counts tablets of a statement with a schedule: "but I only take 2 at night"."""
    if not a.scheduled or a.mg is None or not a.per_day or not a.explicit or i - a.last > _REACH:
        return False
    k = i - 1
    while k > a.last and text(t, k) in ("only", "just", "usually"):
        k -= 1
    read = number_range(t, i)
    if text(t, k) not in _TAKE or text(t, k - 1) in _NOT or read is None or read[0][1] > _MOST_COUNT:
        return False
    return a.mg[1] >= 2 and all(token.kind != "drug" or token.text == a.drug for token in t[a.last : i])
