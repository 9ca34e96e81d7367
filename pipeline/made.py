"""From which inputs the tables and the report were made: what was made from the same is not made again.

An input is a row of the corpus that came from outside or from a reader, the study, or our own code and words. What a
flow made is noted in HOME/made with a hash of each input and of each file.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

import data
import nlp
from pipeline import corpus
from pipeline.home import Home
from pipeline.study import Study

# What the tables are worked out of. Not in it: what is worked out itself, when we last looked and what was said then.
# Nor threads, which no table counts: "last post 3 hours ago" is another time at each look.
INPUTS = (
    "source", "post", "post_version", "exclusion", "author", "extraction", "report", "treatment", "dose", "outcome",
    "side_effect", "mention", "review", "review_label", "accuracy", "accuracy_draw", "tombstone", "checkpoint",
)  # fmt: skip
_ROWS = {
    "source": "select * exclude (last_seen) from source",
    "exclusion": "select * exclude (detail, seen_at) from exclusion",
    "checkpoint": "from checkpoint where key like 'dump:%'",  # lines that were passed over
}
_FOLDER = "made"


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decides the tables and the report of a study. parts: a hash of the code, of the study, of each table."""

    parts: Mapping[str, str]

    @property
    def key(self) -> str:
        """A hash of them all."""
        return hashlib.sha256(repr(sorted(self.parts.items())).encode()).hexdigest()[:32]


def inputs(home: Home, study: Study) -> Inputs:
    """Give what the tables and the report of a study are made from. Reads the whole corpus once."""
    parts = {"code": _code(), "study": corpus.fingerprint(study.model_dump_json(by_alias=True))}
    if home.corpus.exists():
        with corpus.reading(home) as con:
            for table in INPUTS:
                rows = _ROWS.get(table, f'from "{table}"')
                found = con.execute(f"select count(*), sum(hash(t)) from ({rows}) t").fetchone()
                parts[table] = corpus.fingerprint(found)
    return Inputs(parts)


def why_anew(home: Home, study: Study, what: str, of: Inputs) -> str:
    """Say why a thing must be made (anew): "post, exclusion changed".

    Empty: it was made from these inputs, lies there as it was written, and the corpus is set for this study.
    """
    try:
        held: dict[str, Any] = orjson.loads((home.root / _FOLDER / f"{what}.json").read_bytes())
        before, files = dict(held["of"]), dict(held["files"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return "none there yet"
    found = [part for part in sorted({*before, *of.parts}) if before.get(part) != of.parts.get(part)]
    found += [name for name, sha in files.items() if _sha256(home.root / name) != sha]
    if not found and corpus.study_settings(home) != corpus.settings(study):
        found.append("what the corpus is set for")
    return f"{', '.join(found)} changed" if found else ""


def note(home: Home, what: str, of: Inputs, files: Iterable[Path]) -> None:
    """Note what was made, from which inputs. files: within the home."""
    folder = home.root / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    held = {"of": dict(of.parts), "files": {str(f.relative_to(home.root)): _sha256(f) for f in files}}
    part = folder / f".{what}.part"
    part.write_bytes(orjson.dumps(held, option=orjson.OPT_INDENT_2))
    part.replace(folder / f"{what}.json")


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as held:
            return hashlib.file_digest(held, "sha256").hexdigest()
    except OSError:
        return None


@cache
def _code() -> str:
    """Give a hash of our own code, words, facts and templates."""
    from pipeline.report import methods

    told = hashlib.sha256(f"{corpus.product_version()} {nlp.VERSION} {methods.scores()}".encode())
    own = (p for p in Path(__file__).parent.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    for path in [*sorted(own), data.path("benchmarks.toml")]:
        told.update(f"{path.name}\0".encode() + path.read_bytes())
    return told.hexdigest()[:32]
