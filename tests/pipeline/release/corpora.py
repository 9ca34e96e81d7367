"""Small corpora to release."""

from collections.abc import Sequence
from pathlib import Path

from pipeline import corpus, extract, staging, study
from pipeline.door import Door, key
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow


def made(folder: Path, texts: Sequence[str]) -> Home:
    """Make a corpus of these posts, each of a writer of its own, and read it."""
    home = Home(folder).make()
    posts = tuple(Post(f"native{n}", text, author=f"writer{n}") for n, text in enumerate(texts))
    with staging.Staging(home, SourceRow("board", "board", "board"), Door(key(home.key))) as aside:
        aside.add(Batch(posts=posts))
    staging.merge(home)
    with corpus.writing(home) as con:
        corpus.publish(con, study.load("baclofen"))
    extract.new_posts(home, study.load("baclofen"))
    return home
