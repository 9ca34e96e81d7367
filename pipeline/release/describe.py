"""What describes a release: Frictionless datapackage.json, Croissant, RO-Crate, and a data sheet for people."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

import data
from pipeline import corpus

_LICENCE = "No licence is granted by this export: the terms of each source and the study's approvals apply."


@dataclass(slots=True)
class Table:
    """One table of a release. kinds: DuckDB's types; aggregate: whether a row tells of many persons."""

    name: str
    words: str
    columns: list[str]
    kinds: list[str]
    rows: list[list[Any]]
    aggregate: bool = field(default=False)

    def set(self, column: int, made: Callable[[Any], Any]) -> None:
        """Put what `made` gives in the place of every value of a column that is there."""
        for row in self.rows:
            if row[column] is not None:
                row[column] = made(row[column])


@dataclass(frozen=True, slots=True)
class Facts:
    """What the descriptions tell. day: of the newest capture; sources: rows as words."""

    study: str
    title: str
    level: str
    least: int
    day: str
    version: str
    extractor: str
    sources: list[tuple[str, str, str, str]]
    hashes: dict[str, str]
    small: int
    passed: int
    withheld: int
    coarsened: int
    claims_withheld: int
    numbers_blanked: int


def facts(
    con: duckdb.DuckDBPyConnection, level: str, small: int, quotes: tuple[int, int], guarded: tuple[int, int, int]
) -> Facts:
    """Gather what is told of the corpus."""
    study = con.execute("select name, title, minimum_cell from study").fetchone() or ("none", "no study", 5)
    day = con.execute("select strftime(max(captured_at), '%Y-%m-%d') from post").fetchone()
    versions = con.execute("select distinct version from extraction order by 1").fetchall()
    sources = con.execute(
        "select source_id, kind, coalesce(terms, 'none recorded'), coalesce(approval, 'none recorded') "
        "from source order by 1"
    ).fetchall()
    return Facts(
        str(study[0]),
        str(study[1]),
        level,
        int(study[2]),
        str(day[0]) if day and day[0] else "1970-01-01",
        corpus.product_version(),
        ", ".join(str(v[0]) for v in versions) or "none",
        [tuple(map(str, s)) for s in sources],  # pyright: ignore[reportArgumentType]
        _hashes(),
        small,
        *quotes,
        *guarded,
    )


def _hashes() -> dict[str, str]:
    files = [f for room in ("lexicons", "models") for f in data.path(room).iterdir() if f.is_file()]
    return {f"{f.parent.name}/{f.name}": hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(files)}


def arrow(kind: str) -> Any:
    """Give the Arrow type of one of DuckDB's types."""
    if kind.endswith("[]"):
        return pa.list_(arrow(kind[:-2]))
    if kind.startswith(("TIMESTAMP", "DATETIME")):
        return pa.timestamp("us", tz="UTC") if "TIME ZONE" in kind or "TZ" in kind else pa.timestamp("us")
    if kind.startswith("DECIMAL"):
        return pa.string()
    plain = {
        "BOOLEAN": pa.bool_(),
        "DOUBLE": pa.float64(),
        "FLOAT": pa.float64(),
        "DATE": pa.date32(),
        "BOOL": pa.bool_(),
    }
    whole = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "NUMBER")
    return plain.get(kind) or (pa.int64() if kind in whole else pa.string())


def _word(kind: str) -> str:
    made = arrow(kind)
    if pa.types.is_list(made):
        return "array"
    known = {"bool": "boolean", "double": "number", "int64": "integer", "date32[day]": "date"}
    return "datetime" if pa.types.is_timestamp(made) else known.get(str(made), "string")


def write(part: Path, tables: list[Table], told: Facts) -> None:
    """Write the descriptions into the folder, beside the data that is there already."""
    (part / "DATASHEET.md").write_text(_sheet(tables, told), encoding="utf-8")
    _json(part / "datapackage.json", _frictionless(part, tables, told))
    _json(part / "croissant.json", _croissant(part, tables, told))
    _json(part / "ro-crate-metadata.json", _crate(part, told))


def _json(path: Path, held: Any) -> None:
    path.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _about(told: Facts) -> str:
    return (
        f"What patients write about treatments, as tables ({told.level} level). Study: {told.title}. "
        f"Made by doselore {told.version}, extractor {told.extractor}."
    )


def _frictionless(part: Path, tables: list[Table], told: Facts) -> dict[str, Any]:
    return {
        "name": f"doselore-{told.study}-{told.level}",
        "title": told.title,
        "description": _about(told),
        "created": f"{told.day}T00:00:00Z",
        "version": told.version,
        "resources": [
            {
                "name": t.name,
                "path": f"data/{t.name}.csv",
                "description": t.words,
                "type": "table",
                "scheme": "file",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "hash": f"sha256:{_sha(part / 'data' / f'{t.name}.csv')}",
                "bytes": (part / "data" / f"{t.name}.csv").stat().st_size,
                "schema": {
                    "fields": [
                        {"name": c, "type": _word(k), **({"format": "any"} if _word(k) == "datetime" else {})}
                        for c, k in zip(t.columns, t.kinds, strict=True)
                    ]
                },
            }
            for t in tables
        ],
    }


_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "samplingRate": "cr:samplingRate",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip


def _croissant(part: Path, tables: list[Table], told: Facts) -> dict[str, Any]:
    kinds = {
        "boolean": "sc:Boolean",
        "number": "sc:Float",
        "integer": "sc:Integer",
        "date": "sc:Date",
        "datetime": "sc:Date",
    }
    files = [
        {
            "@type": "cr:FileObject",
            "@id": f"{t.name}.parquet",
            "name": f"{t.name}.parquet",
            "contentUrl": f"data/{t.name}.parquet",
            "encodingFormat": "application/x-parquet",
            "sha256": _sha(part / "data" / f"{t.name}.parquet"),
        }
        for t in tables
    ]
    sets = [
        {
            "@type": "cr:RecordSet",
            "@id": t.name,
            "name": t.name,
            "description": t.words,
            "field": [
                {
                    "@type": "cr:Field",
                    "@id": f"{t.name}/{c}",
                    "name": c,
                    "dataType": kinds.get(_word(k), "sc:Text"),
                    **({"repeated": True} if _word(k) == "array" else {}),
                    "source": {"fileObject": {"@id": f"{t.name}.parquet"}, "extract": {"column": c}},
                }
                for c, k in zip(t.columns, t.kinds, strict=True)
            ],
        }
        for t in tables
    ]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": f"doselore-{told.study}-{told.level}",
        "description": _about(told),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "datePublished": told.day,
        "version": "1.0.0",
        "license": _LICENCE,
        "url": "urn:doselore:release",
        "citeAs": f"doselore {told.version}, study {told.study}",
        "distribution": files,
        "recordSet": sets,
    }


def _crate(part: Path, told: Facts) -> dict[str, Any]:
    files = sorted(f for f in part.rglob("*") if f.is_file() and f.name != "ro-crate-metadata.json")
    kinds = {".csv": "text/csv", ".json": "application/json", ".md": "text/markdown", ".sql": "application/sql"}
    kinds |= {".parquet": "application/vnd.apache.parquet"}
    kinds |= {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    parts = [
        {
            "@id": f.relative_to(part).as_posix(),
            "@type": "File",
            "name": f.name,
            "encodingFormat": kinds[f.suffix],
            "contentSize": str(f.stat().st_size),
            "sha256": _sha(f),
        }
        for f in files
    ]
    return {
        "@context": [
            "https://w3id.org/ro/crate/1.1/context",
            {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
        ],
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": told.title,
                "description": _about(told),
                "datePublished": told.day,
                "license": {"@id": "#licence"},
                "author": {"@id": "#team"},
                "publisher": {"@id": "#team"},
                "hasPart": [{"@id": p["@id"]} for p in parts],
            },
            # Who they are is not in the corpus; the crate names the role, which the profile asks for.
            {"@id": "#team", "@type": "Organization", "name": f"The team of the study {told.study}"},
            {"@id": "#licence", "@type": "CreativeWork", "name": "Terms of use", "description": _LICENCE},
            *parts,
        ],
    }


def _sheet(tables: list[Table], told: Facts) -> str:
    levels = {
        "internal": "Verbatim. For the team that holds the approval; not to be passed on.",
        "shareable": "No verbatim text but quotes that are everybody's words; ids coded, times cut to the month, "
        "ages to ten years; small cells blanked.",
        "public": "Tables only, small cells blanked.",
    }
    sources = "".join(f"| {_cell(a)} | {_cell(b)} | {_cell(c)} | {_cell(d)} |\n" for a, b, c, d in told.sources)
    listed = "".join(f"| {t.name} | {len(t.rows)} | {_cell(t.words)} |\n" for t in tables)
    flow = "".join(_flow(t) for t in tables if t.name == "flow")
    hashes = "".join(f"| {n} | {h} |\n" for n, h in told.hashes.items())
    return f"""# Data sheet: {_cell(told.title)}

What: posts of patients about treatments, read by rules and a small model, as tables. Study {told.study}.
Level: {told.level}. {levels[told.level]}
Corpus as of {told.day}; doselore {told.version}; extractor {_cell(told.extractor)}.

## How
- Collected: from the sources below, as their robots.txt and terms allow; what a source deleted was deleted here too.
- Read: rules and word lists find treatments, doses, outcomes, side effects, and whose they are; a regression on words
  decides the effect of a treatment as a whole. Each claim has its place in the text (table mention, where released).
- Counted: persons, not posts; copies and posts in other languages are set aside, with their reason (flow of posts).
- Checked: the table accuracy holds precision and recall against careful readers; review holds who judged what.
- Made again: the same corpus gives the same bytes; sql/ holds every view, SHA256SUMS the hash of every file.

## Limits
- Who writes is not who is treated: these are shares of persons who wrote, not of patients.
- What was read by a machine is wrong at times; the tables of accuracy and review say how often.
- Cells of under {told.least} persons are blanked at the levels shareable and public, and a second one
  wherever the first could be had by difference: {told.small} rows here.
- Quotes: {told.passed} passed, {told.withheld} were withheld. A quote passes only where each run of
  three of its words stands in the posts of at least {told.least} persons in this corpus. That is no promise for the
  whole web: Reagle (2022) found 3 of 3 verbatim quotes again by searching, and 11 of 19 that had been reworded.
- Rows of single persons (level shareable): where fewer than {told.least} persons share what can be known of a post
  from where it stands (place, month, rating, drug, condition, age, sex), it was made coarser or blank, {told.coarsened}
  values; claims that fewer persons make were withheld, {told.claims_withheld} rows; rare amounts and times blanked,
  {told.numbers_blanked} values. So a count made from these rows can lie below the table's, and can be as small as one:
  the rows are for those who agreed to look for nobody in them. Who knows all that a person wrote may know them.
- Pseudonyms are keyed; who holds the key can check a name against a row, and who destroys it makes the data anonymous.

## Sources, terms and approvals
| source | kind | terms | approval |
|---|---|---|---|
{sources}
{_LICENCE}

## Tables
| table | rows | one row is |
|---|---|---|
{listed}
## Flow of posts
Blank: fewer persons than a cell must have, or a figure that would betray one.

{flow}
## Hashes of lexicons and models (SHA-256)
| file | hash |
|---|---|
{hashes}"""


def _flow(table: Table) -> str:
    """Give the flow of posts as a table in Markdown."""
    lines = [table.columns, ["---"] * len(table.columns)]
    lines += [[_cell("" if v is None else str(v)) for v in row] for row in table.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Give a text that neither breaks a Markdown table nor becomes a link, an image or HTML in it."""
    clean = "".join(c for c in text if c.isprintable())
    for mark in "\\`*_[]<>!|":
        clean = clean.replace(mark, f"\\{mark}" if mark not in "<>" else {"<": "&lt;", ">": "&gt;"}[mark])
    return clean
