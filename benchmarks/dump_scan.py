"""How fast a Reddit dump is searched, beside decompression alone and beside the usual loop.

    python benchmarks/dump_scan.py [--mb 1000] [--repeat 3] [--window 31] [--json FILE]

Makes its own dump (invented lines with the fields of a real one, packed with zstd and a window of 2^31 bytes), then
reads it three ways. Limits: the search runs at 0.6 or more of decompression alone and 8 times or more the usual loop
(decompress, json.loads of each line, substring); no line is lost; memory stays under 4 GiB.
"""

import argparse
import io
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.sources import dumps

WORDS = (
    "baclofen lioresal gablofen ozobax lyvispah baclophen bac naltrexone revia vivitrol depade ldn acamprosate campral "
    "aotal disulfiram antabuse esperal topiramate topamax gabapentin neurontin gaba tizanidine zanaflex nalmefene "
    "selincro ondansetron zofran pregabalin lyrica xyrem ghb alcover diazepam valium"
).split()
_RARE = ("Baclofen", "naltrexone", "LDN", "Campral", "gabapentin", "lyrica")
_KEPT_LINES = 150_000  # for the usual loop, which is slow: its speed is taken on a part


def lines(size: int, seed: int = 7) -> Iterator[bytes]:
    """Give `size` bytes of invented comments, a line each; one in a thousand holds one of the words."""
    rng = random.Random(seed)
    syllables = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "ay", "ing", "ack")]
    vocabulary = ["".join(rng.choices(syllables, k=rng.choice((1, 2, 2, 3)))) for _ in range(40_000)]
    falling = [1 / (rank + 3) for rank in range(len(vocabulary))]
    # Phrases, not words, drawn by rank: the text packs about as well as that of people.
    phrases = [" ".join(rng.choices(vocabulary, falling, k=rng.choice((1, 2, 3, 4, 6)))) for _ in range(40_000)]
    drawn = iter(())
    made = number = 0
    while made < size:
        number += 1
        words: list[str] = []
        for _ in range(int(rng.lognormvariate(1.6, 1.0)) + 1):
            word = next(drawn, None)
            if word is None:
                drawn = iter(rng.choices(phrases, falling, k=200_000))
                word = next(drawn)
            words.append(word)
        if number % 1000 == 0:
            words.insert(rng.randrange(len(words)), rng.choice(_RARE))
        if number % 40 == 0:
            words.append(rng.choice(("café", "naïve", "☃", "пиво", "😀")))
        row = _row(rng, number, " ".join(words))
        line = json.dumps(row, separators=(",", ":"), ensure_ascii=number % 2 == 0).encode() + b"\n"
        made += len(line)
        yield line


def _row(rng: random.Random, number: int, body: str) -> dict[str, Any]:
    own = f"{rng.getrandbits(31):07x}"
    link = f"{rng.getrandbits(28):06x}"
    where = f"sub{rng.randrange(3000)}"
    return {
        "all_awardings": [], "archived": False, "associated_award": None, "author": f"user_{rng.getrandbits(22)}",
        "author_created_utc": rng.randrange(1_200_000_000, 1_600_000_000), "author_flair_background_color": None,
        "author_flair_css_class": None, "author_flair_richtext": [], "author_flair_template_id": None,
        "author_flair_text": None, "author_flair_text_color": None, "author_flair_type": "text",
        "author_fullname": f"t2_{rng.getrandbits(35):x}", "author_patreon_flair": False, "author_premium": False,
        "body": body, "can_gild": True, "collapsed": False, "collapsed_because_crowd_control": None,
        "collapsed_reason": None, "comment_type": None, "controversiality": int(rng.random() < 0.03),
        "created_utc": 1_610_000_000 + number // 40, "distinguished": None, "edited": False, "gilded": 0,
        "id": own, "is_submitter": rng.random() < 0.1, "link_id": f"t3_{link}", "locked": False, "no_follow": True,
        "parent_id": f"t1_{rng.getrandbits(31):07x}", "permalink": f"/r/{where}/comments/{link}/{body[:30]}/{own}/",
        "retrieved_on": 1_620_000_000 + number // 30, "score": int(rng.expovariate(0.2)), "send_replies": True,
        "stickied": False, "subreddit": where, "subreddit_id": f"t5_{rng.getrandbits(24):x}",
        "subreddit_name_prefixed": f"r/{where}", "subreddit_type": "public", "total_awards_received": 0,
    }  # fmt: skip


def packed(path: Path, size: int, window: int) -> tuple[int, int]:
    """Write the dump; give its unpacked bytes and its lines."""
    parameters = zstandard.ZstdCompressionParameters.from_level(6, window_log=window, enable_ldm=True, threads=2)
    total = count = 0
    with path.open("wb") as file, zstandard.ZstdCompressor(compression_params=parameters).stream_writer(file) as out:
        for line in lines(size):
            out.write(line)
            total, count = total + len(line), count + 1
    return total, count


def decompressed(path: Path) -> float:
    """Give seconds of decompression alone."""
    begin = time.perf_counter()
    with path.open("rb") as file:
        stream = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(file, read_size=1 << 20)
        while stream.read(4 << 20):
            pass
    return time.perf_counter() - begin


def usual_loop(path: Path) -> tuple[float, int]:
    """Give seconds and bytes of the loop that scripts for dumps use, on the first part of the file."""
    begin, read, hits = time.perf_counter(), 0, 0
    with path.open("rb") as file:
        stream = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(file)
        for number, line in enumerate(io.TextIOWrapper(stream, encoding="utf-8"), 1):
            read += len(line.encode())
            body = json.loads(line)["body"].lower()
            hits += any(word in body for word in WORDS)
            if number == _KEPT_LINES:
                break
    return time.perf_counter() - begin, read


def searched(path: Path) -> tuple[float, int, int, int]:
    """Give seconds of the whole search up to posts, lines seen, posts, and bad lines."""
    begin = time.perf_counter()
    posts, state = 0, dict[str, str]()
    for batch in dumps.collect([path], WORDS, {}):
        posts += len(batch.posts)
        state.update({k: v for k, v in batch.checkpoint.items() if v})
    (position,) = dumps.positions(state).values()
    return time.perf_counter() - begin, position.seen, posts, position.aside


def measure(mb: int = 1000, repeat: int = 3, window: int = 31) -> dict[str, Any]:
    """Run all three and give rates in MB (10^6 bytes of unpacked JSON) per second, ratios and limits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "RC_2021-01.zst")
        total, count = packed(path, mb * 10**6, window)
        alone: list[float] = []
        runs: list[tuple[float, int, int, int]] = []
        loops: list[float] = []
        for _ in range(repeat):  # in turns: what else the machine does is then the same for all three
            alone.append(total / decompressed(path) / 1e6)
            runs.append(searched(path))
            seconds, part = usual_loop(path)
            loops.append(part / seconds / 1e6)
        size = path.stat().st_size
    ours = [total / run[0] / 1e6 for run in runs]
    loop = statistics.median(loops)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    best, typical = max(alone), statistics.median(ours)
    return {
        "lines": count, "mb": total // 10**6, "packed_mb": size // 10**6,
        "decompression_mb_s": [round(r) for r in alone], "search_mb_s": [round(r) for r in ours],
        "search_lines_s": round(count * typical * 1e6 / total), "usual_loop_mb_s": round(loop, 1),
        "of_decompression": round(typical / statistics.median(alone), 2), "of_decompression_limit": 0.6,
        "worst_of_best": round(min(ours) / best, 2),
        "of_usual_loop": round(typical / loop, 1), "of_usual_loop_limit": 8,
        "memory_gib": round(memory, 2), "memory_gib_limit": 4,
        "lines_lost": count - runs[0][1], "bad_lines": runs[0][3], "posts": runs[0][2],
    }  # fmt: skip


def main() -> None:
    """Print the figures; exit 1 where a limit is missed."""
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("--mb", type=int, default=1000, help="size of the dump, unpacked")
    call.add_argument("--repeat", type=int, default=3)
    call.add_argument("--window", type=int, default=31, help="log2 of the zstd window")
    call.add_argument("--json", type=Path, help="write the figures here too")
    asked = call.parse_args()
    figures = measure(asked.mb, asked.repeat, asked.window)
    for name, value in figures.items():
        print(f"{name:24} {value}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    held = figures["of_decompression"] >= 0.6 and figures["of_usual_loop"] >= 8 and figures["memory_gib"] < 4
    sys.exit(0 if held and not figures["lines_lost"] and not figures["bad_lines"] else 1)


if __name__ == "__main__":
    main()
