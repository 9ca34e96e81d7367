"""One corpus, one explorer and one browser for the tests of this folder."""

import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from pipeline.home import Home
from tests.support import explorer


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Any]:
    home = Home(tmp_path_factory.mktemp("explored")).make()
    return home, explorer.sample(home)


@pytest.fixture(scope="session")
def site(sampled: tuple[Home, Any]) -> Generator[str]:
    with explorer.served(*sampled) as base:
        yield base


@pytest.fixture
def own(sampled: tuple[Home, Any], tmp_path: Path) -> Home:
    """Give a copy of the corpus that a test may change."""
    home = Home(tmp_path / "home").make()
    shutil.copy(sampled[0].corpus, home.corpus)
    return home


@pytest.fixture
def page(browser: Browser, site: str) -> Generator[Page]:
    """Give a page that fails its test when a script of a stranger runs, something breaks, or another host is asked."""
    with guarded(browser, site) as made:
        yield made


class guarded:  # noqa: N801 - used as a function
    """A page of one size and scheme under guard."""

    def __init__(self, browser: Browser, site: str, scheme: Any = "light", width: int = 1200) -> None:
        self.faults: list[str] = []
        self.site = site
        self.context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 844}, base_url=site, reduced_motion="reduce"
        )
        self.context.set_default_timeout(30_000)

    def __enter__(self) -> Page:
        page = self.context.new_page()
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._request)
        return page

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.context.close()
        if kind is None:
            assert self.faults == []

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site + "/", "data:")):
            self.faults.append(f"asked another host: {request.url}")
