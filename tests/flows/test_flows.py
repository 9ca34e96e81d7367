"""The flows that a schedule asks for by name, against a real Prefect server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_each_flow_runs_by_names_alone_tries_again_stops_in_time_and_makes_nothing_twice(tmp_path: Path) -> None:
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
    environment = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_LEVEL": "INFO",
    }
    asked = f"from pathlib import Path\nHOME, STUDY = {str(home)!r}, {str(study)!r}\n{ASK}"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, env=environment, check=False, timeout=230
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["tries"] == ["board", "board", "board", "slow"]
    assert "board: 6 new" in done.stderr  # what each try brought
    assert "source_hours" in told["slow"]
    assert (told["read"], told["swept"]) == (1, {})
    made = [line for line in done.stderr.splitlines() if "Task run 'tabulate" in line and "Finished" in line]
    assert ["Cached" in line for line in made] == [False, True]
    assert "baclofen" in (home / "tables" / "outcome_by_treatment.csv").read_text(encoding="utf-8")
