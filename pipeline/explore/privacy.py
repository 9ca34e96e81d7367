"""What the overview shows at the levels "shareable" and "public": no cell of few persons, nor what betrays one.

Within a table small rows are blanked as in a release (pipeline.release.suppress). The filters open a further way: a
figure under a filter and the same figure without it differ by those whom the filter leaves out, so a row is blanked too
where any of its counts differs by less than the smallest cell from that of the view with one filter fewer.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from pipeline.explore.ask import Record
from pipeline.explore.filters import Filters
from pipeline.release import suppress

Ask = Callable[[Filters], list[Record]]
_PLACES = ("band", "year", "position")


def blanked(ask: Ask, chosen: Filters, keys: Sequence[str], least: int) -> list[Record]:
    """Give the rows of a query with the figures of small ones taken out. keys: the columns that name a row."""
    found = ask(chosen)
    if not found:
        return found
    columns = list(found[0])
    held, _ = suppress.suppress(columns, [[row[c] for c in columns] for row in found], least)
    rows = [dict(zip(columns, values, strict=True)) for values in held]
    for wider in _wider(chosen):
        there = {tuple(row[k] for k in keys): row for row in ask(wider)}
        for row, true in zip(rows, found, strict=True):
            other = there.get(tuple(true[k] for k in keys))
            if other is not None and _betrays(true, other, least):
                for column in columns:
                    if column not in keys:
                        row[column] = None
    return rows


def _wider(chosen: Filters) -> list[Filters]:
    default = Filters()
    return [replace(chosen, **{name: getattr(default, name)}) for name in chosen.set()]


def _betrays(narrow: Record, wide: Record, least: int) -> bool:
    counts = [k for k, v in narrow.items() if isinstance(v, int) and not isinstance(v, bool) and k not in _PLACES]
    return any(0 < abs((wide.get(k) or 0) - narrow[k]) < least for k in counts)


def values(facets: dict[str, list[Record]], chosen: Filters, least: int) -> dict[str, list[Record]]:
    """Give the values of the filters without their counts, and only those of enough persons (and the chosen one)."""
    kept = asdict(chosen)
    return {
        name: [
            {**row, "persons": None} for row in rows if (row["persons"] or 0) >= least or row["value"] == kept.get(name)
        ]
        for name, rows in facets.items()
    }
