"""Put the table of how good the extraction is into the README: `python benchmarks/readme_score.py GOLD_FOLDER`.

GOLD_FOLDER holds `dev_posts.jsonl`, `dev_gold.jsonl` and `score.py`, a scorer that is not ours. Nothing is written that
it did not print.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
MARKS = re.compile(r"(<!-- score:begin -->\n).*(<!-- score:end -->)", re.DOTALL)


def table(gold: Path) -> tuple[str, int]:
    """Give the scorer's table for our records of the annotated posts, and how many posts there were."""
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "records.jsonl"
        doselore = Path(sys.executable).with_name("doselore")
        subprocess.run(
            [doselore, "extract", gold / "dev_posts.jsonl", "--out", records], check=True, stdout=subprocess.DEVNULL
        )
        scorer = [sys.executable, gold / "score.py", gold / "dev_gold.jsonl", records]
        printed = subprocess.run(scorer, check=True, capture_output=True, text=True).stdout
        return printed.rstrip(), sum(1 for line in records.read_text(encoding="utf-8").splitlines() if line)


def main() -> None:
    """Write the README's table anew."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    printed, posts = table(Path(sys.argv[1]))
    text = README.read_text(encoding="utf-8")
    written = MARKS.sub(lambda m: f"{m[1]}```text\n{printed}\n```\n{m[2]}", text)
    written = re.sub(r"on \d+ annotated posts", f"on {posts} annotated posts", written)
    README.write_text(written, encoding="utf-8")
    print(printed)


if __name__ == "__main__":
    main()
