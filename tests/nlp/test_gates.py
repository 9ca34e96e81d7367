"""Rules that a post cannot meet are left out, and no others."""

from nlp.gates import ALL, gate, gates
from nlp.person import author
from nlp.taking import first_words


def test_a_rule_is_left_out_only_where_no_word_of_its_is_there() -> None:
    tide, moon = gate("^tides?$"), gate("moon")
    assert gates(["the", "tides", "turn"]) & tide
    assert not gates(["the", "tides", "turn"]) & moon
    assert gates(["honeymoon"]) & moon
    assert ALL & tide
    assert ALL & moon


def test_a_rule_that_is_added_later_is_not_missed_in_words_seen_before() -> None:
    assert gates(["gulls"]) is not None
    late = gate("gull")
    assert gates(["gulls"]) & late


def test_what_a_word_lets_through_is_all_that_can_tell_of_the_author() -> None:
    for text, words in (
        ("It helps.\nAge: 45", ["it", "helps", "age", "45"]),
        ("As a mother I worry.", ["as", "a", "mother", "i", "worry"]),
        ("I am 62 and it works.", ["i", "am", "62", "and", "it", "works"]),
        ("(45M) here", ["45m", "here"]),
        ("I took it after my hysterectomy.", ["i", "took", "it", "after", "my", "hysterectomy"]),
    ):
        whole = author(text, text.lower())
        assert whole != author("", "")
        assert author(text, text.lower(), gates(words)) == whole


def test_a_pattern_is_tried_from_every_word_that_it_may_begin_with() -> None:
    assert first_words("days? off") == {"day", "days"}
    assert first_words("wean(?:ed|ing)? off") == {"wean", "weaned", "weaning"}
    assert first_words("cause[ds]?") == {"cause", "caused", "causes"}
    assert first_words("(?:started )?on") == {"started", "on"}
