"""`doselore report`: the file it writes, where, and what it says of it."""

import json
from pathlib import Path

from typer.testing import CliRunner

from flows import commands
from pipeline.home import Home
from tests.pipeline.simulated import Told, write


def test_report_writes_the_page_and_names_it(tmp_path: Path) -> None:
    write(Home(tmp_path / "home"), [("heron", Told(0, effect="worked"))])
    out = tmp_path / "page.html"
    done = CliRunner().invoke(commands.app, ["report", "--home", str(tmp_path / "home"), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"report": str(out), "bytes": out.stat().st_size}
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
