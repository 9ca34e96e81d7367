"""Posts in, readings out, some at a time: memory does not grow with the number of posts."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from nlp import component
from nlp.report import empty_record
from nlp.types import Draft, Post, Reading

_TOGETHER = 32  # posts that are read at a time: a fifth less work than one by one
_CHARACTERS = 40_000  # of text that are read at a time, but for a post that is longer by itself


def read(engine: Language, posts: Iterable[Mapping[str, Any]]) -> Iterator[Reading]:
    """Give a reading for every post, in order, lazily: the first post at once, of those behind it some dozens ahead.

    posts: mappings with id and text, and drug, condition, title where known. A post that cannot be read, whatever is
    wrong with it, gives an empty record and a reason; nothing is raised but what `posts` itself raises.
    """
    # The components read the Draft alone: Docs without tokens serve all, and the vocabulary does not grow.
    docs, steps = [Doc(engine.vocab)], _steps(engine)
    for part in _parts(posts):
        docs += [Doc(engine.vocab) for _ in range(len(part) - len(docs))]
        yield from _readings(docs, steps, part)


_END: Any = object()


def _parts(posts: Iterable[Mapping[str, Any]]) -> Iterator[list[Post]]:
    """Give the posts by the part: few at first, never many characters at a time."""
    waiting, most = iter(posts), 1
    failed: Exception | None = None
    while failed is None:
        part: list[Post] = []
        length = 0
        try:
            while len(part) < most and length < _CHARACTERS and (asked := next(waiting, _END)) is not _END:
                part.append(_post(asked))
                length += len(part[-1].text)
        except Exception as error:  # noqa: BLE001 - it is raised again, behind the posts that came before it
            failed = error
        if part:
            yield part
        elif failed is None:
            return
        most = min(2 * most, _TOGETHER)
    raise failed


def _steps(engine: Language) -> list[Callable[[Doc], Doc]]:
    return [step for name, step in engine.pipeline if name != "layers"]


def _readings(docs: Sequence[Doc], steps: Sequence[Callable[[Doc], Doc]], part: Sequence[Post]) -> list[Reading]:
    """Read some posts, each step all of them: its words and rules are at hand then, for the processor too."""
    with _uncollected():
        drafts = [component.start(doc, post) for doc, post in zip(docs, part, strict=False)]
        broken: dict[int, str] = {}
        for step in steps:
            for n in range(len(part)):
                if n not in broken:
                    try:
                        step(docs[n])
                    except Exception as error:  # noqa: BLE001 - one bad post must not end a run of a million
                        broken[n] = f"unreadable: {type(error).__name__}"
        return [_reading(draft, broken.get(n)) for n, draft in enumerate(drafts)]


@contextmanager
def _uncollected() -> Generator[None]:
    """Let no cycles be looked for meanwhile.

    Posts make hardly any, and each look goes through all that dozens of them have made, every so often through all
    that the lexicons have: a seventh of the time. Between the posts, where the caller is, it is as the caller has it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _reading(draft: Draft, broken: str | None) -> Reading:
    """Give what a Draft holds. broken: why its post could not be read."""
    if broken:
        return Reading(empty_record(draft.post.id), (), draft.language, broken, draft.person)
    return Reading(
        draft.record or empty_record(draft.post.id),
        tuple(draft.mentions),
        draft.language,
        draft.exclusion,
        draft.person,
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
