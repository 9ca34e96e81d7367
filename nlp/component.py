"""What all components share: the Draft on the Doc, and the custom attributes that show it.

`doc._.draft` is the Draft (nlp.types), made on first use from the Doc's text. The others show a part of it:
`mentions, sentences, treatments` (by substance), `clean` (the text with others' words, links and markup blanked, of the
same length), `asides` (what was blanked), `language, exclusion, conditions, person, reporter` and `report` (of the gold
form).
"""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from spacy.language import Language
from spacy.tokens import Doc

from nlp.types import Draft, Post

_SHOWN = {
    "mentions": "mentions",
    "sentences": "sentences",
    "clean": "clean",
    "asides": "asides",
    "language": "language",
    "exclusion": "exclusion",
    "conditions": "conditions",
    "person": "person",
    "reporter": "reporter",
    "treatments": "treatments",
    "report": "record",
}
_KEY = "doselore"


def draft(doc: Doc) -> Draft:
    """Give the Doc's Draft; a Doc that was made from bare text gets one for a post without heading."""
    found = doc.user_data.get(_KEY)
    if found is None:
        found = doc.user_data[_KEY] = Draft(Post("", doc.text), doc.text)
    return cast(Draft, found)


def start(doc: Doc, post: Post) -> Draft:
    """Begin a Draft for a post whose heading or title is known; what the Doc held of another post is gone."""
    doc.user_data.clear()
    begun = doc.user_data[_KEY] = Draft(post, post.text)
    return begun


class Component:
    """A step of the pipeline; subclasses are called with a Doc, write on its Draft and give the Doc back.

    A module ends with `Language.factory("doselore_<name>", default_config={...}, func=TheClass)`.
    settings: its further arguments, kept under their names: it is pickled as what it was made from.
    """

    settings: ClassVar[tuple[str, ...]] = ()

    def __init__(self, nlp: Language, name: str) -> None:
        self.nlp = nlp
        self.name = name

    def __reduce__(self) -> tuple[Any, ...]:
        made_from = (None, self.name, *(getattr(self, setting) for setting in self.settings))
        return type(self), made_from, {"nlp": self.nlp}  # the pipeline afterwards, for it holds this component


def _show(field: str) -> Callable[[Doc], Any]:
    def shown(doc: Doc) -> Any:
        return getattr(draft(doc), field)

    return shown


if not Doc.has_extension("draft"):
    Doc.set_extension("draft", getter=draft)
    for _name, _field in _SHOWN.items():
        Doc.set_extension(_name, getter=_show(_field))
