"""Which words a text must hold for an expression to match."""

import re

import pytest

from nlp import lexicon
from nlp.needed import Bits, needed


def _shown(pattern: str) -> str:
    sets = (" ".join(sorted(key.word + ("" if key.whole else "*") for key in keys)) for keys in needed(pattern))
    return "; ".join(sorted(sets))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("stopped taking", "stopped; taking*"),
        ("(?:i |we )*(?:stopped|quit) (?:it|this)", "it* this*; quit stopped"),
        ("(?:got|came)(?: me| him)? off(?: of)?", "came* got*; off*"),
        ("never (?:touch|swallow)(?:ing)? OBJ", "never; swallow* touch*"),
        ("(?:not|never) (?:be )?(?:refill|renew)", "never not; refill* renew*"),
        ("pills? (?:went|gone)", "gone* went*; pill*"),
        ("gave(?: it)? up|threw (?:it|them) out", "gave* threw"),
        (r"days? \d+ off\b", "day*; off"),
        ("gone(?=[.)(]|$)(?! fishing)", "gone*"),
        (r"\d+ (?:19|20)\d\d", ""),
        (r"(?:quit|\w+ed) it", "it*"),
    ],
)
def test_the_words_that_every_match_holds_are_told_by_the_pattern(pattern: str, words: str) -> None:
    assert _shown(pattern) == words


def test_no_pattern_of_the_lexicon_matches_without_a_word_that_it_needs() -> None:
    rows = [row["pattern"] for row in lexicon.table("stopping")]
    said = "i finally quit it, never again; i was weaned off of it last week and i'm done with it. we stopped using it"
    places = [m.start() for m in re.finditer(r"\b\w", said)]
    for pattern in rows:
        found = re.compile(pattern.replace("OBJ", "it").replace("END", r"(?=\W|$)"))
        keys = Bits()
        bits = keys.added(needed(pattern))
        for at in places:
            if m := found.match(said, at):
                assert keys.of(re.findall(r"[a-z]+", m.group().replace("'", ""))) == bits


def test_a_text_has_the_bits_of_all_sets_that_hold_one_of_its_words() -> None:
    keys = Bits()
    quit_it, stop = keys.added(needed("quit it")), keys.added(needed("(?:stop|quit)ing"))
    assert keys.of(["quit", "item"]) == quit_it | stop
    assert keys.of(["quitting", "stopper"]) == stop
    assert keys.of(["quit"]) & quit_it != quit_it
    assert keys.of([]) == keys.added(needed(r"\d+")) == 0
