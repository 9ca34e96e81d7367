"""How fast the tables are: an invented corpus of many reports, every view timed, against the same counts in pandas.

`python -m benchmarks.tables --reports 1000000` (some minutes, about 6 GB of memory and 2 GB of disk) prints a line for
each figure, and writes them all as JSON with `--json FILE`. The rows are drawn by DuckDB from a fixed hash, so every
run has the same. Seconds are those of the clock; where two cores are not free, those of the processors (`cpu`) tell
more: half of them is what two free cores would take at best.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline import batches, corpus, derive, extract, study, tables
from pipeline.home import Home

VIEWS = (
    "flow",
    "course",
    "outcome_by_treatment",
    "outcome_by_dose",
    "outcome_by_domain",
    "outcome_by_stratum",
    "side_effect_rate",
    "side_effect_by_dose",
    "dose_trajectory",
    "dose_by_time",
    "comparison",
    "time_to_effect",
    "time_on_treatment",
    "disproportionality",
    "benchmark",
    "bias",
)
_FILL = Path(__file__).with_name("tables_fill.sql").read_text(encoding="utf-8")


def measured(call: Callable[[], Any]) -> tuple[float, float]:
    """Give the seconds that a call takes, by the clock and of the processors."""
    start, cpu = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - start, time.process_time() - cpu


def timed(call: Callable[[], Any]) -> float:
    """Give the seconds that a call takes, by the clock."""
    return measured(call)[0]


def in_pandas(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Give the seconds of three of the tables worked out from the same rows with pandas, rows already in memory."""
    frames = {
        name: con.execute(sql).df()
        for name, sql in {
            "post": "select post_id, author_id, posted_at from post",
            "treatment": "select post_id, substance, effect from treatment where status = 'taken'",
            "dose": "select post_id, substance, mg_per_day[2] as mg from dose where status = 'taken'",
            "outcome": "select post_id, substance, domain, direction from outcome",
            "side_effect": "select post_id, substance, concept, present from side_effect",
        }.items()
    }
    post = frames["post"].sort_values(["posted_at", "post_id"])

    def outcome_by_treatment() -> Any:
        told = post.merge(frames["treatment"], on="post_id")
        told = told[told.effect != "unclear"]
        return (
            told.groupby(["author_id", "substance"]).effect.last().reset_index().value_counts(["substance", "effect"])
        )

    def outcome_by_dose() -> Any:
        peak = post.merge(frames["dose"], on="post_id").groupby(["author_id", "substance"]).mg.max()
        said = (
            post.merge(frames["outcome"], on="post_id").groupby(["author_id", "substance", "domain"]).direction.last()
        )
        both = said.reset_index().merge(peak.reset_index(), on=["author_id", "substance"])
        both["band"] = both.mg // 80
        return both.value_counts(["substance", "domain", "band", "direction"])

    def side_effect_rate() -> Any:
        had = (
            post.merge(frames["side_effect"], on="post_id").groupby(["author_id", "substance", "concept"]).present.any()
        )
        return had.reset_index().value_counts(["substance", "concept", "present"])

    return {f.__name__: timed(f) for f in (outcome_by_treatment, outcome_by_dose, side_effect_rate)}


def loading(home: Home, posts: int) -> float:
    """Give how many rows a second go from records written aside into the corpus."""
    claim = {"substance": "baclofen", "quote": "q"}
    record = {
        "reporter": "self",
        "conditions": ["alcohol_use"],
        "notes": "",
        "treatments": [
            {
                "substance": "baclofen",
                "status": "taken",
                "effect": "worked",
                "stopped": None,
                "duration_days": None,
                "duration_quote": None,
            }
        ],
        "doses": [{**claim, "mg": None, "per_day": None, "mg_per_day": [30.0, 30.0], "status": "taken"}],
        "outcomes": [{**claim, "domain": "craving", "direction": "improved"}],
        "side_effects": [{**claim, "concept": "nausea", "present": True}],
    }
    kinds = ("treatment", "dose", "outcome", "side_effect", "condition")
    mentions = [
        {
            "kind": k,
            "concept": None,
            "substance": "baclofen",
            "quote": "q",
            "span_start": n,
            "span_end": n + 1,
            "assertion": "present",
            "cue": None,
            "cue_start": None,
            "cue_end": None,
            "whose": "self",
            "role": None,
            "derivation": None,
        }
        for n, k in enumerate(kinds)
    ]
    lines = [
        {
            "post_id": f"bench:{n:09d}",
            "text_sha256": "",
            "version": "2",
            "extracted_at": "2026-01-01T00:00:00+00:00",
            "language": "en",
            "excluded": None,
            "age_years": None,
            "sex": None,
            "record": record,
            "mentions": mentions,
        }
        for n in range(posts)
    ]
    written = b"".join(map(batches.flat, lines))
    with corpus.writing(home) as con:
        seconds = timed(lambda: extract.merge_bytes(con, written))
        con.execute("truncate stale_post")
        held = con.execute("select count(*) from extraction where version = '2'").fetchone()
        if held != (posts,):
            raise SystemExit(f"{posts} posts were to be loaded, and {held} are there")
    return posts * (1 + 1 + 4 + len(mentions)) / seconds


def arrow(home: Home, rows: int) -> float:
    """Give how many rows a second go from Arrow into a table."""
    table = pa.table({"post_id": [f"x:{n}" for n in range(rows)], "version": [1] * rows, "text": ["words"] * rows})
    with corpus.writing(home) as con:
        con.register("incoming", table)
        con.execute("create temp table held (post_id varchar not null, version integer, text varchar)")
        return rows / timed(lambda: con.execute("insert into held select * from incoming"))


def commands(home: Home) -> dict[str, float]:
    """Give the seconds of the whole command `doselore table NAME`, as a person types it, Python's start included.

    The better of two runs: the first compiles the modules, as the first use of an installed package does.
    """
    compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home.root / "compiled")}

    def run(name: str) -> None:
        command = [sys.executable, "-m", "flows.cli", "table", name, "--home", str(home.root)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=compiled)

    return {name: min(timed(partial(run, name)) for _ in range(2)) for name in (*VIEWS, "coverage", "evidence")}


def lines(found: dict[str, Any]) -> list[str]:
    """Give the figures as a person reads them."""
    cpu, times = found["views_cpu_s"], found["views_s"]
    return [
        f"{found['reports']:,} reports, {found['mentions']:,} mentions, {found['courses']:,} courses; "
        f"load of the machine {found['load'][0]:.1f} to {found['load'][1]:.1f}",
        *(f"  {name:24} {seconds:7.3f} s   cpu {cpu[name]:7.3f}" for name, seconds in times.items()),
        f"  {'all views':24} {found['all_views_s']:7.3f} s   cpu {sum(cpu.values()):7.3f}",
        *(
            f"pandas, {n}: {found['pandas_s'][n]:.2f} s, {x:.0f} times ours"
            for n, x in found["times_faster_than_pandas"].items()
        ),
        *(f"doselore table {name}: {seconds:.2f} s" for name, seconds in found["commands_s"].items()),
        f"loading, rows/s: records {found['records_loaded_rows_per_s']:,.0f}, Arrow {found['arrow_rows_per_s']:,.0f}",
        f"rebuild after 1 %: {found['after_1_percent_s']:.2f} s (cpu {found['after_1_percent_cpu_s']:.2f}) of "
        f"{found['full_s']:.1f} s (cpu {found['full_cpu_s']:.1f}): {100 * found['after_1_percent_share']:.1f} %, "
        f"of cpu {100 * found['after_1_percent_cpu_share']:.1f} %; nothing new: {found['nothing_new_s']:.2f} s",
    ]


def main() -> None:
    """Make the corpus, time everything, print the figures and write them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--loaded", type=int, default=20_000, help="posts in the measure of loading")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    asked = parser.parse_args()
    asked.loaded = min(asked.loaded, asked.reports)
    for name in ("pandas", "scipy.optimize"):  # what a process loads once is not what is measured
        import_module(name)
    found: dict[str, Any] = {name: version(name) for name in ("pandas", "scipy", "duckdb")}
    found["load"] = [os.getloadavg()[0]]
    found |= figures(asked.reports, asked.loaded)
    found["load"].append(os.getloadavg()[0])
    print("\n".join(lines(found)))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def figures(reports: int, loaded: int) -> dict[str, Any]:
    """Give every figure, of a corpus that is made for it and taken away."""
    folder = Path(tempfile.mkdtemp())
    home = Home(folder)
    found: dict[str, Any] = {"reports": reports}
    n, persons = reports, reports * 2 // 5
    try:
        with corpus.writing(home) as con:
            con.execute("set threads = 2")
            corpus.publish(con, study.load("baclofen"))
            con.execute(_FILL.format(persons=persons, start=0, stop=n))
            con.execute("truncate stale_post")
            found["full_s"], found["full_cpu_s"] = measured(lambda: derive.refresh(con, full=True))
        with corpus.writing(home) as con:
            con.execute("set threads = 2")
            more = "\n".join(_FILL.splitlines()[2:]).format(persons=persons, start=n, stop=n + n // 100)
            con.execute(more)
            found["after_1_percent_s"], found["after_1_percent_cpu_s"] = measured(lambda: derive.refresh(con))
            for kind in ("", "_cpu"):
                found[f"after_1_percent{kind}_share"] = found[f"after_1_percent{kind}_s"] / found[f"full{kind}_s"]
            found["nothing_new_s"] = timed(lambda: derive.refresh(con))
        with duckdb.connect(str(home.corpus), read_only=True) as con:
            con.execute("set threads = 2")
            counts = "select (select count(*) from mention), (select count(*) from course)"
            found["mentions"], found["courses"] = con.execute(counts).fetchone() or (0, 0)
            con.execute("set timezone = 'UTC'")
            best = {name: min(measured(partial(tables.arrow, con, name)) for _ in range(2)) for name in VIEWS}
            times = {name: clock for name, (clock, _) in best.items()}
            cell = (
                "select count(*) from evidence where substance = 'baclofen' and fact = 'outcome' "
                "and value = 'craving improved'"
            )
            found["evidence_one_cell_s"] = timed(lambda: con.execute(cell).fetchall())
            pandas = in_pandas(con)
        found["views_s"] = times
        found["views_cpu_s"] = {name: cpu for name, (_, cpu) in best.items()}
        found["all_views_s"] = sum(times.values())
        found["pandas_s"] = pandas
        found["times_faster_than_pandas"] = {name: seconds / times[name] for name, seconds in pandas.items()}
        found["commands_s"] = commands(home)
        found["slowest_command_s"] = max(found["commands_s"].values())
        found["records_loaded_rows_per_s"] = loading(home, loaded)
        found["arrow_rows_per_s"] = arrow(home, 500_000)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


if __name__ == "__main__":
    main()
