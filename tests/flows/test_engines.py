"""The same records, whatever reads them: this process, processes of this machine, a Dask cluster with a worker killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import corpus, study
from pipeline.errors import StudyError
from pipeline.home import Home

POSTS = 240

# One worker is killed when the first part is done: what it held is read again by another.
ASK = """
import sys
from pathlib import Path
from flows import engines
from flows.extract import extract_posts, no_bar
from pipeline import collect, study
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
    print(extract_posts(chosen, home, no_bar))
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
    }
    home = Home(folder / engine)
    done = subprocess.run(
        [sys.executable, str(script), str(asked), str(home.root)],
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


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_dask_cluster_that_loses_a_worker_gives_what_one_process_gives(tmp_path: Path) -> None:
    pytest.importorskip("prefect_dask")
    here = read_with("here", tmp_path)
    assert len(here) > 5 * POSTS
    assert read_with("dask", tmp_path) == here


def test_an_address_without_a_cluster_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n[run]\nengine = "here"\naddress = "tcp://a:1"\n',
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match="dask"):
        study.load(str(file))
