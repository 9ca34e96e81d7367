"""What is kept beside the posts is never stale: after every write it is what a rebuild of all of it would give."""

import random
from pathlib import Path
from typing import Any

import pytest

from pipeline import batches, corpus, derive, extract
from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write

WHO = ("heron", "wren", "owl", "lark", None)


def kept(con: Any) -> dict[str, list[tuple[Any, ...]]]:
    return {name: con.execute(f"select * from {name} order by all").fetchall() for name in derive.KEPT}


def told(dice: random.Random) -> Told:
    return Told(
        dice.randrange(300),
        effect=dice.choice(("unclear", "worked", "no_effect", "harmful")),
        mg=dice.choice((None, 20.0, 90.0)),
        conditions=dice.choice(((), ("alcohol_use",), ("anxiety", "alcohol_use"))),
        outcomes=dice.choice(((), (("craving", "improved"),), (("craving", "worsened"), ("mood", "improved")))),
        side_effects=dice.choice(((), (("nausea", True),), (("nausea", False), ("somnolence", True)))),
        reporter=dice.choice(("self", "self", "caregiver", "none")),
    )


def reading(post_id: str, record: dict[str, Any], excluded: str | None) -> bytes:
    return batches.flat(
        {"post_id": post_id, "text_sha256": "", "version": "2", "extracted_at": corpus.now().isoformat(), "language": "en",
         "excluded": excluded, "age_years": 40, "sex": "female", "record": record, "mentions": []}
    )  # fmt: skip


def read_again(con: Any, dice: random.Random, posts: list[str]) -> None:
    some = dice.sample(posts, min(3, len(posts)))
    excluded = dice.choice((None, "advertisement"))
    extract.merge_bytes(con, b"".join(reading(p, told(dice).record(), excluded) for p in some))


def copied(con: Any, dice: random.Random, posts: list[str]) -> None:
    con.execute("truncate copy")
    for post in dice.sample(posts, min(4, len(posts))):
        original = dice.choice(posts)
        if original != post:
            con.execute("insert into copy values (?, ?, ?, 1.0)", [post, original, dice.choice(("exact", "quote"))])


def taken_down(con: Any, dice: random.Random, posts: list[str]) -> None:
    post = dice.choice(posts)
    con.execute("update post set status = 'deleted' where post_id = ?", [post])
    for name in ("extraction", "report", "treatment", "dose", "outcome", "side_effect"):
        con.execute(f"delete from {name} where post_id = ?", [post])


def invented(con: Any, dice: random.Random, posts: list[str]) -> None:
    con.execute("update source set invented = not invented")


def nothing(con: Any, dice: random.Random, posts: list[str]) -> None: ...


@pytest.mark.parametrize("seed", range(3))
def test_after_any_writes_what_is_kept_is_what_a_rebuild_gives(tmp_path: Path, seed: int) -> None:
    dice, home = random.Random(seed), Home(tmp_path)
    write(home, [(dice.choice(WHO), told(dice)) for _ in range(12)])
    for turn in range(3):
        if turn == 2:
            write(home, [(dice.choice(WHO), told(dice)) for _ in range(4)], first=12)
        with corpus.writing(home) as con:
            posts = [r[0] for r in con.execute("select post_id from post order by post_id").fetchall()]
            # Two kinds of change in one write: one that names its posts may not hide one that does not.
            for change in dice.sample((read_again, copied, taken_down, invented, nothing), 2):
                change(con, dice, posts)
            derive.refresh(con)
            found = kept(con)
            derive.refresh(con, full=True)
            assert kept(con) == found


def test_a_copy_counts_as_soon_as_its_original_does_not(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, effect="worked")), ("wren", Told(1, effect="worked"))])
    with corpus.writing(home) as con:
        con.execute("insert into copy values ('board:1', 'board:0', 'exact', 1.0)")
    count = "select persons from outcome_by_treatment where condition = 'any'"
    assert ask(home, count) == [{"persons": 1}]
    assert ask(home, "select post_id from kept_report") == [{"post_id": "board:0"}]
    with corpus.writing(home) as con:  # the original is read again, and left out
        extract.merge_bytes(con, reading("board:0", Told(0).record(), "advertisement"))
    assert ask(home, "select post_id from kept_report") == [{"post_id": "board:1"}]
    assert ask(home, count) == [{"persons": 1}]


def test_a_write_that_fails_leaves_posts_and_what_is_kept_as_they_were(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, effect="worked"))])
    with corpus.reading(home) as con:
        before = kept(con)

    def killed() -> None:
        with corpus.writing(home) as con:
            extract.merge_bytes(con, reading("board:0", Told(0, effect="harmful").record(), None))
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        killed()
    with corpus.reading(home) as con:
        assert kept(con) == before
        assert con.execute("select effect from treatment").fetchall() == [("worked",)]


def test_what_other_rules_made_is_made_anew_before_it_is_read(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, effect="worked"))])
    with corpus.writing(home) as con:
        con.execute("update meta set value = 'of before' where key in ('views', 'kept_rules')")
        con.execute("drop table kept_said")  # a table that came since
        con.execute("update kept_course set effect = 'harmful'")
        con.execute("commit")
        con.execute("begin")
    assert ask(home, "select effect from course where condition = 'any'") == [{"effect": "worked"}]
    assert ask(home, "select worked from outcome_by_treatment where condition = 'any'") == [{"worked": 1}]
