"""A step of the build: nlp/, which reads the posts, is compiled to machine code (mypyc) and reads half as many again.

Nothing needs it. Without a C compiler, or where mypyc will not have the sources, the build says so in one line and goes
on; the same modules run as plain Python then. What was compiled is kept in build/compiled, in a folder named by what it
was compiled from (nlp/compiled.py), and compiled anew only if it is not there. A wheel takes it along and is of this
platform; an editable install finds it where it lies. DOSELORE_PLAIN=1 compiles nothing.

Which modules stay plain is said in pyproject.toml, under [tool.hatch.build.targets.wheel.hooks.custom].
"""

import contextlib
import io
import os
import runpy
import shutil
import sysconfig
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PARTS = 2  # libraries of about the same size, each made on a core of its own; calls from one to the other cost more
_QUIET = ("-Wno-all",)  # optimised in full: -Og takes half the time, but reads a tenth less
_TYPES = ("--no-site-packages", "--ignore-missing-imports", "--follow-imports=silent", "--cache-dir=" + os.devnull)


class CompiledReading(BuildHookInterface[Any]):
    """Hatchling's hook: compiles before a wheel is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and have the wheel take it along. version: "editable" or "standard"."""
        root = Path(self.root)
        rules = runpy.run_path(str(root / "nlp" / "compiled.py"))
        if self.target_name != "wheel" or os.environ.get(rules["PLAIN"], "0") not in ("", "0"):
            return

        def made() -> Path:
            return root / "build" / "compiled" / rules["name"](root / "nlp")

        if not made().is_dir():
            plain = set(self.config["plain"])
            sources = [path for path in sorted((root / "nlp").glob("*.py")) if path.stem not in plain]
            try:
                compiled(root, sources, made)
            except BaseException as error:  # whatever it is: plain Python does the same
                if isinstance(error, KeyboardInterrupt):
                    raise
                said = (str(error).strip() or type(error).__name__).splitlines()[-1]
                self.app.display_warning(f"nlp/ is not compiled and reads as plain Python: {said}")
                return
        if version != "editable":
            build_data["pure_python"], build_data["infer_tag"] = False, True
            for file in made().iterdir():
                build_data["force_include"][str(file)] = f"nlp/_compiled/{file.parent.name}/{file.name}"


def compiled(root: Path, sources: Sequence[Path], made: Callable[[], Path]) -> None:
    """Compile modules of nlp/. made: gives the folder for it, by the sources as they are; it appears whole or not.

    Raises what mypyc or the compiler raise; what mypyc has to say of a source is the error's text.
    """
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "").split()
    if os.name == "posix" and not (compiler and shutil.which(compiler[0])):
        raise RuntimeError(f"there is no C compiler ({' '.join(compiler)})")
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    into = made()
    into.parent.mkdir(parents=True, exist_ok=True)
    names = [str(path.relative_to(root)) for path in sources]
    groups = [(part, f"nlp.part{n}") for n, part in enumerate(parted(names, lambda name: (root / name).stat().st_size))]
    said = io.StringIO()
    with tempfile.TemporaryDirectory(dir=into.parent) as work, contextlib.chdir(root), contextlib.redirect_stdout(said):
        try:
            extensions = mypycify([*_TYPES, *names], debug_level="0", separate=groups, target_dir=work)
        except SystemExit as error:
            raise RuntimeError(said.getvalue()) from error
        for extension in extensions if os.name == "posix" else ():
            extension.extra_compile_args += _QUIET
        command = build_ext(Distribution({"name": "nlp", "ext_modules": extensions}))
        command.build_lib, command.build_temp, command.parallel = f"{work}/lib", f"{work}/temp", os.cpu_count()
        command.ensure_finalized()
        command.run()
        if made() != into:
            raise RuntimeError("a source was changed meanwhile")
        for old in into.parent.glob(f"{into.name.rpartition('-')[0]}-*"):
            shutil.rmtree(old, ignore_errors=True)
        Path(work, "lib", "nlp").rename(into)


def parted(names: Sequence[str], size: Callable[[str], int]) -> list[list[str]]:
    """Give names in parts of about the same size."""
    parts: list[list[str]] = [[] for _ in range(_PARTS)]
    for one in sorted(names, key=size, reverse=True):
        min(parts, key=lambda part: sum(map(size, part))).append(one)
    return parts
