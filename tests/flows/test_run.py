"""`doselore run`: the whole journey on the bundled sample, with a real Prefect server and a real crawl on loopback."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.test_cli import call

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, subprocess.CompletedProcess[str], subprocess.CompletedProcess[str]]:
    home = tmp_path_factory.mktemp("sample")
    return home, call("run", home=home), call("run", "--json", "-v", home=home)


Runs = tuple[Path, subprocess.CompletedProcess[str], subprocess.CompletedProcess[str]]


def test_the_first_run_prints_the_flow_the_tables_and_where_all_lies(runs: Runs) -> None:
    home, first, _ = runs
    assert first.returncode == 0, first.stderr
    for words in (
        "seen",
        "kept",
        "with a first-person report",
        "with an outcome",
        "baclofen",
        "naltrexone",
        "mg",
        "somnolence",
    ):
        assert words in first.stdout
    assert str(home / "corpus.duckdb") in first.stdout
    assert (home / "tables" / "outcome_by_treatment.csv").read_text().count("\n") > 2
    assert "invented" in first.stdout


def test_a_run_says_in_words_and_as_json_what_came_how_fast_and_what_went_wrong(runs: Runs) -> None:
    home, first, second = runs
    assert re.search(r"this run: \d+ new, 0 changed, 0 same, 1 set aside; \d+ read\n", first.stdout)
    assert re.search(
        r"posts a second: [\d,.]+ collected, [\d,.]+ read\nerrors: none\nseconds: collect [\d.]+, ", first.stdout
    )
    kept = [json.loads(file.read_bytes()) for file in sorted((home / "runs").glob("*.json"))]
    assert [run["study"] for run in kept] == ["sample", "sample"]
    assert kept[0]["new"] == kept[0]["by_source"]["sample-board"]["new"] + kept[0]["by_source"]["sample-reddit"]["new"]
    assert kept[0]["set_aside"]
    assert kept[1] == {**kept[1], **json.loads(second.stdout)["figures"]}
    assert kept[1]["flow"] == kept[0]["flow"]


def test_the_second_run_finds_nothing_new_and_doubles_nothing(runs: Runs) -> None:
    home, first, second = runs
    assert second.returncode == 0, second.stderr
    found = json.loads(second.stdout)
    assert all(c["new"] == 0 and c["changed"] == 0 for c in found["collected"])
    assert found["read"] == 0
    assert [line for line in second.stderr.splitlines() if "made anew" in line] == []
    made = [line for line in second.stderr.splitlines() if "Finished in state Cached" in line]
    assert sorted(line.split("'")[1].split("-")[0] for line in made) == [
        "report",
        "tabulate",
    ]  # kept since the first run
    assert str(found["flow"][0]["posts"]) in first.stdout
    doubled = call(
        "query", "select native_id from post group by source_id, native_id having count(*) > 1", "--json", home=home
    )
    assert json.loads(doubled.stdout) == []


def test_a_run_that_found_nothing_new_says_so(runs: Runs) -> None:
    asked = (
        "import sys; from pathlib import Path; from flows import show; from flows.refresh import Summary\n"
        "from pipeline.home import Home; show.summary(Home(Path(sys.argv[1])), Summary(), as_json=False)"
    )
    told = subprocess.run([sys.executable, "-c", asked, runs[0]], capture_output=True, text=True, check=True)
    assert "nothing new since the last run; the tables stand as they were" in told.stdout


def test_real_posts_put_the_invented_ones_out_of_every_table(runs: Runs, tmp_path: Path) -> None:
    home, _, _ = runs
    file = tmp_path / "real.jsonl"
    file.write_text('{"id": "1", "text": "Baclofen helped me to stop drinking."}\n')
    assert call("import", file, "--source", "mine", home=home).returncode == 0
    assert call("extract", home=home).returncode == 0
    flow = json.loads(call("table", "flow", "--json", home=home).stdout)
    assert any(r["reason"] == "invented sample" for r in flow)
    rows = json.loads(call("table", "outcome_by_treatment", "--json", home=home).stdout)
    assert {(r["substance"], r["persons"]) for r in rows if r["condition"] == "any"} == {("baclofen", 1)}
