"""What the post says of each treatment: taken, considered or only mentioned; stopped; for how long."""

from spacy.language import Language
from spacy.tokens import Doc

from nlp import lexicon
from nlp.component import Component, draft
from nlp.types import Treatment


class Status(Component):
    """Writes Draft.treatments."""

    def __call__(self, doc: Doc) -> Doc:
        """Decide on every substance that counts."""
        d = draft(doc)
        if d.exclusion:
            return doc
        if d.index and d.index_from_heading:
            d.treatments[d.index] = Treatment(d.index, "taken")
        known = lexicon.substances()
        for m in d.of("substance"):
            counts = known[m.concept].counts if m.concept in known else "listed"
            if m.concept not in d.treatments and counts == "listed":
                d.treatments[m.concept] = Treatment(m.concept, "taken" if d.index_from_heading else "mentioned")
        d.mentions = [m._replace(status="taken") if m.kind == "dose" and not m.status else m for m in d.mentions]
        return doc


Language.factory("doselore_status", func=Status)
