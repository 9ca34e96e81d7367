"""Markdown as people write it on Reddit and Lemmy, to plain words: the author's own apart from what they quoted."""

import html
import re

from pipeline.post import Quote

# With the semicolon only: "?a=1&copy=2" and "&notit" are not entities.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTED = re.compile(r"^ {0,3}>(?!!)")  # ">!" opens a spoiler, which is the author's own
_HEAD = re.compile(r"^\s{0,3}#{1,6}\s*|^\s*:::\s*spoiler\s*|^\s*[*+]\s+(?=\S)")
_QUOTE_MARKS = re.compile(r"^[\s>]+(?!!)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_KEPT = 0x10F000  # escaped marks wait in a private area nobody uses while the other marks are taken away
_KEPT_MARK = re.compile("[\U0010f021-\U0010f07e]")
_PAIRED = ((">!", "!<"), ("~~", "~~"), ("**", "**"))  # spoiler, struck out, bold
# Each looks ahead no further than the next mark, or 1,000 characters: a hostile line costs no more than a long one.
_INLINE = (
    ("](", re.compile(r"!\[(?:gif|img)?\]\([^()\s]*\)"), ""),
    ("](", re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    ("<", re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>"), r"\1"),
    ("*", re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    ("__", re.compile(r"(?<!\w)__(?=\S)(.{1,1000}?)(?<=\S)__(?!\w)"), r"\1"),
    ("_", re.compile(r"(?<!\w)_(?=[^\s_])([^_]+?)(?<=[^\s_])_(?!\w)"), r"\1"),
    ("^(", re.compile(r"(?<!\w)\^\(([^()]*)\)"), r"\1"),
    ("^", re.compile(r"(?<![\w^])\^+(?=\w)"), ""),
    ("`", re.compile(r"(?<!`)(`{1,3})(?!`)(.{1,1000}?)(?<!`)\1(?!`)"), r"\2"),
)


def entities(text: str) -> str:
    """Decode HTML entities: once for Reddit's JSON (which escapes & < >), once for the Markdown below it."""
    for _ in range(2):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda m: html.unescape(m.group()), text)
    return text


def clean(text: str) -> str:
    """Take away control characters, invisible characters and halves of surrogate pairs."""
    return _SURROGATE.sub("\ufffd", _DROPPED.sub("", text.replace("\u00a0", " ")))


def plain(line: str) -> str:
    """Give a line or title without entities, Markdown marks and invisible characters; links leave their text."""
    return _unmarked(clean(entities(line))).strip()


def own_text(markdown: str) -> tuple[str, tuple[Quote, ...]]:
    """Part Reddit Markdown into the author's own words, a line each, and what they quoted ("> …"), in order."""
    own: list[str] = []
    quotes: list[str] = []
    quoting = False
    for line in clean(entities(markdown)).splitlines():
        if _QUOTED.match(line):
            words = _line(_QUOTE_MARKS.sub("", line))
            if quoting and words:
                quotes[-1] = f"{quotes[-1]}\n{words}" if quotes[-1] else words
            elif not quoting:
                quotes.append(words)
            quoting = True
            continue
        quoting = False
        if words := _line(line):
            own.append(words)
    return "\n".join(own), tuple(Quote(q) for q in quotes if q)


def _line(line: str) -> str:
    if _is_rule(line):
        return ""
    return _unmarked(_HEAD.sub(lambda m: "" if m.group().strip()[:1] in "#:" else "- ", line)).strip()


def _is_rule(line: str) -> bool:
    """Tell a line that only draws: a rule, the line below a table's head, a fence of code or spoiler."""
    if line[:1].isalnum():
        return False
    marks = set(line) - {" ", "\t"}
    if line.strip() == ":::" or line.strip().startswith("```"):
        return True
    drawn = len(marks) == 1 and marks <= set("-*_") and len(line.strip()) > 2
    return drawn or ("-" in marks and "|" in marks and marks <= set("|:-"))


def _unmarked(text: str) -> str:
    escaped = "\\" in text
    if escaped:
        text = _ESCAPE.sub(lambda m: chr(_KEPT + ord(m[1])), text)
    for opening, closing in _PAIRED:
        first = text.find(opening)
        if first >= 0 and text.find(closing, first + 2) >= 0:
            text = text.replace(opening, "").replace(closing, "")
    for mark, pattern, kept in _INLINE:
        if mark in text:
            text = pattern.sub(kept, text)
    return _KEPT_MARK.sub(lambda m: chr(ord(m.group()) - _KEPT), text) if escaped else text
