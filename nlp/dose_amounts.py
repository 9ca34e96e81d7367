"""How much at once: "10 mg", "10-20mg", "2 10mg", "half a 25 mg tablet", "10/325", "a quarter of a 40", "two 10s"."""

from dataclasses import dataclass

from nlp.dose_words import Token, table
from nlp.types import Range

# After "mg/": a strength of a liquid or a dose by weight, no dose.
_BARRED = frozenset(("kg", "dl", "ml", "l", "cc", "kilo", "deciliter", "milliliter", "lb", "cm"))
_MOST_TABLETS = 12
_MOST_CALLED = 4  # tablets counted before their bare strength: "two 10"; of more it may be anything
_LEAST_DOSE = 5  # mg of a dose without a unit: "4 doses of 15"
_MOST_CUT = 100  # milligrams of a tablet that is cut, called by its strength alone
# Before "the 80's": decades and ages; and what one does with tablets.
_AGES = frozenset("in early mid late since during until upper lower low high into mid-to-late".split())
_HOLDS = frozenset(
    "have has had got get getting gets take takes taking took pop popped popping eat eating ate do doing did gave give "
    "given prescribed script scripts sell selling sold buy buying bought bottle find found using used use of snort "
    "snorting snorted cut split is are".split()
)
_AFTER_STOP = ("per", "day", "article", "num", "times", "latin", "twice", "once", "upto", "form")
_EACH = frozenset("each ea apiece per".split())
_LABELS = frozenset("day week wk month step phase stage".split())
# Milligrams of paracetamol or ibuprofen beside an opioid in one tablet, and the most of the opioid.
PARTNERS = frozenset((200, 300, 325, 400, 500, 650, 660, 750))
MOST_OPIOID = 60
# Of these opioids such a number of milligrams is always the partner: "the 325 mg Vicodin".
COMBINED = frozenset(("hydrocodone", "oxycodone"))
PARTNERS_ONLY = frozenset((325, 650, 660, 750))
# Before a number, or "from" and a number: the dose changes.
CHANGES = frozenset(
    (
        "up down back went increased increase increasing titrated titrate titrating tapered taper reduced reduce "
        "lowered lower raised raise bumped bump upped cut dropped drop got get moved worked go going gone decreased "
        "jumped from weaned switched changed reducing lowering raising upping bumping cutting dropping moving "
        "switching changing jumping working getting weaning adjusted doubled halved wean climbed climbing built build "
        "building ramped"
    ).split()
)


_RAISED = frozenset(
    "doubled raised increased upped bumped changed switched lowered reduced cut decreased dropped".split()
)


@dataclass(slots=True)
class Amount:
    """An amount in mg at tokens first:last. count: tablets; unit: it was written; formed: tablets were counted."""

    first: int
    last: int
    strength: Range
    count: Range
    unit: bool
    written: str
    formed: bool = False
    crossed: bool = False  # "3 x 10 mg": three times, rather than three tablets

    @property
    def mg(self) -> Range:
        """The amount taken at once."""
        return (self.strength[0] * self.count[0], self.strength[1] * self.count[1])


def kind(t: list[Token], i: int) -> str:
    """Give the kind of a token, "end" beyond the last one."""
    return t[i].kind if 0 <= i < len(t) else "end"


def text(t: list[Token], i: int) -> str:
    """Give the text of a token, "" beyond the last one."""
    return t[i].text if 0 <= i < len(t) else ""


def written(t: list[Token], i: int, j: int) -> str:
    """Give tokens i:j as they are written, for a derivation."""
    return " ".join(token.text for token in t[i:j]).replace(" - ", "-")


def plain(value: Range) -> str:
    """Give a range as words: "3", "2-3"."""
    return f"{value[0]:.4g}" if value[0] == value[1] else f"{value[0]:.4g}-{value[1]:.4g}"


def number_range(t: list[Token], i: int) -> tuple[Range, int] | None:
    """Read "3", "3-4", "2 or 3", "8 to 12", "between 60 and 80" at i; give it and the index behind it."""
    if kind(t, i) != "num":
        return None
    low = t[i].value
    joins = kind(t, i + 1) == "to" or (kind(t, i + 1) == "and" and text(t, i - 1) == "between")
    if joins and (_changes(t, i) or labelled(t, i)):
        joins = False  # "up from 30 to 90 mg": two doses, one after the other; "day 2 - 20 mg"
    if joins and _dashed(t, i):
        joins = False  # "2- 10 mg tablets": two of them
    if joins and kind(t, i + 2) == "num" and low < t[i + 2].value <= 20 * max(low, 0.1):
        return (low, t[i + 2].value), i + 3
    return (low, low), i + 1


def _dashed(t: list[Token], i: int) -> bool:
    if text(t, i + 1) != "-" or not _measured(t, i + 2) or t[i].value not in (1, 2, 3, 4):
        return False
    strength = t[i + 2].value >= 5 and not t[i + 2].value % 5
    apart = t[i + 1].start == t[i].end and t[i + 2].start > t[i + 1].end
    return strength and (apart or kind(t, i + 4) == "form")


def _changes(t: list[Token], i: int) -> bool:
    if text(t, i - 1) == "from" and any(token.text in CHANGES for token in t[max(0, i - 4) : i - 1]):
        return True
    # "doubled my 20 mg to 40 mg"
    return text(t, i - 1) in ("my", "the", "his", "her") and any(
        token.text in _RAISED for token in t[max(0, i - 4) : i - 1]
    )


def labelled(t: list[Token], i: int) -> bool:
    """Say whether the number at i counts days, weeks or steps: "day 2", "week 3"."""
    return text(t, i - 1) in _LABELS and kind(t, i - 2) not in ("num", "per", "article")


def amount_at(t: list[Token], i: int) -> Amount | None:
    """Read an amount with its unit, and the tablets counted before it."""
    return _counted(t, i) or strength_at(t, i)


def strength_at(t: list[Token], i: int) -> Amount | None:
    """Read a number, or a range, with its unit."""
    read = number_range(t, i)
    if read is None:
        return None
    (low, high), j = read
    name = written(t, i, j)
    if text(t, j) == "/" and kind(t, j + 1) == "num" and kind(t, j + 2) == "unit":
        # 10/325 mg: two medicines in one tablet; the first is the one that is named.
        j, factor = j + 3, t[j + 2].value
    elif kind(t, j) == "unit":
        factor, j = t[j].value, j + 1
        if (combined := _combined(t, j, high)) > j:
            return Amount(i, combined, (low, high), (1.0, 1.0), True, f"{name} mg")
        between = kind(t, j) == "and" and text(t, i - 1) == "between"
        if (between or (kind(t, j) == "to" and not _changes(t, i))) and _measured(t, j + 1):
            upper = t[j + 1].value * t[j + 2].value
            if upper > high * factor:
                name = f"{name}-{t[j + 1].text}"
                high, j = upper / factor, j + 3
    elif text(t, j) in ("-", "/") and kind(t, j + 1) == "unit":
        factor, j = t[j + 1].value, j + 2
    else:
        return None
    if text(t, j) in ("/", "per") and text(t, j + 1) in _BARRED:
        return None
    if text(t, j) == "/" and (
        (kind(t, j + 1) == "num" and kind(t, j + 2) == "times")
        or kind(t, j + 1) in ("once", "twice", "thrice", "latin")
    ):
        j += 1  # "25 mg/3x daily", "15 mg/twice daily"
    if text(t, j) == "." and _abbreviates(t, j):
        j += 1  # "10 mg. three times a day"
    return Amount(i, j, (low * factor, high * factor), (1.0, 1.0), True, f"{name} {unit_of(factor)}")


def unit_of(factor: float) -> str:
    """Give the unit, for a derivation, by its milligrams in one."""
    return "mg" if factor == 1 else "mcg" if factor < 1 else "g"


def _combined(t: list[Token], j: int, first: float) -> int:
    """Give the index behind the second medicine of a tablet: "10mg/325mg", "10mg 325mg"; j if there is none."""
    k = j + 1 if text(t, j) in ("/", "-") else j
    if _measured(t, k) and t[k].value in PARTNERS and first <= MOST_OPIOID:
        return k + 2
    return j


def _measured(t: list[Token], i: int) -> bool:
    return kind(t, i) == "num" and kind(t, i + 1) == "unit"


def _each(t: list[Token], k: int) -> bool:
    """Say whether a strength in brackets, at k, is that of each tablet: "2 tabs (10mg each)", and not what all hold."""
    return _measured(t, k) and (text(t, k + 2) in _EACH)


def _abbreviates(t: list[Token], j: int) -> bool:
    """Say whether the full stop at j, behind a unit, ends no sentence: "40 mg. of X", "10 mg. three times a day"."""
    after = kind(t, j + 1)
    k = j + 2 + (text(t, j + 2) == "the")
    if (after == "part" and text(t, j + 1) != "am") or (text(t, j + 1) in ("at", "in") and kind(t, k) == "part"):
        return True
    if after == "fill":
        return t[j].end == t[j + 1].start
    if text(t, j + 1) == "for" and any(kind(t, k) == "num" for k in (j + 2, j + 3)):
        return any(kind(t, k) in ("day", "week", "month") for k in (j + 3, j + 4))  # "taking 10 mg. for 3 weeks"
    return after in _AFTER_STOP or (after == "of" and kind(t, j + 2) == "drug")


def _counted(t: list[Token], i: int) -> Amount | None:
    read = number_range(t, i)
    if read is None:
        return None
    count, j = read
    if not 0 < count[1] <= _MOST_TABLETS or (labelled(t, i) and kind(t, j) == "num"):
        return None  # "week 2 10mg 3x a day"
    k, joined, crossed = j, False, False
    if kind(t, j) == "drug" and _plural(t, j + 1):
        tablet = bare_strength(t, j + 1)  # "2 Norco 10s"
        if tablet:
            name = f"{written(t, i, j)} x {tablet.written}"
            return Amount(i, tablet.last, tablet.strength, count, tablet.unit, name, formed=True)
    while k - j < 4 and (
        kind(t, k) in ("form", "of", "article")
        or (k > j and count[1] < 1 and kind(t, k) == "drug" and kind(t, k + 1) == "num")  # "half a baclofen 20"
        or text(t, k) in ("x", "times")
        or (k == j and (_dashed(t, i) or (text(t, k) == ")" and text(t, i - 1) == "(")))
        or (k > j and text(t, k) in ("(", ",") and (count == (1.0, 1.0) or _each(t, k + 1)))
    ):
        crossed = crossed or kind(t, k) == "times" or text(t, k) == "doses"
        joined = joined or kind(t, k) != "times"
        k += 1
    if crossed and text(t, j) != "doses" and (k - j > 1 or text(t, j) == "times"):
        return None
    inner = strength_at(t, k)
    if inner is None and k == j and (tablet := _spelt_count(t, i, j, count)):
        return tablet
    if inner is None or (k == j and t[j - 1].end == t[k].start):
        inner = bare_strength(t, k) if joined or kind(t, k) == "num" else None
        if inner and not inner.unit and count[1] < 1 and inner.strength[0] > _MOST_CUT:
            return None  # "half of 230 reviews"
        a_day = inner is not None and kind(t, inner.last) in ("per", "article", "day")
        by_dose = text(t, j) == "doses" and a_day and inner is not None and inner.strength[0] >= _LEAST_DOSE
        if inner is None or (joined and count[1] >= 1 and text(t, k + 1) not in ("s", "'s") and not by_dose):
            return None
    if k == j and count[1] > 8 and count[1] >= inner.strength[0]:
        return None
    if text(t, j) == "doses" and kind(t, inner.last) in ("end", "stop", "soft", "and"):
        return Amount(i, inner.last, inner.strength, (1.0, 1.0), inner.unit, inner.written, formed=True)  # one by one
    last = inner.last + (1 if kind(t, inner.last) == "form" or text(t, inner.last) in ("each", "ea") else 0)
    last += text(t, last) == ")" and text(t, k - 1) == "("
    name = f"{written(t, i, j)} x {inner.written}"
    return Amount(i, last, inner.strength, count, inner.unit, name, formed=True, crossed=crossed)


def _spelt_count(t: list[Token], i: int, j: int, count: Range) -> Amount | None:
    """Read tablets counted in a word and called by their strength alone: "one 20 of baclofen", "two 10 at night"."""
    whole = t[i].text.isalpha() and count[0] == count[1] >= 1 and count[1] <= _MOST_CALLED
    if not whole or kind(t, j) != "num" or not t[j].text.isdigit() or not _is_strength(t[j].value):
        return None
    of_drug = text(t, j + 1) == "of" and kind(t, j + 2) == "drug"
    behind = kind(t, j + 1) in ("part", "per", "drug") or text(t, j + 1) in ("in", "at", "before", "with", "every")
    daily = kind(t, j + 2) in ("part", "article", "per", "day", "num") or kind(t, j + 1) in ("part", "per", "drug")
    if not of_drug and not (behind and daily):
        return None
    strength = (t[j].value, t[j].value)
    return Amount(i, j + 1, strength, count, unit=False, written=f"{t[i].text} x {t[j].text} mg", formed=True)


def plural_at(t: list[Token], i: int) -> Amount | None:
    """Read tablets called by their strength, uncounted: "got the 80's", "15's and 30's"; not years or ages of life."""
    if not _plural(t, i):
        return None
    low = high = t[i].value
    j = i + 2
    if (kind(t, j) in ("and", "to") or text(t, j) in ("or", "/")) and _plural(t, j + 1):
        high, j = max(low, t[j + 1].value), j + 3
    before = [token.text for token in t[max(0, i - 6) : i]]
    if any(word in _AGES for word in before[-2:]) or (before and before[-1] in ("my", "his", "her")):
        return None
    near = t[max(0, i - 6) : i]
    if not any(token.text in _HOLDS or token.kind in ("drug", "form") for token in near):
        return None
    return Amount(i, j, (low, high), (1.0, 1.0), unit=False, written=f"{plain((low, high))} mg", formed=True)


def _plural(t: list[Token], i: int) -> bool:
    """Say whether a number that can be a tablet's strength stands in the plural at i: "10s", "80's"."""
    if kind(t, i) != "num" or text(t, i + 1) not in ("s", "'s") or t[i + 1].start != t[i].end:
        return False
    return _is_strength(t[i].value)


def _is_strength(value: float) -> bool:
    """Say whether a number may be a tablet's strength."""
    return 2 <= value <= 800 and (value in (2, 4, 8, 12, 16, 18, 32, 36, 54) or not value % 2.5)


def bare_strength(t: list[Token], k: int) -> Amount | None:
    """Read a tablet called by its strength: "(a quarter of) a 40", "(two) 10s", "the 20s"."""
    if kind(t, k) != "num" or t[k].value < 2:
        return None
    plural = text(t, k + 1) in ("s", "'s") and t[k + 1].start == t[k].end
    if not plural:
        barred = ("unit", "times", "hour", "week", "month", "to", "per", "mark", "day")
        often = kind(t, k + 1) == "num" and kind(t, k + 2) == "times"  # "half a 10 three times a day"
        of_drug = text(t, k + 1) == "of" and kind(t, k + 2) == "drug"
        if (
            kind(t, k + 1) in barred
            or (kind(t, k + 1) == "num" and not often)
            or kind(t, k - 1) not in ("of", "article", "drug")
        ):
            return None
        if text(t, k + 1) in table().not_after and not of_drug:
            return None
    value = t[k].value
    return Amount(k, k + (2 if plural else 1), (value, value), (1.0, 1.0), False, f"{t[k].text} mg")
