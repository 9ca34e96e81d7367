"""What the overview shows at the levels "shareable" and "public": no cell of few persons, nor what betrays one.

A release is suppressed as one whole, once (pipeline.release.suppress). Here each view is made when it is asked for, so
the rule is coarser and hides more. A row goes whole where one of its counts, or the difference of two of them, is
small; where a group of rows would have one blank alone, the smallest other row goes too; and, since a figure under a
filter and the same figure without it differ by those whom the filter leaves out, a row goes where any of its counts
differs by less than the smallest cell from that of the view with one filter fewer.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from pipeline.explore.ask import Record
from pipeline.explore.filters import Filters

Ask = Callable[[Filters], list[Record]]
_PLACES = ("band", "year", "position")


def blanked(ask: Ask, chosen: Filters, keys: Sequence[str], least: int) -> list[Record]:
    """Give the rows of a query with the figures of small ones taken out. keys: the columns that name a row."""
    found = ask(chosen)
    if not found:
        return found
    columns = list(found[0])
    small = _small_rows(found, keys, least)
    rows = [{c: row[c] if c in keys or n not in small else None for c in columns} for n, row in enumerate(found)]
    for wider in _wider(chosen):
        there = {tuple(row[k] for k in keys): row for row in ask(wider)}
        for row, true in zip(rows, found, strict=True):
            other = there.get(tuple(true[k] for k in keys))
            if other is not None and _betrays(true, other, least):
                row.update({c: None for c in columns if c not in keys})
    return rows


def _wider(chosen: Filters) -> list[Filters]:
    default = Filters()
    return [replace(chosen, **{name: getattr(default, name)}) for name in chosen.set()]


def _betrays(narrow: Record, wide: Record, least: int) -> bool:
    return any(0 < abs((wide.get(k) or 0) - n) < least for k, n in _counts(narrow).items())


def _counts(row: Record) -> dict[str, int]:
    return {k: v for k, v in row.items() if isinstance(v, int) and not isinstance(v, bool) and k not in _PLACES}


def _small_rows(rows: list[Record], keys: Sequence[str], least: int) -> set[int]:
    """Give the places of the rows to be blanked: small ones, and a second one wherever one alone would be blank."""
    counts = [sorted(set(_counts(row).values())) for row in rows]
    small = {
        n
        for n, held in enumerate(counts)
        if any(0 < c < least for c in held) or any(0 < b - a < least for a in held for b in held)
    }
    changed = bool(small)
    while changed:
        changed = False
        for key in keys:
            groups: dict[tuple[object, ...], list[int]] = {}
            for n, row in enumerate(rows):
                groups.setdefault(tuple(row[k] for k in keys if k != key), []).append(n)
            for group in groups.values():
                shown = [n for n in group if n not in small]
                if len(shown) == len(group) - 1 and shown:
                    small.add(min(shown, key=lambda n: (max(counts[n], default=0), n)))
                    changed = True
    return small


def values(facets: dict[str, list[Record]], chosen: Filters, least: int) -> dict[str, list[Record]]:
    """Give the values of the filters without their counts, and only those of enough persons (and the chosen one)."""
    kept = asdict(chosen)
    return {
        name: [
            {**row, "persons": None} for row in rows if (row["persons"] or 0) >= least or row["value"] == kept.get(name)
        ]
        for name, rows in facets.items()
    }
