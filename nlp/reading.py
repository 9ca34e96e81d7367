"""Posts in, readings out, one at a time: memory does not grow with the number of posts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from nlp import component
from nlp.report import empty_record
from nlp.types import Draft, Post, Reading


def read(engine: Language, posts: Iterable[Mapping[str, Any]]) -> Iterator[Reading]:
    """Give a reading for every post, in order, lazily.

    posts: mappings with id and text, and drug, condition, title where known. A post that cannot be read, whatever is
    wrong with it, gives an empty record and a reason; nothing is raised.
    """
    # The components read the Draft alone: one Doc without tokens serves all, and the vocabulary does not grow.
    doc, steps = Doc(engine.vocab), _steps(engine)
    for asked in posts:
        yield _reading(doc, steps, asked)


def _steps(engine: Language) -> list[Callable[[Doc], Doc]]:
    return [step for name, step in engine.pipeline if name != "layers"]


def _reading(doc: Doc, steps: Sequence[Callable[[Doc], Doc]], asked: Mapping[str, Any]) -> Reading:
    post = _post(asked)
    draft = component.start(doc, post)
    try:
        for step in steps:
            step(doc)
    except Exception as error:  # noqa: BLE001 - one bad post must not end a run of a million; the reason is kept
        return Reading(empty_record(post.id), (), draft.language, f"unreadable: {type(error).__name__}", draft.person)
    return Reading(
        draft.record or empty_record(post.id), tuple(draft.mentions), draft.language, draft.exclusion, draft.person
    )


def read_doc(engine: Language, asked: Mapping[str, Any], before: str | None = None) -> Doc:
    """Give a Doc on which all that was found in a post hangs, for those who train. Raises what a component does.

    before: the component that no longer runs, nor those after it.
    """
    doc = Doc(engine.vocab)
    component.start(doc, _post(asked))
    for name, step in engine.pipeline:
        if name == before:
            break
        if name != "layers":
            doc = step(doc)
    return doc


def drafted(engine: Language, asked: Mapping[str, Any], before: str | None = None) -> Draft:
    """Give all that was found in a post, for those who train or look into it. Raises what a component does.

    before: the component that no longer runs, nor those after it.
    """
    return component.draft(read_doc(engine, asked, before))


def _post(asked: Mapping[str, Any]) -> Post:
    text = asked.get("text")
    return Post(
        str(asked.get("id", "")),
        whole(text) if isinstance(text, str) else "",
        _heading(asked.get("drug")),
        _heading(asked.get("condition")),
        _heading(asked.get("title")),
    )


def _heading(value: Any) -> str | None:
    return whole(value).strip() or None if isinstance(value, str) else None


def whole(text: str) -> str:
    """Give a text that can be written: half of an emoji becomes a mark of what cannot be shown."""
    # Half of a surrogate pair, as a cut-off emoji leaves it, cannot be written as UTF-8.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
