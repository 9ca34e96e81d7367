"""The elements of a tree by class, id, tag and attribute, so that a selector looks at the few that it can hit.

An XPath of a class reads the class of every element below the one that it is asked about: on a page of 45 kB the
selectors of one engine took 5 ms so, where its elements are sorted once in less than half of one.
"""

import weakref
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from contextvars import ContextVar
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it is made of C and has no stubs

from pipeline.sources import css

_in_hand: ContextVar["weakref.ref[Index] | None"] = ContextVar("index", default=None)
_made: "weakref.WeakValueDictionary[Any, Index]" = weakref.WeakValueDictionary()  # by root, all that are in use


def of(element: Any) -> "Index | None":
    """Give the index that holds an element, if it is the one made last here and still in use."""
    last = _in_hand.get()
    index = last() if last is not None else None
    return index if index is not None and element in index.places else None


def cut(element: Any) -> None:
    """Take an element out of its tree and of every index of it, with all below it and the text behind it."""
    for above in element.iterancestors():
        held = _made.get(above)
        if held is not None:
            held.forget(element)
    element.getparent().remove(element)


_Step = tuple[bool, Sequence[int], css.Test | None]
"""Whether it leads to children only; the places to look at; what must hold there."""


class Index:
    """A tree's elements, each with its place in the order of reading. What selectors ask for must stay as it is.

    `of` finds an index until the next is made.
    """

    def __init__(self, root: Any, text: bytes | None = None) -> None:
        """Sort the elements of a tree. text: in lower case, what it was parsed from, which names every attribute."""
        self.root = root
        self._text = text
        self._order: list[Any] = list(root.iter("*"))
        self.places: dict[Any, int] = dict(zip(self._order, range(len(self._order)), strict=True))
        self._ends: dict[int, int] = {-1: len(self._order)}
        self._all = range(len(self._order))
        self._attributes: dict[str, dict[str, list[int]]] = {}
        self._sorts: dict[str, Sequence[int]] = {}
        self._able: dict[str, list[list[_Step]]] = {}
        self._is_cut = False
        _in_hand.set(weakref.ref(self))
        _made[root] = self

    def within(self, element: Any, selector: str, ways: Sequence[css.Way]) -> list[Any]:
        """Give the elements below one that a selector hits, in order of reading. ways: the selector, taken apart."""
        able = self._able.get(selector)
        if able is None:
            able = self._able[selector] = [steps for way in ways if (steps := self._steps(way))]
        if not able:
            return []
        top = self.places[element]
        if len(able) == 1:
            found = self._follow(top, able[0])
        else:
            found = sorted({place for steps in able for place in self._follow(top, steps)})
        order = self._order
        return [order[place] for place in found]

    def has(self, ways: Sequence[css.Way]) -> bool:
        """Tell whether any of a selector's ways leads to an element of the tree, its root among them."""
        for way in ways:  # noqa: SIM110 - a quarter faster than any(), and asked a hundred times a page
            if (steps := self._steps(way)) and self._follow(-1, steps):
                return True
        return False

    def forget(self, element: Any) -> None:
        """Find an element of the tree, and all below it, no more."""
        for gone in element.iter("*"):
            at = self.places.pop(gone, None)
            if at is not None:
                self._order[at] = None
        self._is_cut = True

    def _steps(self, way: css.Way) -> list[_Step]:
        """Give where each step of a way must look; nothing where the page has nothing for one of them."""
        steps: list[_Step] = []
        for is_child, compound in way:
            sort = compound.sort
            if sort is None:
                places = self._all
            elif (places := self._sorts.get(sort.text)) is None:
                places = self._sorts[sort.text] = self._looked_up(sort)
            if not places:
                return []
            steps.append((is_child, places, compound.rest))
        return steps

    def _follow(self, top: int, steps: list[_Step]) -> list[int]:
        """Give the places that steps lead to from one, in order."""
        order = self._order
        found = [top]
        for is_child, places, test in steps:
            found = self._children(found, places) if is_child else self._below(found, places)
            if self._is_cut:
                found = [place for place in found if order[place] is not None]
            if test is not None:
                found = [place for place in found if test(order[place])]
            if not found:
                break
        return found

    def _below(self, tops: list[int], places: Sequence[int]) -> list[int]:
        """Give those of some places that lie below any of the tops."""
        found: list[int] = []
        done = 0
        for top in tops:
            end = self._ends.get(top) or self._end(top)
            if end > done:  # or else it lies below the top before it
                first = bisect_right(places, top)
                found += places[first : bisect_left(places, end, first)]
                done = end
        return found

    def _children(self, tops: list[int], places: Sequence[int]) -> list[int]:
        """Give those of some places that are children of one of the tops."""
        order = self._order
        found: list[int] = []
        for top in tops:
            parent = order[top]
            found += [
                at for at in self._below([top], places) if order[at] is not None and order[at].getparent() is parent
            ]
        return sorted(found)  # of a top within a top, the children stand between those of the outer one

    def _looked_up(self, sort: css.Sort) -> Sequence[int]:
        """Give the places of all elements of a sort, in order."""
        if sort.kind == "tag":
            return self._tags.get(sort.name, ())
        if sort.kind == "id":
            return self._values("id").get(sort.name, ())
        if sort.kind == "class":
            said = self._classes.get(sort.name)
            return _together([self._values("class")[value] for value in said]) if said else ()
        values = self._values(sort.name)
        return _together([places for value, places in values.items() if sort.said is None or sort.said(value)])

    def _values(self, attribute: str) -> dict[str, list[int]]:
        """Give the places of the elements that have an attribute, by its value."""
        values = self._attributes.get(attribute)
        if values is None:
            values = self._attributes[attribute] = defaultdict(list)
            if self._text is not None and attribute.encode() not in self._text:
                return values
            # Most elements have a class, few have any other attribute.
            for element in self.places if attribute == "class" else _having(attribute)(self.root):
                value = element.get(attribute)
                if value is not None:
                    values[value].append(self.places[element])
        return values

    @cached_property
    def _tags(self) -> dict[str, list[int]]:
        tags: defaultdict[str, list[int]] = defaultdict(list)
        for at, element in enumerate(self._order):
            if element is not None:
                tags[element.tag].append(at)
        return tags

    @cached_property
    def _classes(self) -> dict[str, list[str]]:
        """What class attributes each class stands in."""
        classes: defaultdict[str, list[str]] = defaultdict(list)
        for said in self._values("class"):
            for name in css.names(said):
                classes[name].append(said)
        return classes

    def _end(self, at: int) -> int:
        """Give the place behind all that lies below an element."""
        element, following = self._order[at], None
        # Of what stands behind the root nothing is in the tree; what was taken out past the index has no root.
        while element is not None and element is not self.root and following is None:
            following = next(element.itersiblings("*"), None)
            element = element.getparent()
        end = self._ends[at] = len(self._order) if following is None else self.places[following]
        return end


def _together(lists: list[list[int]]) -> list[int]:
    return lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists))


@lru_cache(maxsize=256)
def _having(attribute: str) -> Any:
    return etree.XPath(f"descendant-or-self::*/@{attribute}/..")  # three times as fast as "*[@…]"
