"""The flows that a schedule asks for by name, and the engines that posts are read on, against one real Prefect server."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline import collect, corpus, extract, lake, study
from pipeline.errors import StudyError
from pipeline.home import Home
from tests.support.served import free_port

DUMPED = ("RC_2014-12.zst", "RC_2015-01.zst")
POSTS = 240

# One worker is killed when the first part is done: what it held is read again by another. The lake is filled on the same
# cluster, as one that runs already.
READ = """
import sys
from pathlib import Path
from flows import engines
from flows.extract import extract_posts, no_bar
from pipeline import collect, study
from pipeline.home import Home

if __name__ == "__main__":
    import multiprocessing

    from prefect.context import FlowRunContext

    chosen, home = study.load(sys.argv[1]), Home(Path(sys.argv[2])).make()
    collect.collect(chosen, home)
    real, wrote = engines.submitted, []

    def killing(asked, parts):
        for number, read in enumerate(real(asked, parts)):
            if number == 0:
                multiprocessing.active_children()[0].kill()
            yield read
        address = FlowRunContext.get().task_runner.client.scheduler.address
        there = asked.run.model_copy(update={"address": address})
        cluster = engines.task_runner(asked.model_copy(update={"run": there}))
        flow = engines.fill_on_cluster.with_options(task_runner=cluster)
        wrote.extend(flow(home.root / "lake", home, asked, "dump", [Path(p) for p in sys.argv[3:]]))

    engines.submitted = killing
    read = extract_posts(chosen, home, no_bar)
    assert [w.state for w in wrote] == ["read", "read"], wrote
    print(read)
"""

ASK = """
import json, time
from prefect import flow
from flows.collect import collect, collect_all
from flows.extract import extract
from flows.sweep import sweep
from flows.tabulate import tabulate
from pipeline import collect as collecting
from pipeline import home, study
from pipeline.errors import SourceError
from pipeline.staging import Merged

real, tries = collecting.collect_source, []

def unsteady(asked, source, *rest):
    if source.name == "file":
        return real(asked, source, *rest)
    tries.append(source.name)
    while source.name == "slow":
        time.sleep(0.05)
    error = SourceError("the network is down") if len(tries) < 3 else None
    return collecting.Collected(source.name, Merged(new=len(tries)), error)

collecting.collect_source = unsteady
collect(home=HOME, study=STUDY)

@flow
def late():
    asked = study.load(STUDY)
    slow = asked.sources[1].model_copy(update={"name": "slow"})
    short = asked.run.model_copy(update={"source_hours": 0.0003, "retries": 0})
    return collect_all(asked.model_copy(update={"sources": (slow,), "run": short}), home.Home(Path(HOME)), None)

(slow,) = late()
read = extract(home=HOME)
swept = sweep(home=HOME)
tabulate(home=HOME)
tabulate(home=HOME)
print(json.dumps({"tries": tries, "read": read, "swept": swept, "slow": str(slow.error)}))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Have a Prefect server; gives the environment of processes that use it."""
    folder, port = tmp_path_factory.mktemp("prefect"), free_port()
    root = str(Path(__file__).parents[2])
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p),
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "INFO",
    }
    environment.pop("PREFECT_API_URL", None)
    call = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log, subprocess.Popen(call, stdout=log, stderr=log, env=environment) as running:
        url, until = f"http://127.0.0.1:{port}/api", time.monotonic() + 280
        while time.monotonic() < until and running.poll() is None:
            try:
                urllib.request.urlopen(f"{url}/health", timeout=2)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield {**environment, "PREFECT_API_URL": url}
        running.terminate()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_each_flow_runs_by_names_alone_tries_again_stops_in_time_and_makes_nothing_twice(
    tmp_path: Path, server: dict[str, str]
) -> None:
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"id": "1", "text": "I take baclofen 60 mg a day and my cravings are gone."}\n', encoding="utf-8")
    study = tmp_path / "mine.toml"
    study.write_text(
        'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n[run]\nretry_seconds = 0.01\n'
        f'[[source]]\nname = "file"\nkind = "file"\npaths = ["{posts}"]\n'
        '[[source]]\nname = "board"\nkind = "board"\nurls = ["https://forum.example/"]\n',
        encoding="utf-8",
    )
    home = tmp_path / "home"
    asked = f"from pathlib import Path\nHOME, STUDY = {str(home)!r}, {str(study)!r}\n{ASK}"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, env=server, check=False, timeout=800
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["tries"][:3] == ["board", "board", "board"]
    assert told["tries"][3:] in (["slow"], [])  # on a busy machine its second is over before it has begun
    assert "board: 6 new" in done.stderr  # what each try brought
    assert "source_hours" in told["slow"]
    assert (told["read"], told["swept"]) == (1, {})
    made = [line for line in done.stderr.splitlines() if "Task run 'tabulate" in line and "Finished" in line]
    assert ["Cached" in line for line in made] == [False, True]
    assert "baclofen" in (home / "tables" / "outcome_by_treatment.csv").read_text(encoding="utf-8")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Path]]:
    """Write posts and a study of them, to be read on a cluster, and two dumps; give study and dumps."""
    monkeypatch.setenv("DOSELORE_KEY", "a key of the tests alone")
    posts = tmp_path / "posts.jsonl"
    lines = (
        {"id": str(n), "text": f"I take baclofen {n % 9 + 1}0 mg a day and have no cravings. It made me sleepy."}
        for n in range(POSTS)
    )
    posts.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n'
        '[run]\nengine = "dask"\nworkers = 2\nbatch_posts = 20\n'
        f'[[source]]\nname = "file"\nkind = "file"\npaths = ["{posts}"]\n',
        encoding="utf-8",
    )
    dumps = [tmp_path / name for name in DUMPED]
    for n, dump in enumerate(dumps):
        row = {"id": f"c{n}", "author": "somebody", "subreddit": "example", "link_id": "t3_a", "parent_id": "t3_a"}
        row |= {"created_utc": 1_420_000_000, "body": "Baclofen 30 mg a day stopped my craving."}
        dump.write_bytes(zstandard.compress(json.dumps(row).encode() + b"\n"))
    return file, dumps


def read_here(file: Path, dumps: list[Path], home: Home) -> None:
    """Read posts and dumps in this process."""
    chosen = study.load(str(file))
    here = chosen.model_copy(update={"run": chosen.run.model_copy(update={"engine": "here"})})
    collect.collect(here, home)
    extract.read_corpus(home, here, lambda _: contextlib.nullcontext(lambda _: None))
    wrote = list(lake.fill(home.root / "lake", home, here, "dump", dumps))
    assert [w.state for w in wrote] == ["read", "read"]


def read_on_cluster(file: Path, dumps: list[Path], home: Home, server: dict[str, str]) -> None:
    """Read posts and dumps on a cluster that loses a worker."""
    script = file.with_name("ask.py")
    script.write_text(READ, encoding="utf-8")
    environment = {**server, "DOSELORE_KEY": os.environ["DOSELORE_KEY"], "PREFECT_LOGGING_LEVEL": "CRITICAL"}
    done = subprocess.run(
        [sys.executable, str(script), str(file), str(home.root), *map(str, dumps)],
        capture_output=True, text=True, env=environment, check=False, timeout=800,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split()[-1] == str(POSTS)


def held(home: Home) -> list[tuple[Any, ...]]:
    """Give all that was read into a corpus."""
    with corpus.reading(home) as con:
        return [
            row
            for table in ("report", "treatment", "dose", "outcome", "side_effect", "mention")
            for row in con.execute(f"select * from {table} order by all").fetchall()
        ]


def parts(home: Home) -> set[str]:
    """Give the parts of a home's lake; a part's name is a hash of all that it holds but the time of making."""
    return {str(p.relative_to(home.root)) for p in home.root.glob("lake/parts/*/*/*.parquet")}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_dask_cluster_that_loses_a_worker_gives_what_one_process_gives(
    tmp_path: Path, server: dict[str, str], asked: tuple[Path, list[Path]]
) -> None:
    pytest.importorskip("prefect_dask")
    alone, cluster = Home(tmp_path / "here").make(), Home(tmp_path / "dask").make()
    read_here(*asked, alone)
    read_on_cluster(*asked, cluster, server)
    assert len(held(alone)) > 5 * POSTS
    assert held(cluster) == held(alone)
    assert sum("month=2014-12" in name for name in parts(alone)) == len(DUMPED)
    assert parts(cluster) == parts(alone)


def test_an_address_without_a_cluster_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n[run]\nengine = "here"\naddress = "tcp://a:1"\n',
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match="dask"):
        study.load(str(file))
