"""From which inputs the tables and the report were made: what was made from the same is not made again.

An input is a row of the corpus that came from outside or from a reader, the study, or our own code and words. What a
flow made is noted in HOME/made with a hash of its inputs and of each file.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import orjson

import data
import nlp
from pipeline import corpus
from pipeline.home import Home
from pipeline.study import Study

# What the tables are worked out of. Not in it: what is worked out itself, and when we last looked.
_INPUTS = (
    "source", "thread", "post", "post_version", "exclusion", "author", "extraction", "report", "treatment", "dose",
    "outcome", "side_effect", "mention", "review", "review_label", "accuracy", "tombstone", "checkpoint",
)  # fmt: skip
_ROWS = {
    "source": "select * exclude (last_seen) from source",
    "exclusion": "select * exclude (seen_at) from exclusion",
    "checkpoint": "from checkpoint where key like 'dump:%'",  # lines that were passed over
}
_FOLDER = "made"


def inputs(home: Home, study: Study) -> str:
    """Give a hash of all that decides the tables and the report of a study. Reads the whole corpus once."""
    told = hashlib.sha256(f"{_code()}\0{study.model_dump_json(by_alias=True)}".encode())
    if home.corpus.exists():
        with corpus.reading(home) as con:
            for table in _INPUTS:
                rows = _ROWS.get(table, f'from "{table}"')
                found = con.execute(f"select count(*), sum(hash(t)) from ({rows}) t").fetchone()
                told.update(f"{table} {found}".encode())
    return told.hexdigest()[:32]


def is_made(home: Home, study: Study, what: str, of: str) -> bool:
    """Tell whether something was made from these inputs, lies there unchanged, and the corpus is set for this study."""
    try:
        held = orjson.loads((home.root / _FOLDER / f"{what}.json").read_bytes())
        same = held["of"] == of and all(_sha256(home.root / name) == sha for name, sha in held["files"].items())
    except (OSError, orjson.JSONDecodeError, KeyError):
        return False
    return same and corpus.study_settings(home) == corpus.settings(study)


def note(home: Home, what: str, of: str, files: Iterable[Path]) -> None:
    """Note what was made, from which inputs. files: within the home."""
    folder = home.root / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    held = {"of": of, "files": {str(f.relative_to(home.root)): _sha256(f) for f in files}}
    part = folder / f".{what}.part"
    part.write_bytes(orjson.dumps(held, option=orjson.OPT_INDENT_2))
    part.replace(folder / f"{what}.json")


def _sha256(file: Path) -> str:
    with file.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


@cache
def _code() -> str:
    """Give a hash of our own code, words, facts and templates."""
    from pipeline.report import methods

    told = hashlib.sha256(f"{corpus.product_version()} {nlp.VERSION} {methods.scores()}".encode())
    own = (p for p in Path(__file__).parent.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    for path in [*sorted(own), data.path("benchmarks.toml")]:
        told.update(f"{path.name}\0".encode() + path.read_bytes())
    return told.hexdigest()
