"""Virtual environments of the annotation tools, made once and kept outside the repository."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def python_of(tool: str) -> Path:
    """Give the Python of an environment that holds a tool's pinned packages; skips where it cannot be made.

    The environments lie in DOSELORE_TOOLS, by default in the user's cache; one a list of packages and a Python.
    """
    wanted = HERE / f"{tool}.txt"
    stamp = hashlib.sha256(sys.version.encode() + wanted.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "doselore-tools"
    folder = Path(os.environ.get("DOSELORE_TOOLS") or cache) / f"{tool}-{stamp}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / "whole").exists():
        return python
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if uv is None:
        pytest.skip(f"no uv to make an environment for {tool} with")
    # Made aside and moved in whole: two test processes may want it at once.
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    made = part / python.relative_to(folder)
    for call in (
        [uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(part)],
        [uv, "pip", "install", "--quiet", "--no-deps", "--python", str(made), "-r", str(wanted)],
    ):
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(part, ignore_errors=True)
            pytest.skip(f"{tool} cannot be installed here: {done.stderr.strip()[-300:]}")
    (part / "whole").touch()
    try:
        part.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(part, ignore_errors=True)
    return python


def run(tool: str, *arguments: Path) -> str:
    """Run the script that drives a tool, by the tool's own Python; give what it printed."""
    python = python_of(tool)
    script = HERE / f"with_{tool.replace('-', '_')}.py"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [python, script, *arguments], capture_output=True, text=True, check=False, env={**clean, "PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
