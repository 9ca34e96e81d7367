"""Own text out of markup: paragraphs as lines, quotes apart and whose they are."""

import re
from collections.abc import Callable, Iterator, Sequence

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

from pipeline.post import Quote

_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
_SILENT = frozenset(
    ("script", "style", "noscript", "template", "iframe", "svg", "video", "audio", "button", "select", "textarea")
)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_SHORTENED = re.compile(r"(.{8,}?)\s?(?:\.\.\.|…)\s?.*", re.DOTALL)


def soup(html: str) -> BeautifulSoup:
    """Parse a page; never fails, whatever the page holds."""
    try:
        return BeautifulSoup(html, "lxml")
    except (ValueError, RecursionError, AssertionError):  # e.g. a NUL in a name, or a page of 10,000 nested tags
        return BeautifulSoup(re.sub(r"<[^>]*>", " ", html), "lxml")


def text_of(element: Tag, drop: Sequence[Tag] = ()) -> str:
    """Give the text of an element: one line a paragraph, list item or table row; `drop` and what is in it left out."""
    dropped = {id(d) for d in drop}
    lines = "".join(_pieces(element, dropped)).split("\n")
    kept = [_SPACE.sub(" ", line).strip() for line in lines]
    return "\n".join(line for line in kept if line)


def _pieces(root: Tag, dropped: set[int]) -> Iterator[str]:
    """Give text and newlines in order of reading; iterative, since hostile pages nest deeper than Python recurses."""
    todo: list[Tag | NavigableString | str] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, Tag):
            if id(node) in dropped or node.name in _SILENT:
                continue
            if node.name == "br":
                yield "\n"
            elif node.name == "img":
                yield _smiley(node)
            elif node.name == "a" and (address := _whole_address(node)):
                yield address
            else:
                block = node.name in _BLOCKS
                if block:
                    yield "\n"
                    todo.append("\n")
                if node.name in ("td", "th"):
                    todo.append(" ")
                todo.extend(reversed([c for c in node.contents if isinstance(c, (Tag, NavigableString))]))
        elif isinstance(node, Comment):
            continue
        elif isinstance(node, NavigableString):
            yield str(node) if node.find_parent("pre") is not None else _SPACE.sub(" ", str(node))
        else:
            yield node


def _whole_address(link: Tag) -> str | None:
    """Give the address of a link whose text is that address, shortened; None for every other link."""
    words = link.get_text().strip()
    href = str(link.get("href") or "")
    short = _SHORTENED.fullmatch(words) if "/" in words or words.startswith("www.") else None
    return href if short and short[1] in href else None


def _smiley(image: Tag) -> str:
    """Give the words of a smiley or emoji image; other images say nothing."""
    marks = " ".join(image.get_attribute_list("class")).lower() + " " + str(image.get("src", "")).lower()
    alt = str(image.get("alt") or "").strip()
    return alt if alt and re.search(r"smil|emoji|emotic|icon_", marks) and len(alt) <= 24 else ""


def quotes_of(
    body: Tag, found: Sequence[Tag], author: Callable[[Tag], tuple[str | None, Sequence[Tag]]]
) -> tuple[Quote, ...]:
    """Give the outermost of the found quotes. author: gives whose a quote is, and the elements that only say so."""
    quotes: list[Quote] = []
    for element in outermost(found):
        if element is body:
            continue
        name, labels = author(element)
        text = text_of(element, labels)
        if text:
            quotes.append(Quote(text, name))
    return tuple(quotes)


def outermost(elements: Sequence[Tag]) -> list[Tag]:
    """Give those elements that lie in none of the others."""
    chosen = {id(e) for e in elements}
    return [e for e in elements if not any(id(p) in chosen for p in e.parents)]


def said_by(label: str) -> str | None:
    """Give the name in "NAME wrote:", "Originally posted by NAME", "Quote from: NAME on DATE"; else None."""
    line = " ".join(label.split())
    line = re.sub(r"^(?:quote|zitat|citation)\s*:?\s*(?=from\b|originally\b)", "", line, flags=re.IGNORECASE)
    line = re.sub(r"\s+on\s+\S.*\d.*$", "", line)
    if not line or line.lower().rstrip(":") in ("quote", "quoted", "code", "zitat"):
        return None
    match = re.match(r"(?:originally posted by|quote from|posted by)\s*:?\s*(?P<name>.+?)\s*:?$", line, re.IGNORECASE)
    match = match or re.match(r"(?P<name>.+?)\s+(?:wrote|said|says|schrieb|a écrit|escribió)\b.*$", line, re.IGNORECASE)
    return match["name"].strip(" :") or None if match else None
