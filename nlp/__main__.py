"""`python -m nlp FILE.jsonl [INDEX] > RECORDS.jsonl`: the record of every post of a file, one a line."""

import json
import sys
from pathlib import Path

import nlp


def main() -> None:
    """Read the file named on the command line and write the records to standard output."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.stderr.write(f"usage: {__doc__}\n")
        sys.exit(0 if {"-h", "--help"} & set(sys.argv) else 2)
    path = Path(sys.argv[1])  # a pipe is as good as a file
    if not path.exists() or path.is_dir():
        sys.exit(f"{path}: no such file")
    engine = nlp.load(sys.argv[2] if len(sys.argv) > 2 else "baclofen")
    with path.open(encoding="utf-8") as file:
        posts = (json.loads(line) for line in file if line.strip())
        for reading in nlp.read(engine, posts):
            sys.stdout.write(json.dumps(reading.record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
