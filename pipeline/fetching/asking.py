"""One address asked for, as often as it takes: in turn, within bounds, kept in the archive and told in the ledger."""

import email.utils
import random
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx

from pipeline.archive import Archive, Exchange
from pipeline.errors import RateLimited, SourceError, Unreadable
from pipeline.fetching.address import is_private_host, plain_address
from pipeline.fetching.body import MAX_BYTES, unpacked
from pipeline.fetching.turns import Turns
from pipeline.ledger import Kind, Ledger
from pipeline.post import Capture
from pipeline.progress import Progress
from pipeline.study import Source

TRIES = 5
PATIENCE = 900.0  # seconds; a host that asks for a longer pause is come back to in another crawl
LASTS = 120.0  # seconds that one answer may take, however slowly it drips
_AGAIN = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529}
_SAID: tuple[tuple[type[httpx.TransportError], str], ...] = (
    (httpx.ConnectTimeout, "no connection in time"),
    (httpx.TimeoutException, "no answer in time"),
    (httpx.ConnectError, "no connection"),
    (httpx.RemoteProtocolError, "the connection broke"),
    (httpx.NetworkError, "the connection broke"),
)


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer of any status. headers: as sent; body: encodings undone; wire: bytes that came; at: UTC."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    wire: int
    at: datetime
    capture: Capture

    def header(self, name: str) -> str | None:
        """Give a header's first value."""
        return next((v for k, v in self.headers if k.lower() == name), None)


@dataclass(slots=True)
class Counts:
    """What was asked so far. bytes: over the wire; by_status: answers."""

    requests: int = 0
    bytes: int = 0
    by_status: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, status: int, wire: int) -> None:
        """Count one answer."""
        self.requests += 1
        self.bytes += wire
        self.by_status[str(status)] = self.by_status.get(str(status), 0) + 1


@dataclass(slots=True)
class Asker:
    """Asks the hosts of one source. now: the time, UTC; jitter: gives a number from 0 to 1; tries: for one address."""

    source: Source
    user_agent: str
    transport: httpx.BaseTransport
    archive: Archive | None
    ledger: Ledger | None
    turns: Turns
    progress: Progress
    now: Callable[[], datetime]
    jitter: Callable[[], float] = random.random
    max_bytes: int = MAX_BYTES
    tries: int = TRIES
    counts: Counts = field(default_factory=Counts)
    captures: list[Capture] = field(default_factory=list[Capture])
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        timeout = httpx.Timeout(30.0, connect=10.0)
        self._client = httpx.Client(transport=self.transport, timeout=timeout, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def tell(self, kind: Kind, **facts: object) -> None:
        """Write a line of the ledger."""
        if self.ledger:
            self.ledger.add(kind, self.now(), **facts)

    def ask(self, url: str, headers: Mapping[str, str], pause: float, robots: str | None) -> Raw:
        """Ask until an answer comes that trying again would not better.

        pause: seconds between two requests to the host; robots: hash of the robots.txt that allows this one. Raises
        RateLimited, HostDown and SourceError.
        """
        host = host_of(url)
        trouble, status, wait = "not tried", 0, None
        for attempt in range(1, self.tries + 1):
            wait = None
            with self.turns.turn(host, pause):
                try:
                    raw = self._once(url, headers, robots)
                except httpx.TransportError as error:
                    trouble, status = _said(error), 0
                    self.tell("request", url=url, status=0, error=trouble, attempt=attempt)
                else:
                    if raw.status not in _AGAIN:
                        self.turns.succeeded(host)
                        return raw
                    trouble, status = f"answer {raw.status}", raw.status
                    wait = self._asked_to_wait(raw)
                if status != 429:
                    self.turns.failed(host, trouble)
                if wait is not None and wait > PATIENCE:
                    raise RateLimited(f"{url}: {trouble}, asks to wait {wait:.0f} s; come back later", wait)
                if attempt < self.tries:
                    rest = self._pause(host, attempt) if wait is None else wait
                    self.turns.hold(host, rest)
                    self.progress.waiting(self.source.name, rest, f"{trouble} from {host}")
        if status == 429:
            advice = "come back later, or set a longer delay_seconds"
            raise RateLimited(f"{url}: answer 429 {self.tries} times; {advice}", wait)
        raise SourceError(f"{url}: {trouble}, {self.tries} times; come back later")

    def _pause(self, host: str, attempt: int) -> float:
        """Give seconds to wait before the next try: doubled each time, at least half of it, the rest by chance."""
        private = self.source.allow_private and is_private_host(host.rpartition(":")[0] or host)
        longest = min(60.0, (0.5 if private else 2.0) * 2.0 ** (attempt - 1))
        return longest / 2 * (1 + self.jitter())

    def _asked_to_wait(self, raw: Raw) -> float | None:
        """Read Retry-After: seconds, or a date (RFC 9110, 10.2.3)."""
        value = (raw.header("retry-after") or "").strip()
        if value.isascii() and value.isdigit():
            return float(value)
        at = http_date(value)
        return max(0.0, (at - self.now()).total_seconds()) if at else None

    def _once(self, url: str, headers: Mapping[str, str], robots: str | None) -> Raw:
        own = {"user-agent": self.user_agent, "accept-language": "en", "accept-encoding": "gzip, deflate"}
        try:
            request = self._client.build_request("GET", url, headers={**own, **headers})
        except (httpx.InvalidURL, ValueError) as error:
            raise Unreadable(f"{url}: not an address ({error})") from error
        began = self.turns.clock()
        try:
            with _streamed(self._client, request) as response:
                packing = response.headers.get("content-encoding", "")
                chunks = self._in_time(response, began)
                body, wire = unpacked(url, chunks, packing, max_bytes=self.max_bytes)
                length = response.headers.get("content-length", "")
                if length.isdigit() and int(length) != wire and response.status_code not in (204, 304):
                    raise httpx.RemoteProtocolError(f"cut off after {wire} of {length} bytes")
        except SourceError as error:
            self.tell("request", url=url, status=0, error=str(error))
            raise
        return self._kept(url, request, response, body, wire, robots, self.turns.clock() - began)

    def _in_time(self, response: httpx.Response, began: float) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            if self.turns.clock() - began > LASTS:
                raise httpx.ReadTimeout(f"took over {LASTS:.0f} s")
            yield chunk

    def _kept(
        self,
        url: str,
        request: httpx.Request,
        response: httpx.Response,
        body: bytes,
        wire: int,
        robots: str | None,
        seconds: float,
    ) -> Raw:
        exchange = Exchange(
            url=url,
            status=response.status_code,
            body=body,
            sha256=sha256(body).hexdigest(),
            fetched_at=self.now(),
            headers=tuple(response.headers.multi_items()),
            request_headers=tuple(request.headers.multi_items()),
            reason=response.reason_phrase,
            content_type=response.headers.get("content-type"),
        )
        capture = self.keep(exchange, wire, robots, seconds)
        return Raw(url, exchange.status, exchange.headers, body, wire, exchange.fetched_at, capture)

    def keep(self, exchange: Exchange, wire: int, robots: str | None, seconds: float) -> Capture:
        """Keep an answer in the archive and tell it in the ledger, whoever asked for it; wire: bytes that came."""
        capture = self.archive.write(exchange) if self.archive else exchange.capture()
        self.captures.append(capture)
        self.counts.add(exchange.status, wire)
        facts: dict[str, Any] = {"status": exchange.status, "bytes": wire, "sha256": exchange.sha256}
        more = {"seconds": round(seconds, 3), "robots": robots, "user_agent": self.user_agent}
        self.tell("request", url=exchange.url, **facts, **more)
        self.progress.page(self.source.name, plain_address(exchange.url))
        return capture


def host_of(url: str) -> str:
    """Give host and port of an address: whose turn it is."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}{f':{parts.port}' if parts.port else ''}"


def http_date(value: str | None) -> datetime | None:
    """Read a date of an HTTP header as UTC, None if it is none."""
    try:
        at = email.utils.parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def _said(error: httpx.TransportError) -> str:
    words = " ".join(str(error).split())
    what = next((text for kind, text in _SAID if isinstance(error, kind)), type(error).__name__)
    return f"{what} ({words})" if words else what


@contextmanager
def _streamed(client: httpx.Client, request: httpx.Request) -> Generator[httpx.Response]:
    # Each request stands alone: no cookies are kept, so no session follows the crawl from page to page.
    client.cookies.clear()
    response = client.send(request, stream=True, follow_redirects=False)
    try:
        yield response
    finally:
        response.close()
