"""What a sentence names that can change: "muscle spasms", "sleep", "drinking"; the nouns of the table of outcomes."""

from collections.abc import Sequence
from typing import NamedTuple

from nlp.phrases import Hit, Word, longest

_PLACE = 3  # words between a complaint and the part of the body that it is in
_IN = frozenset("in of on around throughout".split())
_GOES = frozenset(
    "go goes going went gone come comes coming came get gets getting got am is was i'm im move moved".split()
)
_WHERE_TO = frozenset("down up to on at".split())  # behind the "back" of one who returns


class Thing(NamedTuple):
    """Something that can change: words[first:last] of the post. bad: less of it is better."""

    domain: str
    bad: bool
    first: int
    last: int


def named_in(words: list[Word], nouns: Sequence[Hit], said: Sequence[Hit]) -> list[Thing]:
    """Give what may change, in order. said: the words of change, which some of the nouns are part of."""
    wholes = [hit for hit in said if hit.row["kind"] == "whole"]
    things = [
        Thing(hit.row["domain"], hit.row["sense"] == "bad", hit.first, hit.last)
        for hit in longest(nouns)
        if not any(w.first <= hit.first and hit.last <= w.last for w in wholes)
    ]
    things = [t for t in things if not (t.domain in ("body", "purpose") and _modifies(t, things))]
    things = [t for t in things if not (t.domain == "body" and _place_of(words, t, things))]
    # The "back" of "came back" and of "going back down to 30 mg" is no part of the body.
    things = [t for t in things if t.domain != "body" or not any(c.first < t.first < c.last for c in said)]
    things = [t for t in things if not (t.domain == "body" and _returning(words, t))]
    # "muscle spasms" is one thing, not two.
    return [t for n, t in enumerate(things) if not _continued(words, t, things[n + 1 : n + 2])]


def _returning(words: list[Word], t: Thing) -> bool:
    if words[t.first].norm != "back" or not t.first > 0 or t.last >= len(words):
        return False
    return words[t.last].norm in _WHERE_TO and words[t.first - 1].norm in _GOES


def _continued(words: list[Word], thing: Thing, following: Sequence[Thing]) -> bool:
    return any(f.first == thing.last and f.domain == thing.domain and not words[f.first].gap for f in following)


def _modifies(thing: Thing, things: list[Thing]) -> bool:
    # "leg spasms", "MS pain": the part of the body, or the illness, only says which.
    return any(0 <= other.first - thing.last <= 1 for other in things if other is not thing)


def _place_of(words: list[Word], thing: Thing, things: list[Thing]) -> bool:
    # "The burning in my feet": the part of the body says where.
    return any(
        0 < thing.first - other.last <= _PLACE and words[other.last].norm in _IN and not words[other.last].gap
        for other in things
        if other.domain not in ("body", "purpose")
    )
