"""One file a forum engine. `engine_for(page)` finds the engine of a page by the marks on it.

A new engine is a new file here with one subclass of `Engine`; nothing else names it. `base`, `page` and
`address` are what all engines share.
"""

import importlib
import pkgutil
from functools import cache

from pipeline.sources.engines.base import Engine, Listing, Page, ThreadPage, first

__all__ = ["Engine", "Listing", "Page", "ThreadPage", "engine_for", "engines"]


@cache
def engines() -> tuple[Engine, ...]:
    """Give one engine of each kind, those with the most particular marks first (`Engine.rank`), then by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in ("address", "base", "page"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    found = [
        kind()
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Engine) and kind.__module__ == module.__name__ and kind.name
    ]
    return tuple(sorted(found, key=lambda e: (e.rank, e.name)))


def engine_for(page: Page) -> Engine | None:
    """Give the engine that made a page; None if no mark of any is on it."""
    return first(engines(), page)
