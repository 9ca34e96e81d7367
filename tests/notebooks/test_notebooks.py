"""The notebooks run top to bottom on the sample's posts, and what they show can be drawn."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import collect, corpus, extract, study
from pipeline.home import Home

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = {
    "first_look": {"flow_chart", "outcome_chart"},
    "dose_and_outcome": {"dose_chart", "step_chart", "effect_chart"},
    "compare_treatments": {"between_chart", "within_chart", "condition_chart", "curve_chart"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("home")).make()
    sample = study.load("sample")
    with collect.served(sample) as ready:
        for source in ready.sources:
            collect.collect(ready, made, [source.name])
    extract.new_posts(made, sample)
    with corpus.writing(made) as con:
        corpus.publish(con, sample)
    return made


def test_every_notebook_is_run_here() -> None:
    assert {p.stem for p in FOLDER.glob("*.py")} == set(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_top_to_bottom(name: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOSELORE_HOME", str(home.root))
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec
    assert spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _, defined = module.app.run()
    for chart in NOTEBOOKS[name]:
        drawn = json.loads(defined[chart].to_json())
        assert any(drawn["datasets"].values()), f"{chart} has no rows"
        assert drawn.get("title") or drawn["layer"][0]["title"]
