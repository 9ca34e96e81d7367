"""Measures everything in one run: rates, their ratios to peers measured beside them, and what they are held to.

    python -m benchmarks [PART …] [--quick] [--repeat 3] [--json FILE] [--keep]

Each part runs in a process of its own, `--repeat` times; median, least and most of every figure are printed. Parts and
limits stand in `benchmarks/parts.toml`. `--keep` writes the figures to `benchmarks/results/VERSION.json`, one file a
release. Exit status 1 where a limit is missed or a part fails. Rates depend on the machine, so compare the ratios.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
_LIBRARIES = ("duckdb", "lxml", "pandas", "pyarrow", "spacy", "zstandard")


def flat(value: Any, name: str) -> Iterator[tuple[str, float]]:
    """Give every number in nested figures under its dotted name; of a list of numbers its median."""
    if isinstance(value, Mapping):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from flat(inner, f"{name}.{key}")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield name, float(value)
    elif isinstance(value, list) and value and all(isinstance(v, (int, float)) for v in value):  # pyright: ignore[reportUnknownVariableType]
        yield name, float(statistics.median(value))  # pyright: ignore[reportUnknownArgumentType]


def run(part: Mapping[str, Any], shared: Path, *, quick: bool) -> tuple[dict[str, Any], str | None]:
    """Run a part once; give its figures and, if it failed, its last words."""
    arguments = [word.format(shared=shared) for word in [*part["run"], *(part["quick"] if quick else [])]]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "figures.json")
        call = [sys.executable, "-m", *arguments, "--json", str(out)]
        done = subprocess.run(call, cwd=HERE.parent, capture_output=True, text=True, check=False)
        figures: dict[str, Any] = json.loads(out.read_bytes()) if out.exists() else {}
    if done.returncode and not figures:
        return {}, (done.stderr or done.stdout).strip()[-500:]
    return figures, None


def figures_of(runs: list[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    """Give median, least and most of each figure over runs."""
    found: dict[str, list[float]] = {}
    for one in runs:
        for figure, value in flat(one, name):
            found.setdefault(figure, []).append(value)
    return {
        figure: {"median": statistics.median(values), "least": min(values), "most": max(values), "runs": len(values)}
        for figure, values in found.items()
    }


def held(limit: Mapping[str, Any], figures: Mapping[str, Any], *, quick: bool) -> bool | None:
    """Tell whether a figure keeps its limit; None where it was not measured, or is not meant for a quick run."""
    if limit["figure"] not in figures or (quick and limit.get("full")):
        return None
    median = figures[limit["figure"]]["median"]
    return limit.get("at_least", median) <= median <= limit.get("at_most", median)


def speed() -> float:
    """Give the seconds of a fixed piece of work in plain Python: how fast this machine is at this moment."""
    begin = time.perf_counter()
    total = 0
    for number in range(10**7):
        total += number
    return time.perf_counter() - begin


def machine() -> dict[str, Any]:
    """Give what is known of the machine, nothing that names it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "system": platform.system(), "architecture": platform.machine(), "python": platform.python_version(),
        "cores": os.cpu_count(), "memory_gib": round(memory, 1),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }  # fmt: skip


def told(figures: Mapping[str, Any], limits: list[dict[str, Any]], *, quick: bool) -> Iterator[str]:
    """Give a line a figure, with its limit where there is one."""
    by = {limit["figure"]: limit for limit in limits}
    for name, f in figures.items():
        limit = by.get(name)
        kept = held(limit, figures, quick=quick) if limit else None
        bound = ""
        if limit:
            bound = " and ".join(f"{k.replace('_', ' ')} {limit[k]:g}" for k in ("at_least", "at_most") if k in limit)
            bound = f"  {bound}: " + {True: "held", False: "MISSED", None: "not judged in a quick run"}[kept]
        spread = f"  ({f['least']:,.6g} to {f['most']:,.6g})" if f["runs"] > 1 else ""
        yield f"{name:58} {f['median']:>14,.6g}{spread}{bound}"


def main() -> int:
    """Run the parts asked for; give 0 if none failed and every limit that was measured is kept."""
    table = tomllib.loads((HERE / "parts.toml").read_text(encoding="utf-8"))
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(table['part'])}; all, if none is named")
    call.add_argument("--quick", action="store_true", help="small inputs, a first look")
    call.add_argument("--repeat", type=int, default=3, help="runs of each part (a quick run: one)")
    call.add_argument("--shared", type=Path, default=SHARED, help="folder of posts and pages that may not be passed on")
    call.add_argument("--json", type=Path, help="write the figures here")
    call.add_argument("--keep", action="store_true", help="write the figures to benchmarks/results/VERSION.json")
    asked = call.parse_args()
    unknown = set(asked.parts) - set(table["part"])
    if unknown:
        call.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(table['part'])}")
    found: dict[str, Any] = {
        "doselore": version("doselore"),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": asked.quick,
        "machine": machine(),
    }
    found["loop_s"] = [round(speed(), 3)]
    found["load"] = [round(os.getloadavg()[0], 2)]
    figures: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    failed: dict[str, str] = {}
    for name, part in table["part"].items():
        if asked.parts and name not in asked.parts:
            continue
        need = part.get("needs", "").format(shared=asked.shared)
        if need and not Path(need).exists():
            left_out[name] = "its posts are not at hand"
            continue
        runs: list[dict[str, Any]] = []
        for number in range(1 if asked.quick else min(asked.repeat, part.get("repeat", asked.repeat))):
            print(f"{name}: run {number + 1} …", file=sys.stderr, flush=True)
            one, words = run(part, asked.shared, quick=asked.quick)
            if words:
                failed[name] = words
                break
            if "left_out" in one:
                left_out[name] = one["left_out"]
                break
            runs.append(one)
        own = figures_of(runs, name)
        print("\n".join(told(own, table["limit"], quick=asked.quick)), flush=True)
        figures |= own
    found["loop_s"].append(round(speed(), 3))
    found["load"].append(round(os.getloadavg()[0], 2))
    judged = {limit["figure"]: held(limit, figures, quick=asked.quick) for limit in table["limit"]}
    found |= {"figures": figures, "left_out": left_out, "failed": failed, "limits": table["limit"], "held": judged}
    for name, why in left_out.items():
        print(f"{name}: left out, {why}")
    for name, words in failed.items():
        print(f"{name}: FAILED\n{words}")
    missed = [name for name, kept in judged.items() if kept is False]
    print(f"limits held: {sum(kept is True for kept in judged.values())} of {len(judged)}; missed: {missed or 'none'}")
    written = as_lines(found)
    for path in [asked.json, HERE / "results" / f"{found['doselore']}.json" if asked.keep else None]:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written, encoding="utf-8")
    return 1 if missed or failed else 0


def as_lines(found: Mapping[str, Any]) -> str:
    """Give the figures as JSON, one figure a line, so that two releases can be compared line by line."""
    figures = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in found["figures"].items())
    rest = json.dumps({k: v for k, v in found.items() if k != "figures"}, indent=1)
    return rest[:-2] + f',\n "figures": {{\n{figures}\n }}\n}}\n'


if __name__ == "__main__":
    sys.exit(main())
