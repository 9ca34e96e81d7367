"""Small cells: a row that tells of fewer persons than the study allows loses its figures, and so does what betrays it.

A figure can be had by difference in two ways, and both are closed: within a row (persons less those counted), and
between rows (a total less all others), by blanking a second row wherever a group would have one blank alone.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

_RATES = ("year", "position")


def suppress(columns: Sequence[str], rows: Sequence[Sequence[Any]], least: int) -> tuple[list[list[Any]], int]:
    """Give the rows with every figure of a small row blanked, and how many they are. least: persons in a cell."""
    held = [list(row) for row in rows]
    counts = [n for n in range(len(columns)) if _counts(columns[n], [row[n] for row in held])]
    keys = [n for n in range(len(columns)) if any(isinstance(row[n], str) for row in held)]
    small = {n for n, row in enumerate(held) if _small([row[c] for c in counts], least)}
    changed = bool(small)
    while changed:
        changed = False
        for key in keys:
            groups: dict[tuple[Any, ...], list[int]] = {}
            for n, row in enumerate(held):
                groups.setdefault(tuple(row[k] for k in keys if k != key), []).append(n)
            for group in groups.values():
                blank = [n for n in group if n in small]
                open_ = [n for n in group if n not in small]
                if len(blank) == 1 and open_:
                    small.add(min(open_, key=lambda n: (_size([held[n][c] for c in counts]), n)))
                    changed = True
    for n in small:
        held[n] = [None if _number(v) else v for v in held[n]]
    return held, len(small)


def _number(value: Any) -> bool:
    return isinstance(value, int | float | list | dict | Decimal) and not isinstance(value, bool)


def _counts(name: str, values: Sequence[Any]) -> bool:
    there = [v for v in values if v is not None]
    return name not in _RATES and bool(there) and all(isinstance(v, int) and not isinstance(v, bool) for v in there)


def _small(counts: Sequence[Any], least: int) -> bool:
    there = sorted({int(c) for c in counts if c is not None})
    if any(0 < c < least for c in there):
        return True
    return any(0 < b - a < least for a in there for b in there if b > a)


def _size(counts: Sequence[Any]) -> int:
    return max((int(c) for c in counts if c is not None), default=0)
