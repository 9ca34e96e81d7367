"""What the words before a number make of it: "I'm on 60", "went up to 150", "now at 80" name the day's total."""

from nlp.dose_amounts import CHANGES, kind, text
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
        return "daily" if any(token.text in CHANGES for token in t[max(0, j - 6) : j]) else None
    if word == "from":
        return "daily" if any(token.text in CHANGES for token in t[max(0, j - 3) : j]) else None
    if word in _TAKES:
        return "takes"
    return "now" if now else None


def leads_daily(t: list[Token], i: int, behind: int) -> bool:
    """Say whether an amount with a unit and no schedule is the day's total: "I'm on 60 mg", "went from 80 to 40 mg"."""
    j = i - 1
    while j >= behind and text(t, j) in _SOFTENERS:
        j -= 1
    stays = text(t, j) == "at" and text(t, j - 1) not in _NOT_STAYS  # "stable at 80 mg", "works at 60mg"
    return (stays or lead(t, i, max(0, behind - 2)) == "daily") and not (
        text(t, i - 1) == "from" and not any(token.text == "to" for token in t[i + 1 : i + 6])
    )
