"""One mapping of a Reddit comment or submission, as the API or a dump of any era gives it, to a `Post`.

What Reddit shows as deleted or removed stays so: text and title are dropped even where an archive kept them.
Facts on the fields: Reddit's API and the monthly dumps (strings for times before about 2016, numbers in base 10 for
parents in some dumps of 2021, `_meta` flags since November 2023).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.post import Post, Status, Thread
from pipeline.sources.markdown import clean, entities, own_text, plain

SITE = "https://www.reddit.com"
_NOBODY = frozenset({"", "[deleted]", "[removed]"})
_BY_AUTHOR = frozenset({"deleted", "author", "deleted by user", "user"})
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Raw = Mapping[str, Any]


class NotAPostError(ValueError):
    """An object that is neither comment nor submission; the message is a short fixed reason."""


def post(raw: Raw) -> Post:
    """Map one object to a post; raises NotAPostError with the reason."""
    data = _inner(raw)
    kind = _kind(data)
    native_id = f"{kind}_{_id(data)}"
    status = _status(data, kind)
    live = status == "live"
    text, quotes = own_text(_string(data.get("body" if kind == "t1" else "selftext"))) if live else ("", ())
    thread_id = native_id if kind == "t3" else _fullname(data.get("link_id"), "t3")
    title = plain(_string(data.get("title"))) if live and kind == "t3" else None
    author = _string(data.get("author")).strip()
    return Post(
        native_id=native_id,
        # A submission's title is its author's words too, and often says what the text does not repeat.
        text="\n\n".join(part for part in (title, text) if part),
        thread_id=thread_id,
        parent_id=None if kind == "t3" else _parent(data, thread_id),
        author=None if author in _NOBODY or not live else clean(author),
        posted_at=_time(data.get("created_utc")),
        edited_at=_time(data.get("edited")),
        url=_address(data, kind, thread_id),
        title=title or None,
        quotes=quotes,
        status=status,
        extra=_extra(data),
    )


def thread(raw: Raw) -> Thread | None:
    """Map a submission to its thread; None for a comment. The title of a deleted submission is dropped."""
    data = _inner(raw)
    if _kind(data) != "t3":
        return None
    made = post(data)
    count = data.get("num_comments")
    return Thread(
        native_id=made.native_id,
        url=made.url,
        title=made.title,
        started_at=made.posted_at,
        posts=count + 1 if isinstance(count, int) and count >= 0 else None,
    )


def subreddit(raw: Raw) -> str:
    """Give the name of the subreddit without "r/", "" if it is not told."""
    data = _inner(raw)
    name = _string(data.get("subreddit")) or _string(data.get("subreddit_name_prefixed"))
    return clean(name).removeprefix("/").removeprefix("r/")


def texts(raw: Raw) -> str:
    """Give what a person wrote in an object (title, selftext, body), entities decoded, for matching words."""
    data = _inner(raw)
    return "\n".join(entities(_string(data[k])) for k in ("title", "selftext", "body") if data.get(k))


def _inner(raw: Raw) -> Raw:
    """Unwrap the API's {"kind": "t1", "data": {…}}."""
    inner = raw.get("data")
    return inner if isinstance(inner, dict) and "kind" in raw else raw


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _kind(data: Raw) -> str:
    name = _string(data.get("name"))
    if name.startswith(("t1_", "t3_")):
        return name[:2]
    if "body" in data or ("link_id" in data and "title" not in data):
        return "t1"
    if "selftext" in data or "title" in data:
        return "t3"
    raise NotAPostError("neither a comment nor a submission")


def _id(data: Raw) -> str:
    """Give the id in base 36 without its kind."""
    for value in (data.get("id"), data.get("name")):
        if isinstance(value, int) and not isinstance(value, bool):
            return base36(value)
        bare = re.sub(r"^t\d_", "", _string(value).strip().lower())
        if re.fullmatch(r"[0-9a-z]{1,16}", bare):
            return bare
    raise NotAPostError("no id")


def base36(number: int) -> str:
    """Give a number as Reddit's ids have it."""
    out = ""
    while number > 0:
        number, digit = divmod(number, 36)
        out = _DIGITS[digit] + out
    return out or "0"


def _fullname(value: object, kind: str) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{kind}_{base36(value)}" if value > 0 else None
    text = _string(value).strip().lower()
    if re.fullmatch(r"t\d_[0-9a-z]{1,16}", text):
        return text
    return f"{kind}_{text}" if re.fullmatch(r"[0-9a-z]{1,16}", text) else None


def _parent(data: Raw, thread_id: str | None) -> str | None:
    """Give what a comment answers: a dump that has bare numbers has none for answers to the submission itself."""
    parent = _fullname(data.get("parent_id"), "t1")
    if parent is None or (thread_id and parent == f"t1_{thread_id[3:]}"):
        return thread_id
    return parent


def _status(data: Raw, kind: str) -> Status:
    meta = data.get("_meta")
    flags: Raw = meta if isinstance(meta, dict) else {}
    reason = flags.get("removal_type") or data.get("removal_type")
    if reason or any(s.get(k) for s in (flags, data) for k in ("was_deleted_later", "was_initially_deleted")):
        by_author = not isinstance(reason, str) or reason.strip().lower() in _BY_AUTHOR
        return "deleted" if by_author else "removed"
    category = data.get("removed_by_category")
    if isinstance(category, str) and category:
        return "deleted" if category.lower() in _BY_AUTHOR else "removed"
    text = _string(data.get("body" if kind == "t1" else "selftext")).strip().strip("\\").lower()
    if text == "[deleted]" or (kind == "t3" and _string(data.get("title")).strip().lower() == "[deleted by user]"):
        return "deleted"
    taken = re.fullmatch(r"\[\s*removed(?:\s+by\s+(?:reddit|moderator)\b.*)?\s*\]", text)
    return "removed" if taken or data.get("removed") is True else "live"


def _time(value: object) -> datetime | None:
    """Read seconds since 1970 in UTC, as number or text; None for false, true (edited, time unknown) and nonsense."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        seconds = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return None
    # Before 2005 there was no Reddit; the year 2100 keeps milliseconds and nonsense out.
    return _EPOCH + timedelta(seconds=int(seconds)) if 1.1e9 <= seconds < 4.1e9 else None


def _address(data: Raw, kind: str, thread_id: str | None) -> str | None:
    for key in ("permalink", "full_link"):
        path = clean(_string(data.get(key))).strip()
        if path.startswith("/"):
            return SITE + path
        if path.startswith(("https://", "http://")):
            return path
    name = subreddit(data)
    base = f"{SITE}/r/{name}" if name else SITE
    if kind == "t3":
        return f"{base}/comments/{_id(data)}/"
    return f"{base}/comments/{thread_id[3:]}/_/{_id(data)}/" if thread_id else None


def _extra(data: Raw) -> dict[str, str]:
    extra = {"subreddit": subreddit(data)}
    score = data.get("score")
    if isinstance(score, int) and not isinstance(score, bool):
        extra["score"] = str(score)
    parent = _fullname(data.get("crosspost_parent"), "t3")
    if parent:
        extra["crosspost_parent"] = parent
    if data.get("edited") is True:
        extra["edited"] = "at a time not told"
    return {k: v for k, v in extra.items() if v}
