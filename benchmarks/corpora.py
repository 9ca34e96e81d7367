"""Other people's annotations, read with our pipeline: PsyTAR sentences, and the effectiveness that reviewers gave.

    python -m benchmarks.corpora [SHARED] [--errors LABEL]

PsyTAR (Zolnoori and others 2019): sentences of reviews of antidepressants, each marked as adverse effect (ADR),
withdrawal (WD), effective (EF), ineffective (INF). WebMD and DrugLib: the review's own five steps of effectiveness
against our effect, by Spearman's rank correlation; the rating is never shown to the pipeline. The texts may not be
passed on, so they lie outside the repository (SHARED, default ../shared); where they are missing the part is skipped
with a line that says so.
"""

import csv
import json
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scipy import stats

import nlp
from nlp.types import Mention, Reading

_RANK = {"harmful": 0, "no_effect": 1, "unclear": 2, "partly": 3, "worked": 4}
_FIVE = {
    "Ineffective": 1,
    "Marginally Effective": 2,
    "Moderately Effective": 3,
    "Considerably Effective": 4,
    "Highly Effective": 5,
}
_GENERIC = {"lexapro": "escitalopram", "zoloft": "sertraline", "cymbalta": "duloxetine", "effexorXR": "venlafaxine"}
LABELS = ("ADR", "WD", "EF", "INF")
BARS = {"ADR": 0.80, "WD": 0.70, "EF": 0.70, "INF": 0.55}
SPEARMAN = 0.62


def labels(mentions: list[Mention], start: int, end: int) -> set[str]:
    """Give the marks that PsyTAR would give the sentence text[start:end], from what we read in it."""
    out: set[str] = set()
    for m in mentions:
        if not start <= m.start < end or m.assertion not in ("present",) or m.whose not in ("self", "other"):
            continue
        if m.substance is None and m.concept not in ("overall", "any"):
            continue
        if m.kind == "outcome":
            out.add("EF" if m.direction == "improved" else "INF")
        elif m.kind == "side_effect" and m.present:
            if m.concept == "tolerance":
                out.add("INF")
            else:
                out.add("WD" if "on stopping" in (m.detail or "") or m.concept == "dependence" else "ADR")
    return out


def comments(path: Path) -> list[tuple[dict[str, Any], list[tuple[int, int, set[str]]]]]:
    """Give PsyTAR's comments as posts; for each sentence its place in the post and its marks."""
    texts: dict[str, str] = {}
    drugs: dict[str, str] = {}
    places: dict[str, list[tuple[int, int, set[str]]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row["drug_id"]
            drugs[key] = _GENERIC.get(key.split(".")[0], key.split(".")[0])
            before = texts.get(key, "")
            start = len(before) + 1 if before else 0
            texts[key] = f"{before}\n{row['sentences']}" if before else row["sentences"]
            marks = {label for label in LABELS if row[label].strip() == "1"}
            places.setdefault(key, []).append((start, len(texts[key]), marks))
    posts = ({"id": key, "text": texts[key], "drug": drugs[key], "condition": "Depression"} for key in texts)
    return [(post, places[post["id"]]) for post in posts]


def f1(pairs: list[tuple[set[str], set[str]]], label: str) -> tuple[float, float, float]:
    """Give precision, recall and F1 of one mark over (true, found) pairs."""
    hit = sum(label in true and label in found for true, found in pairs)
    found_n = sum(label in found for _, found in pairs)
    true_n = sum(label in true for true, _ in pairs)
    p, r = hit / found_n if found_n else 0.0, hit / true_n if true_n else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def reviews(shared: Path, source: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Give the reviews of a site as posts, with the five steps of effectiveness that the reviewer gave."""
    if source == "webmd":
        with (shared / "data/posts/baclofen.jsonl").open(encoding="utf-8") as file:
            for line in file:
                row: Mapping[str, Any] = json.loads(line)
                if row["source"] == "webmd" and row.get("effectiveness_1to5"):
                    post = {key: row.get(key) for key in ("id", "text", "drug", "condition")}
                    yield post, int(row["effectiveness_1to5"])
        return
    with (shared / "data/annotated/druglib_train.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            parts = [row["benefitsReview"] or "", row["sideEffectsReview"] or "", row["commentsReview"] or ""]
            text = f"BENEFITS: {parts[0]}\nSIDE EFFECTS: {parts[1]}\nCOMMENTS: {parts[2]}"
            yield (
                {"id": row[""], "text": text, "drug": row["urlDrugName"], "condition": row["condition"]},
                _FIVE[row["effectiveness"]],
            )


def rank(reading: Reading, own: str | None) -> int:
    """Give the place of our effect on the review's own drug among harmful … worked."""
    found = [t for t in reading.record["treatments"] if t["status"] == "taken" and t["substance"] == own]
    return _RANK[found[0]["effect"]] if found else _RANK["unclear"]


def psytar(shared: Path, errors: str | None) -> None:
    """Print the scores on PsyTAR, and the sentences where one mark is wrong if asked."""
    path = shared / "data/annotated/psytar_sentences.csv"
    if not path.exists():
        print(f"PsyTAR: skipped, {path} is missing")
        return
    rows = comments(path)
    pairs: list[tuple[set[str], set[str]]] = []
    wrong: list[str] = []
    engine = nlp.load()
    engine.disable_pipe("claims")  # it weighs what counts of a whole post; here each sentence is marked for itself
    for reading, (post, places) in zip(nlp.read(engine, (post for post, _ in rows)), rows, strict=True):
        for start, end, marks in places:
            ours = labels(list(reading.mentions), start, end)
            pairs.append((marks, ours))
            if errors and (errors in marks) != (errors in ours):
                sign = "-" if errors in marks else "+"
                wrong.append(f"{sign} {sorted(marks)} {sorted(ours)} {post['text'][start:end]}")
    for label in LABELS:
        p, r, f = f1(pairs, label)
        n = sum(label in marks for marks, _ in pairs)
        print(f"PsyTAR {label:4} P {p:.3f} R {r:.3f} F1 {f:.3f} (bar {BARS[label]:.2f}, n {n})")
    print("\n".join(wrong), end="\n" if wrong else "")


def effectiveness(shared: Path, source: str, most: int = 1500) -> None:
    """Print the correlation of our effect with the effectiveness that the reviewers of a site gave."""
    where = shared / ("data/posts/baclofen.jsonl" if source == "webmd" else "data/annotated/druglib_train.tsv")
    if not where.exists():
        print(f"{source}: skipped, {where} is missing")
        return
    rows = list(reviews(shared, source))
    random.Random(7).shuffle(rows)
    rows = rows[:most]
    engine = nlp.load()
    generic: Any = engine.get_pipe("substances")  # a brand's review is about its generic name
    read = nlp.read(engine, (post for post, _ in rows))
    ours = [rank(r, generic.of_heading(str(post["drug"]))) for r, (post, _) in zip(read, rows, strict=True)]
    result: Any = stats.spearmanr(ours, [steps for _, steps in rows])
    print(f"{source}: Spearman {float(result.statistic):.3f} (bar {SPEARMAN:.2f}, n {len(rows)})")


def main() -> None:
    """Run all parts whose texts are there."""
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    errors = arguments.pop() if "--errors" in sys.argv else None
    shared = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2] / "shared"
    psytar(shared, errors)
    effectiveness(shared, "webmd")
    effectiveness(shared, "druglib")


if __name__ == "__main__":
    main()
