"""The report in a real browser: nothing is asked of the network, nothing sticks out on a phone, axe has no complaint."""

from pathlib import Path
from typing import Any

import pytest

from pipeline import corpus, report
from pipeline.home import Home
from tests.pipeline.report.test_page import HOSTILE, told
from tests.pipeline.simulated import write

pytestmark = pytest.mark.timeout(400)  # some forty charts a page, on a machine that others may load


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("home"))
    write(home, told())
    with corpus.writing(home) as con:
        con.execute("update post set text = ? || text", [HOSTILE])
        con.execute("update outcome set quote = ?, span_start = 0, span_end = 10100", [HOSTILE])
        con.execute("update source set terms = ?, approval = ?", [HOSTILE, HOSTILE])
        con.execute("update study set title = ?", [HOSTILE])
    return report.write(home)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 390), ("dark", 320)])
def test_the_page_is_inert_whole_and_open_to_all(browser: Any, file: Path, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    asked: list[str] = []
    said: list[str] = []

    def request(it: Any) -> None:
        asked.append(it.url)

    def dialog(it: Any) -> None:
        said.append(it.message)
        it.dismiss()

    page.on("request", request)
    page.on("dialog", dialog)
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert asked == [file.as_uri()]
    assert said == []
    page.close()


def test_the_page_s_own_policy_lets_its_style_in_and_nothing_else(browser: Any, file: Path) -> None:
    page = browser.new_page()
    told: list[str] = []

    def console(message: Any) -> None:
        told.append(message.text)

    page.on("console", console)
    page.goto(file.as_uri())
    assert told == []
    assert page.evaluate("getComputedStyle(document.querySelector('.answers')).display") == "grid"
    assert page.locator(".chart svg").count() > 20
    page.close()


def test_it_prints(browser: Any, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
