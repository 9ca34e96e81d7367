"""Pages that end in the middle: asked for again, and refused rather than read as short ones."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from pipeline.archive import Archive
from pipeline.errors import SourceError
from pipeline.fetch import Fetcher
from pipeline.study import Source
from tests.support.clocks import Clock
from tests.support.transports import Answers

WHOLE = "<!DOCTYPE html><html><body><p>one</p><p>two</p></body></html>"
HALF = WHOLE[:45]
BASE = "http://127.0.0.1:8099"


def fetcher(home: Path, body: Callable[[str, int], str], archive: Archive | None = None) -> tuple[Fetcher, list[str]]:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        asked.append(request.url.path)
        return httpx.Response(200, html=body(request.url.path, asked.count(request.url.path)))

    source = Source.model_validate({"name": "b", "kind": "board", "urls": [f"{BASE}/"], "allow_private": True})
    made = Fetcher(home, source, transport=Answers(answer), turns=Clock().turns(), archive=archive)
    return made, asked


def test_a_page_cut_off_once_is_asked_for_again(tmp_path: Path) -> None:
    get, asked = fetcher(tmp_path, lambda _, time: HALF if time == 1 else WHOLE)
    with get:
        assert get.get(f"{BASE}/t1").text == WHOLE
    assert asked == ["/t1", "/t1"]


def test_a_page_cut_off_twice_is_refused_and_named(tmp_path: Path) -> None:
    get, _ = fetcher(tmp_path, lambda path, _: HALF if path == "/t2" else WHOLE)
    with get:
        get.get(f"{BASE}/t1")
        with pytest.raises(SourceError, match="/t2: the page ends in the middle"):
            get.get(f"{BASE}/t2")


def test_a_site_that_closes_no_page_is_read_once_that_is_known_and_stays_known(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive", "b") as archive:
        get, _ = fetcher(tmp_path, lambda path, _: HALF + path, archive)
        with get:
            for n in (1, 2, 3):
                with pytest.raises(SourceError, match="in the middle"):
                    get.get(f"{BASE}/t{n}")
            assert "one" in get.get(f"{BASE}/t4").text
        again, asked = fetcher(tmp_path, lambda path, _: HALF + path, archive)
        with again:
            assert "one" in again.get(f"{BASE}/t1").text
        assert asked == ["/t1"]


def test_what_is_no_whole_page_by_nature_is_left_alone(tmp_path: Path) -> None:
    get, asked = fetcher(tmp_path, lambda _, __: "<p>a fragment, as some sites send</p>")
    with get:
        assert "fragment" in get.get(f"{BASE}/t1").text
    assert asked == ["/t1"]
