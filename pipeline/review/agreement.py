"""How far readers agree: Cohen's and Fleiss' kappa, Krippendorff's alpha for nominal verdicts.

Cohen 1960; Fleiss 1971; Krippendorff 2019, Content Analysis, chapter 12. Alpha takes any number of readers an item.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from statistics import fmean

Judged = Mapping[str, Mapping[str, str]]  # item -> reviewer -> verdict


def cohen(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Give the kappa of two readers of the same items; None where chance alone would agree always."""
    n = len(first)
    if not n:
        return None
    seen = sum(a == b for a, b in zip(first, second, strict=True)) / n
    one, two = Counter(first), Counter(second)
    chance = sum(one[v] * two[v] for v in one) / n**2
    return None if chance == 1 else (seen - chance) / (1 - chance)


def fleiss(items: Iterable[Sequence[str]]) -> float | None:
    """Give the kappa of several readers, the same number for every item; None where it is not defined."""
    held = [Counter(i) for i in items]
    size = {c.total() for c in held}
    if len(size) != 1 or (n := size.pop()) < 2:
        return None
    seen = fmean((sum(k * k for k in c.values()) - n) / (n * (n - 1)) for c in held)
    total = sum(held, Counter[str]())
    chance = sum((k / total.total()) ** 2 for k in total.values())
    return None if chance == 1 else (seen - chance) / (1 - chance)


def alpha(items: Iterable[Sequence[str]]) -> float | None:
    """Give Krippendorff's alpha, nominal; items with one verdict say nothing. None where it is not defined."""
    held = [Counter(i) for i in items if len(i) > 1]
    total = sum(held, Counter[str]())
    n = total.total()
    if n < 2:
        return None
    seen = sum((c.total() ** 2 - sum(k * k for k in c.values())) / (c.total() - 1) for c in held) / n
    chance = (n * n - sum(k * k for k in total.values())) / (n * (n - 1))
    return None if chance == 0 else 1 - seen / chance


def table(judged: Judged) -> dict[str, float | int | None]:
    """Give the figures of one field: items, readers, the mean of Cohen's kappa over pairs, Fleiss' kappa, alpha."""
    readers = sorted({r for by in judged.values() for r in by})
    pairs: list[float] = []
    for a, b in combinations(readers, 2):
        both = [by for by in judged.values() if a in by and b in by]
        kappa = cohen([by[a] for by in both], [by[b] for by in both])
        if kappa is not None:
            pairs.append(kappa)
    whole = [[by[r] for r in readers] for by in judged.values() if len(by) == len(readers)]
    return {
        "items": len(judged),
        "reviewers": len(readers),
        "cohen": fmean(pairs) if pairs else None,
        "fleiss": fleiss(whole) if whole else None,
        "krippendorff": alpha([list(by.values()) for by in judged.values()]),
    }
