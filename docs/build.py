"""The pages of the site that are made from the project itself when it is built: tables and columns, and how good it is.

mkdocs calls this file (`hooks` in mkdocs.yml), so that no such page can be out of date.
"""

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
from mkdocs.structure.files import File  # noqa: E402

from pipeline import corpus, derive, tables  # noqa: E402
from pipeline.report import methods  # noqa: E402


def tables_page() -> str:
    """Give the page of tables and columns, from the schema, the views and columns.txt."""
    with duckdb.connect() as con:
        con.execute(corpus.sql("schema"))
        derive.prepare(con)
        for _, text in corpus.views():
            con.execute(text)
        rows = con.execute(
            "select table_name, column_name, data_type from duckdb_columns() where not internal "
            "order by table_name, column_index"
        ).fetchall()
    lines = (corpus.SQL / "columns.txt").read_text(encoding="utf-8").splitlines()
    meanings = dict(line.split(": ", 1) for line in lines if ": " in line)
    parts = [
        "# Tables and columns",
        "What every table and view of a corpus holds, made from its schema. `doselore table NAME` prints one, "
        '`doselore query "SQL"` asks for anything, read-only.',
    ]
    for name, words in tables.described().items():
        found = [(str(c), str(kind)) for table, c, kind in rows if table == name]
        if not found:
            continue
        body = [f"| `{c}` | {_kind(kind)} | {_cell(meanings.get(c, ''))} |" for c, kind in found]
        parts.append(
            "\n".join([f"## {name}", "", _cell(words), "", "| column | type | meaning |", "|---|---|---|", *body])
        )
    return "\n\n".join(parts) + "\n"


def quality_page() -> str:
    """Give the page of how well posts are read, from the README's chapter."""
    parts = [
        "# How good it is",
        "Beside careful readers: precision (of what it found, how much is there), recall (of what is there, "
        "how much it "
        "found), F1 (both together; for an accuracy the share that is right), n (how many there were to find).",
    ]
    for words, lines in methods.scores():
        body = [f"| {s.field} | {s.precision} | {s.recall} | {s.value} | {s.n} |" for s in lines]
        parts.append("\n".join([words, "", "| field | precision | recall | F1 | n |", "|---|---|---|---|---|", *body]))
    parts.append(
        "`doselore evaluate GOLD.jsonl --posts POSTS.jsonl` prints the same for any annotated sample of your own, with "
        "bootstrap intervals; `--errors FIELD` every mistake with its words. `doselore review export` draws a "
        "sample for your own readers."
    )
    return "\n\n".join(parts) + "\n"


def _kind(kind: str) -> str:
    return "struct[]" if kind.startswith("STRUCT") else kind.lower()


def _cell(text: str) -> str:
    return re.sub(r"([|<>*_\\])", r"\\\1", text)


PAGES = {"tables.md": tables_page, "quality.md": quality_page}


def on_files(files: Any, config: Any, **_: Any) -> Any:
    """Add the pages to the site; called by mkdocs."""
    for name, page in PAGES.items():
        files.append(File.generated(config, name, content=page()))
    return files
