"""The shares of `raw_share` corrected by what reviewed samples say of the extractor; kept for `corrected` to show."""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from pipeline import corpus

ALL_EFFECTS = "all"  # the concept under which the side effects of a sample are summed
LEAST = 5  # posts x treatments with, and as many without, below which nothing is corrected
LEAST_OWN = 10  # the same for a side effect's own figures


def correct(con: duckdb.DuckDBPyConnection) -> None:
    """Work `kept_correction` out anew, if samples, or the shares that they correct, are others than before."""
    samples = con.execute("select sample, field, concept, tp, fp, fn, tn from accuracy order by all").fetchall()
    cells = con.execute(
        "select measure, substance, condition, concept, numerator, denominator from raw_share order by all"
    ).fetchall() if samples else []  # fmt: skip
    held = corpus.fingerprint(samples, cells)
    if con.execute("select value from meta where key = 'kept_correction'").fetchone() == (held,):
        return
    con.execute("truncate kept_correction")
    con.execute("insert or replace into meta values ('kept_correction', ?)", [held])
    row = con.execute("select confidence from study").fetchone()
    rows = [
        (*cell[:4], sample, *made)
        for sample in sorted({str(s[0]) for s in samples})
        for cell, made in _of_sample(con, sample, cells, float(row[0]) if row else 0.95)
    ]
    if not rows:
        return
    import pyarrow as pa

    names = [str(r[0]) for r in con.execute("describe kept_correction").fetchall()]
    con.register("corrections", pa.table({n: [r[i] for r in rows] for i, n in enumerate(names)}))
    con.execute("insert into kept_correction select * from corrections")
    con.unregister("corrections")


def _of_sample(
    con: duckdb.DuckDBPyConnection, sample: str, cells: Sequence[tuple[Any, ...]], confidence: float
) -> Iterable[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    measured = {
        (str(r[0]), str(r[1])): r[2:]
        for r in con.execute(
            "select field, concept, tp + fn, fp + tn, recall, specificity, recalls, specificities "
            "from accuracy join accuracy_draw using (sample, field, concept) where sample = ?",
            [sample],
        ).fetchall()
    }
    from pipeline.statistics import correction  # here: SciPy's family takes its time

    for cell in cells:
        measure, _, _, concept, numerator, denominator = cell
        basis, figures = "this field", measured.get((measure, concept), (0, 0))
        if measure == "side_effect":
            basis = "this side effect"
            if min(figures[:2]) < LEAST_OWN:
                basis, figures = "all side effects", measured.get((measure, ALL_EFFECTS), (0, 0))
        with_it, without = figures[0], figures[1]
        if not measured:
            yield cell, (basis, *[None] * 5, "the sample does not tell what was missed, so recall is not known")
        elif min(with_it, without) < LEAST:
            why = f"too little was reviewed: {with_it} with and {without} without; {LEAST} of each are needed"
            yield cell, (basis, *[None] * 5, why)
        else:
            _, _, recall, specificity, recalls, specificities = figures
            made = correction.corrected(
                numerator, denominator, recall, specificity, (recalls, specificities),
                key="\0".join(map(str, (sample, *cell[:4]))), confidence=confidence,
            )  # fmt: skip
            yield cell, (basis, made.share, made.low, made.high, recall, specificity, made.reason)
