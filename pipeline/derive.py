"""What is worked out of the posts and kept, so that the tables answer at once: the courses of persons and their parts.

`refresh` runs at the end of every write to the corpus. It does the persons whose posts are new or changed, or all of
them where the rules (pipeline/sql/kept, the views, the context words) are others than those the kept rows were made by.
"""

import csv
import hashlib
from functools import cache

import duckdb

import data
from pipeline import corpus, corrections

KEPT = ("kept_report", "kept_course", "kept_outcome", "kept_said", "kept_side_effect", "kept_dose")
_DECIDE = ("counted_post", "person_report")  # the views that say which posts count, and for whom
_PERSONS = "delete from {} where person_id in (select person_id from todo_person)"


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of what is kept, empty, where there are none by today's rules; the next `refresh` fills them."""
    if con.execute("select value from meta where key = 'kept_rules'").fetchone() != (rules_hash(),):
        con.execute("delete from meta where key in ('kept_rules', 'kept_signals', 'kept_correction')")
        con.execute(corpus.sql("kept/schema"))


def comment(con: duckdb.DuckDBPyConnection) -> None:
    """Write what each table and column means into the corpus, where `duckdb_columns()` shows it."""
    from pipeline import tables

    meanings = dict(line.split(": ", 1) for line in (corpus.SQL / "columns.txt").read_text("utf-8").splitlines())
    views = {str(r[0]) for r in con.execute("select view_name from duckdb_views() where not internal").fetchall()}
    script = [
        f"comment on {'view' if name in views else 'table'} {_name(name)} is {_quoted(words)};"
        for name, words in tables.described().items()
    ]
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal"
    ).fetchall():
        if column in meanings:
            script.append(f"comment on column {_name(table)}.{_name(column)} is {_quoted(meanings[column])};")
    con.execute("\n".join(script))


def _name(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def refresh(con: duckdb.DuckDBPyConnection, *, full: bool = False) -> bool:
    """Bring what is kept up to date; give whether there was anything to do.

    full: work out everybody, whatever is known. Must run inside the transaction that changed the posts.
    """
    done = _courses(con, full=full)
    _signals(con)
    corrections.correct(con)
    return done


def _courses(con: duckdb.DuckDBPyConnection, *, full: bool) -> bool:
    rules = rules_hash()
    held = dict(con.execute("select key, value from meta where key in ('kept_rules', 'kept_state')").fetchall())
    state = _state(con)
    if full or held.get("kept_rules") != rules:
        con.execute(corpus.sql("kept/schema"))
        con.execute(f"create or replace temp table todo_report as {_fresh('true')}")
    elif not _stale(con, held.get("kept_state", ""), state):
        return False
    else:
        _look_up(con)
        con.execute(corpus.sql("kept/todo"))
        for name in KEPT:
            con.execute(_PERSONS.format(name))
    con.execute(corpus.sql("kept/steps"))
    con.execute("truncate stale_post")
    con.execute("truncate kept_copy")
    con.execute("insert into kept_copy select post_id, copy_of, kind from copy")
    rows = f"('kept_rules', {_quoted(rules)}), ('kept_state', {_quoted(state)})"
    con.execute(f"insert or replace into meta values {rows}")
    return True


def _look_up(con: duckdb.DuckDBPyConnection) -> None:
    """Make todo_new: the stale posts that count, as they are now."""
    con.execute(corpus.sql("kept/narrow"))
    for name, text in corpus.views():
        if name in _DECIDE:
            con.execute(text.replace("create or replace view", "create or replace temp view"))
    con.execute(f"create or replace temp table todo_new as {_fresh('r.post_id in (select post_id from stale_post)')}")
    for name in reversed(_DECIDE):
        con.execute(f"drop view temp.{name}")
    for name in ("post", "extraction", "report"):
        con.execute(f"drop table temp.{name}")


def _signals(con: duckdb.DuckDBPyConnection) -> None:
    """Fit what `disproportionality` shows, if the pairs of treatment and effect are others than before."""
    rows = con.execute(
        "select substance, concept, events, denominator, events + comparator_events, expected, "
        "denominator + comparator_denominator from disproportionality order by substance, concept"
    ).fetchall()
    held = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
    if con.execute("select value from meta where key = 'kept_signals'").fetchone() == (held,):
        return
    con.execute("truncate kept_signal")
    con.execute("insert or replace into meta values ('kept_signals', ?)", [held])
    if not rows:
        return
    import numpy as np
    import pyarrow as pa

    from pipeline.statistics import signals  # here: SciPy takes its time

    events, of_treatment, of_effect, expected = (np.array([r[i] for r in rows], dtype=float) for i in (2, 3, 4, 5))
    ic, ic025 = signals.information_component(events, of_treatment, of_effect, float(rows[0][6]))
    fit = signals.shrunk(events, expected)
    nothing = [None] * len(rows)
    columns = {
        "substance": [r[0] for r in rows],
        "concept": [r[1] for r in rows],
        "ic": ic,
        "ic025": ic025,
        "ebgm": fit.ebgm if fit else pa.array(nothing, pa.float64()),
        "eb05": fit.eb05 if fit else pa.array(nothing, pa.float64()),
        "eb95": fit.eb95 if fit else pa.array(nothing, pa.float64()),
    }
    con.register("fitted", pa.table(columns))
    con.execute("insert into kept_signal select * from fitted")
    con.unregister("fitted")


@cache
def rules_hash() -> str:
    """Give a hash of all that decides what is kept."""
    parts = [corpus.sql("kept/schema"), corpus.sql("kept/steps"), corpus.sql("kept/fresh"), _topics()]
    parts += [text for name, text in corpus.views() if name in _DECIDE]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _stale(con: duckdb.DuckDBPyConnection, held: str, state: str) -> bool:
    """Say whether there are stale posts; where posts changed and nobody named them, look for them first."""
    con.execute(corpus.sql("kept/copies"))
    count = "select count(*) from stale_post"
    turned = held.rsplit(":", 2)[1:] != state.rsplit(":", 2)[1:]  # posts deleted, or the sample no longer alone
    if turned or (held != state and con.execute(count).fetchone() == (0,)):
        con.execute(corpus.sql("kept/unnamed"))
    return con.execute(count).fetchone() != (0,)


def _state(con: duckdb.DuckDBPyConnection) -> str:
    return ":".join(map(str, con.execute(corpus.sql("kept/state")).fetchone() or ()))


def _fresh(where: str) -> str:
    return corpus.sql("kept/fresh").replace("{topics}", _topics()).replace("{where}", where)


@cache
def _topics() -> str:
    """Give the SQL of the topics that a text names, from the words of data/lexicons/context_words.tsv."""
    phrases: dict[str, list[str]] = {}
    with data.path("lexicons/context_words.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if not row["phrase"].replace(" ", "").isalnum():
                raise ValueError(f"context_words.tsv: {row['phrase']!r}: letters, digits and blanks only")
            phrases.setdefault(row["topic"], []).append(row["phrase"])
    tests = [
        f"if(regexp_matches(lower(r.text), '\\b({'|'.join(words)})\\b'), '{topic}', null)"
        for topic, words in sorted(phrases.items())
    ]
    return f"list_filter([{', '.join(tests)}], lambda t: t is not null)"
