"""Files that break off or are broken: what is whole is taken, the break is told, and the mended file doubles nothing."""

from pathlib import Path

import pytest

from flows import show
from pipeline import collect, corpus, study
from pipeline.errors import CorpusError, SourceError
from pipeline.home import Home
from pipeline.sources import files

HEAD = "id,text,author\n"
ROWS = [f'{n},"Baclofen helped me, day {n}.",w{n}\n' for n in range(1, 7)]


def brought(home: Home, file: Path) -> collect.Collected:
    (done,) = collect.import_files(study.load("baclofen"), home, [file], "mine")
    return done


def ids(home: Home) -> list[str]:
    with corpus.reading(home) as con:
        return [str(r[0]) for r in con.execute("select native_id from post order by native_id").fetchall()]


def csv_with(*changed: tuple[int, bytes]) -> bytes:
    rows = [HEAD.encode(), *(r.encode() for r in ROWS)]
    for number, row in changed:
        rows[number] = row
    return b"".join(rows)


JSON = [f'{{"id": {n}, "text": "Baclofen helped me, day {n}.", "author": "w{n}"}}' for n in range(1, 7)]
LINES = "".join(f"{row}\n" for row in JSON).encode()


@pytest.mark.parametrize(
    ("name", "content", "whole", "taken", "told"),
    [
        ("a.csv", csv_with((3, b"3,Baclofen helped \xff me,w3\n")), csv_with(), "12456", ["a.csv:4: not UTF-8"]),
        (
            "a.csv",
            csv_with((2, '2,"Le baclofène",w2\n'.encode()), (3, b"3,caf\xe9,w3\n")),
            csv_with((2, '2,"Le baclofène",w2\n'.encode())),
            "12456",
            ["a.csv:4: not UTF-8"],
        ),
        ("a.csv", csv_with((6, b'6,"Baclofen hel')), csv_with(), "12345", ["a.csv:7: quote never closed"]),
        ("a.csv", csv_with((6, b"6,Baclofen hel")), csv_with(), "12345", ["a.csv:7: file breaks off"]),
        (
            "a.csv",
            csv_with((3, b'3,"Baclofen helped me,w3\n')),
            csv_with(),
            "12456",
            ["a.csv:4: quote never closed"],
        ),
        (
            "a.csv",
            csv_with(*((n, ROWS[n - 1].replace('"', "").encode()) for n in (4, 5, 6)), (3, b'3,"Baclofen helped me,w3\n')),
            csv_with(),
            "12",
            ["a.csv:4: quote never closed"],
        ),
        ("a.jsonl", LINES[:-20], LINES, "12345", ["a.jsonl:6: file breaks off"]),
        ("a.jsonl", LINES.replace(b"day 3", b"day \xff"), LINES, "12456", ["a.jsonl:3: not UTF-8"]),
        ("a.json", f"[{', '.join(JSON)}"[:-20].encode(), f"[{', '.join(JSON)}]".encode(), "12345", ["a.json:6: file breaks off"]),
    ],
)  # fmt: skip
def test_what_is_whole_is_taken_the_break_is_told_and_nothing_doubles(
    tmp_path: Path,
    name: str,
    content: bytes,
    whole: bytes,
    taken: str,
    told: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = Home(tmp_path / "home")
    file = tmp_path / name
    file.write_bytes(content)
    done = brought(home, file)
    assert [f"{e.what}: {e.reason}" for e in done.broken] == told
    assert done.in_part
    assert set(taken) <= set(ids(home)) <= set("123456")
    show.collected([done], as_json=False)
    (line,) = [x for x in capsys.readouterr().err.splitlines() if x.startswith("broken:")]
    assert told[0] in line
    assert line.endswith(f"; {len(ids(home))} posts taken")
    file.write_bytes(whole)
    again = brought(home, file)
    assert not again.in_part
    assert ids(home) == list("123456")
    assert again.merged.changed == 0


@pytest.mark.parametrize(
    "content",
    [
        csv_with((2, b'2,"Two lines,\nof ""baclofen""",w2\n')),
        csv_with((2, b'2,"He said "yes" to baclofen",w2\n')),
        csv_with((2, b"2,It\x92s baclofen,w2\n")),
        csv_with((6, b'6,"the end\nof baclofen",w6')),
        csv_with((2, b"2,too,many,cells\n")),
    ],
)
def test_a_file_that_is_merely_odd_is_not_called_broken(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    done = brought(Home(tmp_path / "home"), file)
    assert not done.in_part
    assert done.merged.new >= 5


def test_many_quotes_that_are_never_closed_cost_no_more_than_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text(HEAD + "".join(f'{n},"open {n},w\n' for n in range(20_000)))
    found = files.collect([file])
    assert {e.reason for e in next(found).exclusions} == {"quote never closed"}
    with pytest.raises(SourceError, match="no post in it"):
        list(found)


@pytest.mark.parametrize("content", [csv_with().replace(b"\n", b"\r"), b"\n\n" + csv_with()])
def test_line_ends_of_old_macs_and_blank_lines_before_the_head_break_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    home = Home(tmp_path / "home").make()
    done = brought(home, file)
    assert ids(home) == list("123456")
    assert not done.in_part


def test_what_an_earlier_import_left_in_staging_has_a_row_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_bytes(LINES.replace(b'"id": ', b'"id": 1' if name == "b" else b'"id": '))

    def full(*_: object, **__: object) -> None:
        raise CorpusError("no space left")

    with monkeypatch.context() as disk:
        disk.setattr(corpus, "writing", full)
        with pytest.raises(CorpusError):
            collect.import_files(study.load("baclofen"), home, [tmp_path / "a.jsonl"], "mine")
    done = collect.import_files(study.load("baclofen"), home, [tmp_path / "b.jsonl", tmp_path / "a.jsonl"], "mine")
    assert [(d.source, d.merged.new, d.merged.same) for d in done] == [
        ("from before", 6, 0),
        ("b.jsonl", 6, 0),
        ("a.jsonl", 0, 6),
    ]
