"""The mentions as spaCy span groups, one a kind, so that displaCy and any other spaCy tool shows every layer.

`displacy.render(doc, style="span", options={"spans_key": "dose"})` draws one layer.
"""

from spacy.language import Language
from spacy.tokens import Doc, Span

from nlp.component import Component, draft
from nlp.types import KINDS


class Layers(Component):
    """Writes doc.spans[kind] for every kind of mention, and doc.spans["sc"] (displaCy's own key) with all."""

    def __call__(self, doc: Doc) -> Doc:
        """Write the span groups; a mention that is not on a word's edge is widened to it."""
        spans: dict[str, list[Span]] = {key: [] for key in ("sc", *KINDS)}
        for m in draft(doc).mentions:
            if m.kind not in KINDS:
                continue
            span = doc.char_span(m.start, m.end, label=m.concept or m.kind, alignment_mode="expand")
            if span is not None:
                spans[m.kind].append(span)
                spans["sc"].append(
                    Span(doc, span.start, span.end, label=f"{m.kind}: {m.concept}" if m.concept else m.kind)
                )
        for kind, found in spans.items():
            doc.spans[kind] = found
        return doc


Language.factory("doselore_layers", func=Layers)
