"""The button "this is wrong": it writes a review label, survives a locked corpus, and hears no other site."""

import dataclasses
import html
import re
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import httpx
import orjson
import pytest
from playwright.sync_api import Browser, expect

from pipeline import corpus
from pipeline.explore import verdicts
from pipeline.home import Home
from pipeline.review import labels
from tests.pipeline.explore.conftest import guarded
from tests.support import explorer

ROOT = Path(__file__).resolve().parents[3]
Labels = list[tuple[Any, ...]]
HOLD = "import sys, duckdb; con = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.readline()"


def kept(home: Home) -> Labels:
    with corpus.reading(home) as con:
        return con.execute(
            "select l.post_id, l.field, l.verdict, l.reviewer, r.correction from review_label l "
            "join review r using (post_id, field, claim, reviewer) order by all"
        ).fetchall()


def form_of(client: httpx.Client, post: str = "hostile:1") -> dict[str, str]:
    """Give the fields of the first form of a post's page, as a browser would send them."""
    page = client.get("/post", params={"id": post})
    first = page.text[page.text.index('<form method="post"') :]
    pairs = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', first[: first.index("</form>")])
    return {k: html.unescape(v) for k, v in pairs} | {"verdict": "wrong", "reason": "another reason", "words": ""}


def test_this_is_wrong_writes_a_label_with_its_reason(browser: Browser, own: Home, sampled: tuple[Home, Any]) -> None:
    with explorer.served(own, sampled[1], "reader_1") as base, guarded(browser, base) as page:
        page.goto("/post?id=hostile:1")
        claim = page.locator(".claims > li", has_text="craving improved")
        claim.locator("summary").click()
        claim.get_by_label("Why?").select_option("the value is another")
        claim.get_by_label("In your words").fill("it says <b>gone</b>")
        claim.get_by_role("button", name="It is wrong").click()
        expect(claim.get_by_role("status")).to_have_text("Your judgement is in the corpus.")
        expect(claim.locator(".verdict")).to_contain_text("reader_1: wrong (the value is another: it says <b>gone</b>)")
    rows = kept(own)
    assert rows == [("hostile:1", "outcomes", "wrong", "reader_1", "the value is another: it says <b>gone</b>")]
    names, figures = labels.figures(own)
    assert [dict(zip(names, row, strict=True))["items"] for row in figures] == [1]


def test_while_another_process_writes_the_judgement_waits_and_then_goes_in(
    own: Home, sampled: tuple[Home, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "WAIT_SECONDS", 0.2)
    with explorer.served(own, sampled[1]) as base, httpx.Client(base_url=base, timeout=60) as client:
        form = form_of(client)
        with Popen([sys.executable, "-c", HOLD, str(own.corpus)], stdin=PIPE, stdout=PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            answer = client.post("/judge", data=form)
            assert answer.status_code == 202
            assert "waits" in answer.text
            locked = client.get("/")
            assert locked.status_code == 503
            assert "being written" in locked.text
            holder.communicate("\n")
        assert verdicts.Verdicts(own).merge(wait=20)
        assert [row[:3] for row in kept(own)] == [("hostile:1", form["field"], "wrong")]


def test_a_judgement_left_by_a_killed_explorer_goes_in_at_the_next_start(own: Home, sampled: tuple[Home, Any]) -> None:
    with explorer.served(own, sampled[1]) as base, httpx.Client(base_url=base, timeout=60) as client:
        form = form_of(client)
    (own.root / "judged").mkdir(exist_ok=True)
    names = ("item", "post_id", "text_hash", "field", "claim", "verdict", "reason")
    one = verdicts.Judgement(**{n: form[n] for n in names}, reviewer="reader_2", at="2026-01-02T03:04:05+00:00")
    (own.root / "judged" / "left.json").write_bytes(orjson.dumps(dataclasses.asdict(one)))
    with explorer.served(own, sampled[1]):
        assert [row[3] for row in kept(own)] == ["reader_2"]
    assert verdicts.Verdicts(own).waiting() == 0


@pytest.mark.parametrize(
    ("headers", "change"),
    [
        ({"origin": "http://evil.example"}, {}),
        ({"sec-fetch-site": "cross-site"}, {}),
        ({}, {"token": "guessed"}),
        ({"cookie": "doselore_explore=guessed"}, {}),
        ({}, {"verdict": "excellent"}),
        ({}, {"claim": '{"substance":"water"}'}),
    ],
)
def test_a_form_of_another_site_or_of_another_claim_writes_nothing(
    own: Home, sampled: tuple[Home, Any], headers: dict[str, str], change: dict[str, str]
) -> None:
    with explorer.served(own, sampled[1]) as base, httpx.Client(base_url=base, timeout=60) as client:
        form = form_of(client) | change
        if "cookie" in headers:
            client.cookies.clear()
        answer = client.post("/judge", data=form, headers=headers)
        assert answer.status_code in (400, 403)
        assert "Nothing was written" in answer.text
    assert kept(own) == []


def test_only_a_loopback_name_is_answered(site: str) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "127.0.0.1:x"):
        assert httpx.get(site, headers={"host": host}).status_code in (400, 421)
    answer = httpx.get(site)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
