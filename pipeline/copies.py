"""Which posts of the corpus repeat which, written into its table `copy`, so that the views count each once."""

import pyarrow as pa

from pipeline import corpus, dedup
from pipeline.home import Home
from pipeline.study import Study

_KEY = "copies"
# What links depend on: what posts say, whose they are, when and where.
_STATE = """
    select count(*) || ' ' || coalesce(bit_xor(hash(post_id, text_sha256, author_id, posted_at, subreddit)), 0)
    from post where status = 'live'
"""


def mark(home: Home, study: Study) -> int:
    """Find the copies among all live posts and write them down; give how many there are.

    Nothing is done where no post has changed since. The posts are compared aside, and the corpus is held for the short
    write only. Raises CorpusError where there is no corpus.
    """
    threshold = study.thresholds.near_copy
    with corpus.reading(home) as con:
        state = f"{con.execute(_STATE).fetchall()[0][0]} {threshold:g}"
        before = con.execute("select value from meta where key = ?", [_KEY]).fetchone()
        if before and before[0] == state:
            return int(con.execute("select count(*) from copy").fetchall()[0][0])
        rows = con.execute(corpus.sql("copy_posts")).fetchall()
    links = dedup.links((dedup.Entry(*row) for row in rows), threshold=threshold)
    found = pa.table(
        {
            "post_id": pa.array([link.post_id for link in links], pa.string()),
            "copy_of": pa.array([link.copy_of for link in links], pa.string()),
            "kind": pa.array([link.kind for link in links], pa.string()),
            "similarity": pa.array([link.similarity for link in links], pa.float64()),
        }
    )
    with corpus.writing(home) as con:
        con.register("found_copy", found)
        con.execute("truncate copy")
        con.execute("insert into copy select * from found_copy order by post_id")
        con.unregister("found_copy")
        con.execute("insert or replace into meta values (?, ?)", [_KEY, state])
    return len(links)
