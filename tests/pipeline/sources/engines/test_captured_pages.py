"""Real pages, where they are at hand beside the project: each post that their markup shows is read, with author and time."""

import csv
import re
from pathlib import Path

import pytest

from pipeline.sources.engines import Page
from tests.pipeline.sources.engines.made import SEEN, engine

CAPTURED = Path(__file__).resolve().parents[4].parent / "shared" / "pages" / "captured"
# Folder and engine, and what stands once for each post in the source of a page.
SHOWN = {
    "smf": ("smf", r'data-msgid="\d+"'),
    "mybb": ("mybb", r'class="post\s*" [^>]*id="post_\d+"'),
    "fluxbb": ("fluxbb", r'<div id="p\d+" class="blockpost'),
    "nodebb": ("nodebb", r'data-pid="[^"]+"[^>]*data-timestamp='),
    "bbpress": ("bbpress", r'id="post-\d+" class="[^"]*bbp-reply|id="bbp-topic-\d+-lead"'),
    "wordpress-forum": ("bbpress", r'id="post-\d+" class="[^"]*bbp-reply'),
    "discourse": ("discourse", r"""id=["']post_\d+["']"""),
    "reddit-old": ("old_reddit", r'data-fullname="t[13]_\w+"'),
}


def _cases() -> list[tuple[str, str, str]]:
    if not CAPTURED.is_dir():
        return []
    with (CAPTURED / "INDEX.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(r["software"], r["file"], r["url"]) for r in rows if r["software"] in SHOWN]


@pytest.mark.skipif(not CAPTURED.is_dir(), reason="captured pages are not at hand")
@pytest.mark.parametrize(("folder", "name", "url"), _cases() or [("", "", "")])
def test_a_captured_page_gives_every_post_it_shows(folder: str, name: str, url: str) -> None:
    software, shown = SHOWN[folder]
    text = (CAPTURED / folder / f"{name}.html").read_text(encoding="utf-8", errors="replace")
    made = Page(url, text, SEEN)
    found = engine(made, software)
    expected = set(re.findall(shown, text))
    if not expected:
        assert found.kind(made) != "thread"
        assert found.api_url(made)
        return
    read = found.thread_page(made)
    assert not read.unreadable
    assert len(read.posts) == len(expected)
    assert all(p.author and p.posted_at for p in read.posts)
    assert read.thread.title
    assert len({p.native_id for p in read.posts}) == len(read.posts)
    body = "\n".join(p.text for p in read.posts)
    assert not re.search(r"(?m)^(?:Quote from: |Last edited by |\S+ (?:wrote|Wrote):$)", body)
