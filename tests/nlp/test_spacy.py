"""The pipeline in other people's spaCy programs: loaded by name, saved and loaded again, drawn by displaCy."""

import json
import subprocess
import sys
from pathlib import Path

import spacy
from spacy import displacy

import nlp

TEXT = "Baclofen 20mg tid killed my cravings. It gave me no nausea but made me so dizzy that I stopped taking it."
_BARE = """
import json, sys, spacy
engine = spacy.load(sys.argv[1])
assert "nlp.layers" in sys.modules  # by its entry point alone: this program imported nothing of doselore
print(json.dumps(engine(sys.argv[2])._.report))
"""
_WITHOUT_CLI = """
import sys, nlp
assert "spacy.cli" not in sys.modules
import spacy
assert spacy.info(silent=True)["spacy_version"] == spacy.__version__
from spacy.cli import download
assert spacy.cli.download.__module__ == "spacy.cli.download"
"""


def test_spacy_s_command_line_is_imported_only_when_it_is_asked_for() -> None:
    root = Path(nlp.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", _WITHOUT_CLI], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_saved_pipeline_reads_in_a_program_that_knows_only_spacy(tmp_path: Path) -> None:
    engine = nlp.load(index="naltrexone", substances=[{"id": "baclofen", "names": ["blue horse"]}])
    engine.to_disk(tmp_path / "reader")
    text = TEXT.replace("Baclofen", "Blue horse")
    command = [sys.executable, "-c", _BARE, str(tmp_path / "reader"), text]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record == json.loads(json.dumps(engine(text)._.report))
    assert [(d["substance"], d["mg_per_day"]) for d in record["doses"]] == [("baclofen", [60, 60])]


def test_spacy_load_by_name_takes_a_config_and_leaves_components_out() -> None:
    engine = spacy.load("doselore", config={"components.substances.index": "naltrexone"}, exclude=["layers"])
    assert engine.config["components"]["substances"]["index"] == "naltrexone"
    assert "layers" not in engine.pipe_names
    assert engine.meta["name"] == "doselore"
    assert engine(TEXT)._.report == nlp.load()(TEXT)._.report


def test_every_layer_can_be_drawn() -> None:
    doc = nlp.load()(TEXT)
    for layer, words in {"dose": "20mg tid", "outcome": "killed", "side_effect": "dizzy", "stop": "stopped"}.items():
        drawn = displacy.render(doc, style="span", page=False, jupyter=False, options={"spans_key": layer})
        assert any(words in span.text for span in doc.spans[layer]), layer
        assert doc.spans[layer][0][0].text in drawn
    assert {span.label_ for span in doc.spans["side_effect"]} == {"nausea", "dizziness"}
    assert len(doc.spans["sc"]) == len(doc._.mentions)


def test_an_empty_text_has_every_layer_and_none_of_it() -> None:
    doc = nlp.load()("")
    assert doc._.exclusion == "empty"
    assert not any(doc.spans[layer] for layer in ("sc", "substance", "dose", "outcome", "side_effect"))


def test_from_doses_on_each_component_can_be_left_out() -> None:
    engine = nlp.load()
    for name in engine.pipe_names[engine.pipe_names.index("doses") :]:
        with engine.select_pipes(disable=[name]):
            doc = engine(TEXT)
        assert doc._.mentions, name
        assert bool(doc._.report) == (name != "report"), name
