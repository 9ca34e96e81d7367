"""How a crawl shows itself: one bar a source on a terminal, a line now and then in a log."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from flows.show import say
from pipeline.progress import Progress, Silent

_LINE_EVERY = 10.0  # seconds between two lines of one source in a log


@contextmanager
def progress(*, quiet: bool = False) -> Generator[Progress]:
    """Give where a crawl reports to: bars on a terminal, lines in a log, nothing if quiet."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        with Bars() as bars:
            yield bars
    else:
        yield Lines()


class Lines:
    """A line per source at its start, now and then, and at its end. every: seconds between two lines of a source."""

    every = _LINE_EVERY

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: Counter[str] = Counter()
        self._posts: Counter[str] = Counter()
        self._threads: dict[str, tuple[int, int]] = {}
        self._began: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def started(self, source: str) -> None:
        """Say that a source is begun."""
        self._began[source] = self._last[source] = time.monotonic()
        self.tell(f"{source}: started")

    def tell(self, line: str) -> None:
        """Print a line."""
        say(line)

    def page(self, source: str, url: str) -> None:
        """Count an answer."""
        with self._lock:
            self._pages[source] += 1
        now = time.monotonic()
        if now - self._last.get(source, now) > self.every:
            self._last[source] = now
            self.tell(f"{source}: {self._state(source)}{self.at(url)}")

    def at(self, url: str) -> str:
        """Say where the crawl is."""
        return f", now {url}"

    def posts(self, source: str, count: int) -> None:
        """Count posts."""
        with self._lock:
            self._posts[source] += count

    def threads(self, source: str, done: int, known: int) -> None:
        """Keep how many threads are done."""
        self._threads[source] = (done, known)

    def waiting(self, source: str, seconds: float, reason: str) -> None:
        """Say that a source is waited for."""
        self.tell(f"{source}: waiting {seconds:.0f} s ({reason})")

    def finished(self, source: str) -> None:
        """Say what a source gave."""
        seconds = time.monotonic() - self._began.get(source, time.monotonic())
        self.tell(f"{source}: {self._state(source)}, in {seconds:.0f} s")

    def _state(self, source: str) -> str:
        done, known = self._threads.get(source, (0, 0))
        threads = f", {done} of {known} threads" if known else ""
        return f"{self._pages[source]} answers{threads}, {self._posts[source]} posts"


class Logged(Lines):
    """The same in the log of a run, for crawls of days. No address: one may hold a person's name."""

    every = 600.0

    def __init__(self, log: Any) -> None:
        super().__init__()
        self._log = log

    def tell(self, line: str) -> None:
        """Write a line to the log."""
        self._log.info(line)

    def at(self, url: str) -> str:  # noqa: ARG002
        """Say nothing."""
        return ""


class Bars:
    """A bar per source: threads done, answers, posts, posts a second, time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = ("[bold]{task.description}", "{task.fields[pages]} answers", "{task.fields[posts]} posts")
        rate = TextColumn("{task.fields[rate]}")
        self._shown = RichProgress(
            TextColumn(columns[0]), BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("threads"),
            TextColumn(columns[1]), TextColumn(columns[2]), rate, TimeRemainingColumn(),
            console=Console(stderr=True),
        )  # fmt: skip
        self._jobs: dict[str, Any] = {}
        self._began: dict[str, float] = {}
        self._counts: dict[str, Counter[str]] = {}

    def __enter__(self) -> "Bars":
        self._shown.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._shown.stop()

    def started(self, source: str) -> None:
        """Open the source's bar."""
        self._began[source] = time.monotonic()
        self._counts[source] = Counter()
        self._jobs[source] = self._shown.add_task(source, total=None, pages=0, posts=0, rate="")

    def page(self, source: str, url: str) -> None:  # noqa: ARG002 - a bar has no room for addresses
        """Count an answer."""
        self._add(source, "pages", 1)

    def posts(self, source: str, count: int) -> None:
        """Count posts."""
        self._add(source, "posts", count)

    def threads(self, source: str, done: int, known: int) -> None:
        """Move the bar."""
        if source in self._jobs:
            self._shown.update(self._jobs[source], completed=done, total=known)

    def waiting(self, source: str, seconds: float, reason: str) -> None:
        """Show what is waited for."""
        if source in self._jobs:
            self._shown.update(self._jobs[source], rate=f"waiting {seconds:.0f} s ({reason})")

    def finished(self, source: str) -> None:
        """Leave the bar as it stands."""
        if source in self._jobs:
            self._shown.stop_task(self._jobs[source])

    def _add(self, source: str, what: str, count: int) -> None:
        if source not in self._jobs:
            return
        counts = self._counts[source]
        counts[what] += count
        seconds = max(time.monotonic() - self._began[source], 1e-3)
        rate = f"{counts['posts'] / seconds:.1f} posts/s"
        self._shown.update(self._jobs[source], pages=counts["pages"], posts=counts["posts"], rate=rate)
