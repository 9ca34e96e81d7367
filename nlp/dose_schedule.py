"""How often: "3x a day", "tid", "every 4-6 hours", "daily", "morning and night", "at 8am", "up to 3 a day", "prn"."""

from dataclasses import dataclass

from nlp.dose_amounts import kind, number_range, text
from nlp.dose_words import Token
from nlp.types import Range

_MOST_A_DAY = 24.0
_BARE_TIMES = 6.0
_SMALL = ("form", "drug", "of", "fill", "article", "soft", "to", "mark", "word")
_WORDS = frozenset(
    (
        "ml sublingual oral extended release have i've been brand generic s strength prescribed given dosed right "
        "shortly this these them both all water food milk meal meals snack directly immediately"
    ).split()
)
_HOURS_SAID = ((4.0, 4.0), (6.0, 6.0), (8.0, 8.0), (12.0, 12.0), (4.0, 6.0), (6.0, 8.0), (8.0, 12.0))
_EVERY = ("every", "each", "ea", "ev", "evry", "evey")
_TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_HOURS = ("morning", "am", "noon", "lunch", "afternoon", "evening", "night", "nite", "bedtime", "pm", "bed")
_LAST_HOUR = 12
_AT_HOUR = frozenset("at around about".split())
_BEHIND_HOUR = frozenset("in at again or with when so because every each daily for".split())
_LATE = frozenset("evening evenings night nights nite nightly bedtime bed pm".split())
_MAYBE = frozenset("maybe sometimes possibly even and occasionally perhaps".split())
_BEDS = ("bed", "sleep")
_LATIN_PARTS = frozenset("hs h.s h.s. nocte mane qhs qam qpm".split())
_LEADS_PART = ("in", "at", "before", "around", "about", "with", "for", "to", "by", "after", "during")


@dataclass(slots=True)
class Schedule:
    """How often, up to the token end.

    times: (low, high) a day; total: the amount beside it is the day's; parts: times of day were named;
    period: days over which the amount is taken, 7 for "a week".
    """

    end: int
    times: Range | None = None
    total: bool = False
    parts: bool = False
    needed: bool = False
    up_to: bool = False
    period: float = 1.0


def skip(t: list[Token], j: int, most: int = 7) -> int:
    """Give the index behind the small words, tablets and names that may stand between an amount and its schedule."""
    begin = j
    while j - begin < most and kind(t, j) in _SMALL:
        what, word = t[j].kind, t[j].text
        if word in _AT_HOUR and clock(t, j, 2):
            break  # "10 mg of it at 7, 11, 3 and 9"
        if what == "to" and word != "-" and text(t, j + 1) not in ("take", "be"):
            break
        if what == "article" and kind(t, j + 1) in ("day", "week", "month", "part"):
            break
        if what == "soft" and "\n" in word and kind(t, j + 1) not in ("latin", "times", "num", "twice"):
            break
        if what == "soft" and word == ")" and not _goes_on(t, j + 1):
            break
        if what == "mark" and word not in ("*", "-", "~", "@", '"', "'", "="):
            break
        if what == "word" and (word not in _WORDS or (word == "this" and kind(t, j + 1) == "part")):
            break
        j += 1
    return j


def _goes_on(t: list[Token], j: int) -> bool:
    """Say whether how often is said behind brackets, past "by mouth" and the like."""
    while kind(t, j) == "fill":
        j += 1
    return often(t, j) is not None or kind(t, j) in ("upto", "needed")


def schedule_at(t: list[Token], i: int) -> Schedule | None:
    """Read how often at token i; None if that is not said there."""
    j, up_to, needed = i, False, False
    while kind(t, j) in ("upto", "needed") or (needed and kind(t, j) == "soft" and kind(t, j + 1) == "upto"):
        up_to, needed = up_to or t[j].kind == "upto", needed or t[j].kind == "needed"
        j += 1
    got = often(t, j) or (_at_most(t, j) if up_to else None)
    if got is None:
        return Schedule(j, needed=True) if needed and not up_to else None
    got.up_to, got.needed = up_to, needed
    k = got.end + 1 if kind(t, got.end) in ("soft", "fill") else got.end
    if kind(t, k) == "needed":
        got.needed, got.end = True, k + 1
    elif text(t, k) in ("max", "maximum"):
        got.up_to, got.end = True, k + 1
    return got


def _at_most(t: list[Token], i: int) -> Schedule | None:
    """Read what follows "up to": "3 a day", "4 per day" are times, for an amount stands before them."""
    read = number_range(t, i)
    if read is None or read[0][1] > _MOST_A_DAY or kind(t, read[1]) not in ("per", "article", "day"):
        return None
    return _per(t, read[1], read[0], bare=False)


def often(t: list[Token], i: int) -> Schedule | None:
    """Read a frequency without what limits it ("up to", "as needed")."""
    what, word = kind(t, i), text(t, i)
    if what == "latin":
        return Schedule(i + 1, (t[i].value, t[i].value), parts=word in _LATIN_PARTS)
    if what == "everyh" or word in _EVERY:
        found = _every(t, i)
        if found or kind(t, i + 1) in ("hour", "num"):
            return found
    if what in _TIMES:
        more = _or_more(t, i)
        if more:
            return more
    if what == "once":
        return _once(t, i)
    if what in ("twice", "thrice"):
        times = _TIMES[what]
        return _per(t, i + 1, (times, times), bare=True)
    read = number_range(t, i)
    if read:
        return _counted(t, i, *read)
    if word in ("x", "*"):
        return _crossed(t, i + 1)
    return _parts(t, i) or _daily(t, i)


def _or_more(t: list[Token], i: int) -> Schedule | None:
    """Read "once or twice a day", "twice, sometimes three times a day"."""
    j = i + 1
    while j - i < 4 and (kind(t, j) in ("to", "soft") or text(t, j) in _MAYBE) and "\n" not in text(t, j):
        j += 1
    if j == i + 1:
        return None
    low, read = _TIMES[t[i].kind], number_range(t, j)
    if kind(t, j) in _TIMES:
        high, j = _TIMES[t[j].kind], j + 1
    elif read and kind(t, read[1]) == "times":
        high, j = read[0][1], read[1] + 1
    else:
        return None
    return _per(t, j, (low, high), bare=True) if low < high <= _MOST_A_DAY else None


def _once(t: list[Token], i: int) -> Schedule | None:
    """Read "once a day", "once every 6 hours", "once in the morning and once at night"."""
    if text(t, i + 1) in _EVERY and kind(t, i + 2) == "num":
        return _every(t, i + 1)
    got = _per(t, i + 1, (1.0, 1.0), bare=False)
    while got and kind(t, got.end) in ("and", "soft") and kind(t, got.end + 1) == "once":
        more = _parts(t, got.end + 2)
        if more is None or not got.times:
            break
        total = got.times[0] + 1.0
        got = Schedule(more.end, (total, total), parts=True)
    return got


def _every(t: list[Token], i: int) -> Schedule | None:
    read = number_range(t, i + 1)
    if read and kind(t, read[1]) == "hour" and read[0][0] > 0:
        (low, high), j = read
        return Schedule(j + 1, (min(24 / high, _MOST_A_DAY), min(24 / low, _MOST_A_DAY)))
    if read and read[0] in _HOURS_SAID and kind(t, read[1]) in ("stop", "end"):
        return Schedule(read[1], (24 / read[0][1], 24 / read[0][0]))  # "10 mg every 8."
    if read and kind(t, read[1]) == "day" and read[0][0] >= 1:
        return Schedule(read[1] + 1, (1 / read[0][1], 1 / read[0][0]))
    if text(t, i + 1) in ("other", "second") and kind(t, i + 2) in ("day", "part"):
        return Schedule(i + 3, (0.5, 0.5))
    return None


def _counted(t: list[Token], i: int, times: Range, j: int) -> Schedule | None:
    if kind(t, j) == "times" and kind(t, j + 1) == "num" and kind(t, j + 2) == "unit":
        return None  # "3x20mg": an amount of its own
    if text(t, j) == "-" and kind(t, j + 1) == "times":
        j += 1  # "3-times daily"
    if kind(t, j) == "times":
        # "10 mg three times." leaves out the day.
        bare = text(t, j) in ("x", "xs") or (
            times[1] <= _BARE_TIMES and kind(t, j + 1) in ("end", "stop", "soft", "and")
        )
        return None if times[1] > _MOST_A_DAY else _per(t, j + 1, times, bare=bare)
    if text(t, j) in ("/", "per") and kind(t, j + 1) == "day" and times[1] <= 8 and t[i].text.isdigit():
        return Schedule(j + 2, times)  # "3/day"
    return None


def _crossed(t: list[Token], i: int) -> Schedule | None:
    """Read what follows "x": "(10 mg x) 3 a day", but not "(10 mg x) 2 tablets"."""
    read = number_range(t, i)
    if read is None or read[0][1] > _MOST_A_DAY or kind(t, read[1]) in ("form", "unit", "num", "week", "month"):
        return None
    return None if text(t, read[1]) == "days" else _per(t, read[1], read[0], bare=True)


def _per(t: list[Token], j: int, times: Range, *, bare: bool) -> Schedule | None:
    """Read the day, week or month over which so many times are counted."""
    k = j
    while kind(t, k) in ("per", "article") or text(t, k) in ("-", "each"):
        k += 1
    if kind(t, k) == "spread" and not t[k].value and t[k].text.endswith("day"):
        return Schedule(k + 1, times)  # "twice during the day"
    if text(t, k) in ("in", "at"):
        part = _parts(t, k)
        if part:
            return Schedule(part.end, times)
        if text(t, k + 1) in ("a", "the") and text(t, k + 2) == "day":
            return Schedule(k + 3, times)
    if kind(t, k) == "day":
        more = _parts(t, k + 1)  # "twice a day, morning and night"
        return Schedule(more.end if more and more.times == times else k + 1, times)
    if kind(t, k) == "part":
        return Schedule(k + 1, times)
    if kind(t, k) == "week" or (text(t, k) == "w" and k == j):
        return Schedule(k + 1, (times[0] / 7, times[1] / 7))
    if kind(t, k) == "month":
        return Schedule(k + 1, (times[0] / 30, times[1] / 30))
    return None if kind(t, k) == "hour" else Schedule(j, times) if bare else None


def _daily(t: list[Token], i: int) -> Schedule | None:
    j = i
    if kind(t, j) == "spread" and not t[j].value and (parts := _parts(t, j + 1)):
        return Schedule(parts.end, parts.times, total=True)  # "split between morning and night"
    if kind(t, j) == "spread":
        return Schedule(j + 1, (t[j].value, t[j].value) if t[j].value else None, total=True)
    while kind(t, j) in ("per", "article"):
        j += 1
    lead, word = text(t, j - 1) if j > i else "", text(t, j)
    if j > i and text(t, j) == "24" and kind(t, j + 1) == "hour":
        return Schedule(j + 2, total=True)
    if j - i > 2 or lead in ("the", "my"):
        return None
    if word == "d" and text(t, j + 1) == "-":
        return None  # "10 mg d-amphetamine"
    if kind(t, j) == "day" and word != "days":
        return None if word == "day" and not lead and kind(t, j + 1) == "num" else Schedule(j + 1, total=True)
    if text(t, j + 1) in ("ago", "later", "before", "after", "earlier") and kind(t, j) in ("week", "month"):
        return None  # "from 50 to 100 a month ago", "went to 50 a week later"
    if text(t, i) in ("at", "in", "by", "within", "after", "for", "about") and kind(t, j) in ("week", "month"):
        return None  # "to 5 mg in a month"
    if kind(t, j) == "week" and (lead or word == "weekly") and word in ("week", "weekly", "wk"):
        return Schedule(j + 1, total=True, period=7.0)
    if kind(t, j) == "month" and (lead or word == "monthly"):
        return Schedule(j + 1, total=True, period=30.0)
    return None


def _same_time(a: Token, b: Token) -> bool:
    """Say whether two words name one time: "in the evening, an hour before bed"."""
    return a.text in _LATE and "before" in b.text and ("bed" in b.text or "sleep" in b.text)


def _later(a: Token, b: Token) -> bool:
    """Say whether a time of day follows another with nothing between them: "morning noon and night"."""
    return a.kind == "part" and a.text in _HOURS[:4] and b.text in _HOURS[_HOURS.index(a.text) + 1 :]


def clock(t: list[Token], i: int, least: int = 1) -> Schedule | None:
    """Read hours of the clock without "am" or "pm": "at 8, 12, 4 and 8", "around 7", "at 3 in the afternoon"."""
    j, last, count = i, i, 0.0
    while True:
        k = j
        while k - j < 3 and text(t, k) in _AT_HOUR:
            k += 1
        if k > j and text(t, k) in ("half", "quarter") and text(t, k + 1) in ("past", "to"):
            k += 2
        named = count > 0 and kind(t, k) == "part" and text(t, k) not in ("bed", "sleep")
        if (k == j and not count) or not (named or _hour(t, k)):
            break
        count, j = count + 1, k + 1
        if text(t, j) in ("in", "at") and kind(t, j + 1 + (text(t, j + 1) == "the")) == "part":
            j += 2 + (text(t, j + 1) == "the")
        last, k = j, j
        while k - j < 2 and (kind(t, k) == "and" or text(t, k) == ","):
            k += 1
        if k == j:
            break
        j = k
    if count < max(least, 1):
        return None
    return Schedule(last + (text(t, last) == "again"), (count, count), parts=True)


def _hour(t: list[Token], k: int) -> bool:
    """Say whether the number at k can be an hour of the clock, and counts nothing."""
    if kind(t, k) != "num" or not (t[k].text.isdigit() or t[k].text.isalpha()) or not 1 <= t[k].value <= _LAST_HOUR:
        return False
    ends = kind(t, k + 1) in ("end", "stop", "soft", "and") or text(t, k + 1) in _BEHIND_HOUR
    return ends and kind(t, k + 2) != "unit"


def _bed(t: list[Token], k: int, count: float) -> bool:
    """Say whether "bed" alone names a time: "20 bed.", "lunch and bed"."""
    ends = kind(t, k + 1) in ("end", "stop", "soft", "and")
    return text(t, k) == "bed" and (count > 0 or (kind(t, k - 1) in ("num", "unit") and ends))


def _parts(t: list[Token], i: int) -> Schedule | None:
    """Read times of day, as many times as are named: "in the morning and at bedtime", "morning, noon and night"."""
    hours = clock(t, i, 2) if text(t, i) in _AT_HOUR else None
    if hours is not None:
        return hours
    count, j, last = 0.0, i, i
    while True:
        k = j
        while k - j < 4 and (kind(t, k) in ("article", "per") or text(t, k) in _LEADS_PART or text(t, k) == "each"):
            k += 1
        word = text(t, k)
        if (kind(t, k) != "part" and word not in _LATIN_PARTS) or (k == j and word in _BEDS and not _bed(t, k, count)):
            break
        if word == "am" and k == j and (kind(t, k + 1) in ("word", "fill") or kind(t, k - 1) == "word"):
            break  # "I am"
        if count and k == j and kind(t, j - 1) not in ("and", "soft", "to", "per") and not _later(t[j - 1], t[k]):
            break
        if not (count and _same_time(t[last - 1], t[k])):
            count += t[k].value or 1.0
        last = j = k + 1
        if kind(t, j) in ("and", "soft", "to") and "\n" not in t[j].text and text(t, j) != "then":
            j += 1
            j += 1 if kind(t, j) == "and" and text(t, j) != "then" else 0
        elif text(t, j) == "/":
            j += 1
        elif not _later(t[j - 1], t[j] if j < len(t) else t[j - 1]):
            break
    return Schedule(last, (count, count), parts=True) if count else None
