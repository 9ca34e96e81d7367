"""The overview: counts behind the filters, and the plots as rows of bars that lead to what is behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb

from pipeline.explore import ask
from pipeline.explore.filters import Bar, Filters, address, spoken

EFFECTS = ("worked", "partly", "no_effect", "harmful")
DIRECTIONS = ("improved", "unchanged", "worsened")
NAMES = {
    "treatment": "Treatment",
    "condition": "Taken for",
    "band": "Dose band",
    "source": "Source",
    "year": "Year",
    "reporter": "Whose experience",
}
READ = {"any": "all together", "self": "the writer's own", "caregiver": "told by a carer"}
MOST = 25  # rows of a plot; the table behind it has them all


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar. width: per cent of the bar; href: what is behind it."""

    kind: str
    count: int
    width: float
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a plot: its name, the pieces, and the share with its interval (0 to 1)."""

    name: str
    parts: tuple[Part, ...]
    share: float | None
    low: float | None
    high: float | None
    numerator: int | None
    denominator: int | None
    missing: int | None
    href: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot and the table behind it. key: its name in addresses; counts: what a numerator counts."""

    key: str
    title: str
    note: str
    counts: str
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]
    columns: list[str]
    rows: list[list[Any]]
    sql: str
    more: int = 0


def facets(con: duckdb.DuckDBPyConnection, chosen: Filters) -> dict[str, list[ask.Record]]:
    """Give, for each filter, its values with how many persons each would leave under the other filters."""
    found: dict[str, list[ask.Record]] = {name: [] for name in NAMES}
    for row in ask.rows(con, "facets", chosen.parameters()):
        found[row["filter"]].append(row)
    return found


def index_substance(con: duckdb.DuckDBPyConnection, chosen: Filters) -> str:
    """Give the treatment that the plots of one treatment are of: the chosen one, else the study's index treatment."""
    if chosen.treatment:
        return chosen.treatment
    row = con.execute("select index_substance from study").fetchone()
    return str(row[0]) if row else ""


def plots(con: duckdb.DuckDBPyConnection, chosen: Filters) -> list[Plot]:
    """Give the plots for the filters. The temporary table `selected` must be there."""
    one = index_substance(con, chosen)
    here = chosen if chosen.treatment else Filters(**{**chosen.parameters(), "treatment": one})
    return [
        _effect(con, chosen),
        _domain(con, here, one),
        _dose(con, here, one),
        _side_effect(con, here, one),
    ]


def _plot(
    key: str, title: str, note: str, counts: str, kinds: tuple[str, ...], lines: list[Line], found: list[ask.Record]
) -> Plot:
    columns = list(found[0]) if found else []
    rows = [[row[c] for c in columns] for row in found]
    return Plot(
        key, title, note, counts, kinds, tuple(lines[:MOST]), columns, rows, ask.sql(key), max(0, len(lines) - MOST)
    )


def _effect(con: duckdb.DuckDBPyConnection, chosen: Filters) -> Plot:
    found = ask.rows(con, "effect")
    lines = [
        _line(
            row,
            spoken(row["substance"]),
            EFFECTS,
            row["benefit"],
            "benefit",
            partial(_effect_bar, chosen, row["substance"]),
        )
        for row in found
    ]
    return _plot(
        "effect",
        "Did it help?",
        "What each person last said of the effect as a whole; those who did not say are outside the bar.",
        "worked, fully or partly",
        EFFECTS,
        lines,
        found,
    )


def _domain(con: duckdb.DuckDBPyConnection, chosen: Filters, one: str) -> Plot:
    found = ask.rows(con, "domain", {"substance": one})
    lines = [
        _line(
            row,
            spoken(row["domain"]),
            DIRECTIONS,
            row["improved"],
            "improved",
            partial(_domain_bar, chosen, row["domain"]),
        )
        for row in found
    ]
    return _plot(
        "domain",
        f"What changed with {spoken(one)}?",
        "What each person last said of it, one row a domain.",
        "improved",
        DIRECTIONS,
        lines,
        found,
    )


def _dose(con: duckdb.DuckDBPyConnection, chosen: Filters, one: str) -> Plot:
    found = ask.rows(con, "dose", {"substance": one})
    lines: list[Line] = []
    for row in found:
        domain, band = row["domain"], row["dose_band"]
        of = Bar(effect="benefit") if domain == "effect" else Bar(domain=domain, direction="improved")
        href = address("/posts", chosen, of, band=band)
        name = "effect as a whole" if domain == "effect" else spoken(domain)
        lines.append(
            Line(
                band,
                (),
                row["share"],
                row["low"],
                row["high"],
                row["improved"],
                row["denominator"],
                row["missing"],
                href,
                name,
            )
        )
    return _plot(
        "dose",
        f"By dose of {spoken(one)}",
        "The band is that of the highest daily dose a person says they took.",
        "improved",
        (),
        lines,
        found,
    )


def _side_effect(con: duckdb.DuckDBPyConnection, chosen: Filters, one: str) -> Plot:
    found = ask.rows(con, "side_effect", {"substance": one})
    lines = [
        Line(
            spoken(row["concept"]),
            (),
            row["share"],
            row["low"],
            row["high"],
            row["present"],
            row["denominator"],
            row["missing"],
            address("/posts", chosen, Bar(concept=row["concept"], presence="present")),
        )
        for row in found
    ]
    return _plot(
        "side_effect",
        f"Side effects of {spoken(one)}",
        "Of everybody who took it: who says nothing of it counts as no report, not as absence.",
        "say they had it",
        (),
        lines,
        found,
    )


def _line(row: ask.Record, name: str, kinds: tuple[str, ...], top: int, good: str, href: Callable[[str], str]) -> Line:
    n = row["denominator"]
    parts = tuple(Part(k, row[k], 100 * row[k] / n, href(k)) for k in kinds if n and row[k])
    return Line(name, parts, row["share"], row["low"], row["high"], top, n, row["missing"], href(good))


def _effect_bar(chosen: Filters, substance: str, kind: str) -> str:
    return address("/posts", chosen, Bar(effect=kind), treatment=substance)


def _domain_bar(chosen: Filters, domain: str, kind: str) -> str:
    return address("/posts", chosen, Bar(domain=domain, direction=kind))
