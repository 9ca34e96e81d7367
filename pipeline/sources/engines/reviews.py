"""What review sites share: a review is a post, a medicine a thread; the form's fields are kept beside the text."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from pipeline.post import Post, Thread
from pipeline.sources.engines.base import Engine, Page


@dataclass(frozen=True, slots=True)
class Review:
    """One review, as its page tells it. extra: columns by the names that `pipeline.post.Post` gives."""

    text: str
    native_id: str = ""
    author: str | None = None
    posted_at: datetime | None = None
    title: str | None = None
    rating: float | None = None
    drug: str | None = None
    condition: str | None = None
    extra: dict[str, str] = field(default_factory=dict[str, str])


class ReviewSite(Engine):
    """A site whose pages hold reviews. No engine by itself: it has no name."""

    def post_of(self, page: Page, thread: Thread, review: Review) -> Post:
        """Make a post of a review; where the site tells no id, its words and date stand for one."""
        native_id = review.native_id or _stable_id(thread.native_id, review)
        return Post(
            native_id=native_id,
            text=review.text,
            thread_id=thread.native_id,
            author=review.author,
            posted_at=review.posted_at,
            url=f"{self.canonical(page.url)}#{native_id}",
            title=review.title or thread.title,
            rating=review.rating,
            drug=review.drug,
            condition=review.condition,
            extra={k: v for k, v in review.extra.items() if v},
        )


def _stable_id(thread: str, review: Review) -> str:
    date = review.posted_at.date().isoformat() if review.posted_at else ""
    fields = (thread, date, review.condition or "", review.extra.get("age", ""), review.extra.get("sex", ""))
    whole = "\x1f".join((*fields, re.sub(r"\s+", " ", review.text)))
    return f"r{sha256(whole.encode()).hexdigest()[:20]}"


def stars(said: str | None) -> float | None:
    """Give the number in a rating as pages print it ("9 / 10", "Overall rating 4.0"); None if there is none."""
    found = re.search(r"\d+(?:\.\d+)?", said or "")
    return float(found[0]) if found else None


def named(slug: str) -> str | None:
    """Give the name of a medicine from an address ("baclofen-oral")."""
    return re.sub(r"[-_+]+|%20", " ", slug).strip() or None


def unquoted(text: str) -> str:
    """Give a review without the quotation marks that the site puts around it."""
    plain = text.strip()
    pairs = (("“", "”"), ('"', '"'), ("«", "»"))
    return next((plain[1:-1].strip() for a, b in pairs if len(plain) > 1 and plain[0] == a and plain[-1] == b), plain)
