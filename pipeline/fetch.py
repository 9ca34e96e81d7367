"""Asking the network: the one place from which a page is fetched, politely, within bounds, and on the record.

What holds for every request: robots.txt allows it (RFC 9309); its host has had the pause it asks for since the last
one; it goes to one of the source's own hosts, at an address of the open internet (or a private one, if the source says
so), redirects too; its answer is kept in the archive and told in the ledger. Failures that may pass are tried again,
with Retry-After and a growing, jittered pause; a host that keeps failing is left alone.
"""

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self
from urllib.parse import urljoin, urlsplit

import httpx

from pipeline.archive import Archive, Exchange, Kept
from pipeline.errors import Forbidden, Gone, RateLimited, SourceError, Unreadable
from pipeline.fetching import turns as taking_turns
from pipeline.fetching.address import GuardedTransport, is_private_host, origin_of, plain_address, site_of
from pipeline.fetching.asking import TRIES, Asker, Raw, http_date
from pipeline.fetching.body import MAX_BYTES, fits, text_of
from pipeline.fetching.endings import Endings
from pipeline.fetching.turns import HostDown, Turns
from pipeline.ledger import Ledger
from pipeline.post import Capture
from pipeline.progress import Progress, Silent
from pipeline.robots import Robots
from pipeline.study import Source

Accept = Literal["html", "json", "any"]

TOKEN = "doselore"  # noqa: S105 - the name by which a robots.txt knows us
CONTACT = "DOSELORE_CONTACT"
PAUSE = 2.0  # seconds between two requests to a host, where neither robots.txt nor the study asks for more
REDIRECTS = 10
ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2
ROBOTS_LASTS = 86400.0  # seconds; RFC 9309, 2.4: no longer than a day
ROBOTS_AGAIN = 300.0  # seconds until a robots.txt that failed is tried again
_ACCEPT = {
    "html": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "json": "application/json,*/*;q=0.1",
    "any": "*/*",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with something to be read from it.

    url: where redirects led; requested_url: where they began. body: encodings undone; text: the body decoded.
    headers: names in lower case. fetched_at: UTC. sha256: of the body. not_modified: the site said that nothing
    changed, and body is what the archive kept of the time before.
    """

    url: str
    requested_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    text: str
    fetched_at: datetime
    sha256: str
    capture: Capture
    not_modified: bool = False


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host's robots.txt says until `until`. robots: None if it could not be read; `wrong` is then why."""

    robots: Robots | None
    until: float
    wrong: SourceError | None = None

    @property
    def sha256(self) -> str | None:
        return self.robots.sha256 if self.robots else None


def user_agent() -> str:
    """Give the name that every request carries, with the contact of DOSELORE_CONTACT (a mail address or a page)."""
    try:
        own = version("doselore")
    except PackageNotFoundError:
        own = "0"
    contact = " ".join(os.environ.get(CONTACT, "").split())
    return f"{TOKEN}/{own} (research crawler{f'; +{contact}' if contact else ''})"


def _now() -> datetime:
    return datetime.now(UTC)


class Pages(Protocol):
    """Where pages come from: the network, as `Fetcher`."""

    def get(self, url: str, *, accept: Accept = "html") -> Answer:
        """Give one page, or raise a SourceError."""
        ...

    def take_captures(self) -> tuple[Capture, ...]:
        """Give the captures made since the last call."""
        ...


class Fetcher:
    """Fetches the pages of one source. Use as a context manager: its begin and end stand in the ledger.

    home: the folder of the project. archive, ledger: where answers and requests are kept; None: nowhere. agent: another
    user agent; transport: another way to the network; turns: whose pauses are kept, with their clock and sleep; now:
    the time, UTC; jitter: gives a number from 0 to 1; max_bytes: of one body, unpacked; tries: for one address.
    """

    def __init__(
        self,
        home: Path,
        source: Source,
        *,
        archive: Archive | None = None,
        ledger: Ledger | None = None,
        agent: str | None = None,
        transport: httpx.BaseTransport | None = None,
        turns: Turns = taking_turns.SHARED,
        now: Callable[[], datetime] = _now,
        jitter: Callable[[], float] = random.random,
        progress: Progress | None = None,
        max_bytes: int = MAX_BYTES,
        tries: int = TRIES,
    ) -> None:
        self.home, self.source, self._archive, self._turns = home, source, archive, turns
        self._sites = {site_of(url) for url in source.urls}
        self._rules: dict[str, _Rules] = {}
        self._endings = Endings(archive)
        self.posts = 0  # read so far; who reads them counts them here, for the ledger
        self._asker = Asker(
            source,
            agent or user_agent(),
            transport or GuardedTransport(allow_private=source.allow_private, port=source.port),
            archive,
            ledger,
            turns,
            progress or Silent(),
            now,
            jitter,
            max_bytes,
            tries,
        )

    def __enter__(self) -> Self:
        source = self.source
        self._asker.tell(
            "crawl started",
            source=source.name,
            source_kind=source.kind,
            urls=[plain_address(u) for u in source.urls],
            user_agent=self._asker.user_agent,
            approval=source.approval.model_dump(mode="json") if source.approval else None,
            terms=source.terms,
            settings=source.model_dump(
                mode="json", include={"delay_seconds", "limit", "allow_private", "retention_days", "timezone"}
            ),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        counts = self._asker.counts
        end = "done" if kind is None else "stopped" if kind is GeneratorExit else f"{kind.__name__}: {error}"
        self._asker.tell(
            "crawl finished",
            end=end,
            requests=counts.requests,
            bytes=counts.bytes,
            by_status=counts.by_status,
            posts=self.posts,
        )
        self._asker.close()

    def get(self, url: str, *, accept: Accept = "html", headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch one page. accept: what it must be; headers: more of them for the request.

        Raises Forbidden (robots.txt, not the source's host, a private address, 401, 403, 451), Gone (404, 410),
        RateLimited, Unreadable (too large, of another kind, badly packed), HostDown (the host is being left alone, or
        does not give its robots.txt) and SourceError (all else that trying again did not better).
        """
        first, kept = url, self._kept(url)
        for _ in range(REDIRECTS + 1):
            asked = {"accept": _ACCEPT[accept], **(_validators(kept.headers) if kept else {}), **(headers or {})}
            try:
                raw = self._ask(url, first, asked, accept)
            except HostDown as error:
                error.origin = origin_of(url)
                raise
            target = _target(raw)
            if target is None:
                return _answer(first, raw, accept, kept)
            url, kept = target, None
        raise SourceError(f"{first}: redirected over {REDIRECTS} times")

    def _ask(self, url: str, first: str, asked: Mapping[str, str], accept: Accept) -> Raw:
        """Ask for one address, where redirects from the first one led; once more for a page that was cut off."""
        rules = self._admit(url, first)
        raw = self._asker.ask(url, asked, self.delay(url), rules.sha256)
        if accept == "html" and raw.status == 200 and self._endings.cut_off(url, raw.body):
            raw = self._asker.ask(url, {"accept": _ACCEPT[accept]}, self.delay(url), rules.sha256)
            if raw.status == 200 and self._endings.cut_off(url, raw.body):
                raise SourceError(f"{url}: the page ends in the middle, and did so again; left for the next crawl")
        return raw

    def fetch_terms(self) -> None:
        """Fetch the page of the source's terms, if its address is known, so that its hash stands in the ledger.

        Trouble with it is noted in the ledger and stops nothing.
        """
        url = (self.source.terms or "").strip()
        if not url.startswith(("http://", "https://")):
            return
        tries, self._asker.tries = self._asker.tries, min(2, self._asker.tries)  # the crawl does not wait for it long
        try:
            self._sites.add(site_of(url))
            answer = self.get(url, accept="any")
            self._asker.tell("terms", url=url, sha256=answer.sha256, bytes=len(answer.body))
        except SourceError as error:
            self._asker.tell("terms", url=url, sha256=None, error=str(error))
        finally:
            self._asker.tries = tries
            self._rules = {origin: rules for origin, rules in self._rules.items() if rules.wrong is None}

    def keep(self, exchange: Exchange, wire: int, seconds: float) -> None:
        """Keep and tell an answer that somebody else asked for (Reddit's own client); wire: bytes that came."""
        self._asker.keep(exchange, wire, None, seconds)

    def take_captures(self) -> tuple[Capture, ...]:
        """Give the captures made since the last call: those of answers, errors and robots.txt alike."""
        taken = tuple(self._asker.captures)
        self._asker.captures.clear()
        return taken

    def delay(self, url: str) -> float:
        """Give the least seconds between two requests to the host of an address: robots', the study's, or ours."""
        rules = self._rules.get(origin_of(url))
        robots = rules.robots.crawl_delay if rules and rules.robots else None
        ours = 0.0 if self.source.allow_private and is_private_host(urlsplit(url).hostname or "") else PAUSE
        return max(robots or 0.0, self.source.delay_seconds or 0.0, ours)

    def _admit(self, url: str, first: str) -> _Rules:
        if site_of(url) not in self._sites:
            led = f" (redirected from {first})" if url != first else ""
            raise Forbidden(f"{url}: not on a host of source {self.source.name}{led}")
        rules = self._rules_of(origin_of(url))
        if rules.robots is None:
            raise _closed(url, rules.wrong)
        if not rules.robots.allowed(str(httpx.URL(url))):
            self._asker.tell("request", url=url, status=0, refused="robots.txt", robots=rules.sha256)
            raise Forbidden(f"{url}: robots.txt does not allow it")
        return rules

    def _rules_of(self, origin: str) -> _Rules:
        rules = self._rules.get(origin)
        if rules is None or self._turns.clock() >= rules.until:
            rules = self._rules[origin] = self._read_robots(origin)
        return rules

    def _read_robots(self, origin: str) -> _Rules:
        address = url = f"{origin}/robots.txt"
        try:
            for _ in range(ROBOTS_REDIRECTS + 1):
                raw = self._asker.ask(url, {"accept": "text/plain,*/*;q=0.1"}, self.delay(url), None)
                target = _target(raw)
                if target is None:
                    return self._judged(address, raw)
                url = target
            # RFC 9309, 2.3.1.2: more redirects than that may be taken for a file that is not there.
            return _Rules(Robots(b"", TOKEN), self._turns.clock() + ROBOTS_LASTS)
        except (HostDown, Forbidden):
            raise
        except SourceError as error:
            self._asker.tell("robots", url=address, sha256=None, error=str(error))
            return _Rules(None, self._turns.clock() + ROBOTS_AGAIN, error)

    def _judged(self, address: str, raw: Raw) -> _Rules:
        now, sha256 = self._turns.clock(), raw.capture.sha256
        if 200 <= raw.status < 300:
            robots = Robots(raw.body, TOKEN)
        elif 400 <= raw.status < 500:
            robots = Robots(b"", TOKEN)  # RFC 9309, 2.3.1.3: there is none, and all may be fetched
        else:
            return _Rules(None, now + ROBOTS_AGAIN, SourceError(f"{address}: answer {raw.status}"))
        facts = {"status": raw.status, "crawl_delay": robots.crawl_delay}
        self._asker.tell("robots", url=address, sha256=sha256, **facts)
        return _Rules(robots, now + ROBOTS_LASTS)

    def _kept(self, url: str) -> Kept | None:
        known = self._archive.latest(url) if self._archive else None
        return self._archive.read(known) if self._archive and known else None


def _closed(url: str, wrong: SourceError | None) -> SourceError:
    """Give why a page is not fetched whose host's robots.txt could not be read: nobody forbade it, and it may pass."""
    told = f"{url}: nothing is fetched from there until its robots.txt can be read ({wrong})"
    if isinstance(wrong, RateLimited):
        return RateLimited(told, wrong.retry_after)
    return Unreadable(told) if isinstance(wrong, Unreadable) else HostDown(told)


def _answer(first: str, raw: Raw, accept: Accept, kept: Kept | None) -> Answer:
    """Give what can be read from an answer, or raise what it means."""
    if raw.status == 304:
        if kept is None:
            raise Unreadable(f"{raw.url}: answered 304 though nothing was kept to compare with")
        return _given(first, raw, kept.body, kept.headers, replace(kept.capture, url=raw.url))
    if raw.status in (401, 403, 407, 451):
        raise Forbidden(f"{raw.url}: answer {raw.status}; the site does not show it to visitors")
    if raw.status in (404, 410):
        raise Gone(f"{raw.url}: answer {raw.status}; it is not there (any more)")
    if not 200 <= raw.status < 300:
        raise SourceError(f"{raw.url}: answer {raw.status}, which gives nothing to read")
    kind = raw.header("content-type")
    if not fits(accept, kind, raw.body):
        raise Unreadable(f"{raw.url}: is {(kind or 'of no named type').partition(';')[0]}, not {accept}")
    return _given(first, raw, raw.body, {k.lower(): v for k, v in raw.headers}, raw.capture)


def _given(first: str, raw: Raw, body: bytes, headers: Mapping[str, str], capture: Capture) -> Answer:
    return Answer(
        url=raw.url,
        requested_url=first,
        status=200 if raw.status == 304 else raw.status,
        headers=headers,
        body=body,
        text=text_of(body, headers.get("content-type")),
        fetched_at=raw.at,
        sha256=capture.sha256,
        capture=capture,
        not_modified=raw.status == 304,
    )


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    """Give the conditions that an earlier answer's headers allow.

    A board that builds each page anew often sends the moment of building as Last-Modified, or a validator though
    `no-store` says to keep nothing; neither tells when posts changed. An ETag is taken at its word.
    """
    if "no-store" in headers.get("cache-control", "").lower() or "set-cookie" in headers:
        return {}
    if headers.get("etag"):
        return {"if-none-match": headers["etag"]}
    changed, sent = http_date(headers.get("last-modified")), http_date(headers.get("date"))
    if changed and sent and (sent - changed).total_seconds() > 60:
        return {"if-modified-since": headers["last-modified"]}
    return {}


def _target(raw: Raw) -> str | None:
    """Give where an answer redirects to, None if it does not."""
    if raw.status not in (301, 302, 303, 307, 308):
        return None
    where = raw.header("location")
    if not where:
        raise SourceError(f"{raw.url}: answer {raw.status} without saying where to")
    try:
        return str(httpx.URL(urljoin(raw.url, where)).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError) as error:
        raise Unreadable(f"{raw.url}: redirects to {where!r}, which is no address") from error
