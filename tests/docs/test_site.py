"""The documentation site: it builds strictly, its links lead somewhere, it asks nothing of the network, its tables are today's."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline import tables

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_table_and_column_of_the_corpus_is_told_of(site: Path) -> None:
    page = (site / "tables.html").read_text(encoding="utf-8")
    for name in tables.described():
        assert f'id="{name}"' in page, name
    assert "<td>of how many the share is</td>" in page
    assert "<td></td>" not in page
    assert "treatments mentioned" in (site / "quality.html").read_text(encoding="utf-8")


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    pages = {p: p.read_text(encoding="utf-8") for p in site.rglob("*.html") if p.name != "404.html"}
    assert len(pages) == 12
    for page, text in pages.items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            parts = urlsplit(link)
            if parts.scheme or link.startswith("//"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if target.is_dir():
                target = target / "index.html"
            assert target.exists(), f"{page.name}: {link}"
            if parts.fragment and target in pages and not parts.fragment.startswith("__"):
                assert f'id="{unquote(parts.fragment)}"' in pages[target], f"{page.name}: {link}"


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(
            r'<(?:script|img|iframe)[^>]+src="([^"]+)"|<link[^>]+rel="(?:stylesheet|preload|preconnect|icon)"[^>]+href="([^"]+)"',
            text,
        )
        loaded += re.findall(r'<link[^>]+href="([^"]+)"[^>]+rel="(?:stylesheet|preload|preconnect|icon)"()', text)
        assert not [one for pair in loaded for one in pair if re.match(r"(?:https?:)?//", one)], page.name
