"""Compiled to machine code or in plain Python: the same records, and never those of other sources than there are."""

import copy
import importlib.util
import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import data
import nlp
from nlp import compiled

ROOT = Path(__file__).resolve().parents[2]
POSTS: list[dict[str, Any]] = [
    {"id": f"{file.stem} {n}", "text": json.loads(line)["text"], "drug": ("Baclofen", None)[n % 2]}
    for file in sorted(Path(__file__).parent.glob("probes_*.jsonl"))
    for n, line in enumerate(file.read_text(encoding="utf-8").splitlines()[::5])
]
_READ = """
import json, sys
import nlp
from nlp import compiled
read = nlp.read(nlp.load(), json.load(sys.stdin))
print(compiled.used(), *(repr((r.record, r.mentions, r.language, r.exclusion, r.person)) for r in read), sep="\\n")
"""


def python(program: str, cwd: Path, *, plain: bool = False, given: str = "") -> str:
    """Run a program in another process; give what it prints."""
    env = {**os.environ, compiled.PLAIN: "1" if plain else "0"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=cwd, env=env, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(compiled.folder() is None, reason="nlp/ is not compiled here: `python3 dev.py setup` does it")
def test_plain_python_reads_the_same() -> None:
    posts = json.dumps(POSTS)
    first, *here = python(_READ, ROOT, given=posts).splitlines()
    other, *plain = python(_READ, ROOT, plain=True, given=posts).splitlines()
    assert (first, other) == ("True", "False")
    assert len(here) == len(POSTS)
    assert here == plain


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a folder with the sources of nlp/ as they are, of which nothing has been compiled."""
    shutil.copytree(
        Path(nlp.__file__).parent, tmp_path / "nlp", ignore=shutil.ignore_patterns("__pycache__", "_compiled")
    )
    (tmp_path / "data").mkdir()
    shutil.copy(Path(data.__file__), tmp_path / "data")
    for folder in ("lexicons", "models"):
        (tmp_path / "data" / folder).symlink_to(Path(data.__file__).parent / folder)
    return tmp_path


@pytest.mark.parametrize("place", ["build/compiled", "nlp/_compiled"])  # of a clone, of a wheel
def test_what_was_compiled_from_other_sources_does_not_run(clone: Path, place: str) -> None:
    told = "import nlp; from nlp import gates; print(gates.__file__)"
    made = clone / place / compiled.name(clone / "nlp")
    made.mkdir(parents=True)
    shutil.copy(clone / "nlp" / "gates.py", made)  # stands for what was compiled
    assert Path(python(told, clone).strip()) == made / "gates.py"
    assert Path(python(told, clone, plain=True).strip()) == clone / "nlp" / "gates.py"
    with (clone / "nlp" / "taking.py").open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    assert Path(python(told, clone).strip()) == clone / "nlp" / "gates.py"


def test_readings_and_pipelines_go_from_one_process_to_another() -> None:
    engine, post = nlp.load("naltrexone"), {"id": "1", "text": "I am 40. Baclofen 20mg tid helped.", "title": "Hope"}
    (reading,) = nlp.read(engine, [post])
    assert pickle.loads(pickle.dumps(reading)) == copy.deepcopy(reading) == reading
    other = pickle.loads(pickle.dumps(engine))
    assert other.get_pipe("links").index == "naltrexone"
    assert other.get_pipe("claims").nlp is other
    assert list(nlp.read(other, [post])) == [reading]
    assert pickle.loads(pickle.dumps(engine.get_pipe("links"))).index == "naltrexone"


class Hook:
    """What a build hook gets from hatchling, which is at hand in a build alone."""

    def __class_getitem__(cls, _: Any) -> "type[Hook]":
        return cls

    def __init__(self, root: Path) -> None:
        self.root, self.target_name, self.config = str(root), "wheel", {"plain": ["__init__"]}
        self.app, self.warnings = self, list[str]()

    def display_warning(self, line: str) -> None:
        self.warnings.append(line)


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give hatch_build.py as hatchling loads it."""
    there = ModuleType("hatchling.builders.hooks.plugin.interface")
    vars(there)["BuildHookInterface"] = Hook
    monkeypatch.setitem(sys.modules, there.__name__, there)
    monkeypatch.delenv(compiled.PLAIN, raising=False)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built(build: ModuleType, root: Path, version: str) -> tuple[Mapping[str, Any], list[str]]:
    """Run the step of a build; give what it asks of the wheel, and its warnings."""
    hook, asked = build.CompiledReading(root), {"pure_python": True, "infer_tag": False, "force_include": {}}
    hook.initialize(version, asked)
    return asked, hook.warnings


def test_without_a_c_compiler_the_build_goes_on_in_plain_python_and_says_so(
    build: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    asked, (warning,) = built(build, clone, "standard")
    assert asked == {"pure_python": True, "infer_tag": False, "force_include": {}}
    assert "plain Python" in warning
    assert "no-such-compiler" in warning
    assert compiled.folder(clone / "nlp") is None


def test_what_is_compiled_already_is_not_compiled_again_and_goes_into_the_wheel(
    build: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    made = clone / "build" / "compiled" / compiled.name(clone / "nlp")
    made.mkdir(parents=True)
    (made / "gates.so").touch()
    asked, warnings = built(build, clone, "standard")
    assert (asked["pure_python"], asked["infer_tag"], warnings) == (False, True, [])
    assert asked["force_include"] == {str(made / "gates.so"): f"nlp/_compiled/{made.name}/gates.so"}
    assert built(build, clone, "editable")[0]["force_include"] == {}  # it is found where it lies
