"""What all tests share: how hypothesis searches, and a real browser."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A machine shared with others is slow at times, which says nothing of the code; and the same commit gives the same verdict.
settings.register_profile("doselore", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("doselore")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first, so that no core is left idle while the last of them ends."""
    longest = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in longest)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give a real browser, one a file of tests: two at once in one process Playwright refuses, and its loop disturbs others."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no chromium on this machine: install Debian's package chromium to try the pages in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield made
        made.close()
