"""Whoever opens the corpus by hand finds what each table and column means."""

from pathlib import Path

from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write


def test_no_table_and_no_column_is_without_a_comment(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [("heron", Told(0, effect="worked"))])
    own = "schema_name = 'main' and not internal"
    columns = ask(home, f"select table_name, column_name from duckdb_columns() where {own} and comment is null")
    names = [(r["table_name"], r["column_name"]) for r in columns if not r["table_name"].startswith("kept_")]
    assert not names, "pipeline/sql/columns.txt: a line for each of these"
    tables = ask(
        home,
        f"select table_name as name from duckdb_tables() where {own} and comment is null "
        f"union all select view_name from duckdb_views() where {own} and comment is null",
    )
    assert [r["name"] for r in tables if not r["name"].startswith("kept_")] == []
    told = "select comment from duckdb_columns() where table_name = 'course' and column_name = 'peak_mg_per_day'"
    assert ask(home, told) == [{"comment": "highest dose taken, milligrams a day"}]
