"""Who reports: the author of themselves, of one other person, or nobody of anybody."""

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft


class Reporter(Component):
    """Writes Draft.reporter."""

    def __call__(self, doc: Doc) -> Doc:
        """Decide from the treatments taken and whose they are."""
        d = draft(doc)
        if not d.exclusion and any(t.status == "taken" for t in d.treatments.values()):
            d.reporter = "self"
        return doc


Language.factory("doselore_reporter", func=Reporter)
