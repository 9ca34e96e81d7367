"""The body of an answer: read within bounds, unpacked within bounds, and turned into text."""

import codecs
import re
import zlib
from collections.abc import Iterable

import httpx

from pipeline.errors import Unreadable

MAX_BYTES = 20 * 1024 * 1024  # of a body, unpacked
MAX_RATIO = 200  # unpacked to packed; a page of text packs 5 to 20 times, deflate's own limit is 1032
_RATIO_FROM = 1024 * 1024  # bytes unpacked, below which the ratio does not matter
_STEP = 1 << 16
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{1,40})["']""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# As browsers have it (encoding.spec.whatwg.org): who says Latin-1 or ASCII writes Windows-1252.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}

_ONE_BYTE = ("cp125", "cp874", "iso8859", "koi8", "mac-", "ascii", "latin")
# Of all that Python can decode, what pages are written in; some of the rest (punycode, idna) are slow or raise.
_KNOWN = re.compile(
    r"utf-(?:8|16|32)(?:-[lb]e)?|cp\d+|iso8859-\d+|ascii|koi8-\w|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|tis-620"
)
_TEXT = re.compile(r"text/|application/(?:[\w.+-]*\+)?(?:json|xml)\b|application/xhtml", re.IGNORECASE)
_JSON = re.compile(
    r"(?:application|text)/(?:[\w.+-]*\+)?json\b|text/(?:plain|javascript)\b|application/javascript", re.IGNORECASE
)
_HTML = re.compile(r"text/html\b|application/xhtml\+xml\b|(?:text|application)/xml\b|text/plain\b", re.IGNORECASE)
WANTED = {"html": _HTML, "json": _JSON, "any": _TEXT}


def unpacked(url: str, chunks: Iterable[bytes], encoding: str, *, max_bytes: int = MAX_BYTES) -> tuple[bytes, int]:
    """Read a body to its end and undo its content encoding; give it, and how many bytes came over the wire.

    Raises Unreadable for a body over `max_bytes`, one that unpacks over `MAX_RATIO` times, one whose packing is broken
    or unknown; httpx.RemoteProtocolError for a packed body that ends too early.
    """
    names = [n for n in re.split(r"[\s,]+", encoding.lower()) if n and n != "identity"]
    if any(n not in ("gzip", "x-gzip", "deflate") for n in names) or len(names) > 1:
        raise Unreadable(f"{url}: packed as {encoding}, which was not asked for")
    unpacker = _Unpacker(names[0]) if names else None
    held = bytearray()
    wire = 0
    for chunk in chunks:
        wire += len(chunk)
        for piece in unpacker.pieces(url, chunk) if unpacker else (chunk,):
            held += piece
            if len(held) > max_bytes:
                raise Unreadable(f"{url}: over {max_bytes // 1024} KiB; not a page of posts")
            if unpacker and len(held) > _RATIO_FROM and len(held) > MAX_RATIO * wire:
                raise Unreadable(f"{url}: unpacks to over {MAX_RATIO} times its size; refused as a decompression bomb")
    if unpacker and wire and not unpacker.whole:
        raise httpx.RemoteProtocolError("the packed body ends too early")
    return bytes(held), wire


class _Unpacker:
    def __init__(self, name: str) -> None:
        self._gzip = name != "deflate"
        self._z = zlib.decompressobj(zlib.MAX_WBITS | 16 if self._gzip else zlib.MAX_WBITS)
        self._first = True

    @property
    def whole(self) -> bool:
        return self._z.eof

    def pieces(self, url: str, chunk: bytes) -> Iterable[bytes]:
        try:
            yield self._start(chunk) if self._first else self._z.decompress(chunk, _STEP)
            while self._z.unconsumed_tail:
                yield self._z.decompress(self._z.unconsumed_tail, _STEP)
        except zlib.error as error:
            raise Unreadable(f"{url}: its packing is broken ({error})") from error

    def _start(self, chunk: bytes) -> bytes:
        self._first = False
        try:
            return self._z.decompress(chunk, _STEP)
        except zlib.error:
            if self._gzip:
                raise
            self._z = zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" without its header, as some servers send it
            return self._z.decompress(chunk, _STEP)


def fits(accept: str, content_type: str | None, body: bytes) -> bool:
    """Tell whether a body is of the kind asked for ("html", "json", "any"); one without a type is looked at."""
    if content_type and content_type.strip():
        return bool(WANTED[accept].match(content_type.strip()))
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if accept == "json":
        return start[:1] in (b"{", b"[")
    return b"\0" not in body[:512] and (start[:1] == b"<" or accept == "any")


def text_of(body: bytes, content_type: str | None) -> str:
    """Decode a body: byte order mark, else the header's charset, else the page's own, else UTF-8, else Windows-1252.

    Where the bytes say otherwise they are believed: valid UTF-8 with letters beyond ASCII is no accident, and a body
    that says UTF-8 and mostly is not was written in Windows-1252. Never fails: what cannot be decoded becomes U+FFFD.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    header = _HEADER.search(content_type or "")
    named = _META.search(body[:4096]) or _XML.search(body[:200])
    told = (_codec(name) for name in (header[1] if header else None, named[1].decode("ascii") if named else None))
    codec = next((c for c in told if c), None)
    if codec and codec.startswith(("utf-16", "utf-32")) and b"\0" not in body[:512]:
        codec = "utf-8"  # a page that names UTF-16 in ASCII bytes is not UTF-16
    if codec is None or codec == "utf-8" or codec.startswith(_ONE_BYTE):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            return _mostly_utf8(body) if codec == "utf-8" else body.decode(codec or "cp1252", "replace")
    return body.decode(codec, "replace")


def _mostly_utf8(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for c in text if c > "\x7f") - wrong
    return text if right >= wrong else body.decode("cp1252", "replace")


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    try:
        found = codecs.lookup(name).name
        b"".decode(found)
    except (LookupError, ValueError):
        return None
    return _MEANT.get(found, found) if _KNOWN.fullmatch(found) else None
