"""Turns at a host: one request at a time with a pause between, and a rest for a host that keeps failing.

One `Turns` serves the whole process, so that two sources on one host do not double its load.
"""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.errors import SourceError

FAILURES = 10  # failed tries in a row, after which a host is left alone
REST = 300.0  # seconds it is left alone


class HostDown(SourceError):  # noqa: N818 - named like the errors it belongs to
    """A host is left alone for a while: it failed too often in a row, or does not give its robots.txt.

    origin: that of the page which was not had, where redirects led; None if that is not known.
    """

    origin: str | None = None


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = float("-inf")
    failures: int = 0
    closed_until: float = float("-inf")
    trouble: str = ""


class Turns:
    """Who may ask which host when. clock: seconds, monotonic; sleep: waits that many seconds."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.clock, self.sleep = clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, pause: float) -> Generator[None]:
        """Wait until the host may be asked, and keep others waiting until the block ends and `pause` seconds more.

        Raises HostDown if it is being left alone.
        """
        of = self._of(host)
        with of.lock:
            left = of.closed_until - self.clock()
            if left > 0:
                why = f", at last with {of.trouble}" if of.trouble else ""
                raise HostDown(f"{host}: failed {FAILURES} times in a row{why}; left alone for {left:.0f} s more")
            wait = of.free_at - self.clock()
            if wait > 0:
                self.sleep(wait)
            try:
                yield
            finally:
                of.free_at = max(of.free_at, self.clock() + pause)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for that long: it said so, or it failed."""
        of = self._of(host)
        of.free_at = max(of.free_at, self.clock() + seconds)

    def failed(self, host: str, trouble: str = "") -> None:
        """Count a failed try. trouble: what was wrong, in words."""
        of = self._of(host)
        of.trouble = trouble
        of.failures += 1
        if of.failures >= FAILURES:
            of.closed_until, of.failures = self.clock() + REST, 0

    def succeeded(self, host: str) -> None:
        """Count an answer: the host lives."""
        self._of(host).failures = 0

    def _of(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())


SHARED = Turns()
