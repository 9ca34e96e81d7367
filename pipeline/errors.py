"""Every error that doselore raises on purpose, as one tree. Each message is one line: what, where, what to do."""

import difflib
import re
from collections.abc import Sequence

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LOGIN = re.compile(r"(?<=://)[^/?#\s@]*:[^/?#\s]*@")
_BEARER = re.compile(r"(?i)\b(bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{8,}")
_SECRET = re.compile(
    r"(?i)\b((?:client_)?secret|password|passwd|access_token|api_?key)(['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,;)]+"
)
_HOST = re.compile(
    r"https?://(?:[^/?#\s@]*@)?(\[[0-9a-fA-F:.]+\](?::\d+)?|[^/?#\s@\[\]):]+(?::\d+)?)"
    r"|^([\w.:-]+|\[[0-9a-fA-F:.]+\]:\d+)(?=: failed \d)"
)
_TROUBLE = re.compile(
    r"robots\.txt|no connection in time|no answer in time|no connection|the connection broke|answer \d{3}|"
    r"source_hours|No space left on device|no recorded approval|no credentials"
)


def safe(text: str) -> str:
    """Give a text as it may be printed or logged: no control characters (posts and sites may hold them), no login."""
    plain = _LOGIN.sub("***@", _CONTROL.sub(" ", text))
    return _SECRET.sub(r"\1\2***", _BEARER.sub(r"\1 ***", plain))


class DoseloreError(Exception):
    """The root: catch this to catch all of ours. Its text moves no terminal and tells no login of an address."""

    def __str__(self) -> str:
        """Give the message, safe to print."""
        return safe(super().__str__())


def cause(error: BaseException) -> str:
    """Give what a log may say of an error: its kind, the host and the trouble; no address, path, name or other word."""
    text = str(error)
    host = _HOST.search(text)
    told = dict.fromkeys(_TROUBLE.findall(text))
    return ", ".join([type(error).__name__, *([host[1] or host[2]] if host else []), *told])


class StudyError(DoseloreError):
    """A study file that cannot be used as it stands."""


class SourceError(DoseloreError):
    """A source that cannot be read."""


class Forbidden(SourceError):
    """The source, its robots.txt or a missing approval forbids the request."""


class Gone(SourceError):
    """What was asked for is not there any more."""


class RateLimited(SourceError):
    """The source asks us to slow down, and went on asking.

    retry_after: seconds the source asked us to wait, None if it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreadable(SourceError):
    """An answer came, but no post can be read from it."""


LASTING = (Forbidden, Gone, Unreadable)
"""What is wrong with a source that will not pass by itself."""


class CorpusError(DoseloreError):
    """The corpus file cannot be used."""


class Locked(CorpusError):
    """Another process holds the corpus."""


class Outdated(CorpusError):
    """The corpus was written by another version of doselore."""


class ExtractionError(DoseloreError):
    """The extractor cannot run."""


class ExportError(DoseloreError):
    """A dataset cannot be written."""


class ReviewError(DoseloreError):
    """A review file cannot be used."""


def near(word: str, known: Sequence[str]) -> str:
    """Give the end of an error line that names the known word meant, "" if none is near."""
    close = difflib.get_close_matches(word, known, n=1)
    return f'. Did you mean "{close[0]}"?' if close else ""
