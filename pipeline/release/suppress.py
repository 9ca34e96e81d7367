"""Small cells: what tells of fewer persons than the study allows is hidden, and so is what betrays it.

A count is small where it is over 0 and under the least; so is one that no table shows and that a subtraction gives. The
small ones are hidden, and then so many others that there is, for each small one, another set of numbers that agrees
with everything published and in which it is not small: whoever adds and subtracts, or solves all sums at once, cannot
tell it. Each such set is found by a linear programme at the least cost in published counts (cell suppression: Kelly,
Golden & Assad 1992; Fischetti & Salazar 2001). Hidden counts are taken to be known to be over 0, since zeros are shown.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import import_module
from typing import Any

from pipeline.release.quantities import Declared, Key, Sum, System, declared, quantity, sums

_NEAR = 300  # quantities in the first programme of a small count; doubled until there is a way out
_FREE = 1e-4  # cost of a change that hides nothing new: keeps the numbers near the true ones


@dataclass(slots=True)
class Cells:
    """A table on its way out; rows are changed in place. blanked: rows that lost a figure."""

    name: str
    columns: list[str]
    rows: list[list[Any]]
    blanked: int = 0
    keys: list[dict[str, Key]] = field(default_factory=list[dict[str, Key]])


def suppress(
    tables: Sequence[Cells], least: int, says: dict[str, Declared] | None = None, ties: Sequence[Sum] | None = None
) -> System:
    """Blank in all tables together what is small and what betrays it; give the quantities and sums that were gone by.

    least: persons in a cell. Tables and sums are those of data/disclosure.toml if none are given. Raises KeyError for a
    table that is not declared.
    """
    says = declared() if says is None else says
    system = System()
    for table in tables:
        table.keys = [_keys(system, says[table.name], table.columns, row) for row in table.rows]
    system.tie(sums() if ties is None else ties)
    hidden = hide(system, least)
    for table in tables:
        _blank(table, says[table.name], hidden)
    return system


def hide(system: System, least: int) -> set[Key]:
    """Give the quantities that must not be shown so that no small one can be told."""
    small = {k for k, v in system.values.items() if 0 < v < least}
    hidden = {k for k in system.values if k not in system.shown} | small
    touching: dict[Key, list[int]] = {}
    for number, equation in enumerate(system.equations):
        for key in equation:
            touching.setdefault(key, []).append(number)
    safe: set[Key] = set()
    for key in sorted(small, key=lambda k: (system.values[k], k)):
        if key in safe or key not in touching:
            continue
        change = _other_world(system, key, least - system.values[key], hidden, touching)
        hidden |= {k for k, d in change.items() if abs(d) > _FREE}
        safe |= {k for k, d in change.items() if k in small and system.values[k] + d >= least - _FREE}
    return hidden


def _other_world(
    system: System, key: Key, by: int, hidden: Collection[Key], touching: dict[Key, list[int]]
) -> dict[Key, float]:
    """Give changes to the quantities that raise one of them by so much and keep every sum, at the least cost shown."""
    near, before = _NEAR, 0
    while True:
        some = _around(system, key, touching, near)
        found = _solved(system, key, by, some, hidden, touching)
        if found is not None:
            return found
        if len(some) == before:
            raise RuntimeError(f"no numbers but the true ones agree with {'|'.join(key)}")  # scaling all always does
        before, near = len(some), near * 4


def _around(system: System, key: Key, touching: dict[Key, list[int]], most: int) -> list[Key]:
    """Give at most so many quantities, those that the fewest sums lie between first."""
    seen, queue = {key}, [key]
    for one in queue:
        for other in sorted({k for number in touching[one] for k in system.equations[number]} - seen):
            if len(queue) >= most:
                return queue
            seen.add(other)
            queue.append(other)
    return queue


def _solved(
    system: System, key: Key, by: int, some: list[Key], hidden: Collection[Key], touching: dict[Key, list[int]]
) -> dict[Key, float] | None:
    optimize: Any = import_module("scipy.optimize")
    sparse: Any = import_module("scipy.sparse")
    place = {k: n for n, k in enumerate(some)}
    numbers = sorted({n for k in some for n in touching[k]})
    rows: list[int] = []
    columns: list[int] = []
    signs: list[int] = []
    for row, number in enumerate(numbers):
        for k, sign in system.equations[number].items():
            if k in place:
                rows += [row, row]
                columns += [place[k], place[k] + len(some)]
                signs += [sign, -sign]
    cost: list[float] = []
    up: list[tuple[float, float | None]] = []
    down: list[tuple[float, float | None]] = []
    for k in some:
        value, free = system.values[k], k in hidden
        cost.append(_FREE if free else system.shown[k] * math.log2(2 + value))
        known_zero = value == 0 and k in system.shown
        up.append((by, by) if k == key else (0, 0) if known_zero else (0, None))
        down.append((0, 0) if k == key or known_zero else (0, value - (1 if k in system.shown else 0)))
    found: Any = optimize.linprog(
        cost * 2,
        A_eq=sparse.csr_array((signs, (rows, columns)), shape=(len(numbers), 2 * len(some))),
        b_eq=[0] * len(numbers),
        bounds=up + down,
        method="highs",
    )
    if found.status != 0:
        return None
    return {k: float(found.x[n] - found.x[n + len(some)]) for k, n in place.items()}


def _keys(system: System, says: Declared, columns: Sequence[str], row: Sequence[Any]) -> dict[str, Key]:
    named = dict(zip(columns, row, strict=True))
    for of, counts in says.counts:
        if all(str(named[c]) == v for c, v in of.items()):
            return {
                column: system.show(quantity(template, named), int(named[column]))
                for column, template in counts.items()
                if named.get(column) is not None
            }
    return {}


def _blank(table: Cells, says: Declared, hidden: Collection[Key]) -> None:
    at = {c: n for n, c in enumerate(table.columns)}
    lost: dict[str, set[tuple[Any, ...]]] = {f: set() for f in says.across}
    gone = [{c for c, key in keys.items() if key in hidden} for keys in table.keys]
    for row, blank in zip(table.rows, gone, strict=True):
        for figure, columns in says.across.items():
            if blank & set(says.figures.get(figure, ())):
                lost[figure].add(tuple(row[at[c]] for c in columns))
    named = says.named()
    for row, keys, blank in zip(table.rows, table.keys, gone, strict=True):
        for figure, counts in says.figures.items():
            across = says.across.get(figure)
            if blank & (set(counts) or blank) or (across and tuple(row[at[c]] for c in across) in lost[figure]):
                blank = blank | {figure}
        counts = {c for _, some in says.counts for c in some}
        for column, n in at.items():
            undeclared = _number(row[n]) and (column not in named or (column in counts and column not in keys))
            if row[n] is not None and (column in blank or undeclared):
                row[n] = None
        table.blanked += bool(blank)


def _number(value: Any) -> bool:
    return isinstance(value, int | float | list | dict | Decimal) and not isinstance(value, bool)
