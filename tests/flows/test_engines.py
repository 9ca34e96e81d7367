"""The same bytes, whatever reads: this process, processes of this machine, a Dask cluster that loses a worker."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipeline import corpus, study
from pipeline.errors import StudyError
from pipeline.home import Home

DUMPED = ("RC_2014-12.zst", "RC_2015-01.zst")
POSTS = 240

# One worker is killed when the first part is done: what it held is read again by another.
ASK = """
import sys
from pathlib import Path
from flows import engines
from flows.extract import extract_posts, no_bar
from pipeline import collect, lake, study
from pipeline.home import Home

if __name__ == "__main__":
    chosen, home = study.load(sys.argv[1]), Home(Path(sys.argv[2])).make()
    collect.collect(chosen, home)
    if chosen.run.engine == "dask":
        import multiprocessing
        real = engines.submitted
        def killing(study, parts):
            for number, read in enumerate(real(study, parts)):
                if number == 0:
                    multiprocessing.active_children()[0].kill()
                yield read
        engines.submitted = killing
    read = extract_posts(chosen, home, no_bar)
    lakes, dumps = home.root / "lake", [Path(p) for p in sys.argv[3:]]
    if chosen.run.engine == "dask":
        flow = engines.fill_on_cluster.with_options(task_runner=engines.task_runner(chosen))
        wrote = flow(lakes, home, chosen, "dump", dumps)
    else:
        wrote = list(lake.fill(lakes, home, chosen, "dump", dumps))
    assert [w.state for w in wrote] == ["read", "read"], wrote
    print(read)
"""


def read_with(engine: str, folder: Path) -> list[tuple[Any, ...]]:
    posts = folder / "posts.jsonl"
    lines = (
        {"id": str(n), "text": f"I take baclofen {n % 9 + 1}0 mg a day and have no cravings. It made me sleepy."}
        for n in range(POSTS)
    )
    posts.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    asked = folder / f"{engine}.toml"
    asked.write_text(
        'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n'
        f'[run]\nengine = "{engine}"\nworkers = 2\nbatch_posts = 20\n'
        f'[[source]]\nname = "file"\nkind = "file"\npaths = ["{posts}"]\n',
        encoding="utf-8",
    )
    dumps = [folder / name for name in DUMPED]
    for n, dump in enumerate(dumps):
        row = {"id": f"c{n}", "author": "somebody", "subreddit": "example", "link_id": "t3_a", "parent_id": "t3_a"}
        row |= {"created_utc": 1_420_000_000, "body": "Baclofen 30 mg a day stopped my craving."}
        dump.write_bytes(zstandard.compress(json.dumps(row).encode() + b"\n"))
    script = folder / "ask.py"
    script.write_text(ASK, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(
            p for p in (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")) if p
        ),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "DOSELORE_KEY": "a key of the tests alone",
    }
    home = Home(folder / engine)
    done = subprocess.run(
        [sys.executable, str(script), str(asked), str(home.root), *map(str, dumps)],
        capture_output=True, text=True, env=environment, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split()[-1] == str(POSTS)
    with corpus.reading(home) as con:
        return [
            row
            for table in ("report", "treatment", "dose", "outcome", "side_effect", "mention")
            for row in con.execute(f"select * from {table} order by all").fetchall()
        ]


def parts(home: Path) -> set[str]:
    """Give the parts of a home's lake; a part's name is a hash of all that it holds but the time of making."""
    return {str(p.relative_to(home)) for p in home.glob("lake/parts/*/*/*.parquet")}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_dask_cluster_that_loses_a_worker_gives_what_one_process_gives(tmp_path: Path) -> None:
    pytest.importorskip("prefect_dask")
    here = read_with("here", tmp_path)
    assert len(here) > 5 * POSTS
    assert read_with("dask", tmp_path) == here
    assert sum("month=2014-12" in name for name in parts(tmp_path / "here")) == len(DUMPED)
    assert parts(tmp_path / "dask") == parts(tmp_path / "here")


def test_an_address_without_a_cluster_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n[run]\nengine = "here"\naddress = "tcp://a:1"\n',
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match="dask"):
        study.load(str(file))
