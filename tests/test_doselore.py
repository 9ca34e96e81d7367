"""What an analyst does in Python: open, take tables, look behind a number."""

from pathlib import Path

import pytest

import doselore
from pipeline import cells
from pipeline.errors import CorpusError
from pipeline.home import Home
from tests.pipeline.simulated import Told, write


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> doselore.Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    told = [
        ("heron", Told(0, mg=30)),
        (
            "heron",
            Told(50, effect="worked", mg=120, outcomes=(("craving", "improved"),), side_effects=(("nausea", True),)),
        ),
        ("wren", Told(0, effect="no_effect", mg=20, outcomes=(("craving", "unchanged"),))),
    ]
    write(Home(folder), told)
    return doselore.open(folder)


def test_a_table_comes_as_pandas_and_as_arrow(opened: doselore.Corpus) -> None:
    frame, table = opened.table("outcome_by_treatment"), opened.arrow("outcome_by_treatment")
    assert list(frame.columns) == table.column_names
    assert len(frame) == table.num_rows > 0


def test_behind_a_cell_by_dose_stand_the_claims_of_its_persons_only(opened: doselore.Corpus) -> None:
    rows = opened.evidence("outcome_by_dose", substance="baclofen", dose_band="80-150 mg", domain="craving")
    assert rows.person_id.nunique() == 1
    assert sorted(rows.value) == ["craving improved", "taken: 120-120 mg/day", "taken: 30-30 mg/day"]
    again = doselore.evidence(
        "outcome_by_dose", home=opened.home.root, treatment="baclofen", dose_band="80-150 mg", domain="craving"
    )
    assert again.equals(rows)
    assert not opened.evidence("outcome_by_dose", cells.parse("treatment=baclofen, band=0-30 mg")).empty


def test_behind_a_side_effect_stand_its_words(opened: doselore.Corpus) -> None:
    rows = opened.evidence("side_effect_rate", concept="nausea")
    assert (list(rows.value), list(rows.post_id)) == (["nausea present"], ["board:1"])


@pytest.mark.parametrize("cell", ["nonsense", "", "colour=red", "stratum=sex"])
def test_a_cell_that_cannot_be_is_a_clear_line(opened: doselore.Corpus, cell: str) -> None:
    with pytest.raises(CorpusError, match=r"COLUMN=VALUE|not there|needs both"):
        cells.evidence(opened.home, "outcome_by_dose", cells.parse(cell))


def test_a_corpus_that_is_not_there_is_a_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus there yet"):
        doselore.open(tmp_path)


def test_nothing_can_be_written_through_it(opened: doselore.Corpus) -> None:
    with pytest.raises(CorpusError):
        opened.query("delete from post")
    assert opened.query("select count(*) as n from post").n.tolist() == [3]


def test_an_unknown_table_names_the_near_ones(opened: doselore.Corpus) -> None:
    with pytest.raises(CorpusError, match="outcome_by_dose"):
        opened.table("outcome_by_doze")
