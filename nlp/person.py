"""Age and sex of the person that the post tells of, where the text says so: "45M", "I am 62", "as a mother of two"."""

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component


class PersonFinder(Component):
    """Writes Draft.person."""

    def __call__(self, doc: Doc) -> Doc:
        """Look for the words that tell."""
        return doc


Language.factory("doselore_person", func=PersonFinder)
