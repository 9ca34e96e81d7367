"""Addresses: one for each page, whatever session, order or anchor a link to it carries."""

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit, urlunsplit

# Parameters that change how a page looks, or who asks, but not which posts are on it.
IDLE = frozenset(
    "sid phpsessid s lang sk sd st sort order orderby dir desc asc highlight hilit view print nocache utm_source "
    "utm_medium utm_campaign utm_content utm_term ref fbclid gclid srsltid styleid style mode pp daysprune prefixid "
    "tab sortby sortfield sortdirection perpage filter embed amp all".split()
)


def canonical(url: str, idle: frozenset[str], parameters: Mapping[str, str], page_path: str = "") -> str:
    """Give the one address under which a page is kept.

    idle: parameters to leave out; parameters: those that count pages, with the value of the first; page_path: the same
    in the path, as a regular expression on its end.
    """
    parts = _split(url)
    if parts is None:
        return url
    kept = sorted(p for p in parts.query.replace(";", "&").split("&") if p and _counts(p, idle, parameters))
    routes = [p for p in kept if "=" not in p]  # a route stands first: "?threads/a.1/&b=2"
    query = _without_page("&".join([*routes, *(p for p in kept if "=" in p)]), page_path, only_first=True)
    path = _without_page(_plain(parts.path), page_path, only_first=True)
    return _whole(parts.scheme.lower(), parts.netloc.lower(), path, query)


def first_page(url: str, parameters: Mapping[str, str], page_path: str = "") -> str:
    """Give the address of the first page from the canonical one of any page."""
    parts = _split(url)
    if parts is None:
        return url
    kept = "&".join(p for p in parts.query.split("&") if p.partition("=")[0].lower() not in parameters)
    path = _without_page(parts.path, page_path, only_first=False)
    query = _without_page(kept, page_path, only_first=False)
    return _whole(parts.scheme, parts.netloc, path, query)


def path_and_query(url: str) -> str:
    """Give what of an address tells a thread from another."""
    parts = _split(url)
    return "" if parts is None else parts.path + (f"?{parts.query}" if parts.query else "")


def counted(said: str) -> int | None:
    """Give a number of replies as pages print it ("1,204", "12K", "3 replies"); None if there is none."""
    match = re.search(r"(\d[\d.,\u00a0\u202f ]*)\s*([kKmM])?(?![a-zA-Z]*\d)", said)
    if not match:
        return None
    digits = match[1].strip(" ,.\u00a0\u202f")
    if match[2]:
        try:
            return int(float(digits.replace(",", ".")) * (1000 if match[2] in "kK" else 1_000_000))
        except ValueError:
            return None
    return int(re.sub(r"\D", "", digits))


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None


def _counts(piece: str, idle: frozenset[str], parameters: Mapping[str, str]) -> bool:
    """Tell whether a parameter tells one page from another."""
    key, _, value = piece.partition("=")
    key = key.lower()
    return key not in idle and parameters.get(key) != value


def _plain(path: str) -> str:
    """Give a path without parameters at its end and doubled slashes."""
    if ";" in path:
        path = re.sub(r";[^/]*$", "", path)
    return (re.sub(r"//+", "/", path) if "//" in path else path) or "/"


def _whole(scheme: str, host: str, path: str, query: str) -> str:
    if not scheme or not host or path[:1] != "/":
        return urlunsplit((scheme, host, path, query, ""))
    return f"{scheme}://{host}{path}?{query}" if query else f"{scheme}://{host}{path}"


def _without_page(path: str, pattern: str, *, only_first: bool) -> str:
    match = re.search(pattern, path) if pattern and path else None
    if match is None or (only_first and int(match[1]) > 1):
        return path
    # What closes the path after the number ("/", ".html", "-a.html") belongs to the first page's address too.
    return path[: match.start()] + (match[2] if (match.lastindex or 0) > 1 else "") + path[match.end() :]
