"""What the words before a number make of it: "I'm on 60", "went up to 150", "now at 80" name the day's total."""

from nlp.dose_amounts import CHANGES, kind, labelled, text
from nlp.dose_words import Token

_SOFTENERS = frozenset(
    ("about", "around", "approx", "approximately", "only", "just", "roughly", "like", "~", "a", "the", "now", "say")
)
_BE = frozenset(
    (
        "am i'm im was is are been being now currently still stay stayed staying back he's she's went going go me him "
        "her put started start starting today only just were remained holding settled it's began stabilized maxed "
        "down up out be got even"
    ).split()
)
_NOT_STAYS = frozenset(
    "start starting started starts begin began beginning look looking dosed dosing redosed tried".split()
)
_DOSE_IS = frozenset("is was of at".split())
_DAILY_DOSES = frozenset(
    "switch daily total current highest max maximum maximal peak top maintenance final effective optimal ideal stable "
    "full present magic".split()
)
_DAYS = frozenset(("yesterday", "today"))
_TAKES = frozenset("taking take took takes prescribed doing dose dosage with of by was is using from".split())


def lead(t: list[Token], i: int, behind: int) -> str | None:
    """Give what stands before the number at i: daily ("on", "at", "up to"), takes ("take", "dose of"), now, or None."""
    j, now = i - 1, False
    while j >= behind and text(t, j) in _SOFTENERS:
        now = now or text(t, j) == "now"
        j -= 1
    if j < behind:
        return "now" if now else None
    word, before = text(t, j), text(t, j - 1)
    if kind(t, j) == "upto":
        return "daily"
    if word in ("reached", "hit", "reaching", "hitting"):
        return "daily"
    if word in ("on", "at"):
        return "daily" if before in _BE or kind(t, j - 1) in ("end", "stop", "soft") else None
    if word == "to":
        # "60 mg daily to start, to 100 after a week": on from a dose that was said
        goes_on = behind > 0 and j - behind < 6 and (kind(t, j - 1) in ("soft", "and") or before in ("then", "up"))
        return "daily" if goes_on or any(token.text in CHANGES for token in t[max(0, j - 6) : j]) else None
    if word == "from":
        reach = 7 if _told_to(t, j) else 3  # "down to 12.5 mg from 50"
        return "daily" if any(token.text in CHANGES for token in t[max(0, j - reach) : j]) else None
    if word in _DOSE_IS and _daily_dose(t, j, behind):
        return "daily"
    if word in _TAKES:
        return "takes"
    return "now" if now else None


def leads_daily(t: list[Token], i: int, behind: int) -> bool:
    """Say whether an amount with a unit and no schedule is the day's total: "I'm on 60 mg", "went from 80 to 40 mg"."""
    j = i - 1
    while j >= behind and text(t, j) in _SOFTENERS:
        j -= 1
    stays = text(t, j) == "at" and text(t, j - 1) not in _NOT_STAYS  # "stable at 80 mg", "works at 60mg"
    if text(t, i - 1) in ("-", ":", "=", ",", "was") and kind(t, i - 2) == "num" and labelled(t, i - 2):
        return True  # "day 2 - 20 mg"
    if text(t, i - 1) == "from" and not _told_to(t, i - 1):
        onward = any(token.text == "to" or token.kind == "upto" for token in t[i + 1 : i + 6])
        return onward and (stays or lead(t, i, max(0, behind - 2)) == "daily")
    return stays or lead(t, i, max(0, behind - 2)) == "daily" or _that_day(t, i)


def _told_to(t: list[Token], j: int) -> bool:
    """Say whether "to" and an amount stand right before the token j: "(down) to 12.5 mg from"."""
    return any(t[k].text == "to" and kind(t, k + 1) == "num" for k in range(max(0, j - 4), j - 1))


def _daily_dose(t: list[Token], j: int, behind: int) -> bool:
    """Say whether the words before "is" or "of" name a dose that is the day's: "my switch dose", "the highest dose"."""
    k = j - 1
    while k > behind and text(t, k) in ("is", "was", "of", "at", "seems", "now"):
        k -= 1
    return text(t, k) in ("dose", "dosage", "dosing", "amount") and text(t, k - 1) in _DAILY_DOSES


def _that_day(t: list[Token], i: int) -> bool:
    """Say whether an amount is all that was taken on one day: "only took 5mg yesterday"."""
    k = i
    while kind(t, k) in ("num", "unit", "form", "of", "drug"):
        k += 1
    before = [token.text for token in t[max(0, i - 7) : i]]
    if not any(word in ("took", "taken", "had", "take") for word in before[-4:]):
        return False
    return text(t, k) in _DAYS or any(word in _DAYS for word in before)
