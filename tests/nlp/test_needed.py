"""Which words a text must hold for an expression to match."""

import re

import pytest

from nlp import lexicon
from nlp.needed import Bits, needed


def _shown(pattern: str) -> str | None:
    keys = needed(pattern)
    return None if keys is None else " ".join(sorted(key.word + ("" if key.whole else "*") for key in keys))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("stopped taking", "stopped"),
        ("(?:i |we )*(?:stopped|quit) (?:it|this)", "quit stopped"),
        ("(?:got|came)(?: me| him)? off(?: of)?", "off*"),
        ("never (?:touch|swallow)(?:ing)? OBJ", "swallow* touch*"),
        ("(?:not|never) (?:be )?(?:refill|renew)", "refill* renew*"),
        ("pills? (?:went|gone)", "pill*"),
        ("gave(?: it)? up|threw (?:it|them) out", "gave* threw"),
        (r"days? \d+ off\b", "off"),
        ("gone(?=[.)(]|$)(?! fishing)", "gone*"),
        (r"\d+ (?:19|20)\d\d", None),
        (r"(?:quit|\w+ed) it", "it*"),
    ],
)
def test_the_words_that_every_match_holds_are_told_by_the_pattern(pattern: str, words: str | None) -> None:
    assert _shown(pattern) == words


def test_no_pattern_of_the_lexicon_matches_without_a_word_that_it_needs() -> None:
    rows = [row["pattern"] for row in lexicon.table("stopping")]
    said = "i finally quit it, never again; i was weaned off of it last week and i'm done with it. we stopped using it"
    places = [m.start() for m in re.finditer(r"\b\w", said)]
    for pattern in rows:
        found = re.compile(pattern.replace("OBJ", "it").replace("END", r"(?=\W|$)"))
        keys = Bits()
        bit = keys.added(needed(pattern))
        for at in places:
            if m := found.match(said, at):
                assert keys.of(re.findall(r"[a-z]+", m.group().replace("'", ""))) & bit


def test_a_word_has_the_bits_of_all_sets_that_hold_it() -> None:
    keys = Bits()
    quit_, stop, any_word = keys.added(needed("quit it")), keys.added(needed("(?:stop|quit)ing")), keys.added(None)
    assert keys.of(["quit"]) == quit_ | stop | any_word
    assert keys.of(["quitting", "stopper"]) == stop | any_word
    assert keys.of([]) == 0
