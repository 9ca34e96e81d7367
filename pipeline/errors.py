"""Every error that doselore raises on purpose, as one tree. Each message is one line: what, where, what to do."""

import difflib
from collections.abc import Sequence


class DoseloreError(Exception):
    """The root: catch this to catch all of ours."""


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
