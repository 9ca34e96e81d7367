"""Erase on request: a post, an author, an address. Text, versions, mentions, quotes by others, archive records go.

What stays is a tombstone, a hash that tells nobody anything, so that neither a crawl nor a dump brings the post back;
and a row of `erasure` that says how many rows of which table went. The file is written anew, since a database leaves
the bytes of deleted rows where they lay.
"""

import hashlib
import html
import json
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag

import duckdb

from pipeline import corpus, door, extract, staging, tables
from pipeline.archive import Archive, Kept
from pipeline.errors import CorpusError
from pipeline.home import Home

_PSEUDONYM = re.compile(r"[0-9a-f]{20}")
_REDDIT_ID = re.compile(r"t[1-6]_[a-z0-9]+")
_PIECE = 8  # words in a row by which a post is found again on a kept page
_PLAIN = re.compile(r"[^\W_]+")
_ESCAPED = re.compile(r"\\[nrt]")
_TAGS = re.compile(rb"<[^>]*>")
_KEEPS = ("tombstone", "release_post", "stale_post")
_UNFINISHED = "erasing"  # a row of meta: rows are out, and the file with their bytes is not written anew yet
_NO_POSTS = "nothing in the corpus matches; its tables name posts by post_id, e.g. `doselore table post --limit 5`"


@dataclass(slots=True)
class Forgotten:
    """What went. rows: table to rows; releases: those made earlier that held what went; files: written anew.

    changed: published table to how many of its rows read otherwise now, or are not there any more.
    """

    posts: int = 0
    captures: int = 0
    rows: dict[str, int] = field(default_factory=dict[str, int])
    changed: dict[str, int] = field(default_factory=dict[str, int])
    releases: list[str] = field(default_factory=list[str])
    files: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Asked:
    """Who or what is to be forgotten, one of the three. author: the name as the site shows it, or a pseudonym."""

    author: str | None = None
    post: str | None = None
    url: str | None = None

    @property
    def by(self) -> str:
        """Say by what it was asked."""
        return "author" if self.author else "post" if self.post else "address"


def forget(home: Home, asked: Asked, *, reason: str = "asked") -> Forgotten:
    """Erase what is asked for, everywhere in the home; give what went.

    Raises CorpusError if not exactly one thing is asked for, or nothing of the kind is held.
    """
    if sum(bool(v) for v in (asked.author, asked.post, asked.url)) != 1:
        raise CorpusError("name one of --author, --post, --url")
    staging.merge(home)
    extract.merge(home)
    with corpus.reading(home) as con:
        posts, authors = _found(con, home, asked)
    if not posts and not authors:
        raise CorpusError(f"{asked.by} {asked.author or asked.post or asked.url}: {_NO_POSTS}")
    return erase(home, posts, authors=authors, names=_names(asked), by=asked.by, reason=reason)


def erase(
    home: Home,
    posts: Collection[str],
    *,
    authors: Collection[str] = (),
    names: Collection[str] = (),
    by: str = "sweep",
    reason: str = "deleted at the source",
) -> Forgotten:
    """Erase posts by id. authors: pseudonyms whose later posts are refused too; names: of them, for the archive."""
    done = Forgotten()
    if not posts and not authors:
        return done
    with corpus.reading(home) as con:
        posts = _everywhere(con, posts)
        lost = _lost(con, posts)
        before = _results(con)
    done.posts = len(posts)
    done.captures = _from_archive(home, lost, names)
    with corpus.writing(home) as con:
        done.releases = _releases(con, posts)
        done.rows = _rows(con, posts, authors, lost, reason)
        gone = sum(_listed(con, home, source) for source in _archived(home, lost, names))
        done.rows |= {"capture": gone} if gone else {}
        con.execute(
            "insert into erasure values (?, ?, ?, ?, ?, ?, ?)",
            [corpus.now(), by, reason, done.posts, done.captures, json.dumps(done.rows, sort_keys=True), done.releases],
        )
    with corpus.writing(home) as con:
        after = _results(con)
        done.changed = {n: len(rows - after[n]) for n, rows in before.items() if rows != after[n]}
        told = json.dumps({**done.rows, "changed": done.changed}, sort_keys=True)
        con.execute("update erasure set rows = ? where erased_at = (select max(erased_at) from erasure)", [told])
    done.files = _finished(home)
    return done


def _finished(home: Home) -> list[str]:
    """Do what comes after the rows are out, the last of it what says that it is done; give the files written anew."""
    _copies(home)
    files = _derived(home)
    rewrite(home)
    return files


def due(home: Home, source: str | None = None) -> Forgotten:
    """Erase what crawls of a source (or of any) found deleted there; again, if it was killed half-way before."""
    if not home.corpus.exists():
        return Forgotten()
    with corpus.reading(home) as con:
        found = con.execute(
            "select distinct g.post_id from gone_post g left join post p using (post_id) "
            "where $1 is null or p.source_id = $1",
            [source],
        )
        posts = {str(r[0]) for r in found.fetchall()}
        unfinished = con.execute("select 1 from meta where key = ?", [_UNFINISHED]).fetchone()
    if unfinished and not posts:
        return Forgotten(files=_finished(home))
    return erase(home, posts, by="crawl")


def _everywhere(con: duckdb.DuckDBPyConnection, posts: Collection[str]) -> set[str]:
    """Give the posts and those that are the same on Reddit, come by another way (a dump beside the API)."""
    rows = con.execute(
        "select o.post_id from post p join post o using (native_id) where p.post_id in (select unnest(?)) "
        "and regexp_full_match(native_id, 't[1-6]_[a-z0-9]+')",
        [sorted(posts)],
    ).fetchall()
    return {*posts, *(str(r[0]) for r in rows)}


def _results(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Give the rows of the published tables, each as a text."""
    return {n: {str(r[0]) for r in con.execute(f'select t::varchar from "{n}" t').fetchall()} for n in tables.PUBLISHED}


@dataclass(frozen=True, slots=True)
class _Lost:
    """What is known of a post that goes: where it lay, and a few of its words in a row."""

    post_id: str
    source_id: str
    native_id: str
    thread_id: str | None
    urls: tuple[str, ...]
    texts: tuple[str, ...]
    pieces: tuple[str, ...]


def _found(con: duckdb.DuckDBPyConnection, home: Home, asked: Asked) -> tuple[set[str], set[str]]:
    authors: set[str] = set()
    if asked.author:
        name = asked.author.removeprefix("/").removeprefix("u/")
        sites = [str(r[0]) for r in con.execute("select distinct site from source").fetchall()]
        keeper = door.Door(door.key(home.key))
        made = {p for s in sites for n in (asked.author, name) if (p := keeper.author_id(s, n))}
        wanted = made | ({name} if _PSEUDONYM.fullmatch(name) else set())
        rows = con.execute("select author_id from author where author_id in (select unnest(?))", [sorted(wanted)])
        authors = {str(r[0]) for r in rows.fetchall()}
        found = con.execute("select post_id from post where author_id in (select unnest(?))", [sorted(authors)])
    elif asked.post:
        found = con.execute("select post_id from post where post_id = ?", [asked.post])
        rows = found.fetchall()
        if not rows:
            found = con.execute("select post_id from post where native_id = ?", [asked.post])
        else:
            return {str(r[0]) for r in rows}, set()
    else:
        address = str(asked.url).rstrip("/")
        found = con.execute(
            "select post_id from post left join thread t using (thread_id) "
            "where rtrim(post.url, '/') = $1 or rtrim(t.url, '/') = $1",
            [address],
        )
    return {str(r[0]) for r in found.fetchall()}, authors


def _names(asked: Asked) -> tuple[str, ...]:
    if not asked.author or _PSEUDONYM.fullmatch(asked.author):
        return ()
    return (asked.author.removeprefix("/").removeprefix("u/"),)


def _lost(con: duckdb.DuckDBPyConnection, posts: Collection[str]) -> list[_Lost]:
    rows = con.execute(
        """
        with words as (
            select post_id, text from post union select post_id, text from post_version
            union select post_id, text from gone_post
        )
        select p.post_id, p.source_id, p.native_id, p.thread_id, p.url, t.url, list(distinct w.text order by w.text)
        from post p join words w using (post_id) left join thread t using (thread_id)
        where p.post_id in (select unnest(?)) group by all order by p.post_id
        """,
        [sorted(posts)],
    ).fetchall()
    return [
        _Lost(r[0], r[1], r[2], r[3], tuple(u for u in (r[4], r[5]) if u), tuple(r[6]), tuple(map(_piece, r[6])))
        for r in rows
    ]


def _piece(text: str) -> str:
    """Give the longest run of words without a mask in it, at most _PIECE of them, as `_plain` gives them."""
    runs = [_plain(run).split() for run in re.split(r"\[\w+\]|[\n*_>]", text)]
    best = max(runs, key=len, default=[])
    return " ".join(best[:_PIECE]) if len(best) >= 4 else ""


def _plain(text: str) -> str:
    return " ".join(_PLAIN.findall(text.casefold()))


def _from_archive(home: Home, lost: Iterable[_Lost], names: Collection[str]) -> int:
    """Remove every capture that shows a lost post or names the author; give how many went."""
    by_source: dict[str, list[_Lost]] = {}
    for one in lost:
        by_source.setdefault(one.source_id, []).append(one)
    gone = 0
    folder = home.root / "archive"
    for source in _archived(home, lost, names):
        held = by_source.get(source, [])
        addresses = {urldefrag(u)[0].rstrip("/") for one in held for u in one.urls}
        pieces = [f" {piece} " for one in held for piece in one.pieces if piece]
        spelled = [f" {_plain(n)} " for n in names if _plain(n)]
        with Archive(folder, source) as archive:
            gone += archive.forget_where(lambda kept, a=addresses, p=pieces, n=spelled: _shows(kept, a, p, n))
    return gone


def _archived(home: Home, lost: Iterable[_Lost], names: Collection[str]) -> list[str]:
    """Give the sources with an archive that may show a lost post, or name the author."""
    there = sorted(p.name for p in (home.root / "archive").glob("*") if p.is_dir())
    theirs = {one.source_id for one in lost}
    return [source for source in there if names or source in theirs]


def _listed(con: duckdb.DuckDBPyConnection, home: Home, source: str) -> int:
    """Make the table of captures say of a source what its archive holds, and where; give how many rows went."""
    import pyarrow as pa

    with Archive(home.root / "archive", source) as archive:
        held = [(c.sha256, c.url, c.fetched_at, c.warc, c.offset) for c in archive.held()]
    names = ("sha256", "url", "fetched_at", "warc", "warc_offset")
    kinds = (pa.string(), pa.string(), pa.timestamp("us", tz="UTC"), pa.string(), pa.int64())
    columns = {n: pa.array([row[i] for row in held], k) for i, (n, k) in enumerate(zip(names, kinds, strict=True))}
    con.register("archived", pa.table(columns))
    taken = con.execute(
        "delete from capture c where source_id = ? and not exists "
        "(select 1 from archived a where a.sha256 = c.sha256 and a.url = c.url)",
        [source],
    ).fetchone()
    con.execute(
        "update capture c set warc = a.warc, warc_offset = a.warc_offset from archived a "
        "where c.source_id = ? and a.sha256 = c.sha256 and a.url = c.url and a.fetched_at = c.fetched_at",
        [source],
    )
    con.unregister("archived")
    return int(taken[0]) if taken else 0


def _shows(kept: Kept, addresses: Collection[str], pieces: Collection[str], names: Collection[str]) -> bool:
    if kept.capture.url.endswith("/robots.txt"):
        return False
    if urldefrag(kept.capture.url)[0].rstrip("/") in addresses:
        return True
    body = _TAGS.sub(b" ", kept.body).decode("utf-8", "replace")
    plain = f" {_plain(html.unescape(_ESCAPED.sub(' ', body)))} "
    return any(p in plain for p in (*pieces, *names))


def _releases(con: duckdb.DuckDBPyConnection, posts: Collection[str]) -> list[str]:
    rows = con.execute(
        "select distinct release || ' (' || level || ', ' || strftime(made_at, '%Y-%m-%d') || ')' from release_post "
        "where post_hash in (select sha256(x) from (select unnest(?) as x)) order by 1",
        [sorted(posts)],
    ).fetchall()
    return [str(r[0]) for r in rows]


def _rows(
    con: duckdb.DuckDBPyConnection, posts: Collection[str], authors: Collection[str], lost: list[_Lost], reason: str
) -> dict[str, int]:
    """Take the posts out of every table; give rows taken, by table."""
    con.execute(f"insert or replace into meta values ('{_UNFINISHED}', ?)", [corpus.now().isoformat()])
    con.execute("create or replace temp table going as select unnest(?::varchar[]) as post_id", [sorted(posts)])
    marks = {_hash(p) for p in posts} | {_hash(f"author:{a}") for a in authors}
    marks |= {_hash(f"native:{one.native_id}") for one in lost if _REDDIT_ID.fullmatch(one.native_id)}
    at = corpus.now()
    con.executemany("insert or ignore into tombstone values (?, ?, ?)", [[m, at, reason] for m in sorted(marks)])
    con.execute("insert into stale_post select post_id from going")
    unquoted = _unquote(con, lost)
    threads = {
        str(r[0]) for r in con.execute("select distinct thread_id from post join going using (post_id)").fetchall()
    }
    counts = {"post.quoted": unquoted} if unquoted else {}
    for table, column in _columns(con):
        taken = con.execute(f'delete from "{table}" where "{column}" in (select post_id from going)').fetchone()
        if taken and taken[0]:
            counts[table] = counts.get(table, 0) + int(taken[0])
    # A post whose parent went keeps its place in the thread, and the parent's id says nothing any more.
    con.execute("delete from author where author_id not in (select author_id from post where author_id is not null)")
    con.execute(
        "delete from thread where thread_id in (select unnest(?)) "
        "and thread_id not in (select thread_id from post where thread_id is not null)",
        [sorted(threads)],
    )
    return dict(sorted(counts.items()))


def _columns(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Give every column of every table that may hold a post's id."""
    rows = con.execute(
        "select table_name, column_name from duckdb_columns() join duckdb_tables() using (database_name, schema_name, "
        "table_name) where schema_name = 'main' and not duckdb_tables.internal and not duckdb_tables.temporary "
        "and (column_name in ('post_id', 'copy_of') or (table_name = 'exclusion' and column_name = 'what')) "
        "order by 1, 2"
    ).fetchall()
    # What is kept of persons is worked out again by pipeline/derive.py, which finds them by these very rows.
    return [(str(t), str(c)) for t, c in rows if t not in _KEEPS and not str(t).startswith("kept_")]


def _unquote(con: duckdb.DuckDBPyConnection, lost: list[_Lost]) -> int:
    """Take the lost words out of what others quoted of them in the same threads; give in how many posts."""
    threads = sorted({one.thread_id for one in lost if one.thread_id})
    words = [f" {_plain(text)} " for one in lost for text in one.texts]
    rows = con.execute(
        "select post_id, quoted from post where len(quoted) > 0 and thread_id in (select unnest(?)) "
        "and post_id not in (select post_id from going)",
        [threads],
    ).fetchall()
    changed = 0
    for post_id, quoted in rows:
        stay = [q for q in quoted if not _quotes(_plain(q), words)]
        if len(stay) < len(quoted):
            con.execute("update post set quoted = ? where post_id = ?", [stay, post_id])
            changed += 1
    return changed


def _quotes(quote: str, words: Iterable[str]) -> bool:
    pieces = quote.split()
    if not pieces:
        return False
    parts = [" ".join(pieces[i : i + _PIECE]) for i in range(0, max(1, len(pieces) - _PIECE + 1), _PIECE)]
    return any(f" {part} " in text for text in words for part in parts)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rewrite(home: Home) -> None:
    """Write the corpus file anew, so that no byte of a deleted row is left. A kill leaves the old file or the new."""
    fresh = home.corpus.with_suffix(".rewritten")
    fresh.unlink(missing_ok=True)
    with corpus._ONE_WRITER:
        _rewritten(home, fresh)


def _rewritten(home: Home, fresh: Path) -> None:
    con = corpus._connect(home.corpus, read_only=False, wait=corpus.WAIT_SECONDS)
    try:
        con.execute("checkpoint")
        name = str(con.execute("select current_database()").fetchall()[0][0])
        con.execute("attach '" + str(fresh).replace("'", "''") + "' as fresh")
        con.execute(f'copy from database "{name}" to fresh')
        con.execute("delete from fresh.main.meta where key = ?", [_UNFINISHED])
        con.execute("checkpoint fresh")
        con.execute("detach fresh")
        fresh.chmod(home.corpus.stat().st_mode & 0o777)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(home.corpus)
    except duckdb.Error as error:
        raise CorpusError(f"{home.corpus}: cannot be written anew: {str(error).splitlines()[0]}") from error
    finally:
        con.close()
        fresh.unlink(missing_ok=True)
        Path(f"{home.corpus}.wal").unlink(missing_ok=True)


def _copies(home: Home) -> None:
    """Remove copies of the corpus that upgrades and kills left: they hold what is to be forgotten."""
    for copy in home.root.glob(f"{home.corpus.stem}.*"):
        if copy.is_file() and copy != home.corpus:
            copy.unlink()


def _derived(home: Home) -> list[str]:
    """Write the published tables anew, and remove pages made of the old ones; give the files."""
    files: list[str] = []
    if home.tables.is_dir():
        files += [str(f.relative_to(home.root)) for f in tables.write_all(home)]
    for page in sorted([*home.root.glob("*.html"), *home.tables.glob("*.html")]):
        page.unlink()
        files.append(f"{page.relative_to(home.root)} (removed)")
    return files
