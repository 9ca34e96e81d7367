"""Published figures of trials, cohorts and labels (data/benchmarks.toml), brought into the corpus for `benchmark`."""

import tomllib
from typing import Any

import duckdb

import data
from pipeline.errors import StudyError

MEASURES = (
    "success_share",
    "any_side_effect_share",
    "side_effect_share",
    "stopped_for_side_effects_share",
    "median_effective_mg_per_day",
    "mean_peak_mg_per_day",
)
_KEYS = ("fact", "substance", "condition", "measure", "concept", "low", "high", "n", "design", "reference", "note")


def figures() -> list[dict[str, Any]]:
    """Give the figures, one dict each with low and high; raises StudyError for one that cannot be used."""
    path = data.path("benchmarks.toml")
    found: list[dict[str, Any]] = []
    for number, one in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["published"], 1):
        where = f"{path.name}, figure {number} ({one.get('fact', 'unnamed')})"
        low, high = one.pop("range", (None, None))
        if low is None or high is None or low > high:
            raise StudyError(f"{where}: range must be [low, high]")
        if one.get("measure") not in MEASURES:
            raise StudyError(f"{where}: unknown measure; there are: {', '.join(MEASURES)}")
        found.append({**one, "low": float(low), "high": float(high)})
    return found


def load(con: duckdb.DuckDBPyConnection) -> None:
    """Write the figures into the corpus in place of those that are there."""
    con.execute("truncate published")
    for one in figures():
        con.execute(
            f"insert into published values ({', '.join('?' * (len(_KEYS) + 1))})",
            [*(one.get(k) for k in _KEYS), bool(one["checked"])],
        )
