"""How many saved thread pages of boards and review sites are read a second, in one process and in one a core.

Two sets: the pages of a phpBB board, of a usual size (40 kB), and pages captured on live sites (190 kB).

    python -m benchmarks.pages [SHARED] [--json FILE]

Captured pages may not be passed on, so they lie outside the repository (SHARED, default ../shared); without them the
figures are left out with a line that says so. Read means: from the page's text to its posts with author, time, text
and quotes. Beside it BeautifulSoup's tree on lxml of the same pages, before anything is looked for in it.
"""

import argparse
import csv
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from pipeline import workers
from pipeline.sources.engines import Page, engine_for

SEEN = datetime(2026, 1, 2, tzinfo=UTC)
SHARED = Path(__file__).resolve().parents[2] / "shared"
_SECONDS = 3.0


def captured(shared: Path) -> list[tuple[str, str, str]]:
    """Give software, address and text of the thread pages that an engine of ours reads."""
    folder = shared / "pages" / "captured"
    if not folder.is_dir():
        return []
    with (folder / "INDEX.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found: list[tuple[str, str, str]] = []
    for row in rows:
        path = folder / row["software"] / f"{row['file']}.html"
        if path.is_file():
            page = (row["software"], row["url"], path.read_text(encoding="utf-8", errors="replace"))
            if read(None, page[1:]):
                found.append(page)
    return found


def saved(shared: Path) -> list[tuple[str, str]]:
    """Give address and text of the thread pages of the saved phpBB board, which are of a usual size."""
    folder = shared / "pages" / "board" / "phpbb"
    pages = [
        ("http://board.example/viewtopic.php?t=1", path.read_text(encoding="utf-8", errors="replace"))
        for path in sorted(folder.glob("*viewtopic*.html"))
    ]
    return [page for page in pages if read(None, page)]


def read(_made: object, page: tuple[str, str]) -> int:
    """Give how many posts a page holds; 0 for one that is no thread of an engine we know."""
    made = Page(page[0], page[1], SEEN)
    engine = engine_for(made)
    return len(engine.thread_page(made).posts) if engine and engine.kind(made) == "thread" else 0


def nothing() -> None:
    """Stand for what a process makes before it reads."""


def rate(pages: list[tuple[str, str]], many: int) -> tuple[float, float]:
    """Give pages per second of the clock and per second of this process's CPU, over some seconds of work."""
    work = pages * many
    clock, cpu = time.perf_counter(), time.process_time()
    for page in work:
        read(None, page)
    return len(work) / (time.perf_counter() - clock), len(work) / (time.process_time() - cpu)


def across(work: Callable[[object, Any], object], items: Sequence[Any], processes: int) -> float:
    """Give items per second of the clock in several processes, their start left out; 0 if none was counted.

    They count as started some seconds after the first of them has answered: one may be up long before another.
    """
    counted, first, begin, last = 0, 0.0, 0.0, 0.0
    for _ in workers.ordered(nothing, (), work, _for_seconds(items, 2 * _SECONDS), processes):
        last = time.perf_counter()
        first = first or last
        if begin:
            counted += 1
        elif last - first > _SECONDS / 2:
            begin = last
    return counted / (last - begin) if counted else 0.0


def _for_seconds(items: Sequence[Any], seconds: float) -> Iterator[Any]:
    """Give items over and over until some seconds have passed since the first."""
    stop = None
    for item in cycle(items):
        stop = stop or time.perf_counter() + seconds
        if time.perf_counter() > stop:
            return
        yield item


def plain(_made: object, rounds: int) -> int:
    """Do work of Python alone, which takes hardly any memory: what it gains on more cores, the machine can give."""
    return sum(i * i for i in range(rounds))


def gain(work: Callable[[object, Any], object], items: Sequence[Any], cores: int) -> float:
    """Give how many times faster work is in a process a core than in one, asked before and after; 0: none counted."""
    if cores < 2:
        return 1.0
    before, spread, after = (across(work, items, processes) for processes in (1, cores, 1))
    return round(2 * spread / (before + after), 2) if before + after else 0.0


def soup_alone(pages: list[tuple[str, str]], many: int) -> float:
    """Give how many trees BeautifulSoup on lxml makes of pages per second of CPU."""
    begin = time.process_time()
    for _, text in pages * many:
        BeautifulSoup(text, "lxml")
    return len(pages) * many / (time.process_time() - begin)


def set_of(pages: list[tuple[str, str]]) -> dict[str, Any]:
    """Give the figures of one set of pages."""
    if not pages:
        return {"pages": 0}
    rate(pages, 1)
    once = 1 / rate(pages, 1)[0]
    many = max(1, round(_SECONDS / (once * len(pages))))
    cpu = rate(pages, many)[1]
    cores = workers.cores()
    return {
        "pages": len(pages), "characters_a_page": round(sum(len(t) for _, t in pages) / len(pages)),
        "posts_a_page": round(sum(read(None, p) for p in pages) / len(pages), 1),
        "pages_cpu_s": round(cpu), "of_soup_alone": round(cpu / soup_alone(pages, many), 2),
        "cores": cores, "times_faster_on_all_cores": gain(read, pages, cores),
    }  # fmt: skip


def measure(shared: Path = SHARED) -> dict[str, Any]:
    """Give the figures by set of pages; {"left_out": why} without pages."""
    found = captured(shared)
    board = saved(shared)
    if not found or not board:
        return {"left_out": "no saved pages at hand"}
    by: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for software, *page in found:
        by[software].append((page[0], page[1]))
    return {
        "saved_board": set_of(board),
        "captured": set_of([page[1:] for page in found]),
        "plain_work_times_faster_on_all_cores": gain(plain, [50_000], workers.cores()),
        "captured_pages_cpu_s": {name: round(rate(own, 1)[1]) for name, own in sorted(by.items())},
    }


def main() -> None:
    """Print the figures."""
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("shared", type=Path, nargs="?", default=SHARED)
    call.add_argument("--json", type=Path, help="write the figures here too")
    asked = call.parse_args()
    figures = measure(asked.shared)
    for name, value in figures.items():
        print(f"{name}: {value}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
