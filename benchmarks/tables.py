"""How fast the tables are: an invented corpus of many reports, every view timed, against the same counts in pandas.

`python -m benchmarks.tables --reports 1000000` (needs about 4 GB of memory and 2 GB of disk). The rows are drawn by
DuckDB from a fixed hash, so every run has the same.
"""

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline import batches, corpus, derive, extract, study
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


def timed(call: Callable[[], Any]) -> float:
    """Give the seconds that a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


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
    return posts * (1 + 1 + 4 + len(mentions)) / seconds


def arrow(home: Home, rows: int) -> float:
    """Give how many rows a second go from Arrow into a table."""
    table = pa.table({"post_id": [f"x:{n}" for n in range(rows)], "version": [1] * rows, "text": ["words"] * rows})
    with corpus.writing(home) as con:
        con.register("incoming", table)
        con.execute("create temp table held (post_id varchar not null, version integer, text varchar)")
        return rows / timed(lambda: con.execute("insert into held select * from incoming"))


def main() -> None:
    """Make the corpus, time everything, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--loaded", type=int, default=10_000, help="posts in the measure of loading")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    home = Home(folder)
    found: dict[str, Any] = {"reports": asked.reports}
    n, persons = asked.reports, asked.reports * 2 // 5
    try:
        with corpus.writing(home) as con:
            con.execute("set threads = 2")
            corpus.publish(con, study.load("baclofen"))
            con.execute(_FILL.format(persons=persons, start=0, stop=n))
            con.execute("truncate stale_post")
            found["full_s"] = timed(lambda: derive.refresh(con, full=True))
        with corpus.writing(home) as con:
            con.execute("set threads = 2")
            more = "\n".join(_FILL.splitlines()[2:]).format(persons=persons, start=n, stop=n + n // 100)
            con.execute(more)
            found["after_1_percent_s"] = timed(lambda: derive.refresh(con))
            found["after_1_percent_share"] = found["after_1_percent_s"] / found["full_s"]
            found["nothing_new_s"] = timed(lambda: derive.refresh(con))
        with duckdb.connect(str(home.corpus), read_only=True) as con:
            con.execute("set threads = 2")
            counts = "select (select count(*) from mention), (select count(*) from course)"
            found["mentions"], found["courses"] = con.execute(counts).fetchone() or (0, 0)
            times = {name: timed(con.sql(f"from {name}").to_arrow_table) for name in VIEWS}
            cell = (
                "select count(*) from evidence where substance = 'baclofen' and fact = 'outcome' "
                "and value = 'craving improved'"
            )
            times["evidence, one cell"] = timed(lambda: con.execute(cell).fetchall())
            pandas = in_pandas(con)
        found["views_s"] = times
        found["all_views_s"] = sum(times.values())
        found["pandas_s"] = pandas
        found["times_faster_than_pandas"] = {name: seconds / times[name] for name, seconds in pandas.items()}
        found["records_loaded_rows_per_s"] = loading(home, asked.loaded)
        found["arrow_rows_per_s"] = arrow(home, 500_000)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
