import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.post import Exclusion, Post
from pipeline.sources import files


def read(path: Path, **fields: str) -> tuple[list[Post], list[Exclusion]]:
    batches = list(files.collect([path], fields))
    return [p for b in batches for p in b.posts], [e for b in batches for e in b.exclusions]


def test_a_jsonl_file_gives_posts_with_the_usual_columns(tmp_path: Path) -> None:
    row = {
        "id": "7", "text": "It helped.", "author": "sample_heron", "date": "2012-03-04", "url": "https://x.example/7",
        "rating": "8", "drug": "Baclofen", "condition": "Alcohol", "age": "35-44", "sex": "Female",
    }  # fmt: skip
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(row) + "\n")
    (post,), aside = read(file)
    assert (post.native_id, post.text, post.author, post.drug) == ("7", "It helped.", "sample_heron", "Baclofen")
    assert post.posted_at == datetime(2012, 3, 4, tzinfo=UTC)
    assert post.rating == 8
    assert post.extra == {"age": "35-44", "sex": "Female"}
    assert aside == []


def test_good_rows_go_in_and_each_bad_one_is_listed_with_file_line_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        b'{"id": 1, "text": "good"}\n'
        b"not json\n"
        b'{"id": 2}\n'
        b'{"text": "no id"}\n'
        b'{"id": 1, "text": "good"}\n'
        b'{"id": 1, "text": "other"}\n'
        b"[1, 2]\n"
        b'{"id": 3, "text": "\xff"}\n'
        b'{"id": 4, "text": "dated", "date": "when pigs fly 13"}\n'
        b"\n"
        b'{"id": 5, "text": "last"}\n'
        b'{"id": {"a": 1}, "text": "x"}\n'
        b'{"id": 6, "text": ["x"]}'
    )
    posts, aside = read(file)
    assert [p.native_id for p in posts] == ["1", "4", "5"]
    assert [(e.what, e.reason) for e in aside] == [
        ("a.jsonl:2", "not JSON"),
        ("a.jsonl:3", "no text"),
        ("a.jsonl:4", "no id"),
        ("a.jsonl:5", "duplicate id, same text"),
        ("a.jsonl:6", "duplicate id, other text"),
        ("a.jsonl:7", "not a JSON object"),
        ("a.jsonl:8", "not UTF-8"),
        ("a.jsonl:9", "date unreadable, post kept without it"),
        ("a.jsonl:12", "id is neither text nor number"),
        ("a.jsonl:13", "text is neither text nor number"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_its_delimiter_quotes_and_newlines_in_cells(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        f'\ufeffuniqueID{delimiter}review\n1{delimiter}"two\nlines, ""quoted"""\n2{delimiter}x{delimiter}y\n',
        encoding="utf-8",
    )
    posts, aside = read(file)
    assert [(p.native_id, p.text) for p in posts] == [("1", 'two\nlines, "quoted"')]
    assert [e.reason for e in aside] == ["wrong number of cells"]


def test_a_csv_of_an_old_spreadsheet_keeps_its_apostrophes(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"id,text\n1,it\x92s fine\n")
    (post,), _ = read(file)
    assert post.text == "it’s fine"


@pytest.mark.parametrize("code", ["utf-16", "utf-16-be", "utf-32"])
def test_a_csv_in_utf_16_is_read_by_its_mark(tmp_path: Path, code: str) -> None:
    mark = "\ufeff" if code.endswith("be") else ""
    (tmp_path / "a.csv").write_bytes(f"{mark}id\ttext\r\n1\tit’s fine\r\n2\tça va\r\n".encode(code))
    posts, aside = read(tmp_path / "a.csv")
    assert [(p.native_id, p.text) for p in posts] == [("1", "it’s fine"), ("2", "ça va")]
    assert aside == []


def test_json_lines_in_utf_16_say_so(tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.json"):
        (tmp_path / name).write_bytes('{"id": 1, "text": "words"}\n'.encode("utf-16"))
        with pytest.raises(SourceError, match="is UTF-16; save it as UTF-8"):
            read(tmp_path / name)


@pytest.mark.parametrize(
    ("head", "fields", "says"),
    [
        ("when,words", {}, "no column for the id .* it has: when, words; say which: --map id=COLUMN"),
        ("id,words", {}, "no column for the text .* it has: id, words; say which: --map text=COLUMN"),
        ("id,words", {"text": "word"}, "--map text=word: no such column; it has: id, words"),
        ("id,text", {}, "every row was set aside"),
    ],
)
def test_a_table_without_the_columns_needed_names_those_it_has(
    tmp_path: Path, head: str, fields: dict[str, str], says: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{head}\n1,\n2,\n")
    with pytest.raises(SourceError, match=says):
        read(tmp_path / "a.csv", **fields)


def test_parquet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [1, 2], "body": ["a", "b"]}), file)
    posts, _ = read(file)
    assert [(p.native_id, p.text) for p in posts] == [("1", "a"), ("2", "b")]


def test_a_mapping_goes_before_the_usual_names(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": 1, "text": "not this", "story": "this"}\n')
    (post,), _ = read(file, text="story")
    assert post.text == "this"
    with pytest.raises(SourceError, match="no such field"):
        read(file, txt="story")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", b"", "empty"),
        ("a.csv", b"  \n", "empty"),
        ("a.jsonl", b"nothing\nhere\n", "no post in it"),
        ("a.xyz", b"{}", r"unknown kind of file.*\.parquet.*\.zst.*\.warc.*\.html"),
        ("a.parquet", b"no parquet", "not a Parquet file"),
    ],
)
def test_a_file_without_posts_is_an_error_that_says_so(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(SourceError, match=says):
        read(file)
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "other.jsonl")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1359471165.0", datetime(2013, 1, 29, 14, 52, 45, tzinfo=UTC)),
        (1359471165, datetime(2013, 1, 29, 14, 52, 45, tzinfo=UTC)),
        ("1359471165000", datetime(2013, 1, 29, 14, 52, 45, tzinfo=UTC)),
        ("2012-03-04T10:00:00+02:00", datetime(2012, 3, 4, 8, tzinfo=UTC)),
        ("3-Mar-12", datetime(2012, 3, 3, tzinfo=UTC)),
        ("December 4, 2010", datetime(2010, 12, 4, tzinfo=UTC)),
        ("11/17/2024", datetime(2024, 11, 17, tzinfo=UTC)),
        ("yesterday-ish", None),
        ("", None),
        (None, None),
        ("0000-00-00", None),
    ],
)
def test_dates_of_other_peoples_files(said: object, meant: datetime | None) -> None:
    assert files.moment(said) == meant


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats()))
def test_no_date_however_odd_stops_an_import(said: object) -> None:
    found = files.moment(said)
    assert found is None or found.tzinfo is UTC


def test_what_reddit_writes_for_a_deleted_post_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": 1, "body": "[deleted]", "author": "[deleted]"}\n{"id": 2, "body": "[removed]"}\n')
    posts, _ = read(file)
    assert [(p.status, p.text, p.author) for p in posts] == [("deleted", "", None), ("removed", "", None)]
