"""The forms in which items go out and verdicts come back: Label Studio, doccano, brat, CSV, XLSX."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from pipeline.errors import ReviewError, near
from pipeline.review.items import FIELDS, VERDICTS, WHOLE, Item, item_id, told

FORMATS = ("label-studio", "doccano", "brat", "csv", "xlsx")
COLUMNS = ("item", "post_id", "text_hash", "field", "claim", "quote", "text", "verdict", "reviewer")
MISSED = "missed"
"""The verdict of a row that a reader adds (CSV, XLSX) for a claim that the post makes and that is not listed."""
CONFIG = """<View>
  <Header value="$words"/>
  <Labels name="span" toName="text">
{labels}
  </Labels>
  <Text name="text" value="$text"/>
  <Choices name="verdict" toName="text" choice="single" required="true">
{choices}
  </Choices>
</View>
"""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE = re.compile("[^\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_NOTE = re.compile(r"item=([0-9a-f]{16}) hash=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement as it came back. at: UTC; None where the tool does not say.

    post_id, field, claim: only of a claim that is not in the tables (verdict "missed").
    """

    item: str
    text_hash: str
    verdict: str
    reviewer: str
    at: datetime | None = None
    post_id: str | None = None
    field: str | None = None
    claim: str | None = None


def write(items: Sequence[Item], form: str, out: Path) -> list[Path]:
    """Write items for a tool; give the files made. Raises ReviewError for an unknown form or a place not writable."""
    makers: dict[str, Callable[[Sequence[Item], Path], list[Path]]] = {
        "label-studio": _to_label_studio,
        "doccano": _to_doccano,
        "brat": _to_brat,
        "csv": _to_csv,
        "xlsx": _to_xlsx,
    }
    if form not in makers:
        raise ReviewError(f'no format "{form}"{near(form, FORMATS)}. There are: {", ".join(FORMATS)}')
    try:
        return makers[form](items, out)
    except OSError as error:
        raise ReviewError(f"{out}: cannot be written: {error.strerror or error}") from error


def read(path: Path, form: str, reviewer: str | None = None) -> list[Verdict]:
    """Read verdicts of a tool's own export. reviewer: who judged, where the file does not say.

    Raises ReviewError for a file that is not of that form.
    """
    readers: dict[str, Callable[[Path, str | None], Iterable[Verdict]]] = {
        "label-studio": _from_label_studio,
        "doccano": _from_doccano,
        "brat": _from_brat,
        "csv": _from_csv,
        "xlsx": _from_xlsx,
    }
    if form not in readers:
        raise ReviewError(f'no format "{form}"{near(form, FORMATS)}. There are: {", ".join(FORMATS)}')
    try:
        return list(readers[form](path, reviewer))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        what = (
            error.strerror
            if isinstance(error, OSError)
            else f"not an export of {form} ({type(error).__name__}: {error})"
        )
        raise ReviewError(f"{path}: {what}") from error


def safe(value: Any) -> str:
    """Give a cell that no spreadsheet runs as a formula: what would begin with a sign gets an apostrophe."""
    text = _CONTROL.sub("", str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _to_label_studio(items: Sequence[Item], out: Path) -> list[Path]:
    tasks = [
        {
            "data": {**_facts(i), "text": i.text, "words": f"{i.field}: {i.words}", "quote": i.quote},
            "predictions": [{"model_version": "doselore", "result": _span(i)}],
        }
        for i in items
    ]
    config = out.with_name(f"{out.stem}.config.xml")
    labels = "\n".join(f'    <Label value="{f}"/>' for f in FIELDS)
    choices = "\n".join(f'    <Choice value="{v}"/>' for v in VERDICTS)
    out.write_bytes(orjson.dumps(tasks, option=orjson.OPT_INDENT_2))
    config.write_text(CONFIG.format(labels=labels, choices=choices), encoding="utf-8")
    return [out, config]


def _facts(i: Item) -> dict[str, Any]:
    return {"item": i.item, "post_id": i.post_id, "text_hash": i.text_hash, "field": i.field, "claim": i.claim}


def _span(i: Item) -> list[dict[str, Any]]:
    if i.start is None or i.end is None:
        return []
    value = {"start": i.start, "end": i.end, "text": i.quote, "labels": [i.field]}
    return [{"id": i.item[:10], "from_name": "span", "to_name": "text", "type": "labels", "value": value}]


def _from_label_studio(path: Path, reviewer: str | None) -> Iterable[Verdict]:
    """Read Label Studio's JSON, or its JSON-MIN: flat, one record an annotation."""
    for task in orjson.loads(path.read_bytes()):
        if "data" not in task:
            yield from _from_rows([task], path, reviewer)
            continue
        for made in task.get("annotations") or []:
            if made.get("was_cancelled"):
                continue
            chosen = [c for r in made["result"] if r.get("from_name") == "verdict" for c in r["value"]["choices"]]
            if chosen:
                by = made.get("completed_by")
                name = by.get("email") or by.get("id") if isinstance(by, Mapping) else by
                at = _time(made.get("updated_at") or made.get("created_at"))
                data = task["data"]
                yield _verdict(data["item"], data["text_hash"], chosen[0], str(name or "") or reviewer, at)


def _to_doccano(items: Sequence[Item], out: Path) -> list[Path]:
    # ASCII alone: doccano guesses a file's encoding, and guesses wrong where a short file has an emoji in it.
    rows = [{"text": i.text, "label": [[*_marked(i), i.field]], **_facts(i), "words": i.words} for i in items]
    out.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="ascii", newline="\n")
    return [out]


def _marked(i: Item) -> tuple[int, int]:
    """Give the span to mark; of a claim whose words stand nowhere in the text the first word, to be judged there."""
    if i.start is not None and i.end is not None:
        return i.start, i.end
    first = re.search(r"\S+", i.text)
    return first.span() if first else (0, min(1, len(i.text)))


def _from_doccano(path: Path, reviewer: str | None) -> Iterable[Verdict]:
    """Read an export of sequence labelling, a file or a folder with a file a reader.

    A span may be relabelled "right", "wrong" or "unsure"; one taken out is wrong; one left as it came is right, so
    only what its reader approved of should be exported.
    """
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for raw in file.read_bytes().split(b"\n"):
            if not raw.strip():
                continue
            row = orjson.loads(raw)
            if "entities" in row:
                labels = [str(e["label"]) for e in row["entities"]]
            else:
                labels = [str(x[2] if isinstance(x, list) else x) for x in row["label"]]
            said = next((v for v in ("wrong", "unsure", "right") if v in labels), None)
            by = file.stem if path.is_dir() else reviewer or file.stem
            yield _verdict(row["item"], row["text_hash"], said or ("right" if labels else "wrong"), by)


def _to_brat(items: Sequence[Item], out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    posts: dict[str, list[Item]] = {}
    for item in items:
        posts.setdefault(item.post_id, []).append(item)
    files: list[Path] = []
    for post_id, some in posts.items():
        # The post's own id may hold anything: the file's name is made of letters and digits alone.
        stem = re.sub(r"[^A-Za-z0-9]+", "_", post_id)[:60] + "_" + some[0].text_hash[:8]
        lines: list[str] = []
        for number, i in enumerate(some, start=1):
            spans = _fragments(i.text, *_marked(i))
            covered = " ".join(i.text[a:b] for a, b in spans)
            lines.append(f"T{number}\t{i.field} {';'.join(f'{a} {b}' for a, b in spans)}\t{covered}")
            lines.append(f"#{number}\tAnnotatorNotes T{number}\titem={i.item} hash={i.text_hash} {i.words}")
        text, ann = out / f"{stem}.txt", out / f"{stem}.ann"
        text.write_bytes(some[0].text.encode())
        ann.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        files += [text, ann]
    conf = out / "annotation.conf"
    entities = "\n".join((*FIELDS, WHOLE))
    verdicts = f"Verdict\tArg:<ENTITY>, Value:{'|'.join(VERDICTS)}"
    conf.write_text(f"[entities]\n{entities}\n[relations]\n[events]\n[attributes]\n{verdicts}\n", encoding="utf-8")
    return [*files, conf]


def _fragments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a span at line ends and tabs, of every kind that a reader may take for one: brat's spans hold none."""
    cut = [(start + m.start(), start + m.end()) for m in _LINE.finditer(text[start:end])]
    return cut or [(start, end)]


def _from_brat(path: Path, reviewer: str | None) -> Iterable[Verdict]:
    for file in sorted(path.rglob("*.ann")) if path.is_dir() else [path]:
        notes: dict[str, tuple[str, str]] = {}
        said: dict[str, str] = {}
        for line in file.read_bytes().decode().split("\n"):
            cells = line.rstrip("\r").split("\t")
            if line.startswith("#") and len(cells) == 3 and (found := _NOTE.search(cells[2])):
                notes[cells[1].split()[1]] = (found[1], found[2])
            elif line.startswith("A") and len(cells) == 2 and cells[1].startswith("Verdict "):
                _, target, value = cells[1].split()
                said[target] = value
        for target, (item, text_hash) in notes.items():
            if target in said:
                yield _verdict(item, text_hash, said[target], reviewer or file.parent.name)


def _rows(items: Sequence[Item]) -> list[list[str]]:
    return [
        [safe(v) for v in (i.item, i.post_id, i.text_hash, i.field, i.words, i.quote, i.text, "", "")] for i in items
    ]


def _to_csv(items: Sequence[Item], out: Path) -> list[Path]:
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(items))
    return [out]


def _from_csv(path: Path, reviewer: str | None) -> Iterable[Verdict]:
    text = path.read_text(encoding="utf-8-sig")
    form = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    yield from _from_rows(csv.DictReader(io.StringIO(text), delimiter=form), path, reviewer)


def _from_rows(rows: Iterable[Mapping[str, Any]], path: Path, reviewer: str | None) -> Iterable[Verdict]:
    for row in rows:
        said = str(row["verdict"] or "").strip().lower()
        if said:
            name = str(row.get("reviewer") or row.get("annotator") or "").strip() or reviewer or path.stem
            at = _time(row.get("updated_at") or None)
            if said == MISSED:
                yield _missed(row, name, at)
                continue
            yield _verdict(str(row["item"]), str(row["text_hash"]), said, name, at)


def _to_xlsx(items: Sequence[Item], out: Path) -> list[Path]:
    from pipeline.release import sheets

    out.write_bytes(sheets.workbook({"claims": (list(COLUMNS), _rows(items))}))
    return [out]


def _from_xlsx(path: Path, reviewer: str | None) -> Iterable[Verdict]:
    from pipeline.release import sheets

    yield from _from_rows(sheets.rows(path), path, reviewer)


def _missed(row: Mapping[str, Any], reviewer: str, at: datetime | None) -> Verdict:
    """Read a row that a reader added: a copy of one of the post's, with the claim that is not listed."""
    post_id, text_hash, field, text, quote = (
        _unsafe(str(row.get(n) or "").strip()) for n in ("post_id", "text_hash", "field", "claim", "quote")
    )
    claim = told(field, text, quote)
    return Verdict(item_id(post_id, field, claim), text_hash, MISSED, reviewer, at, post_id, field, claim)


def _unsafe(cell: str) -> str:
    """Take the apostrophe away that `safe` put before a sign."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _verdict(item: str, text_hash: str, said: str, reviewer: str | None, at: datetime | None = None) -> Verdict:
    folded = {"y": "right", "yes": "right", "x": "right", "n": "wrong", "no": "wrong", "?": "unsure"}.get(said, said)
    if folded not in VERDICTS:
        raise ValueError(f'verdict "{said}" of item {item}: write {", ".join(VERDICTS)}')
    if not reviewer:
        raise ValueError(f"item {item}: nobody is named as its reviewer; say --reviewer")
    return Verdict(item, text_hash, folded, reviewer, at)


def _time(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
