"""What a post costs in a lake that several workers fill, and whether a killed worker leaves a trace.

    python -m benchmarks.lake [--posts 4000] [--json FILE]

Two dumps of invented posts, each naming a treatment, are filled into a lake by one process, and by two of which one is
killed in the middle; each lake is committed into a corpus of its own, and both must hold the same. Figures: posts a CPU
second of filling (search, masking and reading together) and of committing, bytes a post in parts and in the corpus,
memory.
"""

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import zstandard

from pipeline import corpus, lake, study
from pipeline.home import Home

_TABLES = ("report", "treatment", "dose", "outcome", "side_effect", "mention")
_SAID = (
    "I have been on baclofen for {n} months now, {n}0 mg three times a day.",
    "The cravings are almost gone and I drink less than I did before.",
    "It makes me very sleepy in the afternoon, and I was dizzy in the first week.",
    "My doctor had tried naltrexone before that, which did nothing for me.",
    "We moved house last spring, so I have not had much time to write here.",
    "Has anybody else seen this? I would like to hear how it went for you.",
    "I went down to {n} mg and stopped altogether because of the nausea.",
    "Work is busy, the children are fine, and the weather is what it is.",
    "My legs cramp at night and the spasms have not changed at all.",
)
FILL = """
import sys
from pathlib import Path
from pipeline import lake, study
from pipeline.home import Home
lake._BATCH = 200
list(lake.fill(Path(sys.argv[1]), Home(Path(sys.argv[2])), study.load("baclofen"), "dump", map(Path, sys.argv[3:])))
"""


def dump(path: Path, posts: int, first: int) -> int:
    """Write a dump of so many posts; give its characters of text."""
    chance, size = random.Random(first), 0
    packer = zstandard.ZstdCompressor()
    with path.open("wb") as file, packer.stream_writer(file) as out:
        for number in range(first, first + posts):
            said = [chance.choice(_SAID).format(n=chance.randrange(1, 9)) for _ in range(chance.randrange(4, 22))]
            body = f"{number}. {' '.join(['Baclofen.', *said])}"
            size += len(body)
            row = {"id": f"c{number:07d}", "author": f"writer_{number % 997}", "subreddit": "example", "body": body}
            row |= {"link_id": "t3_aaaa", "parent_id": "t3_aaaa", "created_utc": 1_420_000_000 + number * 3_000}
            out.write(json.dumps(row).encode() + b"\n")
    return size


def fill(folder: Path, home: Home, dumps: list[Path]) -> "subprocess.Popen[bytes]":
    """Start a worker."""
    return subprocess.Popen([sys.executable, "-c", FILL, str(folder), str(home.root), *map(str, dumps)])


def spent() -> float:
    """Give the CPU seconds of the processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def held(home: Home) -> list[Any]:
    """Give what a corpus holds: rows and a hash of each table."""
    with corpus.reading(home) as con:
        return [con.execute(f"select count(*), sum(hash(t)) from {name} t").fetchone() for name in _TABLES]


def measure(posts: int) -> dict[str, Any]:
    """Fill and commit both ways."""
    os.environ.setdefault("DOSELORE_KEY", "a key of the benchmark alone, 0123456789")
    chosen = study.load("baclofen")
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        dumps = [root / f"RC_2015-0{n}.zst" for n in (1, 2)]
        characters = sum(dump(path, posts // 2, n * posts) for n, path in enumerate(dumps))
        alone, several = Home(root / "alone").make(), Home(root / "several").make()

        assert fill(root / "lake1", alone, dumps).wait() == 0
        filling = spent()
        parts = sum(p.stat().st_size for p in (root / "lake1" / "parts").rglob("*.parquet"))
        began, clock = time.process_time(), time.perf_counter()
        lake.commit(root / "lake1", alone, chosen)
        committing, lasted = time.process_time() - began, time.perf_counter() - clock

        first, second = fill(root / "lake2", several, dumps), fill(root / "lake2", several, dumps[::-1])
        while first.poll() is None and not list((root / "lake2").glob("progress/*.json")):
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        killed = first.wait() == -signal.SIGKILL
        assert second.wait() == 0
        assert fill(root / "lake2", several, dumps).wait() == 0  # what the killed one had begun
        lake.commit(root / "lake2", several, chosen)
        differ = sum(a != b for a, b in zip(held(alone), held(several), strict=True))
        return {
            "posts": posts, "characters_a_post": round(characters / posts),
            "filled_a_cpu_s": round(posts / filling, 1), "committed_a_cpu_s": round(posts / committing, 1),
            "committed_a_second": round(posts / lasted, 1),
            "rows_read_a_post": round(sum(n for n, _ in held(alone)) / posts, 1),
            "part_bytes_a_post": round(parts / posts),
            "corpus_bytes_a_post": round(alone.corpus.stat().st_size / posts),
            "worker_killed": int(killed), "tables_that_differ": differ,
            "worker_memory_gib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20, 2),
            "committer_memory_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        }  # fmt: skip


def main() -> None:
    """Print the figures; exit 1 where the two ways differ."""
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("--posts", type=int, default=4000)
    call.add_argument("--json", type=Path, help="write the figures here too")
    asked = call.parse_args()
    figures = measure(asked.posts)
    for name, value in figures.items():
        print(f"{name:24} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    sys.exit(1 if figures["tables_that_differ"] else 0)


if __name__ == "__main__":
    main()
