"""The bundled sample: it is served as a board would, it is invented and says so, and it holds what is hard."""

import json
import re
import socket
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

import data
from pipeline import sample, study

BOARD = data.path("sample/board")
LINES = data.path("sample/reddit.ndjson").read_text(encoding="utf-8").splitlines()
GOLD: list[dict[str, Any]] = [
    json.loads(line) for line in data.path("sample/gold.jsonl").read_text(encoding="utf-8").splitlines()
]
TABLE: dict[str, str] = tomllib.loads((BOARD / "addresses.toml").read_text(encoding="utf-8"))["pages"]


class Written(NamedTuple):
    """One post with text: whose, and the author's own words."""

    id: str
    author: str
    text: str


def one(tag: Tag, selector: str) -> Tag:
    found = tag.select_one(selector)
    assert found is not None, selector
    return found


def on_board() -> list[Written]:
    found: list[Written] = []
    for file in sorted(BOARD.glob("topic_*.html")):
        for post in BeautifulSoup(file.read_text(encoding="utf-8"), "lxml").select("div.post[id^=p]"):
            author = one(post, ".author .username").get_text()
            content = one(post, "div.content")
            for quote in content.select("blockquote"):
                quote.decompose()
            found.append(Written(str(post["id"])[1:], author, content.get_text().strip()))
    return found


def in_dump() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in LINES:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def fullname(line: dict[str, Any]) -> str:
    return ("t3_" if "selftext" in line else "t1_") + line["id"]


def written() -> dict[str, Written]:
    """Give every post with text, of both sources."""
    posts = on_board()
    for line in in_dump():
        text = str(line.get("selftext", line.get("body")))
        gone = text in ("", "[deleted]", "[removed]") or line.get("_meta", {}).get("was_deleted_later")
        if not gone:
            own = "\n".join(part for part in text.split("\n") if not part.startswith(">")).strip()
            posts.append(Written(fullname(line), f"reddit {line['author']}", own))
    return {post.id: post for post in posts}


POSTS = written()


def test_the_board_is_served_at_the_addresses_of_phpbb() -> None:
    with sample.serve() as base, httpx.Client(base_url=base) as client:
        for address, name in TABLE.items():
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.content == (BOARD / name).read_bytes(), address
            assert answer.headers["content-type"].endswith("charset=utf-8")
        assert client.get("/robots.txt").headers["content-type"].startswith("text/plain")
        assert client.head("/index.php").content == b""


def test_every_post_is_reached_from_the_index_by_links_alone_on_any_port() -> None:
    with sample.serve(port=0) as base, httpx.Client() as client:
        waiting, seen, posts = [f"{base}/index.php"], set[str](), set[str]()
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            page = BeautifulSoup(client.get(address).raise_for_status().text, "lxml")
            posts |= {str(post["id"])[1:] for post in page.select("div.post[id^=p]")}
            links = page.select("a.forumtitle, a.topictitle, .pagination a[rel=next]")
            waiting += [urljoin(address, str(link["href"])) for link in links]
    assert posts == {post.id for post in on_board()}


def test_session_id_first_offset_and_order_of_parameters_make_no_other_page() -> None:
    with sample.serve(port=0) as base:
        second = httpx.get(f"{base}/viewtopic.php?start=10&sid=5a3b&f=2&t=11")
        assert second.content == (BOARD / "topic_11_2.html").read_bytes()
        first = httpx.get(f"{base}/viewtopic.php?t=11&start=0")
        assert first.content == (BOARD / "topic_11.html").read_bytes()
        assert httpx.get(base).content == (BOARD / "index.html").read_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "/viewtopic.php?t=999",
        "/viewtopic.php?t=11&start=20",
        "/viewtopic.php",
        "/addresses.toml",
        "/../gold.jsonl",
        "//[x",
    ],
)
def test_what_is_not_on_the_board_is_not_found(address: str) -> None:
    with sample.serve(port=0) as base, socket.create_connection(("127.0.0.1", int(base.rsplit(":", 1)[1]))) as line:
        line.sendall(f"GET {address} HTTP/1.0\r\n\r\n".encode())
        assert line.makefile("rb").readline().split()[1] == b"404"


def test_a_taken_port_gives_way_to_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with sample.serve(port=port) as base:
            assert base != f"http://127.0.0.1:{port}"
            assert httpx.get(f"{base}/index.php").status_code == 200


def test_nothing_listens_when_the_block_is_left(capfd: pytest.CaptureFixture[str]) -> None:
    with sample.serve(port=0) as base:
        httpx.get(f"{base}/index.php")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base}/index.php")
    with sample.serve(port=int(base.rsplit(":", 1)[1])) as again:
        assert again == base
    assert capfd.readouterr() == ("", "")


@given(st.text())
def test_the_canonical_address_is_its_own(address: str) -> None:
    assert sample.canonical(sample.canonical(address)) == sample.canonical(address)


def test_links_inside_the_pages_are_relative() -> None:
    for file in BOARD.glob("*.html"):
        page = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        for link in page.select("[href]:not(.signature a)"):
            assert str(link["href"]).startswith(("./", "#")), file.name


def test_it_says_everywhere_that_it_is_invented() -> None:
    for file in BOARD.glob("*.html"):
        page = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
        assert "Invented" in one(page, "#page-header .rules").get_text(), file.name
        assert all(user.get_text().startswith("sample_") for user in page.select(".username"))
    assert all(line.startswith('{"_sample": "invented') for line in LINES)
    assert all(line["author"].startswith("sample_") or line["author"] == "[deleted]" for line in in_dump())
    assert all(source.invented for source in study.load("sample").sources)
    assert "invented" in data.path("sample/README.md").read_text(encoding="utf-8")


def test_the_study_names_the_board_s_port_and_a_dump_that_is_there() -> None:
    loaded = study.load("sample")
    assert loaded.source("sample-board").urls == (f"http://{sample.HOST}:{sample.PORT}/index.php",)
    assert loaded.source("sample-board").allow_private
    assert all(data.path(path).is_file() for path in loaded.source("sample-reddit").paths)


def test_ids_are_unique_and_counts_on_the_listing_are_true() -> None:
    ids = [post.id for post in on_board()] + [fullname(line) for line in in_dump()]
    assert len(ids) == len(set(ids))
    for file in BOARD.glob("forum_*.html"):
        for row in BeautifulSoup(file.read_text(encoding="utf-8"), "lxml").select("ul.topics > li.row"):
            topic = re.search(r"t=(\d+)", str(one(row, "a.topictitle")["href"]))
            assert topic
            pages = [
                BeautifulSoup(p.read_text(encoding="utf-8"), "lxml") for p in BOARD.glob(f"topic_{topic[1]}*.html")
            ]
            times = [str(time["datetime"]) for page in pages for time in page.select(".author time")]
            replies = re.match(r"\d+", one(row, "dd.posts").get_text())
            assert replies
            assert int(replies[0]) == len(times) - 1
            assert str(one(row, "dd.lastpost time")["datetime"]) == max(times)


def test_the_dump_has_the_eras_the_gone_and_one_broken_line() -> None:
    lines = in_dump()
    assert len(LINES) - len(lines) == 1
    assert [line["selftext"] for line in lines if "selftext" in line].count("[deleted]") == 1
    assert [line["selftext"] for line in lines if "selftext" in line].count("[removed]") == 1
    assert sum("_meta" in line for line in lines) == 1
    assert {type(line["created_utc"]) for line in lines} == {str, int}
    assert {"name" in line for line in lines} == {True, False}
    assert any(line["edited"] for line in lines)
    known = {fullname(line) for line in lines}
    assert all({line["link_id"], line["parent_id"]} <= known for line in lines if "body" in line)


def test_there_is_a_gold_record_for_each_post_with_text() -> None:
    assert [record["id"] for record in GOLD] == list(POSTS)


@pytest.mark.parametrize("record", GOLD, ids=lambda record: str(record["id"]))
def test_every_quote_of_the_gold_stands_in_its_post(record: dict[str, Any]) -> None:
    text = POSTS[record["id"]].text
    named = {treatment["substance"] for treatment in record["treatments"]}
    taken = {treatment["substance"] for treatment in record["treatments"] if treatment["status"] == "taken"}
    for fact in [*record["doses"], *record["outcomes"], *record["side_effects"]]:
        assert fact["quote"]
        assert fact["quote"] in text
        assert fact["substance"] in named
    assert {fact["substance"] for fact in [*record["outcomes"], *record["side_effects"]]} <= taken
    for treatment in record["treatments"]:
        assert (treatment["effect"] is not None) == (treatment["status"] == "taken")
        assert (treatment["duration_quote"] or "") in text


def test_the_gold_keeps_to_the_vocabulary() -> None:
    path = Path(__file__).resolve().parents[2].parent / "shared" / "gold" / "vocabulary.toml"
    if not path.is_file():
        pytest.skip("the shared vocabulary is not beside this checkout")
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    for record in GOLD:
        assert record["reporter"] in words["reporter"]
        assert set(record["conditions"]) <= set(words["conditions"])
        assert {t["substance"] for t in record["treatments"]} <= set(words["treatments"])
        assert {o["domain"] for o in record["outcomes"]} <= set(words["domains"])
        assert {s["concept"] for s in record["side_effects"]} <= set(words["side_effects"])


@pytest.mark.parametrize(
    "words",
    [
        "Side effects otherwise? none really",
        "No drowsiness",
        "Not me but my husband",
        "My mother",
        "split 10/10/20/20",
        "25 in the morning and 2 at night, the 20s",
        "10/10/20",
        "half a 10mg tablet",
        "Full relapse",
        "cold turkey",
        "From 14 drinks a day to 3 or 4",
        "41 days sober",
        "BAC of 0.21",
        "Hospital pharmacist",
        "French trial",
        "I read baclofen can give you seizures",
        "needed it",
    ],
)
def test_the_hard_things_are_there(words: str) -> None:
    assert any(words in post.text for post in POSTS.values())


def test_quotes_and_signatures_that_name_doses_stand_outside_the_own_words() -> None:
    pages = [BeautifulSoup(file.read_text(encoding="utf-8"), "lxml") for file in BOARD.glob("topic_*.html")]
    assert sum(len(page.select(".content > blockquote cite")) for page in pages) == 2
    signatures = [mark.get_text() for page in pages for mark in page.select("div.signature")]
    assert any("180mg" in words for words in signatures)
    assert not any(words in post.text for words in signatures for post in POSTS.values())


def test_reporters_effects_and_doses_are_mixed_enough_for_a_table() -> None:
    persons, effects, days = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set), list[float]()
    for record in GOLD:
        for treatment in record["treatments"]:
            if treatment["status"] == "taken":
                persons[treatment["substance"]].add(POSTS[record["id"]].author)
                effects[treatment["substance"]].add(treatment["effect"])
        taken = [d for d in record["doses"] if d["status"] == "taken" and d["substance"] == "baclofen"]
        days += [d["mg_per_day"][1] for d in taken if d["mg_per_day"]]
    assert len(persons["baclofen"]) >= 12
    assert len(persons["naltrexone"]) >= 6
    assert len(persons["acamprosate"]) >= 3
    assert {"gabapentin", "topiramate", "disulfiram"} <= set(persons)
    assert effects["baclofen"] == {"worked", "partly", "no_effect", "harmful", "unclear"}
    bands = study.load("sample").dose_bands["baclofen"]
    assert {sum(day > bound for bound in bands) for day in days} == {0, 1, 2, 3}
    assert {record["reporter"] for record in GOLD} == {"self", "caregiver", "none"}
