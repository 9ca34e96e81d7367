"""Amounts told one after the other with one unit for all: "then 50, 75, 100 and finally 200 mg", "to 30, 20, 10"."""

from nlp.dose_amounts import CHANGES, kind, text, unit_of
from nlp.dose_statement import Statement
from nlp.dose_words import Token

_JOINS = frozenset(", and & then or finally to eventually now next up down later /".split())
_ON = frozenset("then finally eventually now next".split())
_MOST_JOINS = 3  # tokens between two amounts
_REACH = 8  # tokens before a run in which a change of dose may be told
_MOST_PLACES = 12  # amounts of one run
_MOST_RATIO = 4  # between neighbours
_UNIT_NEAR = 70  # characters back to an amount with its unit
_GOES = CHANGES | _ON | frozenset("tapered taper taperd titrated tried doses dosages strengths weaned started".split())


def run(t: list[Token], i: int, unit_at: int) -> tuple[list[Statement], int]:
    """Give the amounts of a run that begins at i, but for a last one with its unit; and the index behind them.

    unit_at: where the last amount with its unit stood.
    """
    at = _places(t, i)
    if len(at) < 2:
        return [], i
    measured = kind(t, at[-1] + 1) == "unit"
    before = [token.text for token in t[max(0, i - _REACH) : i]]
    inside = [token.text for token in t[i : at[-1]]]
    goes = any(word in _GOES for word in before) or any(word in _ON for word in inside)
    if measured:
        if len(at) < 3 and not any(word in _ON for word in inside):
            return [], i
        told = at[:-1]
    else:
        near = t[i].start - unit_at <= _UNIT_NEAR or (len(at) > 2 and any(word in _ON for word in inside))
        if not goes or not near or any(t[k].value < 5 or t[k].value % 2.5 for k in at):
            return [], i
        if kind(t, at[-1] + 1) not in ("end", "stop", "soft", "and") and text(t, at[-1] + 1) not in ("over", "mg"):
            return [], i
        told = at
    factor = t[at[-1] + 1].value if measured else 1.0
    return [_amount(t, k, factor, daily=goes, explicit=measured) for k in told], told[-1] + 1


def _places(t: list[Token], i: int) -> list[int]:
    """Give the indices of the numbers of a run that begins at i."""
    at = [i]
    while True:
        k = at[-1] + 1
        while k - at[-1] <= _MOST_JOINS and text(t, k) in _JOINS:
            k += 1
        joined = [text(t, j) for j in range(at[-1] + 1, k)]
        only_range = joined in (["or"], ["to"], ["/"], ["and"]) and len(at) < 2
        if not joined or only_range or kind(t, k) != "num" or not t[k].text[0].isdigit() or t[k].text[0] == "0":
            return at
        low, high = sorted((t[at[-1]].value, t[k].value))
        if not 0 < low < high <= _MOST_RATIO * low:
            return at
        at.append(k)
        if kind(t, k + 1) == "unit" or len(at) == _MOST_PLACES:
            return at


def _amount(t: list[Token], k: int, factor: float, *, daily: bool, explicit: bool) -> Statement:
    mg = (t[k].value * factor, t[k].value * factor)
    written = f"{t[k].text} {unit_of(factor)}"
    if daily:
        return Statement(k, k + 1, None, None, mg, f"{written} a day", explicit=explicit, scheduled=True)
    return Statement(k, k + 1, mg, None, None, written, explicit=explicit)
