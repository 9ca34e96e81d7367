import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import door, masking
from pipeline.door import Door
from pipeline.errors import CorpusError
from pipeline.post import Post, Quote

KEY = b"0123456789abcdef0123456789abcdef"


def test_the_same_author_of_a_site_is_one_pseudonym_and_of_another_site_another() -> None:
    keeper = Door(KEY)
    assert keeper.author_id("a", "Heron ") == keeper.author_id("a", "heron")
    assert keeper.author_id("a", "heron") != keeper.author_id("b", "heron")
    assert keeper.author_id("a", "heron") != Door(b"another key of good length").author_id("a", "heron")
    assert keeper.author_id("a", "  ") is None


def test_no_name_in_clear_is_in_a_row() -> None:
    post = Post(
        "1",
        "Hello",
        author="sample_heron",
        quotes=(Quote("words", "sample_wren"),),
        posted_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    row = str(Door(KEY).row("board", "board", post))
    assert "heron" not in row
    assert "wren" not in row


def test_the_text_of_a_deleted_post_is_dropped() -> None:
    post = Post("1", "still here", quotes=(Quote("and here"),), status="deleted")
    row = Door(KEY).row("s", "s", post)
    assert row["text"] == ""
    assert row["quoted"] == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to a.b+c@mail.example.org now", "write to [email] now"),
        ("see https://forum.example/t/1?x=2#p3.", "see [link]"),
        ("thanks @sample_heron and u/sample_wren!", "thanks [user] and [user]!"),
        ("call 555-010-4477 or (555) 010-4477", "call [phone] or [phone]"),
        ("from abroad +44 20 7946 0958", "from abroad [phone]"),
    ],
)
def test_what_points_to_a_person_is_masked(text: str, masked: str) -> None:
    assert masking.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "10-10-20 mg, then 5/5/5/10, 200mg@night, 2010-2015, 120mg/day from 2012-03-04 to 2013-01-01",
        "I took 25 50 75 100 mg over 100-200 days",
        "blood pressure 120/80, HR 60, 1200-1500 mg, 10.000 steps",
        "half a 10 @ 8am and 20 @ bedtime",
    ],
)
def test_doses_dates_and_numbers_are_left_as_they_are(text: str) -> None:
    assert masking.mask(text) == text


@given(st.text())
def test_any_text_can_be_stored_as_utf8_without_nul(text: str) -> None:
    stored = Door(KEY).text(text)
    assert "\0" not in stored
    stored.encode("utf-8")


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(door.KEY_VARIABLE, raising=False)
    path = tmp_path / "key"
    first = door.key(path)
    assert door.key(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_from_the_environment_goes_before_the_file_and_a_short_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(door.KEY_VARIABLE, "a key of good length, this is")
    assert door.key(tmp_path / "none") == b"a key of good length, this is"
    assert not (tmp_path / "none").exists()
    monkeypatch.setenv(door.KEY_VARIABLE, "short")
    with pytest.raises(CorpusError, match="under 16 bytes"):
        door.key(tmp_path / "none")


@pytest.mark.parametrize(
    "text",
    ["[deleted]", "This post has been removed by a moderator.", "Comment deleted by user", "<removed>",
     "Message withdrawn", "This comment was deleted by its author on 3 May 2020", "Review removed for violating our rules"],
)  # fmt: skip
def test_a_notice_of_removal_is_no_post(text: str) -> None:
    made = Door(b"k" * 32).row("board", "board", Post("1", text, title="Old words", author="sample_wren"))
    assert (made["status"], made["text"], made["title"], made["author_id"]) == ("removed", "", None, None)


@pytest.mark.parametrize(
    "text",
    ["The cravings were removed by baclofen and I am glad.", "I deleted my last post because it was wrong.", "",
     "My gallbladder was removed", "Post removed my doubts about baclofen"],
)  # fmt: skip
def test_words_about_removal_are_a_post(text: str) -> None:
    assert Door(b"k" * 32).row("board", "board", Post("1", text))["status"] == "live"
