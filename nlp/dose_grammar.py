"""What the tokens of dosing say together: how much at once, how often, how much a day, and how that was worked out.

A statement is read from left to right: an amount (nlp.dose_amounts), then, past the medicine's name and a few small
words, its schedule (nlp.dose_schedule); or the schedule first; or a number that only its place makes a dose.
"""

from nlp.dose_again import again, another_count
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
)
from nlp.dose_bare import bare
from nlp.dose_chain import strung
from nlp.dose_lead import dated, leads_daily
from nlp.dose_parts import by_time, series, several
from nlp.dose_runs import run
from nlp.dose_schedule import Schedule, clock, schedule_at, skip
from nlp.dose_statement import Statement, combine, drug_in, drug_next
from nlp.dose_tablets import by_parts, capped, explained, halved, of_total, tablets, tablets_after, totalled
from nlp.dose_words import Token

_BEGINS = frozenset(("num", "upto", "once", "twice", "thrice", "latin", "everyh", "part", "per", "day", "spread"))
_GOT = frozenset("i'm im am was now been got went worked back it's still".split())  # "I'm up to four 20s a day"
_DOSES = frozenset(("dose", "dosage"))
_A_DAY = ("daily", "every", "each", "per", "total daily")
_TAKEN = frozenset("dose dosage amount intake have get use do clockwork like".split())  # between how often and how much
_STEPS = frozenset("increments increment steps step intervals decrements jumps".split())
_MOVES = frozenset(
    "go going goes went cut cutting come came drop dropped dropping step stepped stepping taper tapered tapering "
    "titrate titrated titrating bump bumped move moved".split()
)
_NAMED_SO = frozenset("the my those these are".split())  # before the strength of tablets that are counted behind it
_LEADS_TABLETS = frozenset("only just about of to on use using used".split())
# Before a number of tablets whose strength was named in any way: "the 20s, I do one at night", "10 mg. I have 2 a day".
_HAS_TABLETS = frozenset(
    "take takes taking took do doing does did have has had having need needs get swallow pop".split()
)
_OF_THEM = frozenset("them these those one em".split())


def statements(tokens: list[Token]) -> list[Statement]:
    """Give the dosing statements of a stretch of tokens, in order, none overlapping another."""
    found: list[Statement] = []
    i, behind, unit_at = 0, 0, -1000
    known: Amount | None = None
    loose = False  # the strength is known from an amount that need not be one tablet's
    while i < len(tokens):
        read = None
        if found and tokens[i].kind == "num" and known is None and another_count(tokens, i, found[-1]):
            mg = found[-1].mg or (0.0, 0.0)
            read = tablets(tokens, i, Amount(i, i, mg, (1.0, 1.0), True, f"{plain(mg)} mg"))
        if known and tokens[i].kind == "num" and _counts_tablets(tokens, i, loose=loose):
            read = tablets(tokens, i, known)
            if read and (found[-1].explicit or found[-1].counted) and not found[-1].scheduled:
                found.pop()  # "10 mg tablets, and I take one at night": one statement, not two
        if read is None and tokens[i].kind == "num" and tokens[i].text[0].isdigit():
            more, after = run(tokens, i, unit_at)
            if more:
                found += more
                i = behind = after
                known = None
                continue
        if read is None and tokens[i].kind in _BEGINS:
            read = _statement(tokens, i, behind, unit_at)
        if read is None or read.last <= i:
            i += 1
        else:
            if found and _at_most(tokens, found[-1], read):
                found.pop()
            found.append(read)
            known = _strength(tokens, i, read)
            loose = known is None and not read.scheduled and not read.step
            known = strength_at(tokens, i) if loose else known
            i = behind = read.last
            unit_at = tokens[i - 1].end if read.explicit else unit_at
    return strung(tokens, again(tokens, found)) if found else found


def _counts_tablets(t: list[Token], i: int, *, loose: bool) -> bool:
    """Say whether a number at i can count tablets whose strength was said: "take 2", "2 pills", ": two at noon"."""
    if text(t, i - 1) in _HAS_TABLETS or (not loose and text(t, i - 1) in _LEADS_TABLETS):
        return True
    read = number_range(t, i)
    if read is None:
        return False
    of_them = text(t, read[1]) == "of" and text(t, read[1] + 1) in _OF_THEM
    if of_them or loose:
        return of_them
    return kind(t, read[1]) == "form" or kind(t, i - 1) in ("stop", "soft", "mark")


def _strength(t: list[Token], i: int, read: Statement) -> Amount | None:
    """Give the strength of the tablets that a statement names without saying how often: "I have the 10 mg tablets"."""
    if read.tablet:
        return Amount(read.first, read.last, read.tablet, (1.0, 1.0), True, f"{plain(read.tablet)} mg")
    named = text(t, i - 1) in _NAMED_SO
    if read.scheduled or not (read.counted or kind(t, read.last) == "form" or named):
        return None
    amount = strength_at(t, i)
    return amount if amount and amount.unit else plural_at(t, i)


def _at_most(t: list[Token], a: Statement, b: Statement) -> bool:
    """Join a to b where b is the most that is taken a day of the amount a: "5mg at a time, no more than 20mg a day"."""
    between = t[a.last : b.first + 1]
    limit = any(token.kind == "upto" for token in between) and not any(token.text in CHANGES for token in between)
    if not limit or b.first - a.last > 6 or a.mg is None or a.scheduled or a.step or b.mg or not b.mg_per_day:
        return False
    if b.mg_per_day[1] < a.mg[1] or (a.drug and b.drug and a.drug != b.drug):
        return False
    b.first, b.mg, b.mg_per_day, b.drug = a.first, a.mg, (a.mg[0], b.mg_per_day[1]), b.drug or a.drug
    b.derivation = f"{a.derivation}, up to {b.derivation}"
    return True


def _statement(t: list[Token], i: int, behind: int, unit_at: int) -> Statement | None:
    if t[i].kind != "num":
        return by_time(t, i) or _schedule_first(t, i)
    return (
        series(t, i)
        or several(t, i)
        or _single(t, i, behind)
        or of_total(t, i)
        or tablets(t, i)
        or _schedule_first(t, i)
        or bare(t, i, behind, unit_at)
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
    amount = halved(t, amount)
    end, schedule, at = explained(t, amount), None, amount.last
    for k in dict.fromkeys((end, skip(t, end), _next_sentence(t, end))):
        schedule = schedule_at(t, k)
        if schedule:
            at = k
            break
    if schedule is None and amount.crossed and amount.count[0] >= 3 and text(t, i - 1) in ("at", "on", "with", "to"):
        # "currently at 3x20mg": three times a day
        mg, times, how = amount.strength, amount.count, amount.written
        day = (mg[0] * times[0], mg[1] * times[1])
        return Statement(i, end, mg, times[1], day, how, drug, amount.unit, scheduled=True)
    if schedule and schedule.period > 7 and _supply(t, i):
        schedule = None
    if schedule and _once(t, amount, schedule):
        return Statement(
            i, schedule.end, amount.mg, None, None, amount.written, drug, amount.unit, counted=amount.formed
        )
    if schedule is None:
        dose = text(t, end) in _DOSES
        named = kind(t, end) == "drug" and kind(t, end + 1) == "form" and text(t, end + 1) not in _DOSES
        tablet = kind(t, end) == "form" or named
        formed = amount.formed or (tablet and not dose)
        drug = drug or drug_next(t, end)
        if not formed and (leads_daily(t, i, behind) or dated(t, skip(t, end))):
            return Statement(
                i, end, None, None, amount.mg, f"{amount.written} a day", drug, amount.unit, scheduled=True
            )
        last = end + (1 if kind(t, end) == "form" else 0)
        by = _changed_by(t, i, last)
        counted = formed or dose
        return Statement(i, last, amount.mg, None, None, amount.written, drug, amount.unit, counted=counted, step=by)
    drug = drug or drug_in(t, end, at) or drug_next(t, schedule.end)
    grown = text(t, i - 2) in _GOT or any(token.text in CHANGES for token in t[max(0, i - 4) : i - 1])
    schedule.up_to = schedule.up_to or (amount.formed and kind(t, i - 1) == "upto" and not grown)
    said = capped(t, totalled(t, combine(t, amount, schedule, drug)), amount)
    if amount.formed and amount.unit and said.tablet is None:
        said.tablet = amount.strength  # "one 0.5 mg tablet daily, then one tablet twice a day"
    return said


def _changed_by(t: list[Token], i: int, last: int) -> bool:
    """Say whether an amount is one by which the dose changes: "increased by 10 mg", "cut back 50 mg", "25 mg steps"."""
    if text(t, last) in _STEPS or (text(t, last - 1) in ("doses",) and text(t, i - 1) == "in"):
        return True
    if text(t, i - 1) == "by":
        return any(token.text in CHANGES for token in t[max(0, i - 7) : i - 1])
    return text(t, i - 1) in ("back", "up", "down") and text(t, i - 2) in _MOVES


def _supply(t: list[Token], i: int) -> bool:
    """Say whether more tablets are counted before an amount than are taken at once: "90 tabs of 20mg a month"."""
    return any(token.kind == "num" and token.value > 12 for token in t[max(0, i - 3) : i])


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
    if text(t, j) in (".", ";") and kind(t, j + 1) in ("num", "twice", "once", "latin"):
        read = schedule_at(t, j + 1)
        if read and kind(t, read.end) in ("stop", "end"):
            return j + 1
    return end


def _schedule_first(t: list[Token], i: int) -> Statement | None:
    """Read "3 times daily a total of 60 mg", "every night 10mg", "twice a day I take 20 mg"."""
    if t[i].kind in ("part", "day", "per") and kind(t, i - 1) in ("num", "times"):
        return None
    hours = clock(t, i - 1, 2) if t[i].kind == "num" and text(t, i - 1) == "at" else None
    schedule = hours or schedule_at(t, i)  # "at 8, 2 and 9, 10 mg each time"
    if schedule is None or not (schedule.times or schedule.total) or schedule.end <= i:
        return None
    total, j = False, schedule.end
    while j - schedule.end < 6 and (
        kind(t, j) in ("article", "of", "fill", "soft", "spread", "mark")
        or text(t, j) in _TAKEN
        or text(t, j) == ":"
        or (kind(t, j) == "drug" and kind(t, j + 1) in ("mark", "fill"))
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
    if schedule.total and schedule.times is None and not text(t, i).startswith(_A_DAY):
        return None
    schedule.end = amount.last
    schedule.total = schedule.total or (total and schedule.times is not None)
    drug = drug_in(t, i, j) or drug_next(t, amount.last)
    said = combine(t[: amount.last], amount, schedule, drug)
    said.first = i
    return said
