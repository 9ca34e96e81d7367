"""Pages written for these tests, as an engine gets them."""

from datetime import UTC, datetime

from pipeline.sources.engines import Engine, Listing, Page, ThreadPage, engine_for

SEEN = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


def page(url: str, body: str) -> Page:
    """Give a page as fetched at SEEN."""
    return Page(url, body if body.lstrip().startswith("{") else f"<html><body>{body}</body></html>", SEEN)


def engine(made: Page, name: str) -> Engine:
    """Give the engine that knows a page; it must be the one named."""
    found = engine_for(made)
    assert found is not None
    assert found.name == name
    return found


def thread(url: str, body: str, name: str) -> ThreadPage:
    """Read a page of a thread."""
    made = page(url, body)
    found = engine(made, name)
    assert found.kind(made) == "thread"
    return found.thread_page(made)


def listing(url: str, body: str, name: str) -> Listing:
    """Read a page that lists threads."""
    made = page(url, body)
    found = engine(made, name)
    assert found.kind(made) == "listing"
    return found.listing(made)


def at(*when: int) -> datetime:
    """Give a time in UTC."""
    year, month, day, hour, minute, second, *_ = (*when, 0, 0, 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
