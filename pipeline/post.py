"""What every source gives, whatever its kind: posts, threads, and what was left out and why.

Times are aware datetimes in UTC. A `Post` holds the author's name in clear and lives in memory only: it is
pseudonymised and masked at the door (`pipeline/door.py`) before anything reaches the disk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Status = Literal["live", "deleted", "removed"]


DAMAGED = "damaged archive"
"""The reason of an exclusion where a packed file breaks off; what came before the break is kept."""
BREAKS_OFF, NOT_CLOSED, NOT_UTF8, NOT_CSV = "file breaks off", "quote never closed", "not UTF-8", "not CSV"
LAST_LINE = "truncated last line"
BROKEN = frozenset((DAMAGED, BREAKS_OFF, NOT_CLOSED, NOT_UTF8, NOT_CSV, LAST_LINE))
"""Reasons that tell of a file that it is broken, not of a row that it is of no use: the import is done in part."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of another post, set inside a post. author: the name in clear if the markup tells it."""

    text: str
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One message, as its source gives it.

    native_id: the site's own id, as text ("12345", "t1_abc"); unique within the source.
    thread_id, parent_id: native ids of the thread and of the message answered; None if the source has none.
    author: the name in clear, None if the source does not tell.
    text: the author's own words only, paragraphs parted by a newline; quotes, signature and markup are left out.
    quotes: others' words quoted in the post, in order.
    rating: the source's own scale, as a number; drug, condition: a review's heading.
    status: "deleted" by its author, "removed" by a moderator; then text is empty.
    extra: further columns of the source, kept as text, e.g. {"helpful": "12", "duration": "1 to 6 months",
        "dose": "3 years / 20mg 3X day", "age": "35-44", "sex": "Female", "ease": "4"}.
    """

    native_id: str
    text: str
    thread_id: str | None = None
    parent_id: str | None = None
    author: str | None = None
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    url: str | None = None
    title: str | None = None
    quotes: tuple[Quote, ...] = ()
    rating: float | None = None
    drug: str | None = None
    condition: str | None = None
    status: Status = "live"
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Thread:
    """One discussion. last_post_at: as the listing tells, None if it does not; posts: how many it says there are."""

    native_id: str
    url: str | None = None
    title: str | None = None
    started_at: datetime | None = None
    last_post_at: datetime | None = None
    posts: int | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One thing that was not counted.

    what: a post id, an address or a file and line; stage: "collect", "import", "extract" …; reason: a short fixed
        phrase, the same for all of its kind; detail: what is particular to this one.
    """

    what: str
    stage: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One page or answer as it came. sha256: of the body, its name in the archive; warc, offset: where it lies."""

    sha256: str
    url: str
    status: int
    fetched_at: datetime
    content_type: str | None = None
    warc: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one page, API answer or slice of a file gave: saved whole or not at all.

    checkpoint: key to value, saved with the posts; what the source needs to go on from here next time. A value of
        None forgets the key.
    """

    posts: tuple[Post, ...] = ()
    threads: tuple[Thread, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    captures: tuple[Capture, ...] = ()
    checkpoint: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
