"""How sure a claim is, and where rules and model part: what a sample of claims is drawn by.

The effect of a treatment is decided by a model that hears the rules' opinion (nlp.effect_model); posts are read anew
for both. Doses, outcomes and side effects are found by rules, which give no probability: how sure they are goes by how
the claim hangs on its substance.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from nlp import component, effect, effect_model
from nlp.types import Post
from pipeline.errors import ReviewError

LEVELS = ("high", "middle", "low")
_SURE, _FAIR = 0.8, 0.5  # of the model's probability: under one half more speaks against its class than for it
_END = re.compile(r"[.!?\n]")
Place = tuple[int, int, str]  # where a substance is named, and which


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the rules alone and the model say of the effect of a treatment taken. share: the model's probability."""

    post_id: str
    substance: str
    rules: str
    model: str
    share: float


def opinions(engine: Language, posts: Iterable[Mapping[str, Any]]) -> Iterator[Opinion]:
    """Read posts and give both opinions on every treatment that was taken. posts: as for nlp.read.

    Raises ReviewError where no model is bundled.
    """
    model = effect_model.load()
    if model is None:
        raise ReviewError("there is no model of effects here, so nothing that the rules could disagree with")
    for asked in posts:
        doc = Doc(engine.vocab)
        heading = (asked.get("drug"), asked.get("condition"), asked.get("title"))
        component.start(doc, Post(str(asked["id"]), str(asked["text"]), *heading))
        for name, step in engine.pipeline:
            if name == "effect":  # it forgets what it decided by: its own step is taken here, in the open
                break
            doc = step(doc)
        d = component.draft(doc)
        if d.exclusion:
            continue
        told = effect.settle(d)
        for substance, treatment in d.treatments.items():
            if treatment.status == "taken":
                mentions = told.get(substance, [])
                *points, _ = model.points(*effect.features(d, treatment, mentions))  # the last is of stopping
                highest = max(points)
                said = effect_model.CLASSES[points.index(highest)]
                share = 1 / sum(math.exp(point - highest) for point in points)
                yield Opinion(d.post.id, substance, effect.by_rule(d, treatment, mentions)[0], said, share)


def of_share(share: float) -> str:
    """Give the level of a probability."""
    return "high" if share >= _SURE else "middle" if share >= _FAIR else "low"


def of_place(text: str, start: int | None, end: int | None, substance: str, named: Sequence[Place]) -> str:
    """Give the level of a claim that rules found. start, end: of its quote; named: the substances the post names.

    High: its substance stands in the quote's sentence, or the post names no other. Low: the quote's sentence names
    another one only, or the quote stands nowhere. Middle: the substance is carried over from another sentence.
    """
    if start is None or end is None:
        return "low"
    before = [m.end() for m in _END.finditer(text, 0, start)]
    after = _END.search(text, end)
    low, high = before[-1] if before else 0, after.start() if after else len(text)
    here = {name for a, _, name in named if low <= a < high}
    if substance in here or {name for _, _, name in named} <= {substance}:
        return "high"
    return "low" if here else "middle"
