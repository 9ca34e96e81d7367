"""Our pipeline beside others on the same posts, in one run: posts per CPU second, and denials told from reports.

    python -m benchmarks.readers POSTS.jsonl … [--most 1000] [--json FILE]

POSTS: one JSON object a line with a `text` or `selftext`; as many are drawn of each file. The others: spaCy's tokenizer
with a sentencizer and a PhraseMatcher of the names of medicines; negspacy; medspaCy's context component alone, and the
pipeline of its `load()` with its own sentences. The last three are left out, with the reason, where they are not
installed (`python3 dev.py bench` installs them apart). Each is measured by the CPU time of this process, ours as a
ratio to each. F1 of denial is measured on tests/nlp's probes: an effect that is named is denied, or it is not; all get
the same places to judge.
"""

import argparse
import importlib.util
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import nlp
from nlp import lexicon

_TERMS = 600
_SOME = 100  # posts for a reader that is much slower than ours
_ROUNDS = 5
_PROBES = Path(__file__).resolve().parents[1] / "tests" / "nlp" / "probes_negation.jsonl"
Judge = Callable[[str, int, int], bool]


def matcher() -> Callable[[Iterable[str]], None]:
    """Give spaCy's tokenizer, sentencizer and PhraseMatcher as one thing to time."""
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    names = [name for s in lexicon.substances().values() for name in s.names][:_TERMS]
    found = PhraseMatcher(blank.vocab, attr="LOWER")
    found.add("medicine", [blank.make_doc(name) for name in names])

    def read(texts: Iterable[str]) -> None:
        for doc in blank.pipe(texts):
            found(doc)

    return read


def context(component: str, flag: str) -> tuple[Language, Judge]:
    """Give another's negation component on a blank pipeline, and how it judges one place of a text."""
    if component == "negex":
        importlib.import_module("negspacy.negation")
    else:
        importlib.import_module("medspacy.context")
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    ruler: Any = blank.add_pipe("entity_ruler")
    names = [name for s in lexicon.substances().values() for name in s.names][:_TERMS]
    ruler.add_patterns([{"label": "TERM", "pattern": name} for name in names])
    step: Callable[[Doc], Doc] = blank.add_pipe(component)

    def judge(text: str, start: int, end: int) -> bool:
        doc = blank.make_doc(text)
        doc = blank.get_pipe("sentencizer")(doc)
        span = doc.char_span(start, end, label="TERM", alignment_mode="expand")
        if span is None:
            return False
        doc.ents = [Span(doc, span.start, span.end, label="TERM")]
        doc = step(doc)
        return any(bool(getattr(ent._, flag)) for ent in doc.ents)

    return blank, judge


def posts_a_second(readers: Mapping[str, tuple[Callable[[], None], int]]) -> dict[str, float]:
    """Give the best of some runs of each, in posts per second of this process's CPU time.

    readers: by name what reads all posts, and how many these are. They take turns, so that a machine that is slow for a
    while is so for all of them.
    """
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(_ROUNDS):
        for name, (read, _count) in readers.items():
            begun = time.process_time()
            read()
            best[name] = min(best[name], time.process_time() - begun)
    return {name: count / best[name] for name, (_read, count) in readers.items()}


def denials(judge: Judge, engine: Language) -> dict[str, float]:
    """Give precision, recall and F1 of denial on the probes that name an effect."""
    probes: list[dict[str, Any]] = [json.loads(line) for line in _PROBES.read_text(encoding="utf-8").splitlines()]
    asked = [p for p in probes if "side_effect" in p]
    hits = wrong = missed = 0
    posts = ({"id": str(n), "text": p["text"], "drug": "Baclofen"} for n, p in enumerate(asked))
    for probe, read in zip(asked, nlp.read(engine, posts), strict=True):
        place = next((m for m in read.mentions if m.kind == "side_effect" and m.concept == probe["side_effect"]), None)
        said = judge(probe["text"], place.start, place.end) if place else False
        denied = probe["expect"] == "denied"
        hits, wrong, missed = hits + (said and denied), wrong + (said and not denied), missed + (denied and not said)
    precision, recall = hits / max(hits + wrong, 1), hits / max(hits + missed, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * hits / max(2 * hits + wrong + missed, 1)}


def ours(engine: Language) -> Judge:
    """Give how our own pipeline judges a place of a text."""

    def judge(text: str, start: int, end: int) -> bool:
        read = next(iter(nlp.read(engine, [{"id": "", "text": text, "drug": "Baclofen"}])))
        return any(m.start == start and m.end == end and m.present is False for m in read.mentions)

    return judge


def measured(posts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Give speed and F1 of all readers on the same posts, in one run."""
    texts = [str(post["text"]) for post in posts]
    engine = nlp.load()

    def read() -> None:
        for _ in nlp.read(engine, posts):
            pass

    simple = matcher()
    timed: dict[str, tuple[Callable[[], None], int]] = {
        "doselore": (read, len(posts)),
        "spaCy matcher": (lambda: simple(texts), len(posts)),
    }
    rows: dict[str, dict[str, Any]] = {"doselore": denials(ours(engine), engine), "spaCy matcher": {}}
    for name, module, component, flag in (
        ("negspacy", "negspacy", "negex", "negex"),
        ("medspaCy", "medspacy", "medspacy_context", "is_negated"),
    ):
        if importlib.util.find_spec(module) is None:
            rows[name] = {"left_out": f"{module} is not installed"}
            continue
        try:
            other, judge = context(component, flag)
        except ImportError as error:
            rows[name] = {"left_out": f"{module} cannot be imported: {error}"}
            continue

        def run(other: Language = other) -> None:
            for _ in other.pipe(texts):
                pass

        timed[name], rows[name] = (run, len(posts)), denials(judge, engine)
    if importlib.util.find_spec("medspacy") is not None:
        whole: Language = importlib.import_module("medspacy").load()
        # As long as the rest: every so manieth by length.
        some = sorted(texts, key=len)[:: max(len(texts) // _SOME, 1)]

        def all_of_it() -> None:
            for _ in whole.pipe(some):
                pass

        timed["medspaCy default"], rows["medspaCy default"] = (all_of_it, len(some)), {}
    for name, speed in posts_a_second(timed).items():
        rows[name] = {"posts_a_second": speed, **rows[name]}
    out: dict[str, Any] = {
        "posts": len(posts),
        "characters": sum(map(len, texts)) / max(len(texts), 1),
        "readers": rows,
    }
    own = out["readers"]["doselore"]["posts_a_second"]
    for row in out["readers"].values():
        if "posts_a_second" in row:
            row["times_ours"] = row["posts_a_second"] / own
    return out


def drawn(path: Path, most: int) -> list[Mapping[str, Any]]:
    """Give posts with a text, drawn from a file with a fixed seed."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    posts = [{**row, "text": text} for row in rows if (text := row.get("text") or row.get("selftext"))]
    return random.Random(3).sample(posts, min(most, len(posts)))


def main() -> None:
    """Measure, print a table and write the figures as JSON if asked."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("posts", type=Path, nargs="+")
    asked.add_argument("--most", type=int, default=1000)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    out = measured([post for path in given.posts for post in drawn(path, given.most // len(given.posts))])
    print(f"{out['posts']} posts of {out['characters']:.0f} characters")
    for name, row in out["readers"].items():
        said = row.get("left_out") or f"{row['posts_a_second']:8.0f} posts/s  {row['times_ours']:6.2f} x ours"
        print(f"{name:14} {said}" + (f"  F1 of denial {row['f1']:.2f}" if "f1" in row else ""))
    if given.json:
        given.json.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
