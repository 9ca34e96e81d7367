"""Set-up, run and test with nothing but Python 3.11+ and pip: `python3 dev.py run`, `python3 dev.py test`.

Makes a virtual environment in .venv, installs the locked, hashed dependencies there (once; again when the lock
changes), and then does what is asked. Uses the standard library alone.
"""

import hashlib
import os
import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements.lock"
PEERS = ROOT / "build" / "peers"
STAMP = VENV / "installed.sha256"
USAGE = """usage: python3 dev.py TASK [ARGUMENTS]

  run    the main job: `doselore run`, on the bundled sample if no --study is named
  test   the tests (arguments go to pytest)
  lint   ruff and the type checker
  bench  the benchmarks: `python -m benchmarks`, beside medspaCy and negspacy, which are installed apart in build/peers
  docs   build the documentation site in build/site
  lock   write the locks anew from pyproject.toml
  setup  only make the environment, and compile nlp/ anew if it has changed
"""


def say(line: str) -> None:
    """Tell the person what is being done."""
    print(f"dev.py: {line}", file=sys.stderr, flush=True)


def call(*command: str | Path) -> None:
    """Run a command in the repository; stop with its exit status if it fails."""
    status = subprocess.call([str(c) for c in command], cwd=ROOT)
    if status:
        sys.exit(status)


def keep_compiled() -> None:
    """Have the modules that we import compiled once, also where the environment keeps Python from it.

    The tests alone start hundreds of processes; each would compile all that it imports anew, which takes longer than
    most of what it is started for. What is compiled then lies in the virtual environment, and not among the sources.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "compiled"))


def wanted() -> str:
    """Give a hash of what the environment must hold."""
    parts = (
        sys.version,
        str(ROOT),
        LOCK.read_text(encoding="utf-8"),
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def plain() -> bool:
    """Tell whether nlp/, as it is now, would run as plain Python."""
    return runpy.run_path(str(ROOT / "nlp" / "compiled.py"))["folder"]() is None


def compiled() -> None:
    """Have nlp/ compiled as it is now: an editable install does it (hatch_build.py)."""
    if plain() and not os.environ.get("DOSELORE_PLAIN"):
        say("compiling nlp/ to machine code, about a minute on two cores")
        call(BIN / "uv", "pip", "install", "--quiet", "--python", BIN / "python", "--no-deps", "-e", ROOT)
        if plain():
            say("it could not be compiled and runs as plain Python; `.venv/bin/uv build --wheel -v` shows why")


def setup() -> None:
    """Make the environment if it is missing or out of date."""
    if sys.version_info < (3, 11):  # noqa: UP036 - told in words, where pip would fail with a page
        sys.exit(f"dev.py: Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted():
        return
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        say(f"making a virtual environment in {VENV.name}")
        call(sys.executable, "-m", "venv", "--without-pip", VENV)
    say("installing uv, which reads the lock (pip before 26 cannot)")
    call(
        sys.executable,
        "-m",
        "pip",
        "--python",
        BIN / "python",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "uv>=0.9,<1",
    )
    uv = (BIN / "uv", "pip", "install", "--quiet", "--python", BIN / "python")
    say("installing the locked dependencies (about 160 packages, some 900 MB on disk), and compiling nlp/")
    call(*uv, "--require-hashes", "-r", LOCK)
    call(*uv, "--no-deps", "-e", ROOT)
    STAMP.write_text(wanted(), encoding="utf-8")
    say("the environment is ready")


def lock() -> None:
    """Write the lock: every dependency with its hashes, and no address of any registry."""
    uv_lock = ROOT / "uv.lock"
    uv_lock.unlink(missing_ok=True)
    call(BIN / "uv", "lock", "--quiet")
    export = (BIN / "uv", "export", "--quiet", "--frozen", "--all-groups", "--no-emit-project", "--no-header")
    call(*export, "--no-annotate", "--output-file", LOCK)
    uv_lock.unlink()
    peers = ROOT / "benchmarks"
    compiled = (BIN / "uv", "pip", "compile", "--quiet", "--no-deps", "--generate-hashes", "--no-header", "--upgrade")
    call(*compiled, "--no-annotate", "--no-emit-index-url", "-o", peers / "peers.lock", peers / "peers.in")
    say(f"wrote {LOCK.name} and benchmarks/peers.lock")


def bench(arguments: list[str]) -> None:
    """Run the benchmarks beside other people's packages; these never enter our own environment."""
    locked = (ROOT / "benchmarks" / "peers.lock").read_text(encoding="utf-8")
    stamp = PEERS / "installed.lock"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != locked:
        say("installing medspaCy and negspacy in build/peers")
        uv = (BIN / "uv", "pip", "install", "--quiet", "--no-deps", "--python", BIN / "python", "--target", PEERS)
        call(*uv, "--require-hashes", "-r", "benchmarks/peers.lock")
        stamp.write_text(locked, encoding="utf-8")
    os.environ["PYTHONPATH"] = str(PEERS)
    call(BIN / "python", "-m", "benchmarks", *arguments)


def main() -> None:
    """Do the task that was asked for."""
    task, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if task not in ("run", "test", "lint", "bench", "docs", "lock", "setup"):
        print(USAGE)
        sys.exit(0 if task in ("-h", "--help", "help") else 2)
    keep_compiled()
    setup()
    if task in ("setup", "bench"):
        compiled()
    if task == "run":
        say("doselore run")
        call(BIN / "doselore", "run", *arguments)
    elif task == "test":
        say("the tests, about a quarter of an hour on two cores")
        # All of them: the tests of one file in one process, for some share what they set up; one process more than
        # there are cores, for some wait for what comes by the clock.
        # In our order (tests/conftest.py): pytest-xdist's own would put the few that take minutes at the end.
        workers = str((os.cpu_count() or 1) + 1)
        all_of_them = ("-n", workers, "--dist", "loadfile", "--no-loadscope-reorder")
        call(BIN / "python", "-m", "pytest", *(arguments or all_of_them))
    elif task == "lint":
        call(BIN / "ruff", "check", ".")
        call(BIN / "ruff", "format", "--check", ".")
        call(BIN / "pyright")
    elif task == "bench":
        bench(arguments)
    elif task == "docs":
        call(BIN / "python", "-m", "mkdocs", "build", "--strict", "--quiet")
        say("the site is in build/site; open build/site/index.html")
    elif task == "lock":
        lock()


if __name__ == "__main__":
    main()
