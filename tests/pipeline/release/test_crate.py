"""The RO-Crate of a release against the checks of roc-validator's own profile, required and recommended."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.home import Home
from pipeline.release import build
from tests.pipeline.release.corpora import made
from tests.support import crates

pytest.importorskip("rocrate_validator")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("crate")
    home: Home = made(root / "home", ["I took baclofen 25 mg daily and my cravings are gone. Very sleepy."] * 8)
    return build.export(home, root / "shareable", "shareable").folder


def test_the_crate_passes_every_required_check_and_every_recommended_one_but_the_team_s_address(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = crates.issues(release, tmp_path, monkeypatch)
    # Who the team is, and so its address, is not in the corpus: that is for them to fill in.
    assert found == [("RECOMMENDED", "The organization SHOULD have a URL.")]


def test_the_validator_sees_a_file_that_is_not_there(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(release, broken)
    (broken / "DATASHEET.md").unlink()
    crate = json.loads((broken / "ro-crate-metadata.json").read_text())
    del crate["@graph"][1]["datePublished"]
    (broken / "ro-crate-metadata.json").write_text(json.dumps(crate))
    found = crates.issues(broken, tmp_path, monkeypatch)
    assert any("DATASHEET.md" in words for _, words in found)
    assert any("datePublished" in words for _, words in found)
