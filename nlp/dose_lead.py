"""What the words before a number make of it: "I'm on 60", "went up to 150", "now at 80" name the day's total."""

from nlp.dose_amounts import CHANGES, kind, labelled, text
from nlp.dose_words import Token

_SOFTENERS = frozenset(
    ("about", "around", "approx", "approximately", "only", "just", "roughly", "like", "~", "a", "the", "now", "say")
)
_BE = frozenset(
    (
        "am i'm im was by is are been being now currently still stay stayed staying back he's she's went going go me "
        "him her put started start starting today only just were remained holding settled it's began stabilized maxed "
        "down up out be got even coast coasting cruise cruising hover hovering sit sitting live living "
        "parked camped resting plateaued leveled levelled hit happened kicked "
        "stable settled steady stuck capped peaked topped function functioning run running hold settle maintain "
        "maintaining well fine good okay great happy comfortable satisfied content better best off out"
    ).split()
)
_NOT_STAYS = frozenset(
    "start starting started starts begin began beginning look looking dosed dosing redosed tried".split()
)
# "Overdosed on 900 mg", "high on 20 mg", "sleep on 10 mg": what was taken at once.
_NOT_ON = frozenset(
    "overdosed overdose overdosing od od'd odd odded high tripping tripped stoned buzzed drunk nod nodding nodded "
    "based depending depends effects experience experiences trip info information research studies study sleep slept "
    "fell asleep awake dosed dosing redosed again focus concentrate and or".split()
)
_STARTS = frozenset("start started starting starts began begin".split())
_PAST_IT = frozenset("past over above beyond exceeded exceed under below".split())
_DOSE_IS = frozenset("is was of at".split())
_DAILY_DOSES = frozenset(
    "switch daily total current highest lowest least minimum minimal smallest largest max "
    "maximum maximal peak top maintenance final effective optimal ideal stable "
    "full present magic".split()
)
_DAYS = frozenset(("yesterday", "today"))
_RELEASE = frozenset("xr er sr xl cr ir hcl odt generic brand".split())
_DOSES = frozenset(("dose", "dosage"))
_EARLIER = frozenset("previously formerly originally".split())
_MY_TOTAL = frozenset("of is was now at for me a day total daily the with comes to".split())
_TO_DOSE = frozenset("at on to reached hit reaching hitting".split())
_HALVED = frozenset("halved doubled tripled cut lowered raised upped".split())
_ONWARD = frozenset("then up later after".split())
_STICK = frozenset("stick sticking stuck keep keeping kept hold held".split())
_LENGTHS = frozenset("year years yr yrs weeks wks months mos".split())
_SIZES = frozenset("lower higher low high new same usual current max maximum full starting lowest highest".split())
_DATES = frozenset(("day", "days", "week", "weeks", "wk", "month", "months", "night", "nights"))
_ORDINALS = frozenset("first 1st second 2nd third 3rd fourth 4th fifth next last initial".split())
_ON_DATE = frozenset("on for the my in during just only about".split())
_TAKES = frozenset("taking take took takes prescribed doing dose dosage with of by was is using from".split())


def lead(t: list[Token], i: int, behind: int) -> str | None:
    """Give what stands before the number at i: daily ("on", "at", "up to"), takes ("take", "dose of"), now, or None."""
    j = _anchor(t, i, behind)
    now = any(token.text == "now" for token in t[j + 1 : i])
    if j < behind:
        return "now" if now else None
    word, before = text(t, j), text(t, j - 1)
    if kind(t, j) == "upto":
        return "daily"
    if word in ("reached", "hit", "reaching", "hitting"):
        return "daily"
    if word == "off" and before in CHANGES | {"came", "coming", "tapering", "getting"}:
        return "daily"  # "tapered off 90 mg"
    if word in ("on", "at"):
        # "also on 300 mg", "hooked on 60mg", but "also on Soma 350" names the tablet
        measured = word == "on" and _measured(t, i) and before not in _NOT_ON
        after_time = kind(t, j - 1) in ("day", "week", "month") or before in _LENGTHS
        after_time = after_time and (word == "on" or _since(t, j - 1))
        said = measured or after_time or before in _BE or before.endswith("ly")
        return "daily" if said or kind(t, j - 1) in ("end", "stop", "soft", "drug") else None
    if word == "then" and behind > 0 and j - behind < 8 and all(token.kind != "stop" for token in t[behind:j]):
        return "daily"  # "to 40 mg on Monday, then 50"
    if word in ("until", "till", "til"):
        return "daily" if any(token.text in CHANGES for token in t[max(0, j - 9) : j]) else None
    if word == "to":
        # "60 mg daily to start, to 100 after a week": on from a dose that was said
        goes_on = behind > 0 and j - behind < 8 and (kind(t, j - 1) in ("soft", "and") or before in _ONWARD)
        goes_on = goes_on or (behind > 0 and j == behind and _from(t, j))
        goes_on = goes_on or before in _STICK
        return "daily" if goes_on or any(token.text in CHANGES for token in t[max(0, j - 6) : j]) else None
    if word == "from":
        reach = 7 if _told_to(t, j) else 3  # "down to 12.5 mg from 50"
        return "daily" if any(token.text in CHANGES for token in t[max(0, j - reach) : j]) else None
    if word in _EARLIER or (word in ("be", "was") and before in ("to", "it")):
        # "80 mg a day for years, used to be 60"
        return "daily" if 0 < behind <= j and j - behind < 9 and _same_clause(t, behind, j) else None
    if word in _DOSE_IS and _daily_dose(t, j, behind):
        return "daily"
    if word in ("it's", "is", "its") and before == "now":
        return "daily"  # "so now it's 50"
    if word in _PAST_IT and before in ("got", "went", "go", "get", "been", "gone", "going", "getting"):
        return "daily"  # "I never got past 150"
    if word == "with" and before in _STARTS:
        return "daily"
    if kind(t, j) == "spread" and _total(t, j, behind):
        return "daily"
    if word in _TAKES:
        return "takes"
    return "now" if now else None


def _same_clause(t: list[Token], i: int, j: int) -> bool:
    """Say whether no sentence ends, and none speaks of its own subject, in tokens i:j."""
    return all(token.kind != "stop" and token.text not in ("i", "he", "she", "weight") for token in t[i:j])


def _from(t: list[Token], j: int) -> bool:
    """Say whether a change from another amount leads to the "to" at j: "down from 80 mg of it a day to"."""
    k = next((k for k in range(j - 1, max(0, j - 12), -1) if text(t, k) == "from" or text(t, k) in _HALVED), -1)
    if text(t, k) in _HALVED:
        return True
    return k > 0 and any(token.text in CHANGES for token in t[max(0, k - 3) : k])


def _since(t: list[Token], j: int) -> bool:
    """Say whether a length of time ends at the token j: "(after) 4 years (at 2400)"."""
    return kind(t, j - 1) in ("num", "article") or text(t, j - 1) in ("few", "couple", "several", "many")


def _went_behind(t: list[Token], i: int) -> bool:
    """Say whether a change is told behind where it began: "from 1800 mg I went down"."""
    k = next((k for k in range(i + 1, i + 4) if text(t, k) in ("i", "he", "she", "we")), 0)
    return k > 0 and any(token.text in CHANGES for token in t[k + 1 : k + 4])


def _measured(t: list[Token], i: int) -> bool:
    return any(kind(t, k) == "unit" for k in range(i + 1, i + 4))


def _anchor(t: list[Token], i: int, behind: int) -> int:
    """Give the index of the word that decides of the number at i: "on" of "on about", of "on a low dose of", of "on X".

    X is a medicine; the number may belong to it ("on Wellbutrin XL 300").
    """
    j = i - 1
    while j >= behind and text(t, j) in _SOFTENERS:
        j -= 1
    if text(t, j) in _SIZES:
        j -= 1
        j -= text(t, j) in _SOFTENERS
    k = j
    while k >= behind and (
        kind(t, k) == "drug"
        or text(t, k) in _RELEASE
        or (k == i - 1 and text(t, k) == "(")
        or (k < j and text(t, k) in _SOFTENERS)
    ):
        k -= 1
    if k < j and k >= behind and text(t, k) == "on":
        return k
    if text(t, j) in ("of", "was", "is") and text(t, j - 1) in _DOSES:
        k = j - 2
        while k >= behind and j - k < 6 and text(t, k) not in _TO_DOSE and kind(t, k) not in ("upto", "stop", "num"):
            k -= 1
        if k >= behind and (text(t, k) in _TO_DOSE or kind(t, k) == "upto"):
            return k
    return j


def dated(t: list[Token], k: int) -> bool:
    """Say whether what ends before k is the amount of a day or week of the course: "on day one", "the first week"."""
    begin = k
    while k - begin < 3 and text(t, k) in _ON_DATE:
        k += 1
    if text(t, k) in _DATES and kind(t, k + 1) == "num" and (not t[k].text.endswith("s") or kind(t, k + 2) == "to"):
        return True
    if k == begin or text(t, k) not in _ORDINALS:
        return False
    k += 1 + (kind(t, k + 1) == "num")
    return text(t, k) in _DATES


def leads_daily(t: list[Token], i: int, behind: int) -> bool:
    """Say whether an amount with a unit and no schedule is the day's total: "I'm on 60 mg", "went from 80 to 40 mg"."""
    j = _anchor(t, i, behind)
    if text(t, j) == "then":
        return False  # what it is follows from what stands before it (nlp.dose_chain)
    stays = text(t, j) == "at" and text(t, j - 1) not in _NOT_STAYS  # "stable at 80 mg", "works at 60mg"
    if text(t, i - 1) in ("-", ":", "=", ",", "was") and kind(t, i - 2) == "num" and labelled(t, i - 2):
        return True  # "day 2 - 20 mg"
    if text(t, i - 1) == "from" and not _told_to(t, i - 1):
        onward = any(token.text in ("to", "by") or token.kind == "upto" for token in t[i + 1 : i + 6])
        return _went_behind(t, i) or (onward and (stays or lead(t, i, max(0, behind - 2)) == "daily"))
    return stays or lead(t, i, max(0, behind - 2)) == "daily" or _that_day(t, i)


def _told_to(t: list[Token], j: int) -> bool:
    """Say whether "to" and an amount stand right before the token j: "(down) to 12.5 mg from"."""
    return any(t[k].text in ("to", "up to", "upto") and kind(t, k + 1) == "num" for k in range(max(0, j - 4), j - 1))


def _daily_dose(t: list[Token], j: int, behind: int) -> bool:
    """Say whether the words before "is" or "of" name a dose that is the day's: "my switch dose", "the highest dose"."""
    k = j - 1
    while k > behind and (text(t, k) in ("is", "was", "of", "at", "seems", "now") or kind(t, k) == "drug"):
        k -= 1
    if kind(t, k) == "spread" and "dose" in text(t, k):
        return True  # "my total daily dose is 45 mg"
    if _total(t, j, behind):
        return True
    if text(t, j) in ("is", "was") and text(t, k) in ("max", "maximum", "limit"):
        return True  # "the max is 80 mg"
    if (text(t, k - 1), text(t, k)) == ("sweet", "spot"):
        return True
    return text(t, k) in ("dose", "dosage", "dosing", "amount") and text(t, k - 1) in _DAILY_DOSES


def _total(t: list[Token], j: int, behind: int) -> bool:
    """Say whether the words before j name the day's total: "my daily total of X is", "my total for the day is"."""
    total = daily = False
    while j >= behind and (kind(t, j) in ("drug", "spread") or text(t, j) in _MY_TOTAL):
        total = total or (kind(t, j) == "spread" and "total" in text(t, j))
        daily = daily or kind(t, j) == "day" or "daily" in text(t, j)
        j -= 1
    return total and daily


def _that_day(t: list[Token], i: int) -> bool:
    """Say whether an amount is all that was taken on one day: "only took 5mg yesterday"."""
    before = [token.text for token in t[max(0, i - 7) : i]]
    if "first" in before or not any(word in ("took", "taken", "had", "take") for word in before[-4:]):
        return False
    if any(word in _DAYS for word in before):
        return True
    k = i
    while kind(t, k) in ("num", "unit", "form", "of", "drug"):
        k += 1
    return text(t, k) in _DAYS
