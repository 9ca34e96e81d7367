"""The explorer's questions to the corpus. It is held for as long as a page takes, so that no crawl is kept waiting."""

import re
import threading
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipeline import corpus
from pipeline.home import Home

WAIT_SECONDS = 5.0
_SQL = Path(__file__).parent / "sql"

Record = dict[str, Any]


@cache
def sql(name: str) -> str:
    """Give the text of a query of the explorer."""
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def rows(
    con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, Any] | None = None, **fill: str
) -> list[Record]:
    """Run a query of the explorer; give its rows. parameters: more than it uses may be there; fill: its blanks."""
    text = sql(name)
    for blank, words in fill.items():
        text = text.replace("{" + blank + "}", words)
    used = {k: v for k, v in (parameters or {}).items() if re.search(rf"\${k}\b", text)}
    cursor = con.execute(text, used) if used else con.execute(text)
    names = [d[0] for d in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Reader:
    """Opens the corpus when the first page asks and lets go when the last is done; pages at once share one opening."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._door = threading.Lock()
        self._users = 0
        self._held = ExitStack()
        self._con: duckdb.DuckDBPyConnection | None = None

    @contextmanager
    def asking(self) -> Generator[duckdb.DuckDBPyConnection]:
        """Give a connection to read with. Raises Locked if another process holds the corpus too long."""
        with self._door:
            if self._con is None:
                self._con = self._held.enter_context(corpus.reading(self._home, wait=WAIT_SECONDS))
            cursor = self._con.cursor()
            self._users += 1
        try:
            yield cursor
        finally:
            cursor.close()
            with self._door:
                self._users -= 1
                if not self._users:
                    self._con = None
                    self._held.close()
