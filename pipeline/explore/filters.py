"""The filters of the explorer: part of every address, so that a view can be shared and the back button works."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

LONGEST = 200  # characters of one value of an address


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at; None: all. condition: 'any' holds all together; band: of the highest daily dose taken."""

    treatment: str | None = None
    condition: str = "any"
    band: str | None = None
    source: str | None = None
    year: str | None = None
    reporter: str | None = None

    def parameters(self) -> dict[str, Any]:
        """Give the values under the names that the queries use."""
        return asdict(self)

    def set(self) -> dict[str, str]:
        """Give the filters that narrow the view."""
        return {k: v for k, v in asdict(self).items() if v is not None and not (k == "condition" and v == "any")}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot: the persons in it. effect, or domain and direction, or concept and presence."""

    effect: str | None = None
    domain: str | None = None
    direction: str | None = None
    concept: str | None = None
    presence: str | None = None

    def words(self) -> str:
        """Say in words what the bar counts."""
        effects = {"benefit": "worked, fully or partly", "said": "any word on the effect", "unclear": "effect not said"}
        parts: list[str] = []
        if self.effect:
            parts.append(effects.get(self.effect, f"effect: {spoken(self.effect)}"))
        if self.domain:
            parts.append(f"{spoken(self.domain)}: {spoken(self.direction or 'anything said')}")
        if self.concept:
            parts.append(f"{spoken(self.concept)}: {spoken(self.presence or 'present')}")
        return "; ".join(parts) or "everybody"


def spoken(word: str) -> str:
    """Give a word of the vocabulary as it is read: no_effect is "no effect"."""
    return word.replace("_", " ")


def filters(query: Mapping[str, str]) -> Filters:
    """Give the filters of an address; what it does not name, or names empty, is not narrowed."""
    found = {k: v for k in asdict(Filters()) if (v := _value(query, k))}
    return replace(Filters(), **found)


def bar(query: Mapping[str, str]) -> Bar:
    """Give the bar of an address."""
    return Bar(**{k: _value(query, k) for k in asdict(Bar())})


def page(query: Mapping[str, str]) -> int:
    """Give the page of a list, from 1."""
    text = query.get("page", "1")
    return max(1, min(int(text), 1_000_000)) if text.isascii() and text.isdigit() else 1


def address(path: str, *parts: Mapping[str, Any] | Filters | Bar, **more: Any) -> str:
    """Give an address of the explorer: a path and what narrows it; later parts replace earlier ones, None takes out."""
    held: dict[str, Any] = {}
    for part in (*parts, more):
        found = part.set() if isinstance(part, Filters) else asdict(part) if isinstance(part, Bar) else dict(part)
        held.update(found)
    asked = {k: str(v) for k, v in held.items() if v is not None and v != ""}
    return path + ("?" + urlencode(asked) if asked else "")


def _value(query: Mapping[str, str], name: str) -> str | None:
    text = query.get(name, "").strip()[:LONGEST]
    return text.replace("\0", "") or None
