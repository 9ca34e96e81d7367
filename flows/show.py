"""What a person sees: progress on a terminal, plain lines in a log, and the summary of a run."""

import json
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import tables
from pipeline.errors import safe
from pipeline.home import Home

if TYPE_CHECKING:
    from flows.refresh import Summary
    from pipeline.checks import Check
    from pipeline.collect import Collected
    from pipeline.extract import Extracted

Ticker = Callable[[int], None]
_LINE_EVERY = 5.0  # seconds between two lines of progress in a log
_TOLD = 3  # places of a file that are named where it is broken


def say(line: str, *, quiet: bool = False) -> None:
    """Print one line to standard error, which is for people; results go to standard output."""
    if not quiet:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def bar(label: str, *, quiet: bool = False) -> Callable[[int], AbstractContextManager[Ticker]]:
    """Give a function that opens a progress display for a known number of things."""

    @contextmanager
    def opened(total: int) -> Generator[Ticker]:
        if quiet:
            yield lambda _: None
        elif sys.stderr.isatty():
            yield from _rich_bar(label, total)
        else:
            yield from _log_bar(label, total)

    return opened


def _rich_bar(label: str, total: int) -> Iterator[Ticker]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        job = shown.add_task(label, total=total)
        yield lambda n: shown.advance(job, n)


def _log_bar(label: str, total: int) -> Iterator[Ticker]:
    done, last = 0, time.monotonic()

    def tick(n: int) -> None:
        nonlocal done, last
        done += n
        if time.monotonic() - last > _LINE_EVERY:
            last = time.monotonic()
            say(f"{label}: {done} of {total}")

    yield tick


@contextmanager
def counter(label: str, *, quiet: bool = False) -> Generator[Callable[[Iterable[bytes]], Iterator[bytes]]]:
    """Give a function that passes lines on and, now and then and at their end, says how many there were."""

    def passing(lines: Iterable[bytes]) -> Iterator[bytes]:
        last, said, number = time.monotonic(), 0, 0
        for number, line in enumerate(lines, 1):
            if not quiet and number > 1 and time.monotonic() - last > _LINE_EVERY:
                last, said = time.monotonic(), number - 1
                say(f"{label}: {said}")
            yield line
        if said and said != number:
            say(f"{label}: {number}")

    yield passing


def stream(lines: Iterable[bytes]) -> int:
    """Write lines to standard output; give how many."""
    count = 0
    for line in lines:
        with tables.to_output():
            sys.stdout.buffer.write(line)
        count += 1
    with tables.to_output():
        sys.stdout.buffer.flush()
    return count


def table(home: Home, name: str, form: str, limit: int | None, out: Path | None) -> None:
    """Print a table of the corpus, or write it to a file."""
    if name == "coverage":
        from pipeline import coverage

        coverage.refresh(home)  # the ledgers as they are now, and whether they are whole
    tables.emit(tables.parts(home, name, form, limit=limit), out)


def collected(
    done: list["Collected"], *, as_json: bool, home: Home | None = None, next_step: str | None = None
) -> None:
    """Print what came of each source or file: new, changed and known posts, and what was set aside and why."""
    if as_json:
        sys.stdout.write(json.dumps([_collected(d) for d in done], ensure_ascii=False, indent=1) + "\n")
        return
    for one in done:
        m = one.merged
        if one.error is None or m.seen:
            news = f"{m.new} new, {m.changed} changed, {m.same} already there"
            sys.stdout.write(
                f"{one.source}: {news if m.new or m.changed else f'nothing new ({m.same} already there)'}\n"
            )
        for reason, count in sorted(m.reasons.items()):
            sys.stdout.write(f"  set aside: {count} x {reason}\n")
        if m.erased:
            sys.stdout.write(f"  kept out: {m.erased} that were erased on request or deleted at their source\n")
        for wrong in one.broken[:_TOLD]:
            detail = f" ({wrong.detail})" if wrong.detail else ""
            say(safe(f"broken: {wrong.what}: {wrong.reason}{detail}; {m.new + m.changed + m.same} posts taken"))
        if len(one.broken) > _TOLD:
            say(f"broken: {one.source}: in {len(one.broken) - _TOLD} more places")
        if one.error is not None:
            where = "" if one.source in str(one.error) else f"{one.source}: "
            say(f"{type(one.error).__name__}: {where}{one.error}")
    if any(d.merged.reasons for d in done):
        sys.stdout.write('each of them: doselore query "from exclusion"\n')
    if next_step and any(d.merged.new or d.merged.changed for d in done):
        sys.stdout.write(f"next: {next_step}{f' --home {home.root}' if home else ''}\n")


def _collected(one: "Collected") -> dict[str, Any]:
    m = one.merged
    counts = {"new": m.new, "changed": m.changed, "same": m.same, "erased": m.erased, "set_aside": m.reasons}
    error = f"{type(one.error).__name__}: {one.error}" if one.error else None
    broken = [f"{wrong.what}: {wrong.reason}" for wrong in one.broken[:_TOLD]]
    return {"source": one.source, **counts, "broken": broken, "error": error}


def extracted_file(file: Path, out: Path | None, count: int, aside: list[str], *, as_json: bool) -> None:
    """Say how many records were written, and which lines were no post."""
    if as_json and out is not None:
        sys.stdout.write(json.dumps({"file": str(file), "out": str(out), "records": count, "set_aside": aside}) + "\n")
        return
    for line in aside:
        say(f"set aside: {line}")
    more = f", {len(aside)} lines set aside" if aside else ""
    say(f"{count} records{f' in {out}' if out else ''}{more}")


def extracted_corpus(done: "Extracted", total: int, *, as_json: bool) -> None:
    """Say how many posts of the corpus were read, and what was left out and why."""
    if as_json:
        sys.stdout.write(json.dumps({"waiting": total, "read": done.read, "left_out": done.left_out}) + "\n")
        return
    sys.stdout.write(f"{done.read} posts read\n" if total else "nothing new to read\n")
    for reason, count in sorted(done.left_out.items()):
        sys.stdout.write(f"  left out: {count} x {reason}\n")


def checks(found: list["Check"], *, as_json: bool) -> None:
    """Print one line a check."""
    if as_json:
        rows = [{"what": c.what, "state": c.state, "found": c.found, "advice": c.advice} for c in found]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return
    width = max(len(c.what) for c in found)
    for c in found:
        sys.stdout.write(f"{c.state:4}  {c.what:{width}}  {c.found}{f' -> {c.advice}' if c.advice else ''}\n")


_SUMMARY = ("flow", "outcome_by_treatment", "outcome_by_dose", "side_effect_rate")  # of pipeline/sql/summary


def summary(home: Home, run: "Summary", *, as_json: bool) -> None:
    """Print what a run did, and the tables as they stand now."""
    from pipeline import corpus

    shown: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    with corpus.reading(home) as con:
        invented = bool(con.execute("from source where invented limit 1").fetchone())
        for name in _SUMMARY:
            shown[name] = corpus.query(con, corpus.sql(f"summary/{name}"))
    if as_json:
        found: dict[str, Any] = {
            "collected": [_collected(c) for c in run.collected],
            "read": run.read,
            "corpus": str(home.corpus),
            "tables": [str(f) for f in run.files],
            "report": str(run.report) if run.report else None,
            "told": [one.words for one in run.told],
            "figures": run.figures(),
            "seconds": run.figures()["seconds"],
        }
        for name, (names, rows) in shown.items():
            found[name] = json.loads(tables.written(names, rows, "json"))
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    collected(run.collected, as_json=False)
    if not run.read and not any(c.merged.new or c.merged.changed for c in run.collected):
        sys.stdout.write("nothing new since the last run; the tables stand as they were\n")
    for name in _SUMMARY:
        names, rows = shown[name]
        title = corpus.sql(f"summary/{name}").splitlines()[0].removeprefix("-- ")
        sys.stdout.write(f"\n{title}\n" + tables.written(names, rows, "text").decode())
    sys.stdout.write("\n" + "".join(f"{line}\n" for line in _done(run.figures())))
    sys.stdout.write(f"corpus: {home.corpus}\ntables: {home.tables}\n")
    if run.report:
        sys.stdout.write(f"report: {run.report}\n")
    for one in run.told:
        sys.stdout.write(f"note: {one.words}\n")
    if invented:
        sys.stdout.write(
            "This corpus holds the bundled sample: its posts are invented, and say nothing about any medicine.\n"
        )
    sys.stdout.write(f"look further: doselore explore --home {home.root}\n")


def _done(run: Mapping[str, Any]) -> Iterator[str]:
    """Give what a run did, from its figures: posts, rates, errors by kind, time by stage."""
    aside, errors = sum(run["set_aside"].values()), run["errors"]
    came = ", ".join(f"{run[what]} {what}" for what in ("new", "changed", "same"))
    yield f"this run: {came}, {aside} set aside; {run['read']} read"
    rates = {"collected": run["collected_per_second"], "read": run["read_per_second"]}
    told = [f"{rate:,.1f} {what}" for what, rate in rates.items() if rate]
    if told:
        yield f"posts a second: {', '.join(told)}"
    yield f"errors: {', '.join(f'{count} x {kind}' for kind, count in errors.items()) or 'none'}"
    yield "seconds: " + ", ".join(f"{stage} {spent:.1f}" for stage, spent in run["seconds"].items())


def since(run: Mapping[str, Any], last: Mapping[str, Any] | None) -> str:
    """Give, in Markdown, what a run did and what is new since the last one. run, last: figures of both."""
    before = (last or {}).get("flow") or {}
    stages = [
        (stage, posts, f"{posts - before[stage]:+d}" if stage in before else "") for stage, posts in run["flow"].items()
    ]
    by_source = [(name, s["new"], s["changed"], s["same"], s["error"] or "") for name, s in run["by_source"].items()]
    when = str(last["began"])[:16].replace("T", " ") + " UTC" if last else "none before"
    parts = [
        f"# Run of {str(run['began'])[:16].replace('T', ' ')} UTC",
        "\n".join(f"- {line}" for line in [*_done(run), *(one["words"] for one in run["told"])]),
        f"## New since the last run ({when})",
        _markdown(("source", "new", "changed", "already there", "stopped by"), by_source),
        _markdown(("posts", "now", "since then"), stages),
    ]
    return "\n\n".join(parts) + "\n"


def _markdown(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    return tables.written(names, [tuple(row) for row in rows], "md").decode().strip()
