"""Real posts, where they are at hand: none of them breaks the reader."""

import json
from pathlib import Path

import pytest

import nlp

SHARED = Path(__file__).parents[3] / "shared" / "data" / "posts"
EACH = 9  # of so many one is read


@pytest.mark.skipif(not SHARED.is_dir(), reason="the posts that are given for developing are not beside the repository")
def test_no_real_post_breaks_the_reader() -> None:
    posts: list[dict[str, str]] = []
    for file in sorted(SHARED.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines()[::EACH]:
            row = json.loads(line)
            text = "\n".join(
                str(row.get(key) or "") for key in ("text", "title", "selftext", "side_effects", "comments")
            )
            posts.append({"id": str(row["id"]), "text": text, "drug": row.get("drug") or ""})
    told = {reading.exclusion for reading in nlp.read(nlp.load(), posts)}
    assert len(posts) > 500
    assert not [why for why in told if why and why.startswith("unreadable")]
