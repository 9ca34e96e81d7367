"""The connection to Reddit's API: credentials, an honest user agent, the pace, and what to do when an answer fails.

Settings, from the environment or a praw.ini (section [doselore], else [DEFAULT]):
    DOSELORE_REDDIT_CLIENT_ID, DOSELORE_REDDIT_CLIENT_SECRET   client_id, client_secret
    DOSELORE_REDDIT_USER                                       the Reddit account that answers for the crawl
    DOSELORE_REDDIT_URL, DOSELORE_REDDIT_OAUTH_URL             reddit_url, oauth_url, e.g. of a server for trials
"""

import configparser
import os
import random
import re
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar
from urllib.parse import urlsplit

import praw
import prawcore
import requests
from praw.exceptions import MissingRequiredAttributeException

from pipeline.errors import Forbidden, RateLimited, Unreadable
from pipeline.progress import Progress
from pipeline.study import Source

T = TypeVar("T")
Sleep = Callable[[float], None]
Heard = Callable[[requests.Response], None]

GAP = 0.6  # seconds between two requests: Reddit's terms allow 100 a minute
ATTEMPTS = 6
_LONGEST_WAIT = 900.0  # seconds; who is asked to wait longer comes back another day
_AGENT = re.compile(r"[\w.-]+:[\w.-]+:[\w.+-]+ \(by /?u/[\w-]{3,20}\)")
_HOW = (
    "set DOSELORE_REDDIT_CLIENT_ID and DOSELORE_REDDIT_CLIENT_SECRET, or client_id and client_secret in the section "
    "[doselore] of a praw.ini"
)


class Paced(prawcore.Requestor):
    """A requestor that keeps a least time between two requests and tells of each answer."""

    def __init__(self, *, gap: float, sleep: Sleep, heard: Heard | None, **settings: Any) -> None:
        super().__init__(**settings)
        self._gap, self._sleep, self._heard, self._next = gap, sleep, heard, 0.0

    def request(self, *args: Any, timeout: float | None = None, **settings: Any) -> requests.Response:
        """Wait for the turn, ask, and tell of the answer."""
        wait = self._next - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        try:
            answer = super().request(*args, timeout=timeout, **settings)
        finally:
            self._next = time.monotonic() + self._gap
        if self._heard:
            self._heard(answer)
        return answer


def connect(source: Source, *, sleep: Sleep = time.sleep, heard: Heard | None = None) -> praw.Reddit:
    """Make a read-only client for a source; no request is made yet.

    heard: called with every answer, e.g. for a ledger. Raises Forbidden without a recorded approval, without
    credentials, or without somebody who answers for the crawl.
    """
    approved(source)
    settings: dict[str, Any] = {"check_for_updates": False, "check_for_async": False}
    for key, name in {
        "client_id": "CLIENT_ID",
        "client_secret": "CLIENT_SECRET",
        "oauth_url": "OAUTH_URL",
        "reddit_url": "URL",
    }.items():
        if value := os.environ.get(f"DOSELORE_REDDIT_{name}"):
            settings[key] = value
    agent = user_agent()
    if agent:
        settings["user_agent"] = agent
    pace = {"gap": max(GAP, source.delay_seconds or 0.0), "sleep": sleep, "heard": heard}
    try:
        reddit = _client(settings, pace)
    except MissingRequiredAttributeException as error:
        missing = "user_agent" if "user_agent" in str(error) else "client"
        if missing == "user_agent":
            raise Forbidden(
                f"source {source.name}: nobody answers for the crawl; set DOSELORE_REDDIT_USER to the Reddit account "
                "that was approved"
            ) from None
        raise Forbidden(f"source {source.name}: no credentials for Reddit; {_HOW}") from None
    if not _AGENT.match(reddit.config.user_agent):
        raise Forbidden(
            f"source {source.name}: the user agent must say platform, application, version and account: "
            '"<platform>:<app id>:<version> (by /u/<name>)"'
        )
    for url in (reddit.config.oauth_url, reddit.config.reddit_url):
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise Forbidden(f"source {source.name}: {url} would carry the credentials in clear; use https")
    reddit.read_only = True
    return reddit


def approved(source: Source) -> None:
    """Raise Forbidden where a source has no recorded approval: Reddit's terms ask for one before any access."""
    if source.approval is None:
        raise Forbidden(
            f"source {source.name}: Reddit asks for approval before any access, and none is recorded; set "
            'approval = { basis = "…", date = 2026-01-31 } for this source in the study file'
        )


def user_agent() -> str | None:
    """Give the user agent Reddit asks for, None where no account is named."""
    account = os.environ.get("DOSELORE_REDDIT_USER", "").strip().removeprefix("/").removeprefix("u/")
    if not account:
        return None
    try:
        number = version("doselore")
    except PackageNotFoundError:
        number = "0"
    return f"{sys.platform}:doselore:{number} (by /u/{account})"


def _client(settings: dict[str, Any], pace: dict[str, Any]) -> praw.Reddit:
    try:
        return praw.Reddit("doselore", requestor_class=Paced, requestor_kwargs=pace, **settings)
    except configparser.NoSectionError:
        return praw.Reddit(requestor_class=Paced, requestor_kwargs=pace, **settings)


def asked(call: Callable[[], T], what: str, source: str, progress: Progress, sleep: Sleep) -> T:
    """Make a call that makes requests, again after a wait where that may help.

    Reddit says how long to wait after a 429 (Retry-After, else x-ratelimit-reset); other failures wait longer each
    time, with jitter. Raises RateLimited or Unreadable when it goes on failing, Forbidden where the credentials are
    refused; what Reddit says of the thing asked for (403, 404, 451) passes through.
    """
    problem: Exception = Unreadable(what)
    for attempt in range(ATTEMPTS):
        try:
            return call()
        except (prawcore.PrawcoreException, ValueError) as error:
            problem = error
            reason, wait = _wait(error, attempt, source)
        if wait > _LONGEST_WAIT:
            break
        if attempt + 1 < ATTEMPTS:
            progress.waiting(source, wait, f"{reason} from Reddit")
            sleep(wait)
    if _status(problem) == 429:
        raise RateLimited(f"{what}: Reddit goes on answering 429; try again later", _told(problem)) from problem
    raise Unreadable(f"{what}: no usable answer after {ATTEMPTS} attempts ({_short(problem)})") from problem


def _wait(error: Exception, attempt: int, source: str) -> tuple[str, float]:
    """Give why and how many seconds to wait before the next attempt; raises where another would not help."""
    status = _status(error)
    backing_off = min(60.0, 2.0**attempt) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
    if status == 429:
        told = _told(error)
        return "429", backing_off * 5 if told is None else max(told, 1.0)
    if isinstance(error, prawcore.OAuthException | prawcore.InvalidToken) or status == 401:
        raise Forbidden(f"source {source}: Reddit refuses the credentials; {_HOW}") from error
    transient = (prawcore.RequestException, prawcore.ServerError, prawcore.BadJSON, ValueError)
    if isinstance(error, transient) or (status or 0) >= 500:
        return _short(error), backing_off
    raise error


def _status(error: Exception) -> int | None:
    answer = getattr(error, "response", None)
    if answer is None:
        # prawcore reads Retry-After as a number and stumbles over a date.
        return 429 if isinstance(error, ValueError) and "could not convert string to float" in str(error) else None
    return answer.status_code


def _told(error: Exception) -> float | None:
    """Give the seconds that the answer asks to wait, None if it does not say."""
    answer = getattr(error, "response", None)
    for header in ("retry-after", "x-ratelimit-reset"):
        value = answer.headers.get(header, "") if answer is not None else ""
        if re.fullmatch(r"\d+(?:\.\d+)?", value.strip()):
            return float(value)
    return None


def _short(error: Exception) -> str:
    status = _status(error)
    return f"{status}, no JSON" if isinstance(error, prawcore.BadJSON) else str(status or type(error).__name__)
