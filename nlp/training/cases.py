"""What the effect's model is taught with: treatments of annotated posts, and of reviews that their authors rated."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nlp
from nlp import effect, effect_model, reading
from nlp.effect_signs import Signs
from nlp.types import Draft

STEPS = ("Ineffective", "Marginally Effective", "Moderately Effective", "Considerably Effective", "Highly Effective")
_PARTS = ("BENEFITS: ", "SIDE EFFECTS: ", "COMMENTS: ")
STUDY = "baclofen"
"""The treatment that the first study is of."""
_ALIKE = 120  # letters at the start by which two copies of a post are known


@dataclass(frozen=True, slots=True)
class Case:
    """One treatment taken.

    source, post: where the post is from, and its id. effect: the annotated class, None where there is none.
    step: the review's own 1 to 5, 0 where there is none. by_rule: what the rules alone decide. stopped: as annotated,
    None where nobody did.
    fresh: the rules were not written with this post in view, so that what they find in it is as good as elsewhere.
    own: the post is about the medicine of the first study.
    """

    source: str
    post: str
    effect: str | None
    step: int
    by_rule: str
    signs: Signs
    sentences: Sequence[str]
    grams: frozenset[str]
    stopped: bool | None = None
    fresh: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Annotated:
    """A file of records and one of their posts. fresh: as of Case."""

    gold: Path
    posts: Path
    fresh: bool = False


Rated = tuple[str, Mapping[str, Any], int]


def rated(shared: Path) -> Iterator[Rated]:
    """Give source, post and step of reviews: DrugLib's and WebMD's effectiveness, AskAPatient's rating."""
    with (shared / "data/annotated/druglib_train.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            parts = [row[k] or "" for k in ("benefitsReview", "sideEffectsReview", "commentsReview")]
            # Half of them as one text and half with the form's headings: posts come in both ways.
            if int(row[""]) % 2:
                text = "\n".join(name + part for name, part in zip(_PARTS, parts, strict=True))
            else:
                text = " ".join(part.strip() for part in parts if part.strip())
            post = {"id": f"druglib:drugLibT{row['']}", "text": text, "drug": row["urlDrugName"]}
            yield "druglib", post | {"condition": row["condition"]}, 1 + STEPS.index(row["effectiveness"])
    for row in _lines(shared / "data/posts/baclofen.jsonl"):
        if row["source"] == "webmd" and row.get("effectiveness_1to5"):
            post = {key: row.get(key) for key in ("id", "text", "drug", "condition")}
            yield "webmd", post, int(row["effectiveness_1to5"])
    for row in _lines(shared / "data/posts/askapatient_half.jsonl"):
        if row.get("rating"):
            text = f"{_PARTS[1]}{row['side_effects'] or ''}\n{_PARTS[2]}{row['comments'] or ''}"
            post = {"id": row["id"], "text": text, "drug": row["drug"], "condition": row["reason"]}
            yield "askapatient", post, int(row["rating"])


def cases(shared: Path, pairs: Sequence[Annotated], without: Sequence[Path]) -> list[Case]:
    """Give all cases: of the annotated posts, then of rated reviews.

    Left out are reviews that are annotated, or that are in the files `without`, by id or by the start of their text.
    """
    engine = nlp.load()
    ratings = list(rated(shared))
    steps = {str(post["id"]): step for _, post, step in ratings}
    out: list[Case] = []
    seen: set[str] = set()
    for pair in pairs:
        texts = {str(post["id"]): post for post in _lines(pair.posts)}
        seen |= _marks(texts.values())
        for record in _lines(pair.gold):
            found = _annotated(engine, record, texts[record["id"]], steps.get(record["id"], 0))
            out += [replace(case, fresh=pair.fresh) for case in found]
    for path in without:
        seen |= _marks(_lines(path))
    for source, post, step in ratings:
        if not _marks([post]) & seen:
            out += _of_review(engine, source, post, step)
    return out


def _annotated(engine: Any, record: Mapping[str, Any], post: Mapping[str, Any], step: int) -> Iterator[Case]:
    d, told = _until(engine, post)
    for t in record["treatments"]:
        name = t["substance"]
        if t["status"] == "taken" and _taken(d, name):
            own = step if name == d.index else 0
            case = _case(d, told, name, (_source(post), str(post["id"]), t["effect"], own))
            yield replace(case, stopped=t["stopped"] is True)  # not said counts as not stopped


def _of_review(engine: Any, source: str, post: Mapping[str, Any], step: int) -> Iterator[Case]:
    d, told = _until(engine, post)
    if d.index is not None and _taken(d, d.index):
        yield _case(d, told, d.index, (source, str(post["id"]), None, step))


def _taken(d: Draft, name: str) -> bool:
    return name in d.treatments and d.treatments[name].status == "taken"


def _case(d: Draft, told: Mapping[str, Any], name: str, known: tuple[str, str, str | None, int]) -> Case:
    source, post, truth, step = known
    treatment, mentions = d.treatments[name], told.get(name, [])
    signs, sentences = effect.features(d, treatment, mentions)
    grams = frozenset[str]().union(*map(effect_model.ngrams, sentences))
    by_rule = next((s[5:] for s in signs if s.startswith("rule ")), "unclear")
    return Case(source, post, truth, step, by_rule, signs, sentences, grams, own=d.index == STUDY)


def _until(engine: Any, post: Mapping[str, Any]) -> tuple[Draft, Mapping[str, Any]]:
    d = reading.drafted(engine, post, before="effect")
    return d, {} if d.exclusion else effect.settle(d)


def _source(post: Mapping[str, Any]) -> str:
    return re.split(r"[_\d:]", str(post.get("source") or post["id"]))[0]


def _marks(posts: Any) -> set[str]:
    return {mark for post in posts for mark in (str(post["id"]), _start(str(post["text"])))}


def _start(text: str) -> str:
    plain = re.sub("|".join(part.strip() for part in _PARTS), "", text)
    return re.sub(r"\W+", "", plain.lower())[:_ALIKE]


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
