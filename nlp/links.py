"""Which treatment a dose, an outcome, an effect, a length of time or a stop belongs to."""

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft
from nlp.types import Draft, Mention


class Links(Component):
    """Gives each mention its substance."""

    def __init__(self, nlp: Language, name: str, index: str) -> None:
        super().__init__(nlp, name)
        self.index = index

    def __call__(self, doc: Doc) -> Doc:
        """Replace each mention without a substance by a copy that has one, where one can be told."""
        d = draft(doc)
        if d.exclusion:
            return doc
        d.mentions = [
            m if m.kind == "substance" or m.substance else m._replace(substance=_nearest(d, m)) for m in d.mentions
        ]
        return doc


def _nearest(d: Draft, m: Mention) -> str | None:
    named = [s for s in d.of("substance")]
    before = [s for s in named if s.sentence == m.sentence and s.end <= m.start]
    after = [s for s in named if s.sentence == m.sentence and s.start >= m.end]
    if m.kind == "dose" and before:
        return before[-1].concept
    if m.kind == "dose" and after:
        return after[0].concept
    return d.index


Language.factory("doselore_links", default_config={"index": "baclofen"}, func=Links)
