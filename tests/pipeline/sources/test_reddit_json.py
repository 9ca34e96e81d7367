"""One mapping for a Reddit object of any era, from the API or a dump."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import reddit_json

AT = datetime(2016, 10, 1, tzinfo=UTC)
COMMENT = {
    "id": "d88zq3w", "author": "somebody", "body": "20 mg &amp; fine", "link_id": "t3_55aife", "parent_id": "t1_d88zo95",
    "subreddit": "recovery", "created_utc": 1475280000, "score": 2, "edited": False,
}  # fmt: skip
SUBMISSION = {
    "id": "55aife", "author": "somebody", "title": "Week &lt;1", "selftext": "It helped", "subreddit": "recovery",
    "created_utc": 1475280000, "edited": 1475280600, "num_comments": 4, "is_self": True,
}  # fmt: skip


def mapped(row: dict[str, Any], **more: Any) -> Any:
    return reddit_json.post({**row, **more})


def test_a_comment() -> None:
    made = mapped(COMMENT)
    assert (made.native_id, made.thread_id, made.parent_id) == ("t1_d88zq3w", "t3_55aife", "t1_d88zo95")
    assert (made.text, made.author, made.posted_at, made.edited_at) == ("20 mg & fine", "somebody", AT, None)
    assert made.url == "https://www.reddit.com/r/recovery/comments/55aife/_/d88zq3w/"
    assert made.extra["subreddit"] == "recovery"


def test_a_submission_and_its_thread() -> None:
    made, thread = mapped(SUBMISSION), reddit_json.thread(SUBMISSION)
    assert (made.native_id, made.thread_id, made.parent_id) == ("t3_55aife", "t3_55aife", None)
    assert (made.title, made.text) == ("Week <1", "Week <1\n\nIt helped")
    assert mapped(SUBMISSION, selftext="").text == "Week <1"
    assert made.edited_at == datetime(2016, 10, 1, 0, 10, tzinfo=UTC)
    assert thread is not None
    assert (thread.native_id, thread.posts, thread.started_at) == ("t3_55aife", 5, AT)


def test_the_api_wraps_its_objects() -> None:
    assert reddit_json.post({"kind": "t1", "data": COMMENT}) == mapped(COMMENT)


@pytest.mark.parametrize("written", [1475280000, "1475280000", 1475280000.0, "1475280000.0"])
def test_times_come_as_number_or_text(written: Any) -> None:
    assert mapped(COMMENT, created_utc=written).posted_at == AT


@pytest.mark.parametrize("written", [None, "", "soon", True, False, -1, 0, 10**18, float("nan"), [], {}])
def test_a_time_that_is_none_is_left_out(written: Any) -> None:
    assert mapped(COMMENT, created_utc=written, edited=written).posted_at is None


def test_an_edit_at_an_unknown_time_is_told() -> None:
    made = mapped(COMMENT, edited=True)
    assert made.edited_at is None
    assert made.extra["edited"]


@pytest.mark.parametrize(
    ("link", "parent", "expected"),
    [
        ("t3_55aife", None, "t3_55aife"),
        ("t3_55aife", "t3_55aife", "t3_55aife"),
        ("t3_55aife", int("55aife", 36), "t3_55aife"),
        ("t3_55aife", int("d88zo95", 36), "t1_d88zo95"),
        (int("55aife", 36), "t1_d88zo95", "t1_d88zo95"),
    ],
)
def test_what_a_comment_answers_is_told_in_many_ways(link: Any, parent: Any, expected: str) -> None:
    made = mapped(COMMENT, link_id=link, parent_id=parent)
    assert (made.thread_id, made.parent_id) == ("t3_55aife", expected)


def test_a_deleted_account_leaves_its_words_without_a_name() -> None:
    made = mapped(COMMENT, author="[deleted]")
    assert (made.author, made.status, made.text) == (None, "live", "20 mg & fine")


@pytest.mark.parametrize(
    ("row", "changed", "status"),
    [
        (COMMENT, {"body": "[deleted]", "author": "[deleted]"}, "deleted"),
        (COMMENT, {"body": "[removed]", "author": "[deleted]"}, "removed"),
        (COMMENT, {"body": "[ Removed by Reddit ]"}, "removed"),
        (COMMENT, {"body": "[ Removed by Reddit on account of violating the content policy ]"}, "removed"),
        (COMMENT, {"_meta": {"was_deleted_later": True}}, "deleted"),
        (COMMENT, {"_meta": {"was_initially_deleted": True}}, "deleted"),
        (COMMENT, {"_meta": {"was_deleted_later": True, "removal_type": "removed"}}, "removed"),
        (COMMENT, {"_meta": {"removal_type": "deleted"}}, "deleted"),
        (COMMENT, {"_meta": {"removal_type": "removed by reddit"}}, "removed"),
        (SUBMISSION, {"selftext": "[deleted]"}, "deleted"),
        (SUBMISSION, {"selftext": "[removed]"}, "removed"),
        (SUBMISSION, {"title": "[deleted by user]", "selftext": ""}, "deleted"),
        (SUBMISSION, {"removed_by_category": "moderator"}, "removed"),
        (SUBMISSION, {"removed_by_category": "deleted"}, "deleted"),
        (SUBMISSION, {"_meta": {"was_deleted_later": True}}, "deleted"),
    ],
)
def test_what_is_deleted_or_removed_is_never_restored(
    row: dict[str, Any], changed: dict[str, Any], status: str
) -> None:
    made = mapped(row, **changed)
    assert (made.status, made.text, made.title, made.author, made.quotes) == (status, "", None, None, ())


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        (COMMENT, {"_meta": {"retrieved_2nd_on": 1700000000}}),
        (COMMENT, {"_meta": None}),
        (COMMENT, {"body": "they said [deleted] it"}),
        (SUBMISSION, {"removed_by_category": None}),
        (COMMENT, {"_meta": {"was_deleted_later": False}}),
    ],
)
def test_what_is_live_stays_live(row: dict[str, Any], changed: dict[str, Any]) -> None:
    assert mapped(row, **changed).status == "live"


def test_a_cross_post_names_what_it_copies() -> None:
    assert mapped(SUBMISSION, crosspost_parent="t3_abc").extra["crosspost_parent"] == "t3_abc"


@pytest.mark.parametrize(
    "row", [{}, {"id": "a"}, {"body": "x"}, {"id": "!", "body": "x"}, {"kind": "more", "data": {}}]
)
def test_what_is_neither_is_refused_with_a_reason(row: dict[str, Any]) -> None:
    with pytest.raises(reddit_json.NotAPostError):
        reddit_json.post(row)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
FIELDS = (
    "id name body selftext title author link_id parent_id created_utc edited _meta permalink subreddit "
    "removed_by_category num_comments score crosspost_parent kind data"
)


@given(st.dictionaries(st.sampled_from(FIELDS.split()), ANYTHING))
def test_any_object_is_mapped_or_refused(row: dict[str, Any]) -> None:
    try:
        made = reddit_json.post({"id": "abc", "body": "x", **row})
    except reddit_json.NotAPostError:
        return
    assert made.native_id.startswith(("t1_", "t3_"))
    assert made.status == "live" or not made.text
    assert isinstance(made.text, str)


@given(st.text())
def test_any_text_can_be_written_as_utf_8(body: str) -> None:
    made = mapped(COMMENT, body=body)
    made.text.encode("utf-8")
    assert "\x00" not in made.text
