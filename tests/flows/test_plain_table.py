"""`doselore table NAME` is answered without the library of the command line, and says what it says with it."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cli, commands
from pipeline import corpus, study
from pipeline.home import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Home(tmp_path_factory.mktemp("plain"))
    with corpus.writing(made) as con:
        corpus.publish(con, study.load("baclofen"))
    return made.root


def main(monkeypatch: pytest.MonkeyPatch, *args: str) -> None:
    monkeypatch.setattr(sys, "argv", ["doselore", *args])
    cli.main()


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--format", "csv"],
        ["--format=md", "--limit", "2"],
        ["--json"],
        ["--json", "--format", "csv", "--limit=0"],
    ],
)
def test_a_plain_table_is_the_one_that_the_command_prints(
    home: Path, options: list[str], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    main(monkeypatch, "table", "dose_band", *options, "--home", str(home))
    plain = capsysbinary.readouterr().out
    asked = CliRunner().invoke(commands.app, ["table", "dose_band", *options, "--home", str(home)])
    assert asked.exit_code == 0
    assert plain == asked.stdout_bytes
    assert plain


def test_a_plain_table_is_written_to_a_file(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "bands.csv"
    main(monkeypatch, "table", "dose_band", "--home", str(home), "--format", "csv", "--out", str(out))
    assert out.read_text(encoding="utf-8").startswith("substance,position,")


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["table", "dose_band", "--limit", "-1"], 2),
        (["table", "dose_band", "--limit", "many"], 2),
        (["table", "dose_band", "--limit", "9" * 5000], 2),
        (["table", "dose_band", "--unknown"], 2),
        (["table", "dose_band", "--format"], 2),
        (["table", "dose_band", "another"], 2),
        (["table", "dose_bant"], 1),
        (["table", "dose_band", "--format", "xls"], 1),
    ],
)
def test_a_wrong_call_is_told_as_ever(
    home: Path, args: list[str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(monkeypatch, *args[:2], "--home", str(home), *args[2:])
    assert ended.value.code == status


def test_a_plain_table_loads_neither_the_command_line_nor_pandas(home: Path) -> None:
    code = (
        "import sys\nfrom flows.cli import main\n"
        f"sys.argv = ['doselore', 'table', 'coverage', '--home', {str(home)!r}]\nmain()\n"
        "print(sorted({'typer', 'pydantic', 'pandas', 'pyarrow', 'spacy', 'prefect'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
