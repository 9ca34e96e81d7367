"""Is everything in place: what `doselore check` says, one line a thing."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline import corpus, coverage, door, ledger
from pipeline.archive import Archive
from pipeline.errors import CorpusError, DoseloreError, Locked
from pipeline.home import Home

_LEAST_FREE = 1 << 30  # bytes: a crawl that fills the disk takes the machine with it


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. state: "ok", "note" (works, but know this) or "fail"; advice: what to do."""

    what: str
    state: Literal["ok", "note", "fail"]
    found: str
    advice: str = ""


def everything(home: Home, study_name: str | None) -> list[Check]:
    """Look at study, sources, corpus, key, extractor and disk; nothing is asked of the network."""
    return [*_study(home, study_name), _corpus(home), _key(home), *_ledgers(home), _extractor(), _disk(home)]


def _study(home: Home, name: str | None) -> list[Check]:
    try:
        study = corpus.study_of(home, name)
    except DoseloreError as error:
        return [Check("study", "fail", str(error))]
    found = [Check("study", "ok", f"{study.name}: {study.index} beside {', '.join(study.comparators) or 'nothing'}")]
    if not study.sources:
        found.append(Check("sources", "note", "none", "add a [[source]] to the study, or import files"))
    for source in study.sources:
        what = f"source {source.name}"
        if source.kind == "reddit" and source.approval is None:
            found.append(Check(what, "fail", "no approval recorded", "Reddit asks for one: set approval in the study"))
        elif source.kind == "reddit" and not _reddit_credentials():
            advice = "set DOSELORE_REDDIT_CLIENT_ID and DOSELORE_REDDIT_CLIENT_SECRET, or write a praw.ini"
            found.append(Check(what, "fail", "no credentials", advice))
        elif source.kind in ("dump", "file") and not source.invented:
            missing = [p for p in source.paths if not Path(p).expanduser().exists()]
            state = "fail" if missing else "ok"
            found.append(Check(what, state, f"missing: {missing[0]}" if missing else f"{len(source.paths)} files"))
        elif source.kind in ("board", "reviews", "lemmy") and source.approval is None and not source.invented:
            found.append(
                Check(what, "note", "no approval recorded", "robots.txt is obeyed; record the terms you rely on")
            )
        else:
            found.append(Check(what, "ok", source.kind))
    return found


def _reddit_credentials() -> bool:
    files = (Path("praw.ini"), Path("~/.config/praw.ini").expanduser())
    return bool(os.environ.get("DOSELORE_REDDIT_CLIENT_ID")) or any(f.exists() for f in files)


def _corpus(home: Home) -> Check:
    if not home.corpus.exists():
        return Check("corpus", "note", f"none yet at {home.corpus}", "`doselore run` or `doselore import` makes it")
    try:
        with corpus.reading(home, wait=2) as con:
            row = con.execute("select count(*) from post").fetchone()
    except CorpusError as error:
        return Check("corpus", "fail", str(error))
    return Check("corpus", "ok", f"{row[0] if row else 0} posts, schema {corpus.SCHEMA_VERSION}, {home.corpus}")


def _key(home: Home) -> Check:
    if not os.environ.get(door.KEY_VARIABLE) and not home.key.exists():
        return Check("pseudonym key", "note", "none yet", f"made at first use, or set {door.KEY_VARIABLE}")
    try:
        door.key(home.key)
    except DoseloreError as error:
        return Check("pseudonym key", "fail", str(error))
    where = door.KEY_VARIABLE if os.environ.get(door.KEY_VARIABLE) else str(home.key)
    return Check("pseudonym key", "ok", where, "keep a copy: without it new posts get other pseudonyms")


def _ledgers(home: Home) -> list[Check]:
    """Look whether each ledger is as it was written, and whether every robots.txt that it names is kept."""
    found: list[Check] = []
    for path in coverage.ledgers(home):
        what = f"ledger {path.stem}"
        try:
            wrong = coverage.fault(home, path)
            robots = {str(r["sha256"]) for r in ledger.rows(path) if r.get("kind") == "robots" and r.get("sha256")}
            with Archive(home.root / "archive", path.stem) as archive:
                lost = [sha256 for sha256 in sorted(robots) if archive.read(sha256) is None]
        except Locked:
            found.append(Check(what, "note", "being written by a crawl", "look again when it is done"))
            continue
        if wrong:
            advice = "somebody changed it; set it beside a copy before you rely on it"
            found.append(Check(what, "fail", f"{path}, line {wrong.line}: {wrong.what}", advice))
        elif lost:
            found.append(
                Check(what, "fail", f"{len(lost)} robots.txt that were obeyed are not in the archive: {lost[0]}")
            )
        else:
            end = ledger.end(path)
            kept = f"{len(robots)} robots.txt kept" if robots else "no robots.txt"
            found.append(Check(what, "ok", f"{end[0] if end else 0} lines, whole; {kept}"))
    return found


def _extractor() -> Check:
    try:
        import nlp
        from nlp import compiled

        nlp.load()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, this is where it is told
        return Check("extractor", "fail", f"{type(error).__name__}: {error}", "install doselore again")
    form = "compiled to machine code" if compiled.used() else "in plain Python"
    return Check("extractor", "ok", f"{nlp.VERSION}, {form}")


def _disk(home: Home) -> Check:
    there = next(p for p in (home.root, *home.root.parents) if p.exists())
    free = shutil.disk_usage(there).free
    state = "ok" if free > _LEAST_FREE else "fail"
    return Check(
        "disk", state, f"{free / (1 << 30):.1f} GiB free at {there}", "" if state == "ok" else "free some space"
    )
