"""Threats beyond words in a post: questions without end, bombs, paths, secrets. Each is named in SECURITY.md."""

import gzip
import io
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline import collect, corpus, staging, study
from pipeline.door import Door, key
from pipeline.errors import CorpusError, DoseloreError, SourceError, safe
from pipeline.home import Home
from pipeline.post import Batch, Post
from pipeline.staging import SourceRow
from tests.support.boards import Board
from tests.support.reddit_api import Answer, World
from tests.support.reddit_api import served as reddit_served
from tests.support.served import served

ROOT = Path(__file__).resolve().parents[2]
ESCAPES = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\r\nsecond line"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    where = Home(tmp_path / "home").make()
    with staging.Staging(where, SourceRow("board", "board", "board"), Door(key(where.key))) as aside:
        aside.add(Batch(posts=(Post("1", "I took baclofen.", title=ESCAPES),)))
    staging.merge(where)
    return where


def test_a_question_without_end_is_stopped(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with corpus.reading(home) as con, pytest.raises(CorpusError, match="took over"):
        corpus.query(con, "select count(*) from range(100000000) a, range(100000000) b", seconds=0.3)
    monkeypatch.setattr(corpus, "MOST_ROWS", 1000)
    with corpus.reading(home) as con, pytest.raises(CorpusError, match="more than 1,000 rows"):
        corpus.query(con, "select * from range(100000)")
    monkeypatch.setattr(corpus, "MEMORY", "20MB")
    with corpus.reading(home) as con, pytest.raises(CorpusError, match="query"):
        corpus.query(con, "select count(distinct range || 'a long text') from range(20000000)")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/hostname')",
        "select * from glob('/*')",
        "from '/etc/passwd'",
        "copy (select 1) to '/tmp/x.csv'",
        "export database '/tmp/x'",
        "load httpfs",
        "set memory_limit = '100GB'",
        "pragma enable_external_access",
        "reset lock_configuration",
        "attach ':memory:' as m",
        "create table t as select 1",
        "update post set text = ''",
        "call pragma_version(); delete from post",
        "checkpoint; drop table post",
    ],
)
def test_sql_can_do_nothing_but_read_the_corpus(home: Home, sql: str) -> None:
    with corpus.reading(home) as con:
        before = con.execute("select count(*) from post").fetchall()
        try:
            corpus.query(con, sql)
        except CorpusError:
            pass
        else:
            assert sql.startswith("attach ':memory:'")  # a place in memory, gone with the question
        assert con.execute("select count(*) from post").fetchall() == before
    assert not Path("/tmp/x.csv").exists()


@given(st.text(max_size=80))
def test_no_error_moves_a_terminal(text: str) -> None:
    said = str(SourceError(f"{text}{ESCAPES}"))
    assert not [c for c in said if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066\u2028"]


@pytest.mark.parametrize(
    "text",
    [
        "http://user:hunter2hunter2@proxy.example:8080: refused",
        "Authorization: Bearer hunter2hunter2",
        "client_secret=hunter2hunter2&x=1",
        "{'password': 'hunter2hunter2'}",
    ],
)
def test_no_error_tells_a_secret(text: str) -> None:
    assert "hunter2" not in str(DoseloreError(text))
    assert "hunter2" not in safe(text)


def test_a_bomb_is_set_aside_and_fills_neither_memory_nor_disk(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()
    packer = zstandard.ZstdCompressor()
    with (tmp_path / "bomb.zst").open("wb") as file, packer.stream_writer(file) as out:
        out.write(b'{"id": "a", "subreddit": "x", "body": "baclofen ')
        for _ in range(600):
            out.write(b"a" * (1 << 20))
    with (tmp_path / "bomb.warc.gz").open("wb") as file:
        page = b"<html>" + b"a" * (300 << 20)
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer = WARCWriter(file, gzip=True)
        url = "https://forum.example/t/1"
        writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(page), len(page), http_headers=head))
    del page
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    zst, warc = collect.import_files(
        study.load("baclofen"), home, [tmp_path / "bomb.zst", tmp_path / "bomb.warc.gz"], "x"
    )
    assert zst.merged.reasons == {"line too long": 1}
    assert warc.merged.reasons == {"too large": 1}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB
    assert sum(f.stat().st_size for f in home.root.rglob("*") if f.is_file()) < 20 << 20


def test_an_archive_with_hostile_addresses_writes_nowhere_else(tmp_path: Path) -> None:
    home = Home(tmp_path / "in" / "home").make()
    body = b"<html><body id='phpbb'><div class='post' id='p1'><div class='content'>I took baclofen.</div></div></body></html>"
    with gzip.open(tmp_path / "in" / "evil.warc.gz", "wb") as file:
        for url in ("https://forum.example/../../../../evil/viewtopic.php?t=1", "https://forum.example/..%2f..%2fevil?t=2",
                    "file:///etc/passwd", "https://../evil"):  # fmt: skip
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer = WARCWriter(file, gzip=False)
            writer.write_record(
                writer.create_warc_record(url, "response", io.BytesIO(body), len(body), http_headers=head)
            )
    collect.import_files(study.load("baclofen"), home, [tmp_path / "in" / "evil.warc.gz"], "x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in"]
    assert sorted(p.name for p in (tmp_path / "in").iterdir()) == ["evil.warc.gz", "home"]
    assert not [p for p in home.root.rglob("*") if "evil" in p.name or "passwd" in p.name]


def test_the_key_may_lie_elsewhere_but_not_in_the_home(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOSELORE_KEY_FILE", str(tmp_path / "safe" / "project.key"))
    (tmp_path / "safe").mkdir()
    key(home.key)
    assert (tmp_path / "safe" / "project.key").stat().st_mode & 0o077 == 0
    (tmp_path / "link").symlink_to(home.root)
    for inside in (home.root / "key", home.staging / "key", tmp_path / "link" / "key"):
        monkeypatch.setenv("DOSELORE_KEY_FILE", str(inside))
        with pytest.raises(CorpusError, match="in the home itself"):
            key(home.key)


SECRETS = {
    "DOSELORE_REDDIT_CLIENT_SECRET": "planted-client-secret-11",
    "DOSELORE_KEY": "planted-pseudonym-key-22-0123456789",
    "HTTP_PROXY": "",
    "DOSELORE_REDDIT_CLIENT_ID": "planted-client-id-33",
}
TOKEN = "planted-token-44"
COOKIE = "planted-cookie-55"


@pytest.mark.slow
@pytest.mark.parametrize("fault", [None, 401])
def test_no_secret_is_in_any_file_or_line_of_a_crawl(tmp_path: Path, fault: int | None) -> None:
    world = World()
    world.submit("aa", 1_700_000_000)
    world.answer("c1", "t3_aa", 1_700_000_001)
    token = f'{{"access_token": "{TOKEN}", "token_type": "bearer", "expires_in": 3600, "scope": "*"}}'
    cookie = {"set-cookie": f"session={COOKIE}; Path=/"}
    world.faults["/api/v1/access_token"] = [Answer(200, token, cookie) for _ in range(20)]
    if fault:
        world.faults["/r/recovery"] = [Answer(fault, "{}", cookie) for _ in range(40)]
    board = Board()
    board.topic(1, forum=1, posts=3)

    def answer(request: object) -> object:
        made = board.answer(request)  # pyright: ignore[reportArgumentType]
        made.headers["set-cookie"] = f"sid={COOKIE}"
        return made

    with reddit_served(world) as api, served(answer) as base:  # pyright: ignore[reportArgumentType]
        (tmp_path / "s.toml").write_text(
            'name = "s"\ntitle = "s"\nindex = "baclofen"\n\n[[source]]\nname = "api"\nkind = "reddit"\n'
            'subreddits = ["recovery"]\napproval = { basis = "a test", date = 2026-01-31 }\n\n'
            f'[[source]]\nname = "board"\nkind = "board"\nurls = ["{base}"]\nallow_private = true\n'
        )
        env = {**os.environ, **SECRETS, "DOSELORE_REDDIT_URL": api, "DOSELORE_REDDIT_OAUTH_URL": api,
               "DOSELORE_REDDIT_USER": "some_researcher", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}  # fmt: skip
        command = [
            sys.executable,
            "-c",
            _CRAWL,
            "collect",
            "--study",
            str(tmp_path / "s.toml"),
            "--home",
            str(tmp_path / "home"),
            "-v",
        ]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=False, timeout=300)
    planted = [TOKEN, COOKIE, *(s for s in SECRETS.values() if s)]
    for word in planted:
        assert word.encode() not in done.stdout + done.stderr, word
        for file in (tmp_path / "home").rglob("*"):
            if file.is_file():
                held = file.read_bytes()
                held += gzip.decompress(held) if file.suffix == ".gz" else b""
                assert word.encode() not in held, (file, word)
    assert done.returncode in (0, 3), done.stderr.decode()[-2000:]
    assert list((tmp_path / "home" / "archive").rglob("*.warc.gz"))


# The command line as it is, but that no nap is taken.
_CRAWL = """
import sys, time
from pipeline.sources import reddit_api
import prawcore.sessions, prawcore.rate_limit
from types import SimpleNamespace
quick = SimpleNamespace(sleep=lambda s: None, monotonic=time.monotonic, monotonic_ns=time.monotonic_ns)
prawcore.sessions.time = prawcore.rate_limit.time = quick
time.sleep = lambda s: None
from flows.cli import main
main()
"""
