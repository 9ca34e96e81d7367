"""Plays rounds of every kind of fault and tells how many were survived. See `tests.faults`."""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults import journey, kinds


def main() -> int:
    """Give 0 if every fault was survived."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rounds", type=int, default=10, help="of each kind")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--kind", action="append", help="these kinds alone (a part of the name)")
    ask.add_argument("--json", type=Path, help="write the counts here")
    asked = ask.parse_args()
    chosen = [k for k in kinds.KINDS if not asked.kind or any(part in k for part in asked.kind)]
    tried, hit, survived = Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, journey.journey(Path(folder)) as made:
        for kind in chosen:
            for number in range(asked.rounds):
                done = kinds.play(kind, made, asked.seed * 100_000 + number, Path(folder) / "round")
                tried[kind] += 1
                hit[kind] += done.hit
                survived[kind] += not done.wrong
                for what in done.wrong:
                    _say(f"  {kind}, round {number}: {what}")
            _say(f"{kind:<28} {survived[kind]} of {tried[kind]} survived; {hit[kind]} came to bear")
    _say(f"faults survived: {survived.total()} of {tried.total()}")
    if asked.json:
        rows = [{"kind": k, "rounds": tried[k], "came_to_bear": hit[k], "survived": survived[k]} for k in chosen]
        counts = {"faults": tried.total(), "came_to_bear": hit.total(), "not_survived": (tried - survived).total()}
        told = {"seed": asked.seed, **counts, "kinds": rows}
        asked.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0 if survived == tried else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
