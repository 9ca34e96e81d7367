"""The door between the outside and the disk: authors become pseudonyms, and what points to a person is masked.

A pseudonym is HMAC-SHA256 of the site and the lower-cased name under the project's key (RFC 2104), cut to 80 bits. The
key lies outside the corpus (`DOSELORE_KEY`, or a file of the home): who destroys it makes the corpus anonymous.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pipeline import masking, removal
from pipeline.errors import CorpusError
from pipeline.post import Post

KEY_VARIABLE = "DOSELORE_KEY"
LEAST_KEY = 16  # bytes: a shorter key can be guessed, and then every name


def key(path: Path) -> bytes:
    """Give the project's key: of DOSELORE_KEY, else of the file, which is made where there is none.

    Raises CorpusError if the key is too short or its file cannot be read.
    """
    found = os.environ.get(KEY_VARIABLE, "").strip().encode()
    where = KEY_VARIABLE
    if not found:
        where = str(path)
        try:
            found = path.read_bytes().strip() if path.exists() else _made(path)
        except OSError as error:
            raise CorpusError(f"{path}: the pseudonym key cannot be read: {error.strerror}") from error
    if len(found) < LEAST_KEY:
        raise CorpusError(f"{where}: the pseudonym key has under {LEAST_KEY} bytes; give a longer one")
    return found


def _made(path: Path) -> bytes:
    fresh = secrets.token_hex(32).encode()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(fresh + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return fresh


def further(secret: bytes, pseudonym: str) -> str:
    """Give a pseudonym under one more key."""
    return hmac.new(secret, pseudonym.encode(), hashlib.sha256).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Door:
    """Turns posts into rows that may reach the disk. secret: the key; mask_text: whether texts are masked too."""

    secret: bytes
    mask_text: bool = True

    def author_id(self, site: str, author: str | None) -> str | None:
        """Give the pseudonym of an author on a site, 20 hexadecimal digits; None for an unknown author."""
        name = (author or "").strip().casefold()
        if not name:
            return None
        first, *later = self.secret.split(b"\n")  # one key a line: each rotation added one (pipeline/key.py)
        made = hmac.new(first, f"{site}\0{name}".encode(), hashlib.sha256).hexdigest()[:20]
        for secret in later:
            made = further(secret, made)
        return made

    def text(self, text: str | None) -> str:
        """Give a text as it may be stored: masked, and without NUL bytes and lone surrogates."""
        clean = (text or "").replace("\0", "").encode("utf-8", "replace").decode("utf-8")
        return masking.mask(clean) if self.mask_text else clean

    def row(self, source: str, site: str, post: Post) -> dict[str, object]:
        """Give the row of table `post` for one post. No name in clear is in it."""
        status = "removed" if post.status == "live" and removal.is_notice(post.text) else post.status
        live = status == "live"
        extra = {k: self.text(v) for k, v in post.extra.items()} if live else {}
        thread = f"{source}:{post.thread_id}" if post.thread_id else None
        return {
            "post_id": f"{source}:{post.native_id}",
            "source_id": source,
            "native_id": post.native_id,
            "thread_id": thread,
            "parent_id": f"{source}:{post.parent_id}" if post.parent_id else None,
            "author_id": self.author_id(site, post.author) if live else None,
            "posted_at": post.posted_at.isoformat() if post.posted_at else None,
            "edited_at": post.edited_at.isoformat() if post.edited_at else None,
            "url": post.url,
            "title": self.text(post.title) if post.title and live else None,
            "text": self.text(post.text) if live else "",
            "quoted": [self.text(q.text) for q in post.quotes] if live else [],
            "rating": post.rating,
            "drug": post.drug,
            "condition": post.condition,
            "status": status,
            "extra": extra,
        }
