"""Rows of single persons, so that none stands alone by what others may know of it.

k-anonymity by a fixed order of coarsening and local suppression (Samarati & Sweeney 1998): what can be known of a post
from where it stands is coarsened, step by step, for the posts whose combination fewer persons share than a cell must
have; a claim that fewer persons make is withheld. What is done to which column stands in data/disclosure.toml, [rows].
A person's posts together may still be known to who knows them all.
"""

import tomllib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import data
from pipeline.release.describe import Table

Row = list[Any]


class Guarded(NamedTuple):
    """What was done. coarsened: values of posts made coarser or blank; withheld: rows of claims; blanked: numbers."""

    coarsened: int
    withheld: int
    blanked: int


NOTHING = Guarded(0, 0, 0)


@cache
def _declared() -> Mapping[str, Any]:
    return tomllib.loads(data.path("disclosure.toml").read_text(encoding="utf-8"))["rows"]


def guard(tables: Iterable[Table], least: int) -> Guarded:
    """Coarsen, blank and withhold in coded tables, in place. least: persons that must share what is shown.

    A post without an author is a person of its own. The order of the rows decides nothing.
    """
    by_name = {t.name: t for t in tables}
    posts = by_name["post"]
    at = _places(posts)
    persons = {r[at["post_id"]]: r[at["author_id"]] or r[at["post_id"]] for r in posts.rows}
    coarsened = _coarsen(posts, by_name["report"], persons, least)
    # OMOP's notes are numbered by the first digits of the same codes.
    persons |= {int(p[:13], 16): who for p, who in persons.items()}
    withheld = blanked = 0
    for name, columns in _declared()["claims"].items():
        if name in by_name:
            withheld += _withhold(by_name[name], columns, persons, least)
    for name, columns in _declared()["numbers"].items():
        if name in by_name:
            blanked += _blank(by_name[name], columns, persons, least)
    return Guarded(coarsened, withheld, blanked)


def _coarsen(posts: Table, reports: Table, persons: Mapping[Any, Any], least: int) -> int:
    """Take the declared steps, each for those posts alone that still stand among too few."""
    known = {t.name: [c for c in _declared()["known"] if c in t.columns] for t in (posts, reports)}
    at = {t.name: _places(t) for t in (posts, reports)}
    said = {r[at["report"]["post_id"]]: r for r in reports.rows}
    held = [(r[at["post"]["post_id"]], r) for r in posts.rows]

    def key(post_id: Any, row: Row) -> Hashable:
        report = said.get(post_id)
        its = [report[at["report"][c]] if report else None for c in known["report"]]
        return _hashable([v or None for v in (*(row[at["post"][c]] for c in known["post"]), *its)])

    changed = 0
    for step in _declared()["steps"]:
        column, keep = step["column"], step.get("keep", 0)
        lone = _rare(((key(p, r), persons[p]) for p, r in held), least)
        for post_id, row in held:
            if key(post_id, row) not in lone:
                continue
            table = posts.name if column in known["post"] else reports.name
            its = row if table == posts.name else said.get(post_id)
            if its is not None and its[at[table][column]] is not None:
                before = its[at[table][column]]
                its[at[table][column]] = _cut(before, keep)
                changed += its[at[table][column]] != before
    return changed


def _cut(value: Any, keep: int) -> Any:
    return value[:keep] if keep else [] if isinstance(value, list) else None


def _withhold(table: Table, columns: Sequence[str], persons: Mapping[Any, Any], least: int) -> int:
    claim, who = _claim(table, columns, persons)
    lone = _rare(((claim(r), who(r)) for r in table.rows), least)
    kept = [r for r in table.rows if claim(r) not in lone]
    gone = len(table.rows) - len(kept)
    table.rows[:] = kept
    return gone


def _blank(table: Table, columns: Mapping[str, Sequence[str]], persons: Mapping[Any, Any], least: int) -> int:
    """Blank the numbers that too few share, beside the columns that they are looked at with."""
    at, changed = _places(table), 0
    claim, who = _claim(table, [*columns["beside"], *columns["blank"]], persons)
    lone = _rare(((claim(r), who(r)) for r in table.rows), least)
    for row in table.rows:
        if claim(row) in lone:
            for column in columns["blank"]:
                changed += row[at[column]] is not None
                row[at[column]] = None
    return changed


def _claim(
    table: Table, columns: Sequence[str], persons: Mapping[Any, Any]
) -> tuple[Callable[[Row], Hashable], Callable[[Row], Any]]:
    at = _places(table)
    of = at["note_id" if "note_id" in at else "post_id"]
    return lambda r: _hashable([r[at[c]] for c in columns]), lambda r: persons[r[of]]


def _rare(held: Iterable[tuple[Hashable, Any]], least: int) -> set[Hashable]:
    sharing: dict[Hashable, set[Any]] = {}
    for key, person in held:
        some = sharing.setdefault(key, set())
        if len(some) < least:
            some.add(person)
    return {k for k, some in sharing.items() if len(some) < least}


def _places(table: Table) -> dict[str, int]:
    return {c: n for n, c in enumerate(table.columns)}


def _hashable(values: Sequence[Any]) -> Hashable:
    return tuple(tuple(v) if isinstance(v, list) else v for v in values)
