"""CSS selectors, taken apart: by what each finds its elements, and what else each element must be.

What cannot be taken apart here (siblings, namespaces, ":scope", "[a=x i]") has only its XPath, as cssselect gives it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cssselect
from cssselect import HTMLTranslator, parser
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it is made of C and has no stubs

Test = Callable[[Any], bool]
"""Tells whether an element is what is asked for."""
Said = Callable[[str], bool]
"""Tells whether the value of an attribute is what is asked for."""

_SPACE = re.compile(r"[ \t\r\n]+")  # what XPath takes for space
_PLAIN = re.compile(r"[a-z_][\w-]*", re.ASCII | re.IGNORECASE)
_MOST = 4096  # selectors that are kept: an engine has some fifty
_translator = HTMLTranslator()


@dataclass(frozen=True, slots=True)
class Sort:
    """What elements can be looked up by.

    kind: "class", "id" or "tag", of the name; "attribute", whose value is as asked for. text: all of it, as in CSS.
    """

    kind: Literal["id", "class", "tag", "attribute"]
    name: str
    text: str
    said: Said | None = None

    @property
    def rank(self) -> int:
        """0 for the sort of which a page has fewest elements, or whose elements are looked up fastest."""
        return {"id": 0, "class": 1, "tag": 3}.get(self.kind, 2 if self.name in ("id", "class") else 4)

    def test(self) -> Test:
        """Give what tells whether an element is of this sort."""
        name, said = self.name, self.said
        if self.kind == "tag":
            return lambda element: element.tag == name
        if self.kind == "class":
            return lambda element: name in names(element.get("class", ""))
        if self.kind == "id":
            return lambda element: element.get("id") == name
        if said is None:
            return lambda element: element.get(name) is not None
        return lambda element: (value := element.get(name)) is not None and said(value)


@dataclass(frozen=True, slots=True)
class Compound:
    """What one element must be: "a.next[rel=next]".

    sort: the elements to look among; None for all. rest: what else such an element must be; None if nothing. whole:
    sort and rest; None for any element.
    """

    sort: Sort | None
    rest: Test | None
    whole: Test | None


Way = tuple[tuple[bool, Compound], ...]
"""One of a selector's parts between its commas: each compound from the left, and whether it is a child of the one
before it (or else anywhere below it)."""


@lru_cache(maxsize=_MOST)
def ways(selector: str) -> tuple[Way, ...] | None:
    """Take a selector apart; None for one that only XPath can look for."""
    found = [_way(way) for way in cssselect.parse(selector)]
    return tuple(way for way in found if way is not None) if None not in found else None


@lru_cache(maxsize=_MOST)
def path(selector: str, prefix: str) -> Any:
    """Give the XPath of a selector; what it gives for an element are the elements hit, in order of reading."""
    return etree.XPath(_shorter(_translator.css_to_xpath(selector, prefix=prefix)))


@lru_cache(maxsize=_MOST)
def names(said: str) -> frozenset[str]:
    """Give the classes in a class attribute."""
    return frozenset(_SPACE.split(said)) - {""}


def _shorter(xpath: str) -> str:
    return xpath.replace("@class and contains(@class", "contains(@class")  # it says no without one, too


def _way(selector: parser.Selector) -> Way | None:
    if selector.pseudo_element is not None:
        return None
    steps: list[tuple[bool, Compound]] = []
    left: Any = selector.parsed_tree
    while isinstance(left, parser.CombinedSelector):
        made = _compound(left.subselector) if left.combinator in (" ", ">") else None
        if made is None:
            return None
        steps.append((left.combinator == ">", made))
        left = left.selector
    made = _compound(left)
    return None if made is None else ((False, made), *reversed(steps))


def _compound(whole: Any) -> Compound | None:
    """Take one compound apart: pseudo-classes and what stands in them are left to XPath, the rest is not."""
    sorts: list[Sort] = []
    left: Any = whole
    pseudo = False
    while not isinstance(left, parser.Element):
        if isinstance(left, parser.Class):
            sorts.append(Sort("class", left.class_name, f".{left.class_name}"))
        elif isinstance(left, parser.Hash):
            sorts.append(Sort("id", left.id, f"#{left.id}"))
        elif isinstance(left, parser.Attrib):
            asked = _attribute(left)
            if asked is None:
                return None
            sorts.append(asked)
        elif isinstance(left, parser.Pseudo) and left.ident == "scope":
            return None  # it hangs on where the search begins
        else:
            pseudo = True
        left = left.selector
    if left.namespace is not None:
        return None
    if left.element is not None:
        sorts.append(Sort("tag", left.element.lower(), left.element.lower()))
    sorts.sort(key=lambda sort: sort.rank)
    tests = [sort.test() for sort in sorts]
    if pseudo:
        expression = _translator.xpath(whole)
        if expression.path:
            return None
        by_xpath = etree.XPath(f"boolean({_shorter(f'self::{expression}')})")
        tests.append(lambda element: bool(by_xpath(element)))
    return Compound(sorts[0], _all(tests[1:]), _all(tests)) if sorts else Compound(None, _all(tests), _all(tests))


def _all(tests: list[Test]) -> Test | None:
    if len(tests) < 2:
        return tests[0] if tests else None
    first, rest = tests[0], _all(tests[1:])
    return lambda element: first(element) and rest is not None and rest(element)


def _attribute(asked: parser.Attrib) -> Sort | None:
    """Give what an attribute must be; None for what is not plain CSS."""
    name = asked.attrib.lower()
    flag = getattr(asked, "flag", None)  # "i" or "s", which not every version of cssselect knows
    if asked.namespace is not None or flag is not None or not _PLAIN.fullmatch(name):
        return None
    if asked.value is None:
        return Sort("attribute", name, f"[{name}]")
    value = str(asked.value.value)
    said = _said(asked.operator, value)
    return Sort("attribute", name, f"[{name}{asked.operator}{value}]", said) if said else None


def _said(operator: str, asked: str) -> Said | None:
    if operator == "=":
        return lambda value: value == asked
    if operator == "|=":
        return lambda value: value == asked or value.startswith(f"{asked}-")
    if operator == "~=":
        return lambda value: asked in names(value)
    if operator == "^=":
        return lambda value: asked != "" and value.startswith(asked)
    if operator == "$=":
        return lambda value: asked != "" and value.endswith(asked)
    return (lambda value: asked != "" and asked in value) if operator == "*=" else None
