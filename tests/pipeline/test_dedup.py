"""Copies are found, told apart by kind, and traced to the earliest post."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup import Entry, Link, links

START = datetime(2024, 1, 1, tzinfo=UTC)
VOCABULARY = [
    f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "en", "ir", "ost") for c in ("la", "mo", "tik", "vers")
]


def story(seed: int, length: int = 80) -> str:
    return " ".join(random.Random(seed).choices(VOCABULARY, k=length))


def entry(post_id: str, text: str, day: int, author: str | None = "ann", **more: Any) -> Entry:
    return Entry(post_id, author, text, START + timedelta(days=day), **more)


def only(found: list[Link]) -> Link:
    assert len(found) == 1
    return found[0]


def test_the_same_words_are_an_exact_copy_of_the_earliest() -> None:
    text = story(1)
    found = links([entry("late", text.upper() + " !!", 9, "bob"), entry("early", text, 1)])
    assert only(found) == Link("late", "early", 1.0, "exact")


def test_a_few_changed_words_make_a_near_copy() -> None:
    words = story(2, 200).split()
    words[50] = "entirely"
    found = only(links([entry("a", story(2, 200), 1), entry("b", " ".join(words), 2, "bob")]))
    assert (found.copy_of, found.kind) == ("a", "near")
    assert 0.9 <= found.similarity < 1


def test_the_threshold_decides() -> None:
    words = story(2, 60).split()
    words[30] = "entirely"
    posts = [entry("a", story(2, 60), 1), entry("b", " ".join(words), 2)]
    assert links(posts, threshold=0.9) == []
    assert only(links(posts, threshold=0.8)).kind == "near"


def test_one_author_in_two_places_is_a_cross_post() -> None:
    posts = [entry("a", story(3), 1, place="one"), entry("b", story(3), 2, place="two")]
    assert only(links(posts)).kind == "crosspost"
    posts[1] = entry("b", story(3), 2, "bob", place="two")
    assert only(links(posts)).kind == "exact"


def test_a_cross_post_that_the_site_declares_needs_no_text() -> None:
    found = links([entry("a", story(4), 1), entry("b", "", 2, "bob", declared="a"), entry("c", "", 3, declared="gone")])
    assert only(found) == Link("b", "a", 1.0, "crosspost")


def test_a_retweet_is_a_copy() -> None:
    text = "finally slept a whole night without waking up once since march"
    assert (
        only(links([entry("a", text, 1), entry("b", f"RT @ann: {text} https://t.example/x", 2, "bob")])).kind == "exact"
    )


def test_a_passage_of_another_s_post_is_a_quote_and_not_a_copy() -> None:
    passage = " ".join(story(5, 200).split()[40:70])
    posts = [entry("a", story(5, 200), 1), entry("b", f"{story(6, 40)} {passage} {story(7, 40)}", 2, "bob")]
    found = only(links(posts))
    assert (found.copy_of, found.kind) == ("a", "quote")
    assert found.similarity == pytest.approx(26 / 106, abs=0.02)


def test_one_s_own_passage_is_no_quote() -> None:
    passage = " ".join(story(5, 200).split()[40:70])
    assert links([entry("a", story(5, 200), 1), entry("b", f"{passage} {story(7, 40)}", 2)]) == []


def test_a_diary_that_changes_only_the_dose_is_no_copy() -> None:
    text = story(8, 300)
    posts = [entry("a", f"20 mg {text}", 1), entry("b", f"40 mg {text}", 2)]
    assert links(posts) == []
    assert only(links([posts[0], entry("b", f"40 mg {text}", 2, "bob")])).kind == "near"


def test_short_posts_are_copies_only_within_an_author() -> None:
    posts = [
        entry("a", "Thank you so much!", 1),
        entry("b", "thank you so much", 2),
        entry("c", "Thank you so much", 3, "bob"),
    ]
    assert links(posts) == [Link("b", "a", 1.0, "exact")]
    assert links([entry("a", "Thank you", 1, None), entry("b", "Thank you", 2, None)]) == []


def test_copies_of_copies_lead_to_the_first() -> None:
    words = story(9, 400).split()
    posts = [entry("p0", " ".join(words), 0, "a0")]
    for n in range(1, 5):
        words = words[:-8]
        posts.append(entry(f"p{n}", " ".join(words), n, f"a{n}"))
    assert [(link.post_id, link.copy_of) for link in links(posts)] == [(f"p{n}", "p0") for n in range(1, 5)]


def test_a_phrase_that_everybody_uses_links_nobody() -> None:
    phrase = "this is not medical advice please talk to your doctor"
    assert links([entry(f"p{n}", f"{story(n + 50)} {phrase}", n, f"a{n}") for n in range(60)]) == []


def test_posts_without_words_are_no_copies() -> None:
    assert links([entry("a", "", 1), entry("b", "", 2), entry("c", "!!! https://x.example", 3)]) == []


@pytest.mark.parametrize("threshold", [0, -1, 1.1])
def test_a_threshold_that_cannot_be_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        links([], threshold=threshold)


ENTRIES = st.lists(
    st.builds(
        Entry,
        st.integers(0, 30).map(str),
        st.sampled_from([None, "ann", "bob"]),
        st.one_of(
            st.integers(0, 3).map(lambda n: story(n, 40)),
            st.integers(0, 3).map(lambda n: story(n, 40)[:90]),
            st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda n: f"{story(n[0], 40)} {story(n[1], 25)}"),
            st.text(max_size=30),
        ),
        st.one_of(st.none(), st.integers(0, 9).map(lambda d: START + timedelta(days=d))),
        st.sampled_from([None, "here", "there"]),
    ),
    max_size=14,
    unique_by=lambda e: e.post_id,
)


@settings(deadline=None, max_examples=150)
@given(ENTRIES, st.randoms(use_true_random=False), st.sampled_from([0.3, 0.8, 0.9, 1.0]))
def test_whatever_comes_each_copy_is_linked_once_to_an_earlier_post(
    entries: list[Entry], rng: random.Random, threshold: float
) -> None:
    found = links(entries, threshold=threshold)
    shuffled = list(entries)
    rng.shuffle(shuffled)
    assert links(shuffled, threshold=threshold) == found
    order = {e.post_id: (e.at or datetime.max.replace(tzinfo=UTC), e.post_id) for e in entries}
    assert len({link.post_id for link in found}) == len(found)
    copies = {link.post_id for link in found if link.kind != "quote"}
    for link in found:
        assert order[link.copy_of] < order[link.post_id]
        assert 0 < link.similarity <= 1
        assert link.kind == "quote" or link.copy_of not in copies


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(20, 150), st.integers(0, 149))
def test_a_long_shared_passage_is_always_found(seed: int, length: int, at: int) -> None:
    words = story(seed, length + 100).split()
    own = story(seed + 1, 150).split()
    copied = own[:at] + words[50 : 50 + length] + own[at:]
    found = links([entry("a", " ".join(words), 1), entry("b", " ".join(copied), 2, "bob")])
    assert [link.kind for link in found] == ["quote"]
