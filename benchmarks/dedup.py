"""How fast copies are found among posts, and how many of those that are there.

    python benchmarks/dedup.py [--posts 100000] [--json FILE]

Makes its own posts (invented words, about 100 each), of which one in ten copies an earlier one: whole, with one word in
a hundred changed, with a few words added, or a passage of 30 words inside a post of somebody else. A tenth of all posts
end in the same phrase.
"""

import argparse
import json
import random
import resource
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from datasketch import MinHash

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.dedup import RUN, Entry, links

_START = datetime(2020, 1, 1, tzinfo=UTC)
_PHRASE = "this is only what happened to me and no advice so please ask somebody who knows"


def made(count: int, seed: int = 11) -> tuple[list[Entry], dict[str, tuple[str, str]]]:
    """Give posts, and of each copy its kind and the post it copies."""
    rng = random.Random(seed)
    syllables = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "ay", "ing", "ack")]
    vocabulary = ["".join(rng.choices(syllables, k=rng.choice((1, 2, 2, 3)))) for _ in range(20_000)]
    cumulative: list[float] = []
    for rank in range(len(vocabulary)):
        cumulative.append((cumulative[-1] if cumulative else 0.0) + 1 / (rank + 3))
    texts: list[list[str]] = []
    truth: dict[str, tuple[str, str]] = {}
    entries: list[Entry] = []
    for number in range(count):
        words = rng.choices(vocabulary, cum_weights=cumulative, k=int(rng.triangular(20, 260, 60)))
        if number > 1000 and number % 10 == 0:
            kind = ("exact", "near", "near", "quote")[number // 10 % 4]
            other = rng.randrange(number)
            while str(other) in truth or len(texts[other]) < 60:
                other = rng.randrange(number)
            source = texts[other]
            if kind == "quote":
                begin = rng.randrange(len(source) - 30)
                words = words[:20] + source[begin : begin + 30] + words[20:]
            elif kind == "near" and number // 10 % 4 == 1:
                words = list(source)
                words[rng.randrange(1, len(words) - 1)] = "altogether"
            elif kind == "near":
                words = [*source, "edit", "thanks"]
            else:
                words = source
            truth[str(number)] = (kind, str(other))
        elif number % 10 == 1:
            words += _PHRASE.split()
        texts.append(words)
        entries.append(Entry(str(number), f"writer{number}", " ".join(words), _START + timedelta(minutes=number)))
    return entries, truth


def minhash(entries: list[Entry]) -> float:
    """Give seconds of datasketch's MinHash alone (128 permutations, no comparison) over posts."""
    begin = time.perf_counter()
    for entry in entries:
        words = entry.text.split()
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(words[i : i + RUN]).encode() for i in range(len(words) - RUN + 1)])
    return time.perf_counter() - begin


def measure(count: int = 100_000) -> dict[str, Any]:
    """Give posts a second, share of copies found by kind, links to posts that are no copies, and memory."""
    entries, truth = made(count)
    begin = time.perf_counter()
    found = links(entries, threshold=0.8)
    seconds = time.perf_counter() - begin
    half = entries[: count // 2]
    begin = time.perf_counter()
    links(half, threshold=0.8)
    half_seconds = time.perf_counter() - begin
    right = Counter(truth[x.post_id][0] for x in found if truth.get(x.post_id, ("", ""))[1] == x.copy_of)
    there = Counter(kind for kind, _ in truth.values())
    some = min(count, 2000)
    return {
        "posts": count,
        "posts_s": round(count / seconds),
        "time_for_twice_as_many": round(seconds / half_seconds, 2),
        "minhash_alone_posts_s": round(some / minhash(entries[:some])),
        "recall": {kind: round(right[kind] / there[kind], 4) for kind in sorted(there)},
        "links_to_no_copy": sum(x.post_id not in truth for x in found),
        "memory_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }


def main() -> None:
    """Print the figures."""
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("--posts", type=int, default=100_000)
    call.add_argument("--json", type=Path, help="write the figures here too")
    asked = call.parse_args()
    figures = measure(asked.posts)
    for name, value in figures.items():
        print(f"{name:24} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
