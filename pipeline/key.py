"""The life of the pseudonym key: a further one after it, and none at all.

Names are kept nowhere, so a new key cannot be put to old names. A rotation puts every pseudonym under a new key, and
later names under both in turn: a person stays one person, and who held the old key alone can link no name to a row.
The file of the key holds its chain, one key a line.
"""

import hashlib
import os
import secrets
from pathlib import Path

from pipeline import corpus, door, forget, staging
from pipeline.errors import CorpusError
from pipeline.home import Home


def rotate(home: Home) -> int:
    """Put every author's pseudonym under a further key; give how many there are.

    A kill leaves the old pseudonyms, or the new ones with the new key aside: run it again. Raises CorpusError if the
    key is given by the environment, where it is not ours to change.
    """
    _ours("rotate")
    chain = door.key(home.make().key)
    staging.merge(home)
    aside = home.key.with_suffix(".next")
    if aside.exists():
        held = aside.read_bytes().strip()
        if _held(home) == _mark(held):  # killed after the corpus had it: only the file is left to change
            aside.replace(home.key)
            return _authors(home)
    fresh = secrets.token_hex(32).encode()
    _write(aside, chain + b"\n" + fresh)
    with corpus.writing(home) as con:
        old = [str(r[0]) for r in con.execute("select author_id from author order by 1").fetchall()]
        con.execute("create or replace temp table renamed (old varchar, new varchar)")
        if old:
            con.executemany("insert into renamed values (?, ?)", [[a, door.further(fresh, a)] for a in old])
        con.execute("update post set author_id = r.new from renamed r where r.old = post.author_id")
        con.execute("insert into author select r.new, site, first_seen from author join renamed r on old = author_id")
        con.execute("delete from author where author_id in (select old from renamed)")
        con.execute("delete from meta where key = 'kept_rules'")  # what is kept names persons: it is worked out again
        con.execute("insert or replace into meta values ('key_mark', ?)", [_mark(chain + b"\n" + fresh)])
    aside.replace(home.key)
    forget.rewrite(home)
    return len(old)


def destroy(home: Home) -> Path:
    """Overwrite and remove the key; give its path. No name can be led to a row any more: the corpus is anonymous.

    Raises CorpusError if there is none, or the key is given by the environment.
    """
    _ours("destroy")
    if not home.key.exists():
        raise CorpusError(f"{home.key}: no key there")
    for path in (home.key, home.key.with_suffix(".next")):
        if path.exists():
            _write(path, secrets.token_bytes(path.stat().st_size), over=True)
            path.unlink()
    return home.key


def _ours(what: str) -> None:
    if os.environ.get(door.KEY_VARIABLE, "").strip():
        raise CorpusError(f"the key is given by {door.KEY_VARIABLE}; {what} it where it is kept")


def _mark(chain: bytes) -> str:
    return hashlib.sha256(b"mark\0" + chain).hexdigest()[:16]


def _held(home: Home) -> str | None:
    if not home.corpus.exists():
        return None
    with corpus.reading(home) as con:
        row = con.execute("select value from meta where key = 'key_mark'").fetchone()
    return str(row[0]) if row else None


def _authors(home: Home) -> int:
    with corpus.reading(home) as con:
        row = con.execute("select count(*) from author").fetchone()
    return int(row[0]) if row else 0


def _write(path: Path, content: bytes, *, over: bool = False) -> None:
    flags = os.O_WRONLY if over else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content if over else content + b"\n")
        file.flush()
        os.fsync(file.fileno())
