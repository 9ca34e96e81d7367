"""How long a command takes to answer: Python's own start, `doselore --help`, `doselore table` on the bundled sample.

    python -m benchmarks.start [--json FILE]

Seconds of the whole process, the best of five after one that compiles the modules, as an installed package has them.
`benchmarks.tables` has `doselore table` on a large corpus.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import data

_RUNS = 5


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Give the seconds of the clock that a command takes at best."""
    times: list[float] = []
    for _ in range(_RUNS + 1):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        times.append(time.perf_counter() - begin)
    return min(times[1:])


def measure() -> dict[str, float]:
    """Give the figures."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(Path(folder, "compiled")),
            "DOSELORE_HOME": str(Path(folder, "home")),
        }
        doselore = [sys.executable, "-m", "flows.cli"]
        posts = data.path("sample/reddit.ndjson")
        for step in (["import", str(posts), "--source", "dump"], ["extract"]):
            subprocess.run([*doselore, *step], check=True, stdout=subprocess.DEVNULL, env=compiled)
        bare = seconds([sys.executable, "-c", "pass"], compiled)
        helped = seconds([*doselore, "--help"], compiled)
        return {
            "python_s": round(bare, 3),
            "help_s": round(helped, 3),
            "help_of_python": round(helped / bare, 1),
            "table_s": round(seconds([*doselore, "table", "outcome_by_treatment"], compiled), 3),
        }


def main() -> None:
    """Print the figures."""
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("--json", type=Path, help="write the figures here too")
    asked = call.parse_args()
    figures = measure()
    for name, value in figures.items():
        print(f"{name:16} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
