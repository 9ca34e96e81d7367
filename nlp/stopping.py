"""Who stopped what, and why: "quit taking it after a week", "my doctor took me off", "weaned off because of cost"."""

import re

from spacy.language import Language
from spacy.tokens import Doc

from nlp.component import Component, draft

_STOP = re.compile(
    r"\b(?:(?:i|we|he|she|have|has|had|so|and|just|then|finally|immediately|abruptly|but|dr\.?|doctor|doc)\s+|^|,\s*)?"
    r"(?:(?:stopp?ed|quit|discontinued|ceased|quitt?ing|stopping|discontinuing)\b(?: (?:using|taking|it|this|the|my))?"
    r"|(?:came|come|coming|got|get|getting|went|gone|go|going|been|am|i'm|weaned?|weaning|tapered|tapering|taken|took|take|taking|taper|wean)"
    r"(?: (?:myself|me|him|her|it|them|completely|totally|back|right))? off\b)"
)


class Stopping(Component):
    """Finds the words that say that a treatment was stopped."""

    def __call__(self, doc: Doc) -> Doc:
        """Append a mention for each."""
        d = draft(doc)
        if not d.exclusion:
            for m in _STOP.finditer(d.low):
                d.add("stop", "", m.start(), m.end())
        return doc


Language.factory("doselore_stopping", func=Stopping)
