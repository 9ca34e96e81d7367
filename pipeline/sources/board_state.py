"""What a crawl remembers of a thread between two runs: how far it was read, and what the listing said of it then."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.post import Thread

PREFIX = "thread:"
_IDS = 120  # post ids remembered: those of the last two pages, of up to 60 posts each
_GIVE_UP = 3  # crawls in which a page could not be read, after which it is left out for good
_UNITS = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60)  # seconds, of "2 years ago" down to "5 minutes ago"


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thread as it was left.

    last_post_at, posts: what the listing said when the thread was begun. done: read to its end. tail: canonical
    addresses of the last page read and the one before it, in order of reading; ids: native ids of the posts on them.
    left_out: why nothing of it can be read. gaps: crawls that met a page of it that could not be read.
    """

    last_post_at: datetime | None = None
    posts: int | None = None
    done: bool = False
    tail: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    left_out: str | None = None
    gaps: int = 0

    @property
    def given_up(self) -> bool:
        """Tell whether an unreadable page is not to be waited for any more."""
        return self.gaps >= _GIVE_UP

    def settles(self, listed: Thread, seen_at: datetime) -> bool:
        """Tell whether a thread is as it was left, by what the listing says of it now (seen_at: UTC)."""
        if not self.done:
            return False
        if listed.last_post_at is None and listed.posts is None:
            return self.left_out is not None
        if listed.posts != self.posts or (listed.last_post_at is None) != (self.last_post_at is None):
            return False
        if listed.last_post_at is None or self.last_post_at is None or listed.last_post_at == self.last_post_at:
            return True
        # "3 hours ago" wanders while nothing happens. It is trusted only if the number of posts agrees too.
        wander = abs((listed.last_post_at - self.last_post_at).total_seconds())
        return listed.posts is not None and wander <= _grain(seen_at, listed.last_post_at)

    def text(self) -> str:
        """Give it as a checkpoint's value."""
        row: dict[str, Any] = {
            "at": self.last_post_at.isoformat() if self.last_post_at else None,
            "n": self.posts,
            "done": self.done,
            "tail": self.tail,
            "ids": self.ids[-_IDS:],
            "out": self.left_out,
            "gaps": self.gaps,
        }
        return json.dumps({k: v for k, v in row.items() if v not in (None, False, 0, (), [])}, separators=(",", ":"))


def remembered(text: str | None) -> Remembered | None:
    """Read a checkpoint's value; None if there is none, or if it is of an unknown form (the thread is read anew)."""
    if not text:
        return None
    try:
        row: dict[str, Any] = json.loads(text)
        at = row.get("at")
        return Remembered(
            last_post_at=datetime.fromisoformat(at) if at else None,
            posts=row.get("n"),
            done=bool(row.get("done")),
            tail=tuple(row.get("tail", ())),
            ids=tuple(row.get("ids", ())),
            left_out=row.get("out"),
            gaps=int(row.get("gaps", 0)),
        )
    except (ValueError, TypeError, AttributeError):
        return None


def same_thread(ids: Sequence[str], before: Remembered) -> bool:
    """Tell whether a page holds a post that was known: then all that is new stands on it or behind it."""
    return not set(ids).isdisjoint(before.ids)


def _grain(seen_at: datetime, told: datetime) -> float:
    """Give how far a time may be off, in seconds: 0 unless it was told as "3 hours ago".

    Such a time lies a whole number of units before the moment of fetching, to the microsecond; others hardly ever do.
    """
    age = seen_at - told
    whole = age.days * 86_400 + age.seconds
    return next((float(u) for u in _UNITS if whole >= u and whole % u == 0), 0.0) if age.microseconds == 0 else 0.0
