"""The flows that a schedule asks for by name, against a real Prefect server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import json
from flows.collect import collect
from flows.extract import extract
from flows.sweep import sweep
from flows.tabulate import tabulate
collect(home=HOME, study=STUDY)
print(json.dumps({"read": extract(home=HOME), "swept": sweep(home=HOME), "tables": tabulate(home=HOME)}))
"""


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_each_flow_runs_by_names_alone(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"id": "1", "text": "I take baclofen 60 mg a day and my cravings are gone."}\n', encoding="utf-8")
    study = tmp_path / "mine.toml"
    study.write_text(
        f'name = "mine"\ntitle = "Mine"\nindex = "baclofen"\n[[source]]\nname = "file"\nkind = "file"\npaths = ["{posts}"]\n',
        encoding="utf-8",
    )
    home = tmp_path / "home"
    environment = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_LOGGING_LEVEL": "ERROR",
    }
    asked = f"HOME, STUDY = {str(home)!r}, {str(study)!r}\n{ASK}"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, env=environment, check=False, timeout=230
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"read": 1, "swept": {}, "tables": None}
    assert "baclofen" in (home / "tables" / "outcome_by_treatment.csv").read_text(encoding="utf-8")
