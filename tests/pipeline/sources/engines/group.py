"""What the tests of engines share: a page of given markup, and what an engine reads from it."""

from datetime import UTC, datetime

from pipeline.sources.engines import Engine, Listing, Page, ThreadPage, engine_for

SEEN = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)


def page(url: str, markup: str) -> Page:
    return Page(url, markup, SEEN)


def known(url: str, markup: str, name: str) -> tuple[Engine, Page]:
    """Give the engine of a page, which must be the one of that name."""
    made = page(url, markup)
    engine = engine_for(made)
    assert engine is not None
    assert engine.name == name
    return engine, made


def thread(url: str, markup: str, name: str) -> ThreadPage:
    engine, made = known(url, markup, name)
    assert engine.kind(made) == "thread"
    return engine.thread_page(made)


def listing(url: str, markup: str, name: str) -> Listing:
    engine, made = known(url, markup, name)
    assert engine.kind(made) == "listing"
    return engine.listing(made)
