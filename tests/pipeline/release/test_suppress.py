"""Small cells of a release, against somebody who subtracts, adds up and solves whatever is published."""

import csv
import random
from collections.abc import Iterator
from importlib import import_module
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import corpus
from pipeline.home import Home
from pipeline.release import build, quantities, suppress
from pipeline.release.quantities import Declared, Sum
from tests.pipeline.simulated import Told, write

LEAST = 5
TOLD = Declared(
    counts=(({}, {"persons": "of|{sex}|{site}", "improved": "good|{sex}|{site}"}),),
    figures={"share": ("persons", "improved")},
)
SAYS = {"by_both": TOLD, "by_sex": TOLD, "by_site": TOLD}
SUMS = [
    Sum("of|{a}|{b}", ("good|{a}|{b}",), rest=True),
    *(Sum(f"{q}|{{a}}|all", (f"{q}|{{a}}|{{v}}",), over="v", but={"v": ["all"]}) for q in ("of", "good")),
    *(Sum(f"{q}|all|{{b}}", (f"{q}|{{v}}|{{b}}",), over="v", but={"v": ["all"]}) for q in ("of", "good")),
]

Cell = tuple[str, str, str]  # what is counted, sex, site


def made(people: list[tuple[str, str, bool]]) -> dict[str, suppress.Cells]:
    """Give three tables of the same persons: by sex and site, by sex, by site and in all."""
    rows: dict[str, dict[tuple[str, str], list[int]]] = {name: {} for name in SAYS}
    for sex, site, good in people:
        for name, at in (("by_both", (sex, site)), ("by_sex", (sex, "all")), ("by_site", ("all", site)),
                         ("by_site", ("all", "all"))):  # fmt: skip
            held = rows[name].setdefault(at, [0, 0])
            held[0] += 1
            held[1] += good
    return {
        n: suppress.Cells(n, ["sex", "site", "persons", "improved", "share"], [[*k, *v, v[1] / v[0]] for k, v in r.items()])
        for n, r in rows.items()
    }  # fmt: skip


def bounds(
    cells: list[Cell], shown: dict[Cell, int], sums: list[tuple[Cell, list[Cell]]], cell: Cell
) -> tuple[int, int]:
    """Give the least and the most that a cell can be, by all that is shown: what an attacker with a solver knows."""
    optimize: Any = import_module("scipy.optimize")
    place = {c: n for n, c in enumerate(cells)}
    matrix = [[0.0] * len(cells) for _ in sums]
    for row, (whole, parts) in zip(matrix, sums, strict=True):
        row[place[whole]] += 1
        for part in parts:
            row[place[part]] -= 1
    known = [shown.get(c) for c in cells]
    low = [k if k is not None else 0 if c[0] == "bad" else 1 for c, k in zip(cells, known, strict=True)]
    high = [k if k is not None else 10_000 for k in known]
    out: list[int] = []
    for sign in (1, -1):
        aim = [0.0] * len(cells)
        aim[place[cell]] = sign
        found: Any = optimize.milp(
            aim,
            integrality=[1] * len(cells),
            bounds=optimize.Bounds(low, high),
            constraints=optimize.LinearConstraint(matrix, [0] * len(sums), [0] * len(sums)),
        )
        out.append(round(found.x[place[cell]]))
    return out[0], out[1]


persons = st.tuples(st.sampled_from(["female", "male", "not said"]), st.sampled_from("abcd"), st.booleans())
crowds = st.lists(st.tuples(persons, st.integers(1, 12)), min_size=3, max_size=14)


@settings(max_examples=40)
@given(crowds)
def test_no_small_cell_is_found_by_whoever_solves_all_published_sums(crowd: list[tuple[Any, int]]) -> None:
    tables = made([p for p, times in crowd for _ in range(times)])
    truth = {n: [list(r) for r in t.rows] for n, t in tables.items()}
    suppress.suppress(list(tables.values()), LEAST, SAYS, SUMS)
    true: dict[Cell, int] = {}
    shown: dict[Cell, int] = {}
    for name, table in tables.items():
        for row, whole in zip(table.rows, truth[name], strict=True):
            for what, n in (("of", 2), ("good", 3)):
                true[(what, row[0], row[1])] = whole[n]
                if row[n] is not None:
                    shown[(what, row[0], row[1])] = row[n]
            true[("bad", row[0], row[1])] = whole[2] - whole[3]
    sexes = sorted({c[1] for c in true} - {"all"})
    sites = sorted({c[2] for c in true} - {"all"})
    sums: list[tuple[Cell, list[Cell]]] = []
    sums += [(("of", a, b), [("good", a, b), ("bad", a, b)]) for w, a, b in true if w == "of"]
    for what in ("of", "good", "bad"):
        for a in [*sexes, "all"]:
            edge: Cell = (what, a, "all")
            sums += [(edge, [c for c in true if c[0] == what and c[1] == a and c[2] != "all"])]
        for b in sites:
            edge = (what, "all", b)
            sums += [(edge, [c for c in true if c[0] == what and c[2] == b and c[1] != "all"])]
    for cell, value in true.items():
        if 0 < value < LEAST:
            assert cell not in shown
            low, high = bounds(list(true), shown, sums, cell)
            assert low < high, (cell, value)
            assert high >= LEAST, (cell, value, high)


def test_what_is_hidden_takes_its_share_with_it_and_zeros_and_large_cells_stay() -> None:
    crowd = [("female", "a", True)] * 30 + [("male", "a", False)] * 20 + [("female", "b", True)] * 2
    tables = made(crowd + [("female", "b", False)] * 18 + [("male", "b", True)] * 12)
    suppress.suppress(list(tables.values()), LEAST, SAYS, SUMS)
    rows = {(r[0], r[1]): r[2:] for t in tables.values() for r in t.rows}
    assert rows["female", "b"] == [20, None, None]  # two improved
    assert rows["male", "a"] == [20, 0, 0.0]
    assert rows["all", "all"] == [82, 44, 44 / 82]
    assert [r[1] for r in rows.values()].count(None) >= 3  # else female less a, or b less male, tells the two


def test_a_number_that_nobody_declared_does_not_leave() -> None:
    table = suppress.Cells("by_sex", ["sex", "site", "persons", "eldest"], [["female", "all", 40, 93]])
    suppress.suppress([table], LEAST, {"by_sex": TOLD}, [])
    assert table.rows == [["female", "all", 40, None]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Give a corpus of 150 persons with all that the tables divide by, from two sources."""
    where = Home(tmp_path_factory.mktemp("small") / "home").make()
    dice = random.Random(3)
    told: list[tuple[str, Told]] = []
    for person in range(150):
        for _ in range(dice.choice([1, 1, 2])):
            told += [(f"p{person}", Told(
                dice.randrange(900), dice.choices(["baclofen", "naltrexone", "acamprosate"], [6, 3, 1])[0],
                dice.choice(["worked", "partly", "no_effect", "harmful", "unclear"]), dice.choice([None, 30.0, 60.0, 120.0]),
                dice.choice([None, True, False]), None, tuple(dice.sample(["alcohol_use", "spasticity"], dice.choice([0, 1, 1, 2]))),
                tuple((d, dice.choice(["improved", "unchanged", "worsened"])) for d in dice.sample(["craving", "use"], dice.choice([0, 1, 2]))),
                tuple((c, dice.random() < 0.8) for c in dice.choices(["somnolence", "dizziness", "nausea"], [6, 3, 1], k=dice.choice([0, 1]))),
            ))]  # fmt: skip
    half = len(told) // 2
    write(where, told[:half], 0, "board")
    write(where, told[half:], half, "other")
    return where


@pytest.fixture(scope="module")
def public(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.export(home, tmp_path_factory.mktemp("out") / "public", "public").folder


def cells(folder: Path) -> Iterator[tuple[str, frozenset[str], int]]:
    """Give every published count of persons with what it says of them; more said is a part of less said."""

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def counted(row: dict[str, str], facts: set[str], **columns: set[str]) -> Iterator[tuple[str, frozenset[str], int]]:
        for column, more in columns.items():
            if row[column]:
                yield f"{column} {dict(row)}", frozenset(facts | more), int(row[column])

    for row in rows("outcome_by_treatment"):
        facts = {row["substance"]} | ({f"for {row['condition']}"} if row["condition"] != "any" else set())
        said = {"said effect"} if row["condition"] == "any" else {"said effect", f"said of {row['condition']}"}
        good = {*said, "good effect"} if row["condition"] == "any" else {*said, f"good of {row['condition']}"}
        yield from counted(
            row, facts, persons=set(), denominator=said, benefit=good, stopped={f"stopped {row['condition']}"}
        )
        yield from counted(
            row, facts, worked={*good, f"worked {row['condition']}"}, harmful={*said, f"harmed {row['condition']}"}
        )
        yield from counted(row, facts, missing={f"silent {row['condition']}"})
    for row in rows("outcome_by_domain"):
        said = {f"said {row['domain']}"}
        yield from counted(
            row, {row["substance"]}, persons=set(), denominator=said, missing={f"silent {row['domain']}"}
        )
        yield from counted(row, {row["substance"], *said}, improved={f"ever {row['domain']}", f"good {row['domain']}"},
                           ever_improved={f"ever {row['domain']}"}, worsened={f"bad {row['domain']}"})  # fmt: skip
    for name in ("outcome_by_stratum", "outcome_by_dose"):
        for row in rows(name):
            at = (
                f"for {row['value']}"
                if row.get("stratum") == "condition"
                else f"in {row.get('value') or row['dose_band']}"
            )
            said = {f"said {row['domain']}"}
            good = {*said, f"ever {row['domain']}", f"good {row['domain']}"}
            yield from counted(row, {row["substance"], at}, persons=set(), denominator=said, improved=good)
            yield from counted(row, {row["substance"], at}, missing={f"silent {row['domain']}"})
    for row in rows("side_effect_rate"):
        yield from counted(row, {row["substance"]}, denominator=set(), persons_present={f"had {row['concept']}"},
                           denied={f"denied {row['concept']}"})  # fmt: skip
    for row in rows("side_effect_by_dose"):
        yield from counted(row, {row["substance"], f"dosed {row['dose_band']}"}, denominator=set(),
                           persons_present={f"had {row['concept']}", f"first {row['dose_band']}"})  # fmt: skip
    for row in rows("comparison"):
        if row["kind"] == "same person":
            both = {row["substance"], row["comparator"]} | (
                {f"for {row['condition']}"} if row["condition"] != "any" else set()
            )
            yield from counted(row, both, persons=set(), equal={f"equal {row['condition']}"})


def test_no_two_published_counts_differ_by_a_few_persons(public: Path) -> None:
    held = {f: (where, n) for where, f, n in cells(public)}
    assert len(held) > 100
    for where, n in held.values():
        assert not 0 < n < LEAST, where
    for (facts, (where, n)), (more, (inner, k)) in permutations(held.items(), 2):
        if facts < more:
            assert not 0 < n - k < LEAST, (where, inner)


def test_the_same_count_is_hidden_wherever_it_stands(home: Home, public: Path) -> None:
    with corpus.reading(home) as con:
        truth = con.execute("select substance, concept, persons_present from side_effect_rate").fetchall()
    small = {(s, c) for s, c, n in truth if 0 < n < LEAST}
    assert small
    for name, column in (("side_effect_rate", "persons_present"), ("disproportionality", "events")):
        with (public / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if (row["substance"], row["concept"]) in small:
                    assert row[column] == "", row
    with (public / "data" / "side_effect_by_dose.csv").open(encoding="utf-8", newline="") as file:
        assert not [r for r in csv.DictReader(file) if r["persons_present"] and 0 < int(r["persons_present"]) < LEAST]


def test_the_declared_sums_hold_on_a_real_corpus_and_name_real_columns(home: Home) -> None:
    system = quantities.System()
    with corpus.reading(home) as con:
        for name, says in quantities.declared().items():
            table = build._ask(con, name, "", build._leaving(name, says, LEAST))
            assert says.named() <= set(table.columns) | {"published_n"}, name
            held = suppress.Cells(name, table.columns, table.rows)
            held.keys = [suppress._keys(system, says, held.columns, row) for row in held.rows]
            numbers = {c for r in table.rows for c, v in zip(table.columns, r, strict=True) if suppress._number(v)}
            assert numbers <= says.named() | {"highest"}, (name, numbers - says.named())
    system.tie(quantities.sums())
    assert not system.doubted
    assert len(system.equations) > 500


def test_what_holds_single_persons_does_not_leave(public: Path) -> None:
    names = {f.stem for f in (public / "data").glob("*.csv")}
    assert not {"survival", "course", "dose_trajectory", "person_said"} & names
    with (public / "data" / "dose_by_time.csv").open(encoding="utf-8", newline="") as file:
        assert not [r for r in csv.DictReader(file) if r["highest"]]  # the highest dose is one person's
