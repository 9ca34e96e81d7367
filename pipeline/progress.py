"""What a crawl says of itself while it runs; a command line shows it as bars or as plain lines.

Sources run side by side, so every call names its source. Implementations must bear calls from several threads.
"""

from typing import Protocol


class Progress(Protocol):
    """Where a crawl reports to. Nothing depends on it: an implementation may drop what it does not show."""

    def started(self, source: str) -> None:
        """Say that a source is begun."""
        ...

    def page(self, source: str, url: str) -> None:
        """Say that an answer came; url: its canonical address."""
        ...

    def posts(self, source: str, count: int) -> None:
        """Say that `count` more posts were read."""
        ...

    def threads(self, source: str, done: int, known: int) -> None:
        """Say how many threads are done, and how many are known to want reading so far."""
        ...

    def waiting(self, source: str, seconds: float, reason: str) -> None:
        """Say that the source is waited for longer than its usual delay, and why ("429 from forum.example")."""
        ...

    def finished(self, source: str) -> None:
        """Say that a source came to its end, well or not."""
        ...


class Silent:
    """A Progress that shows nothing."""

    def started(self, source: str) -> None:
        """Drop it."""

    def page(self, source: str, url: str) -> None:
        """Drop it."""

    def posts(self, source: str, count: int) -> None:
        """Drop it."""

    def threads(self, source: str, done: int, known: int) -> None:
        """Drop it."""

    def waiting(self, source: str, seconds: float, reason: str) -> None:
        """Drop it."""

    def finished(self, source: str) -> None:
        """Drop it."""
