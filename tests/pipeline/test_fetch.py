"""Fetching: polite, within bounds, never elsewhere, whatever a server answers."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline import ledger
from pipeline.archive import Archive
from pipeline.errors import Forbidden, Gone, RateLimited, SourceError, Unreadable
from pipeline.fetch import Answer, Fetcher
from pipeline.fetching import address
from pipeline.fetching.turns import HostDown
from pipeline.ledger import Ledger
from pipeline.study import Source
from tests.support.clocks import NOON, Clock
from tests.support.transports import Answers, packed

SITE = "https://forum.example"
HTML = {"content-type": "text/html; charset=utf-8"}
Answering = Callable[[httpx.Request], httpx.Response]


class Asked:
    """One fetcher, what it was answered and how long it waited."""

    def __init__(self, answer: Answering, robots: str | httpx.Response = "", **more: Any) -> None:
        self.clock, self.paths = Clock(), list[str]()
        self.request = httpx.Request("GET", SITE)
        settings = {"name": "s", "kind": "board", "urls": (SITE,), **more.pop("source", {})}

        def answering(request: httpx.Request) -> httpx.Response:
            self.paths.append(str(request.url).removeprefix(SITE))
            self.request = request
            if request.url.path == "/robots.txt":
                return robots if isinstance(robots, httpx.Response) else httpx.Response(200, text=robots)
            return answer(request)

        self.fetcher = Fetcher(
            Path(),
            Source.model_validate(settings),
            transport=more.pop("transport", None) or Answers(answering),
            turns=self.clock.turns(),
            now=self.clock.now,
            jitter=lambda: 0.5,
            **more,
        )

    def get(self, path: str = "/page", **more: Any) -> Answer:
        return self.fetcher.get(path if "://" in path else SITE + path, **more)


def always(*answers: httpx.Response) -> Answering:
    rest = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        made = rest.pop(0) if len(rest) > 1 else rest[0]
        return httpx.Response(made.status_code, headers=made.headers, content=made.content)

    return answer


def page(text: str = "<p>words</p>", status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={**HTML, **{k.replace("_", "-"): v for k, v in headers.items()}}, text=text)


# Politeness


def test_the_longest_pause_of_robots_study_and_ours_is_kept_between_requests() -> None:
    for robots, study, least in (
        ("", None, 2),
        ("User-agent: *\nCrawl-delay: 7", 3.0, 7),
        ("User-agent: *\nCrawl-delay: 1", 9.0, 9),
    ):
        asked = Asked(always(page()), robots, source={"delay_seconds": study})
        asked.get()
        asked.get()
        assert asked.clock.slept[-1] == least


def test_what_robots_forbids_is_not_asked_for() -> None:
    asked = Asked(always(page()), "User-agent: doselore\nDisallow: /private")
    with pytest.raises(Forbidden, match=r"robots\.txt"):
        asked.get("/private/thread")
    assert asked.paths == ["/robots.txt"]
    assert asked.get("/public").status == 200


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_fails_closes_the_site_until_it_can_be_read(status: int) -> None:
    asked = Asked(always(page()), httpx.Response(status), tries=2)
    with pytest.raises(SourceError):
        asked.get()
    assert set(asked.paths) == {"/robots.txt"}


@pytest.mark.parametrize(("status", "error"), [(500, HostDown), (503, HostDown), (501, HostDown), (429, RateLimited)])
def test_a_robots_txt_that_cannot_be_had_is_trouble_that_may_pass(status: int, error: type[SourceError]) -> None:
    asked = Asked(always(page()), httpx.Response(status), tries=2)
    for _ in range(2):  # the second time it is not asked for again
        with pytest.raises(error, match=rf"^{SITE}/page: .*robots\.txt.*{status}"):
            asked.get()


def test_a_host_that_does_not_answer_says_so_each_time() -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno 111] Connection refused", request=request)

    asked = Asked(always(page()), transport=Answers(refused))
    for _ in range(3):
        with pytest.raises(HostDown, match=r"no connection.*refused"):
            asked.get()
        asked.clock.seconds += 301  # until its robots.txt is asked for again


def test_terms_that_cannot_be_had_cost_the_crawl_none_of_its_tries() -> None:
    tries: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tries.append(request.url.path)
        return httpx.Response(503) if len(tries) < 5 else page()

    asked = Asked(always(page()), transport=Answers(answer), source={"terms": f"{SITE}/terms"})
    asked.fetcher.fetch_terms()
    assert asked.get().status == 200


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_robots_txt_is_open(status: int) -> None:
    assert Asked(always(page()), httpx.Response(status)).get().status == 200


def test_robots_txt_is_asked_for_once_a_day() -> None:
    asked = Asked(always(page()))
    for _ in range(3):
        asked.get()
    assert asked.paths.count("/robots.txt") == 1
    asked.clock.seconds += 86_401
    asked.get()
    assert asked.paths.count("/robots.txt") == 2


@pytest.mark.parametrize("said", ["30", format_datetime(NOON + timedelta(seconds=36), usegmt=True)])
def test_retry_after_is_obeyed_in_seconds_and_as_a_date(said: str) -> None:
    asked = Asked(always(page("", 429, retry_after=said), page()))
    assert asked.get().text == "<p>words</p>"
    assert 29 <= max(asked.clock.slept) <= 37


def test_a_host_that_asks_for_hours_is_left_for_another_day() -> None:
    asked = Asked(always(page("", 503, retry_after="7200")))
    with pytest.raises(RateLimited, match="7200 s") as caught:
        asked.get()
    assert len(asked.paths) == 2
    assert caught.value.retry_after == 7200


def test_pauses_between_tries_grow() -> None:
    asked = Asked(always(page("", 500)))
    with pytest.raises(SourceError, match="answer 500, 5 times"):
        asked.get()
    waits = [s for s in asked.clock.slept if s > 0]
    assert waits[-4:] == sorted(waits[-4:])
    assert waits[-1] > 3 * waits[-4]


def test_a_host_that_keeps_failing_is_left_alone_and_asked_again_later() -> None:
    failing = [True]
    asked = Asked(lambda _: page("", 500) if failing[0] else page())
    for _ in range(2):
        with pytest.raises(SourceError):
            asked.get()
    before = len(asked.paths)
    with pytest.raises(HostDown, match=r"forum\.example"):
        asked.get()
    assert len(asked.paths) == before
    failing[0] = False
    asked.clock.seconds += 301
    assert asked.get().status == 200


def test_nothing_that_a_wall_clock_does_shortens_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(always(page()))
    asked.get()
    for jump in (timedelta(days=-400), timedelta(days=400)):
        asked.fetcher._asker.now = lambda jump=jump: NOON + jump
        asked.get()
        assert asked.clock.slept[-1] == 2


# Bounds


def test_a_decompression_bomb_is_refused_before_it_unfolds() -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    asked = Asked(lambda _: packed(bomb, content_encoding="gzip", content_type="text/html"))
    with pytest.raises(Unreadable, match=r"decompression bomb|over"):
        asked.get()
    twice = Asked(lambda _: packed(gzip.compress(bomb), content_encoding="gzip, gzip", content_type="text/html"))
    with pytest.raises(Unreadable, match="not asked for"):
        twice.get()


def test_a_huge_page_is_refused_while_it_comes() -> None:
    came = [0]

    def endless() -> Iterator[bytes]:
        while came[0] < 200:
            came[0] += 1
            yield b"x" * (1 << 20)

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return endless()

    asked = Asked(lambda _: httpx.Response(200, headers=HTML, stream=Endless()))
    with pytest.raises(Unreadable, match="over 20480 KiB"):
        asked.get()
    assert came[0] <= 22


def test_an_answer_that_drips_for_ever_is_given_up() -> None:
    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                asked.clock.seconds += 10
                yield b"x"

    asked = Asked(lambda _: httpx.Response(200, headers=HTML, stream=Drip()), tries=2)
    with pytest.raises(SourceError, match="no answer in time"):
        asked.get()


@pytest.mark.parametrize("length", ["5", "500"])
def test_a_body_of_another_length_than_told_is_asked_for_again(length: str) -> None:
    answers = [
        packed(b"<p>half of", content_length=length, content_type="text/html"),
        packed(b"<p>whole", content_type="text/html"),
    ]
    asked = Asked(lambda _: answers.pop(0))
    assert asked.get().text == "<p>whole"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_packed_bodies_are_unpacked_and_torn_or_broken_ones_are_not_taken(encoding: str) -> None:
    text = b"<p>" + b"words and more of them " * 40
    whole = gzip.compress(text) if encoding == "gzip" else zlib.compress(text)
    kind: dict[str, Any] = {"content_encoding": encoding, "content_type": "text/html"}
    assert Asked(lambda _: packed(whole, **kind)).get().body == text
    with pytest.raises(SourceError, match="ends too early"):
        Asked(lambda _: packed(whole[:-9], **kind), tries=1).get()
    with pytest.raises(Unreadable, match="broken"):
        Asked(lambda _: packed(b"\x1f\x8b\x08" + bytes(30) if encoding == "gzip" else b"\xff" * 30, **kind)).get()


def test_a_file_that_is_no_page_is_not_read_as_one() -> None:
    with pytest.raises(Unreadable, match="image/png, not html"):
        Asked(always(page(content_type="image/png"))).get()


# Never elsewhere


def test_a_circle_of_redirects_ends() -> None:
    asked = Asked(lambda r: page("", 302, location="/b" if r.url.path == "/a" else "/a"))
    with pytest.raises(SourceError, match="redirected over 10 times"):
        asked.get("/a")
    assert len(asked.paths) < 15


@pytest.mark.parametrize(
    "where",
    ["https://elsewhere.example/", "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/",
     "//10.0.0.1/x", "file:///etc/passwd", "ftp://forum.example/x", "https://forum.example:8443/x"],
)  # fmt: skip
def test_a_redirect_never_leads_off_the_source_s_own_host(where: str) -> None:
    asked = Asked(always(page("", 302, location=where)))
    with pytest.raises(SourceError):
        asked.get()
    assert asked.paths == ["/robots.txt", "/page"]


@pytest.mark.parametrize("where", ["", "http://[", "https://forum.example:99999/"])
def test_a_redirect_to_nowhere_is_an_error_of_the_site(where: str) -> None:
    with pytest.raises(SourceError):
        Asked(always(page("", 302, location=where))).get()


def test_a_redirect_within_the_host_is_followed_under_its_own_rules() -> None:
    asked = Asked(
        lambda r: page("", 301, location="/no/x") if r.url.path == "/a" else page(), "User-agent: *\nDisallow: /no"
    )
    with pytest.raises(Forbidden, match=r"robots\.txt"):
        asked.get("/a")
    asked = Asked(lambda r: page("", 301, location="/b") if r.url.path == "/a" else page())
    assert asked.get("/a").url == f"{SITE}/b"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]
)
def test_a_private_address_is_not_connected_to_unless_the_study_says_so(host: str) -> None:
    guarded = address.GuardedTransport(allow_private=False)
    fetcher = Asked(always(page()), transport=guarded, source={"urls": (f"http://{host}:9/",)}, tries=1)
    with pytest.raises(SourceError, match=r"private|no such host"):
        fetcher.get(f"http://{host}:9/")


@pytest.mark.parametrize(
    ("status", "error"), [(401, Forbidden), (403, Forbidden), (451, Forbidden), (404, Gone), (410, Gone)]
)
def test_what_an_answer_means_is_told(status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=str(status)):
        Asked(always(page("", status))).get()


# On the record, and not twice


def test_each_try_and_its_answer_stand_in_archive_and_ledger(tmp_path: Path) -> None:
    with Archive(tmp_path, "s") as archive, Ledger(tmp_path, "s") as told:
        asked = Asked(always(page("", 503), page()), archive=archive, ledger=told)
        with asked.fetcher:
            asked.get("/t?sid=0123456789abcdef0123456789abcdef")
        assert [k.capture.status for k in archive.captures()] == [200, 503, 200]
    rows = list(ledger.rows(ledger.path_of(tmp_path, "s")))
    assert [r["kind"] for r in rows] == ["crawl started", "request", "robots", "request", "request", "crawl finished"]
    assert rows[-1]["by_status"] == {"200": 2, "503": 1}
    assert "0123456789abcdef" not in ledger.path_of(tmp_path, "s").read_text()
    assert asked.request.headers["user-agent"].startswith("doselore/")
    assert "cookie" not in asked.request.headers


def test_an_unchanged_page_is_not_sent_twice_where_its_validator_can_be_trusted(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(304) if request.headers.get("if-none-match") == '"v1"' else page(etag='"v1"')

    with Archive(tmp_path, "s") as archive:
        asked = Asked(answer, archive=archive)
        assert not asked.get().not_modified
        again = asked.get()
        assert (again.not_modified, again.text) == (True, "<p>words</p>")


def test_a_validator_of_a_page_built_anew_each_time_is_not_trusted(tmp_path: Path) -> None:
    now = format_datetime(datetime(2026, 3, 1, tzinfo=UTC), usegmt=True)
    told: tuple[dict[str, Any], ...] = (
        {"last_modified": now, "date": now},
        {"etag": '"v1"', "cache_control": "no-store"},
        {"etag": '"v1"', "set_cookie": "a=b"},
    )
    for number, headers in enumerate(told):
        with Archive(tmp_path / str(number), "s") as archive:
            asked = Asked(always(page(**headers)), archive=archive)
            asked.get()
            asked.get()
            assert not {"if-none-match", "if-modified-since"} & set(asked.request.headers)
