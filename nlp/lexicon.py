"""The medicines and drugs that are known by name (data/lexicons/substances.tsv), and a study's own."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import data


@dataclass(frozen=True, slots=True)
class Substance:
    """One medicine or drug.

    counts: listed | same | other | drug, as the table's head says. atc: WHO ATC code. rxnorm: RXCUI of the ingredient.
    """

    id: str
    names: tuple[str, ...]
    group: str
    counts: str
    atc: str
    rxnorm: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that is also something else, and the words that decide; `with_any`: taken unless a word is against."""

    name: str
    id: str
    words_for: frozenset[str]
    words_against: frozenset[str]
    case: str
    with_any: bool
    with_dose: bool
    with_take: bool


@cache
def substances() -> Mapping[str, Substance]:
    """Give the known substances by generic name."""
    found: dict[str, Substance] = {}
    for row in table("substances"):
        names = [name.strip() for name in row["names"].split(",") if name.strip()]
        own = row["id"].replace("_", " ")
        found[row["id"]] = Substance(row["id"], (own, *names), row["class"], row["counts"], row["atc"], row["rxnorm"])
    return found


@cache
def ambiguous() -> Mapping[str, Ambiguous]:
    """Give the names that context must decide, by name."""
    found: dict[str, Ambiguous] = {}
    for row in table("ambiguous_names"):
        words = row["with"].split()
        found[row["name"]] = Ambiguous(
            row["name"],
            row["id"],
            frozenset(w for w in words if w[0] not in "@*"),
            frozenset(row["against"].split()),
            row["case"],
            "*" in words,
            "@dose" in words,
            "@take" in words,
        )
    return found


def with_extra(extra: Iterable[Mapping[str, Any]]) -> dict[str, Substance]:
    """Give the known substances and a study's own; a study's row for a known one adds to its names."""
    known = dict(substances())
    for row in extra:
        name = str(row["id"]).strip().lower().replace(" ", "_")
        more = [str(n).strip().lower() for n in row.get("names") or ()]
        old = known.get(name)
        names = (*(old.names if old else (name.replace("_", " "),)), *more)
        known[name] = Substance(
            name,
            tuple(dict.fromkeys(names)),
            old.group if old else "study",
            "listed",
            old.atc if old else str(row.get("atc") or ""),
            old.rxnorm if old else str(row.get("rxnorm") or ""),
        )
    return known


def names(wanted: Iterable[str] | None = None) -> tuple[str, ...]:
    """Give every name, lower case, of the substances asked for (by generic name; all of them if None)."""
    known = substances()
    ids = list(known) if wanted is None else [str(w).strip().lower().replace(" ", "_") for w in wanted]
    found: list[str] = []
    for name in ids:
        found.extend(known[name].names if name in known else (name.replace("_", " "),))
        found.extend(a.name for a in ambiguous().values() if a.id == name)
    return tuple(dict.fromkeys(found))


def table(name: str) -> Iterator[dict[str, str]]:
    """Give the rows of data/lexicons/<name>.tsv; lines that start with # are comments."""
    with data.path(f"lexicons/{name}.tsv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if line.strip() and not line.startswith("#"))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {k: (v or "").strip() for k, v in row.items() if k}
