"""Round trips through the annotation tools themselves, each in an environment of its own (see real/tools.py)."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.review import formats, items
from pipeline.review.items import Item
from tests.pipeline.review.real import tools

TEXTS = [
    "I took \U0001f600 baclofen 25 mg\tdaily\nand my cr\u00e9vings are gone. \u202bשלום\u202c",
    'Nothing but \u2028 line ends.\r\n=cmd() and <b>tags</b> & "quotes"; 10 mg\u00a0\u00d7\u00a03',
    "\U0001f635\u200d\U0001f4ab dizzy",
    "x" * 20_000 + " sleepy",
]
QUOTES = [["baclofen", "25 mg\tdaily\nand", "baclofen"], ["\u2028 line ends.\r\n=cmd()", ""], ["dizzy", ""], ["sleepy"]]


def claims() -> list[Item]:
    made: list[Item] = []
    for n, (text, quotes) in enumerate(zip(TEXTS, QUOTES, strict=True)):
        for number, quote in enumerate(quotes):
            start = text.find(quote) if quote else -1
            place = (start, start + len(quote)) if start >= 0 else (None, None)
            field = items.FIELDS[number % 4]
            claim = json.dumps({"substance": "baclofen", "number": number})
            text_hash = hashlib.sha256(text.encode()).hexdigest()
            made.append(
                Item(items.item_id(f"b:{n}", field, claim), f"b:{n}", text_hash, text, field, claim, quote, *place)
            )
    return made


def said(found: list[formats.Verdict], reviewer: str) -> dict[str, str]:
    return {v.item: v.verdict for v in found if v.reviewer == reviewer}


def test_label_studio_takes_our_tasks_and_we_take_all_its_exports(tmp_path: Path) -> None:
    held = claims()
    files = formats.write(held, "label-studio", tmp_path / "tasks.json")
    tools.run("label-studio", *files, tmp_path)
    every = {i.item for i in held}
    whole = formats.read(tmp_path / "json" / "result.json", "label-studio")
    assert set(said(whole, "a@clinic.example")) == set(said(whole, "b@clinic.example")) == every
    assert {v.at.isoformat() for v in whole if v.at} == {"2026-03-01T10:00:00+00:00"}
    flat = formats.read(tmp_path / "json_min" / "result.json", "label-studio")
    table = formats.read(tmp_path / "csv" / "result.csv", "csv")
    for other in (flat, table):
        assert len({v.reviewer for v in other}) == 2
        assert sorted((v.item, v.verdict, v.at) for v in other) == sorted((v.item, v.verdict, v.at) for v in whole)


def test_doccano_takes_our_lines_and_we_take_its_export_of_each_reader(tmp_path: Path) -> None:
    held = claims()
    (ours,) = formats.write(held, "doccano", tmp_path / "claims.jsonl")
    imported: list[dict[str, Any]] = json.loads(tools.run("doccano", ours, tmp_path / "out").splitlines()[-1])
    assert [r["text"] for r in imported] == [i.text for i in held]
    for row, item in zip(imported, held, strict=True):
        ((start, end, field),) = row["spans"]
        assert field == item.field
        assert row["text"][start:end] == item.quote or not item.quote
        assert row["meta"]["text_hash"] == item.text_hash
    # doccano's "approved only": the first was looked at by nobody.
    looked = [i.item for i in held[1:]]
    a = formats.read(tmp_path / "out", "doccano")
    assert said(a, "reader_a") == {i: ("right", "wrong", "wrong")[n % 3] for n, i in enumerate(looked, start=1)}
    assert said(a, "reader_b") == {i: ("right", "unsure")[n % 2] for n, i in enumerate(looked, start=1)}
    assert said(formats.read(tmp_path / "out" / "reader_a.jsonl", "doccano"), "reader_a") == said(a, "reader_a")


def test_a_reader_of_brat_s_format_takes_our_files_and_we_take_what_it_writes(tmp_path: Path) -> None:
    held = claims()
    formats.write(held, "brat", tmp_path / "brat")
    read = json.loads(tools.run("brat", tmp_path / "brat", tmp_path / "out").splitlines()[-1])
    assert sum(map(len, read.values())) == len(held)
    for stem, entities in read.items():
        text = (tmp_path / "brat" / f"{stem}.txt").read_bytes().decode()
        for spans, label, words in entities:
            assert " ".join(text[a:b] for a, b in spans) == words
            assert label in items.FIELDS
    found = formats.read(tmp_path / "out", "brat", "reader_1")
    assert {v.item for v in found} == {i.item for i in held}
    assert {v.verdict for v in found} == {"right", "wrong"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_text_of_any_kind_survives_a_sheet(tmp_path: Path, form: str) -> None:
    held = claims()
    out = tmp_path / f"claims.{form}"
    formats.write(held, form, out)
    assert out.stat().st_size
    assert formats.read(out, form, "r") == []  # nobody has judged
