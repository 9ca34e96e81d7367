"""Rows of CSV files, of whatever delimiter and encoding, and where such a file is broken.

A quote that is opened and never closed would make one row of all that follows; a byte that is not UTF-8 would have the
whole file taken for another encoding. Both are told with their line, and the rows beside them are read.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.post import BREAKS_OFF, NOT_CLOSED, NOT_CSV, NOT_UTF8

_LONGEST = 32 << 20  # bytes of a cell
_NO_LETTERS = frozenset(b"\x81\x8d\x8f\x90\x9d\xfe\xff")  # bytes that no spreadsheet of old writes in a text
_MARKS = (  # UTF-32's first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is no row. reason: short and fixed; detail: what is particular to it."""

    reason: str
    detail: str = ""


def read(path: Path) -> Iterator[tuple[int, Row | Bad]]:
    """Give number of the last line and cells by column name of each row; Bad where it is none."""
    text = _decoded(path.read_bytes()).replace("\0", "")
    if "\n" not in text:
        text = text.replace("\r", "\n")  # the line ends of old Macs
    if not text.strip():
        return
    first = text.lstrip("\n\r").splitlines()[0]
    delimiter = max("\t,;|", key=first.count) if any(mark in first for mark in "\t,;|") else ","
    lines = list(io.StringIO(text))
    header: list[str] | None = None
    for number, cells in _records(lines, delimiter):
        if isinstance(cells, Bad):
            yield number, cells
        elif not any(c.strip() for c in cells):
            continue
        elif header is None:
            header = cells
        elif wrong := _not_utf8(cells):
            yield number, wrong
        elif len(cells) != len(header):
            cut = number == len(lines) and not lines[-1].endswith("\n") and len(cells) < len(header)
            yield number, Bad(BREAKS_OFF if cut else "wrong number of cells", f"{len(cells)} instead of {len(header)}")
        else:
            yield number, dict(zip(header, cells, strict=True))


def marked(raw: bytes) -> str | None:
    """Give the encoding whose mark some bytes begin with; None for UTF-8 and all that bears none."""
    return next((code for mark, code in _MARKS if raw.startswith(mark)), None)


def _decoded(raw: bytes) -> str:
    """Give the text of a file; a byte that is neither UTF-8 nor of a spreadsheet of old as a lone surrogate.

    What begins with the mark of UTF-16 or UTF-32 is read as such.
    """
    if code := marked(raw):
        return raw.decode(code, "replace")
    text = raw.decode("utf-8-sig", "surrogateescape")
    if text.isascii():
        return text
    wrong = {ord(c) & 0xFF for c in text if "\udc80" <= c <= "\udcff"}
    right = any(c > "\x7f" and not "\udc80" <= c <= "\udcff" for c in text)
    if not wrong or right or wrong & _NO_LETTERS:
        return text
    return raw.decode("cp1252", "replace")  # what spreadsheets write where UTF-8 is not asked for


def _not_utf8(cells: Sequence[str]) -> Bad | None:
    for cell in cells:
        if not cell.isascii() and (wrong := next((c for c in cell if "\udc80" <= c <= "\udcff"), None)):
            return Bad(NOT_UTF8, f"byte 0x{ord(wrong) & 0xFF:02x}")
    return None


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str] | Bad]]:
    """Give number of the last line and cells of each record; after a quote that is never closed, the next line's."""
    csv.field_size_limit(_LONGEST)
    begin = width = 0
    while begin < len(lines):
        reader = csv.reader((lines[n] for n in range(begin, len(lines))), delimiter=delimiter)
        before, at = begin, begin
        try:
            for cells in reader:
                at = before + reader.line_num
                if (at - begin > 1 or at == len(lines)) and _open(lines[begin:at], delimiter, width or len(cells)):
                    yield begin + 1, Bad(NOT_CLOSED, "" if at - begin == 1 else f"up to line {at}")
                    break
                yield at, cells
                begin, width = at, width or len(cells)
            else:
                return
        except csv.Error as error:
            yield begin + 1, Bad(NOT_CSV, f"nothing more is read: {error}")
            return
        begin += 1


def _open(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Tell whether a record has a quote that was never closed: it goes to the end, or through other rows."""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            return True
        alone = [cells for line in lines[1:] for cells in csv.reader([line], delimiter=delimiter)]
        return any(len(c) == width or (len(c) > 1 and c[-1].endswith("\n")) for c in alone)  # a row, or open itself
    return False
