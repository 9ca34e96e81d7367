"""What a site's robots.txt lets us fetch, decided as Google's open matcher decides (RFC 9309).

Protego reads the lines that the RFC leaves open (Crawl-delay, Request-rate). Which group is ours and which rule wins
is decided here: of the cases of Google's own tests, Protego 0.7 answers some otherwise (it takes "FOO BAR" for one
name, decodes %62 in a rule, and ranks rules by their length after quoting), and the one port that passes them all
is under the GPL.

Source of the method: RFC 9309 and github.com/google/robotstxt (robots.cc), whose names are kept where it helps.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from protego import Protego

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: a crawler reads at least 500 KiB; what lies behind is not looked at
_MAX_LINE = 2083 * 8  # robots.cc: longer lines are cut
_BLANKS = " \t\r\n\v\f"
_AGENT = re.compile(r"[A-Za-z_-]*")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}|[\x80-\xff]")
_PATH_START = re.compile(r"[/?;]")

# robots.cc: a key counts if it begins with the word; site owners' usual slips count too.
_KEYS = {
    "agent": ("user-agent", "useragent", "user agent"),
    "allow": ("allow",),
    "disallow": ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    "sitemap": ("sitemap", "site-map"),
}


class _Rule(NamedTuple):
    allow: bool
    pattern: str


class Robots:
    """One robots.txt, as it applies to one crawler.

    body: the file's bytes, or its text; agent: the crawler's product token ("doselore"), matched whole, ignoring case.
    sha256: of the whole body. crawl_delay: least seconds between two requests, from Crawl-delay and Request-rate of
    our group, None if it names neither.
    """

    def __init__(self, body: bytes | str, agent: str) -> None:
        raw = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
        self.sha256 = hashlib.sha256(raw).hexdigest()
        own: list[_Rule] = []
        everyone: list[_Rule] = []
        own_rest: list[str] = []
        everyones_rest: list[str] = []
        ours = seen_own = seen_everyone = closed = False
        for key, value in _pairs(raw[:MAX_BYTES]):
            kind = _kind(key)
            if kind == "agent":
                if closed:
                    seen_own = seen_everyone = closed = False
                if value[:1] == "*" and (len(value) == 1 or value[1] in _BLANKS):
                    seen_everyone = True
                elif (_AGENT.match(value) or [""])[0].lower() == agent.lower():
                    ours = seen_own = True
            elif kind in ("allow", "disallow"):
                if seen_own or seen_everyone:
                    closed = True
                    (own if seen_own else everyone).append(_Rule(kind == "allow", _escaped(value)))
            elif kind != "sitemap" and (seen_own or seen_everyone):
                (own_rest if seen_own else everyones_rest).append(f"{key}: {value}")
        self._own, self._everyone, self._ours = own, everyone, ours
        self.crawl_delay = _delay(own_rest if ours else everyones_rest)

    def allowed(self, url: str) -> bool:
        """Tell whether the address may be fetched. url: percent-encoded, as it would be asked for."""
        path = path_of(url)
        best = _best(self._own, path)
        if max(best) <= 0:
            if self._ours:  # a group of our own that says nothing of this path: the group for everyone does not count
                return True
            best = _best(self._everyone, path)
        allow, disallow = best
        return not (disallow > 0 and disallow > allow)


def allowed(body: bytes | str, agent: str, url: str) -> bool:
    """Tell whether a robots.txt lets a crawler of that name fetch an address."""
    return Robots(body, agent).allowed(url)


def path_of(url: str) -> str:
    """Give what rules are matched against: path and query, beginning with "/", without fragment; "/" if there is none.

    >>> path_of("https://forum.example/viewtopic.php?t=3#p9")
    '/viewtopic.php?t=3'
    """
    start = 2 if url.startswith("//") else 0
    early = _PATH_START.search(url, start)
    scheme = url.find("://", start)
    no_scheme = scheme < 0 or (early is not None and early.start() < scheme)
    host = start if no_scheme else scheme + 3
    found = _PATH_START.search(url, host)
    if not found:
        return "/"
    end = url.find("#", start)
    if 0 <= end < found.start():
        return "/"
    path = url[found.start() : end if end >= 0 else len(url)]
    return path if path.startswith("/") else f"/{path}"


def _pairs(raw: bytes) -> Iterator[tuple[str, str]]:
    # Bytes are read as Latin-1: one character a byte, whatever the file's true encoding.
    for mark in (b"\xef\xbb\xbf", b"\xef\xbb", b"\xef"):  # robots.cc: a byte order mark, even a torn one, is skipped
        if raw.startswith(mark):
            raw = raw[len(mark) :]
            break
    for line in re.split(r"\r\n|\n|\r", raw.decode("latin-1")):
        pair = _pair(line[: _MAX_LINE - 1])
        if pair:
            yield pair


def _pair(line: str) -> tuple[str, str] | None:
    line = line.partition("#")[0].strip(_BLANKS)
    key, colon, value = line.partition(":")
    if not colon:
        # robots.cc: blanks stand for the colon if the line has exactly two words.
        words = re.split(r"[ \t]+", line)
        if len(words) != 2:
            return None
        key, value = words
    key = key.strip(_BLANKS)
    return (key, value.strip(_BLANKS)) if key else None


def _kind(key: str) -> str | None:
    return next((kind for kind, words in _KEYS.items() if key.lower().startswith(words)), None)


def _escaped(pattern: str) -> str:
    """Give a rule as it is compared: bytes above 127 percent-encoded, hexadecimal digits in capitals."""
    return _ESCAPE.sub(lambda m: m[0].upper() if m[0][0] == "%" else f"%{ord(m[0]):02X}", pattern)


def _best(rules: list[_Rule], path: str) -> tuple[int, int]:
    """Give the length of the longest rule that matches: (allowing, disallowing); -1 for none."""
    best = {True: -1, False: -1}
    for rule in rules:
        best[rule.allow] = max(best[rule.allow], _rank(rule, path))
    return best[True], best[False]


def _rank(rule: _Rule, path: str) -> int:
    if _matches(rule.pattern, path):
        return len(rule.pattern)
    # robots.cc: a directory whose index page is allowed is allowed.
    folder, slash, page = rule.pattern.rpartition("/")
    if rule.allow and slash and page.startswith("index.htm"):
        return _rank(_Rule(True, f"{folder}/$"), path)
    return -1


def _matches(pattern: str, path: str) -> bool:
    """Match from the start of the path; "*" stands for anything, "$" at the end for the end of the path."""
    anchored = pattern.endswith("$")
    first, *rest = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return not anchored or path == first
    at = len(first)
    *middle, last = rest
    for part in middle:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0


def _delay(lines: list[str]) -> float | None:
    if not lines:
        return None
    read = Protego.parse("User-agent: *\n" + "\n".join(lines))
    delay, rate = read.crawl_delay("*"), read.request_rate("*")
    waits = [w for w in (delay, rate.seconds / rate.requests if rate else None) if w is not None]
    return max(waits, default=None)
