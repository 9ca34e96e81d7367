"""XLSX, written by hand as five small XML files: every cell is text or a number, so no formula can run in one.

The form is ECMA-376, part 1; inline strings, no shared ones. The same rows give the same bytes.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767  # characters in one cell: the format's own bound
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def workbook(sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]) -> bytes:
    """Give a workbook of one sheet a table: name to column names and rows."""
    names = list(sheets)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in range(1, len(names) + 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    listed = "".join(
        f'<sheet name={quoteattr(re.sub(r"[^A-Za-z0-9_ ]", "_", name)[:31])} sheetId="{n}" r:id="r{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
    }
    for number, (columns, rows) in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(columns, rows)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), (_HEAD + text).encode(), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Give the rows of a workbook's first sheet, by the names in its first row. Raises ValueError if it is none.

    Needs openpyxl: what we write is simple, what a spreadsheet program writes is not.
    """
    try:
        openpyxl: Any = import_module("openpyxl")
        wrong: Any = import_module("openpyxl.utils.exceptions").InvalidFileException
    except ImportError as error:
        raise ValueError("reading XLSX needs openpyxl: pip install openpyxl; or save the sheet as CSV") from error
    try:
        book: Any = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, wrong) as error:
        raise ValueError(f"no workbook: {error}") from error
    held = book.worksheets[0].iter_rows(values_only=True)
    names = [str(n or "") for n in next(held, ())]
    for row in held:
        yield {n: "" if v is None else str(v) for n, v in zip(names, row, strict=False)}


def _sheet(columns: Sequence[str], held: Sequence[Sequence[Any]]) -> str:
    lines = "".join(f"<row>{''.join(_cell(v) for v in row)}</row>" for row in [columns, *held])
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
        return f"<c><v>{value!r}</v></c>"
    text = escape(_FORBIDDEN.sub("", str(value))[:_LONGEST])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
