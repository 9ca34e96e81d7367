"""From any cell to what stands behind it, as an analyst asks: on the command line and in Python."""

import json
import random
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.commands import app
from pipeline import cells
from pipeline.errors import CorpusError
from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write

EFFECTS = ("worked", "partly", "no_effect", "harmful", "unclear")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    rng, made = random.Random(11), Home(tmp_path_factory.mktemp("cells"))
    told: list[tuple[str, Told]] = []
    for n in range(40):
        for day in sorted(rng.sample(range(200), rng.randint(1, 4))):
            harm = rng.choice([(), (("nausea", True),), (("nausea", False), ("dizziness", True))])
            change = rng.choice([(), (("craving", "improved"),), (("craving", "worsened"),), (("use", "unchanged"),)])
            one = Told(
                day, rng.choice(["baclofen", "baclofen", "naltrexone"]), rng.choice(EFFECTS), rng.choice([None, 20, 60, 120]),
                rng.choice([None, None, True, False]), conditions=rng.choice([(), ("alcohol_use",), ("anxiety",)]),
                outcomes=change, side_effects=harm,
            )  # fmt: skip
            told.append((f"sample_{n}", one))
    write(made, told)
    return made


def behind(home: Home, table: str, **cell: Any) -> list[dict[str, Any]]:
    """Ask on the command line for what stands behind a cell."""
    said = ",".join(f"{k}={v}" for k, v in cell.items())
    done = CliRunner().invoke(app, ["table", table, "--evidence", said, "--json", "--home", str(home.root)])
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def persons(rows: list[dict[str, Any]], *facts: str) -> set[str]:
    return {r["person_id"] for r in rows if r["fact"] in facts}


def test_behind_each_dose_stand_its_persons_with_their_doses(home: Home) -> None:
    rows = [r for r in ask(home, "from outcome_by_dose") if r["denominator"] and r["domain"] != "effect"]
    assert len(rows) > 4
    for row in rows:
        cell = {k: row[k] for k in ("substance", "dose_band", "domain")}
        found = behind(home, "outcome_by_dose", **cell)
        assert len(persons(found, "outcome")) == row["denominator"]
        assert len(persons(found, "dose")) == row["persons"]


def test_behind_an_effect_stand_those_who_took_it_for_the_condition(home: Home) -> None:
    for row in ask(home, "from outcome_by_treatment"):
        found = behind(home, "outcome_by_treatment", condition=row["condition"], treatment=row["substance"])
        assert len(persons(found, "treatment")) == row["persons"]
        assert len({r["post_id"] for r in found}) == row["posts"]
        said = {r["person_id"] for r in found if r["fact"] == "treatment" and "unclear" not in r["value"]}
        assert len(said) == row["denominator"]


def test_behind_a_side_effect_stand_those_who_had_it(home: Home) -> None:
    for row in ask(home, "from side_effect_rate"):
        found = behind(home, "side_effect_rate", treatment=row["substance"], side_effect=row["concept"])
        assert len({r["person_id"] for r in found if r["value"].endswith(" present")}) == row["persons_present"]
    for row in ask(home, "from side_effect_by_dose where persons_present > 0"):
        cell = {k: row[k] for k in ("substance", "dose_band", "concept")}
        found = behind(home, "side_effect_by_dose", **cell)
        had = {r["person_id"] for r in found if r["value"] == f"{row['concept']} present"}
        assert len(had) == row["persons_present"]


def test_behind_a_comparison_stand_the_persons_on_both(home: Home) -> None:
    rows = ask(home, "from comparison where kind <> 'between persons'")
    assert {r["kind"] for r in rows} == {"same person"}
    for row in rows:
        cell = {k: row[k] for k in ("kind", "comparator", "condition")}
        found = behind(home, "comparison", **cell)
        assert len(persons(found, "treatment")) == row["persons"]
        assert {r["substance"] for r in found} == {"baclofen", "naltrexone"}


def test_behind_a_course_a_day_and_a_stratum_stand_their_persons(home: Home) -> None:
    course = ask(home, "from course where condition = 'any' order by posts desc, person_id limit 1")[0]
    found = behind(home, "course", person=course["person_id"], treatment=course["substance"], condition="any")
    assert {r["person_id"] for r in found} == {course["person_id"]}
    assert len({r["post_id"] for r in found}) == course["posts"]
    for row in ask(home, "from time_to_effect where condition = 'any' limit 5"):
        found = behind(home, "time_to_effect", substance=row["substance"], condition="any", day=row["day"])
        assert len(persons(found, "treatment")) == row["events"] + row["censored"]
    row = ask(home, "from outcome_by_stratum where stratum = 'condition' and domain = 'craving' limit 1")[0]
    cell = {k: row[k] for k in ("substance", "stratum", "value", "domain")}
    assert len(persons(behind(home, "outcome_by_stratum", **cell), "outcome")) == row["denominator"]


def test_behind_a_corrected_share_stand_its_claims(home: Home) -> None:
    (row,) = ask(
        home,
        "from corrected where measure = 'side_effect' and substance = 'naltrexone' and concept = 'nausea'",
    )
    cell = {k: row[k] for k in ("measure", "substance", "concept")}
    found = behind(home, "corrected", **cell)
    assert len({r["person_id"] for r in found if r["value"] == "nausea present"}) == row["numerator"]
    assert persons(behind(home, "corrected", measure="stopped", treatment="baclofen"), "treatment")


def test_behind_a_dose_by_time_stand_the_doses_of_that_window(home: Home) -> None:
    for row in ask(home, "from dose_by_time where substance = 'baclofen'"):
        found = behind(home, "dose_by_time", substance="baclofen", from_day=row["from_day"])
        assert len(persons(found, "dose")) == row["denominator"]


@pytest.mark.parametrize(
    ("table", "cell", "said"),
    [
        ("outcome_by_dose", {"dose_bnd": "x"}, 'Did you mean "dose_band"'),
        ("outcome_by_dose", {"improved": "3"}, "does not mark a row.*substance, dose_band"),
        ("outcome_by_dose", {"domain": "cravin"}, 'no row with domain "cravin".*"craving"'),
        ("side_effect_rate", {"substance": "naltrexone", "concept": "nausae"}, "dizziness, nausea"),
        ("outcome_by_dose", {"substance": "naltrexone", "dose_band": "80-150 mg"}, "no row has them all|no row with"),
        ("flow", {"stage": "kept"}, "doselore query"),
        ("outcome_by_stratum", {"stratum": "sex"}, "stratum=sex,value=female"),
    ],
)
def test_a_cell_that_is_not_there_says_what_there_is(home: Home, table: str, cell: dict[str, str], said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        cells.evidence(home, table, cell)


def test_a_value_cannot_be_sql(home: Home) -> None:
    with pytest.raises(CorpusError, match="no row with domain"):
        cells.evidence(home, "outcome_by_dose", {"domain": "x' or '1'='1"})


def test_a_typed_cell_may_have_quotes_and_blanks() -> None:
    typed = "treatment = 'baclofen', dose_band=\"80-150 mg\""
    assert cells.parse(typed) == {"treatment": "baclofen", "dose_band": "80-150 mg"}
