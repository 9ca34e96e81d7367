"""How good it is on posts that taught the models nothing.

    python -m benchmarks.left_out [SHARED] [--by source] [--json FILE] [--readme]

benchmarks/annotated holds what a reader found in posts, without their words: these may not be passed on, and lie in
SHARED (default ../shared), with the development posts. The posts are parted in five; for each part the models of
effects and claims are learned from the other four and the development posts, and read the part. The model of the words
around side effects has learned from none of them. --readme puts the table into the README.
"""

import argparse
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import evaluate

ROOT = Path(__file__).resolve().parents[1]
ANNOTATED = Path(__file__).with_name("annotated")
README = ROOT / "README.md"
MARKS = re.compile(r"(<!-- left out:begin -->\n).*(<!-- left out:end -->)", re.DOTALL)
PARTS = 5
Row = Mapping[str, Any]


def annotated() -> list[Row]:
    """Give the records of benchmarks/annotated."""
    return [row for path in sorted(ANNOTATED.glob("*.jsonl")) for row in lines(path)]


def lines(path: Path) -> Iterator[Row]:
    """Give the rows of a JSONL file."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)


def texts(shared: Path) -> dict[str, Row]:
    """Give the posts that may have been annotated, by id, as their reader saw them."""
    out: dict[str, Row] = {}
    for row in lines(shared / "data/posts/askapatient_half.jsonl"):
        text = f"SIDE EFFECTS: {row['side_effects'] or ''}\nCOMMENTS: {row['comments'] or ''}"
        out[row["id"]] = _post(row["id"], text, row["drug"], row["reason"])
    for row in lines(shared / "data/posts/reddit_2013.jsonl"):
        name = f"reddit:{row['id']}"
        out[name] = _post(name, f"{row['title']}\n\n{row['selftext'] or ''}".strip())
    with (shared / "data/annotated/druglib_train.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            parts = {"BENEFITS": "benefitsReview", "SIDE EFFECTS": "sideEffectsReview", "COMMENTS": "commentsReview"}
            name = f"druglib:drugLibT{row['']}"
            text = "\n".join(f"{head}: {row[part]}" for head, part in parts.items())
            out[name] = _post(name, text, row["urlDrugName"], row["condition"])
    for row in lines(shared / "data/posts/baclofen.jsonl"):
        out[row["id"]] = _post(row["id"], row["text"], row.get("drug"), row.get("condition"))
    return out


def _post(name: str, text: str, drug: str | None = None, condition: str | None = None) -> Row:
    return {"id": name, "source": name.split(":")[0], "text": text, "drug": drug, "condition": condition}


def part_of(name: str) -> int:
    """Give the part that a post is in, by its id alone."""
    return sum(name.encode()) % PARTS


def read(shared: Path, gold: Sequence[Row], posts: Mapping[str, Row]) -> dict[str, Row]:
    """Give our record of each post, by id, read with models that it did not teach."""
    out: dict[str, Row] = {}
    for part in range(PARTS):
        with tempfile.TemporaryDirectory() as folder:
            where = Path(folder)
            # A tree of its own: models are learned into it, and what reads is the code as it is.
            for name in ("nlp", "data"):
                shutil.copytree(ROOT / name, where / name, ignore=shutil.ignore_patterns("__pycache__"))
            if (ROOT / "build").is_dir():
                (where / "build").symlink_to(ROOT / "build")
            rest = [row for row in gold if part_of(row["id"]) != part]
            own = [posts[row["id"]] for row in gold if part_of(row["id"]) == part]
            _write(where / "gold.jsonl", rest)
            _write(where / "posts.jsonl", (posts[row["id"]] for row in rest))
            _write(where / "own.jsonl", own)
            dev = f"{shared / 'gold/dev_gold.jsonl'}:{shared / 'gold/dev_posts.jsonl'}"
            new = "gold.jsonl:posts.jsonl:fresh"
            _run(where, "nlp.training.effect", str(shared), dev, new, "--without", "own.jsonl")
            _run(where, "nlp.training.claims", dev, "gold.jsonl:posts.jsonl")
            for line in _run(where, "nlp", "own.jsonl").split("\n"):
                if line:
                    record = json.loads(line)
                    out[record["id"]] = record
        print(f"part {part + 1} of {PARTS}: {len(own)} posts", file=sys.stderr, flush=True)
    return out


def _run(where: Path, module: str, *given: str) -> str:
    call = [sys.executable, "-m", module, *given]
    return subprocess.run(call, cwd=where, check=True, stdout=subprocess.PIPE, text=True).stdout


def _write(path: Path, rows: Iterable[Row]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def table(scores: Iterable[evaluate.Score], group: str = "all") -> str:
    """Give the scores of one group as text, in the form of the README's other table, with intervals."""
    out = [f"{'field':45} {'P':>6} {'R':>6} {'F1':>6} {'95 %':>13} {'n':>5}"]
    for s in scores:
        if s.group == group:
            of = " ".join(f"{'' if v is None else f'{v:.3f}':>6}" for v in (s.precision, s.recall, s.value))
            out.append(f"{s.field:45} {of} {f'{s.low:.3f}-{s.high:.3f}':>13} {s.n:>5}")
    return "\n".join(out)


def main() -> None:
    """Measure, print tables and write what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("shared", type=Path, nargs="?", default=ROOT.parent / "shared")
    asked.add_argument("--by", choices=["source"])
    asked.add_argument("--json", type=Path)
    asked.add_argument("--readme", action="store_true")
    given = asked.parse_args()
    shared = given.shared.resolve()
    if not (shared / "gold").is_dir():
        sys.exit(f"{shared}: the posts are not there; nothing was measured")
    gold, posts = annotated(), texts(shared)
    found = read(shared, gold, posts)
    truth = {row["id"]: row for row in gold}
    groups: dict[str, list[str]] = {}
    for name in truth:
        groups.setdefault(posts[name]["source"], []).append(name)
    scores = evaluate.scores(truth, found, groups)
    for group in ("all", *sorted(groups)) if given.by else ("all",):
        print(f"{group}: {len(groups.get(group, truth))} posts\n{table(scores, group)}")
    if given.json:
        given.json.write_text(json.dumps([asdict(s) for s in scores], indent=1) + "\n", encoding="utf-8")
    if given.readme:
        text = README.read_text(encoding="utf-8")
        written = MARKS.sub(lambda m: f"{m[1]}```text\n{table(scores)}\n```\n{m[2]}", text)
        README.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
