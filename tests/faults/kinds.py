"""Each kind of fault: how a step is disturbed, and what must hold after it was run again in peace."""

import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.child import Ended
from tests.faults.journey import STEPS, Journey, held, released, whole
from tests.faults.network import MANNERS

_TRACES = ("Traceback", "a fault of doselore")


_FINISHED = {"export": "there is something already", "forget": "nothing in the corpus matches"}


@dataclass
class Round:
    """One round. wrong: what did not hold, empty if the fault was survived; hit: whether the fault came at all."""

    kind: str
    step: str
    hit: bool = True
    wrong: list[str] = field(default_factory=list[str])


Kind = Callable[[Journey, random.Random, Path], Round]


def kill(step: str) -> Kind:
    """SIGKILL at a random moment of a step."""

    def play(made: Journey, chance: random.Random, home: Path) -> Round:
        after = max(0.001, made.seconds[step] * chance.uniform(0, 1.1))
        ended = made.run(step, made.copy(step, home), kill_after=after)
        done = Round(f"kill {step}", step, hit=ended.killed)
        return _again(made, home, done)

    return play


def disk(step: str) -> Kind:
    """No room: a small file system of its own where one can be mounted, else a limit on what a file may hold."""

    def play(made: Journey, chance: random.Random, home: Path) -> Round:
        made.copy(step, home)
        used = sum(f.stat().st_size for f in home.rglob("*") if f.is_file())
        room = int(chance.choice([4_096, 100_000, 400_000, 1_000_000]))
        with _Small(home, used + room) as (place, limited):
            how = {"file_bytes": max(4096, room // 4)} if limited else {}
            ended = made.run(step, place, **how)
        done = Round(f"disk full in {step}", step, hit=ended.status != 0)
        done.wrong += _line(ended)
        return _again(made, home, done)

    return play


def network(manner: str) -> Kind:
    """A network that cuts, slows, refuses or garbles some answers of a crawl."""

    def play(made: Journey, chance: random.Random, home: Path) -> Round:
        made.copy("collect", home)
        made.unruly.misbehave(
            manner, chance.randrange(0, 12), chance.choice([1, 2, 4, 30] if manner != "truncated" else [1, 2, 4])
        )
        ended = made.run("collect", home)
        made.unruly.behave()
        done = Round(f"network: {manner}", "collect")
        done.wrong += _line(ended)
        return _again(made, home, done)

    return play


def twice(step: str) -> Kind:
    """The same step by two processes at once."""

    def play(made: Journey, chance: random.Random, home: Path) -> Round:
        del chance
        made.copy(step, home)
        argv = made.argv(step, home)
        done = Round(f"two at once: {step}", step)
        for ended in made.children.together(argv, argv):
            done.wrong += _line(ended)
        return _again(made, home, done)

    return play


def clock(step: str) -> Kind:
    """A clock that jumps in the middle of a step, ahead or back."""

    def play(made: Journey, chance: random.Random, home: Path) -> Round:
        made.copy(step, home)
        jump = chance.choice([-400, -3, -0.05, 0.05, 3, 400]) * 86_400
        ended = made.run(step, home, jump=jump)
        done = Round(f"clock jumps in {step}", step)
        done.wrong += _line(ended) + ([f"status {ended.status}: {ended.said}"] if ended.status else [])
        return _again(made, home, done)

    return play


def page(made: Journey, chance: random.Random, home: Path) -> Round:
    """Bytes of the archive (WARC) are other than they were; the archive is read again, then the board."""
    made.copy("import", home)
    files = sorted((home / "archive").rglob("*.warc*"))
    _spoil(chance.choice(files), chance)
    done = Round("archive (WARC) corrupted", "import")
    done.wrong += _line(made.children.run("collect", "--from-archive", "--study", str(made.study), "--home", str(home)))
    done.wrong += _line(made.run("collect", home))
    return _again(made, home, done, books=False)


def dump(made: Journey, chance: random.Random, home: Path) -> Round:
    """A block of the dump is spoiled: it is told, and the sound dump brings all, once."""
    made.copy("import", home)
    sound = made.dump.read_bytes()
    _spoil(made.dump, chance)
    ended = made.run("import", home)
    made.dump.write_bytes(sound)
    done = Round("dump block corrupted", "import")
    done.wrong += _line(ended)
    return _again(made, home, done)


def database(made: Journey, chance: random.Random, home: Path) -> Round:
    """A page of the database is spoiled: no command lies or breaks; set aside, all comes again from archive and dump."""
    made.copy("extract", home)
    _spoil(home / "corpus.duckdb", chance, span=4096)
    done = Round("database page corrupted", "extract")
    ended = [made.run("extract", home), made.children.run("check", "--home", str(home))]
    for one in ended:
        done.wrong += _line(one)
    done.hit = any(one.status for one in ended)
    for file in home.glob("corpus.duckdb*"):
        file.unlink()
    for command in (("collect", "--from-archive", "--study", str(made.study), "--home", str(home)),
                    made.argv("import", home)):  # fmt: skip
        again = made.children.run(*command, quick=True)
        done.wrong += [] if again.status == 0 else [f"to make it anew: {again.said}"]
    return _again(made, home, done)


KINDS: dict[str, Kind] = {
    **{f"kill {s}": kill(s) for s in STEPS},
    **{f"disk full in {s}": disk(s) for s in ("collect", "import", "extract", "export")},
    **{f"network: {m}": network(m) for m in MANNERS},
    **{f"two at once: {s}": twice(s) for s in STEPS},
    **{f"clock jumps in {s}": clock(s) for s in ("collect", "import", "extract", "sweep")},
    "archive (WARC) corrupted": page,
    "dump block corrupted": dump,
    "database page corrupted": database,
}


def play(kind: str, made: Journey, seed: int, folder: Path) -> Round:
    """Play one round of a kind in a folder of its own, which is gone afterwards."""
    folder.mkdir()
    try:
        return KINDS[kind](made, random.Random(f"{kind} {seed}"), folder / "home")
    finally:
        made.unruly.behave()
        shutil.rmtree(folder, ignore_errors=True)


def _again(made: Journey, home: Path, done: Round, *, books: bool = True) -> Round:
    """Run the step again in peace and hold what there is against what a peaceful run alone leaves."""
    ended = made.run(done.step, home)
    finished = _FINISHED.get(done.step)  # a release is whole, or not there; who was forgotten is not there to be
    if ended.status and not (finished and finished in ended.said):
        done.wrong.append(f"run again: status {ended.status}: {ended.said[-600:]}")
        return done
    now, peace = held(home), made.after[done.step]
    for table, rows in peace.items():
        if now[table] != rows:
            lost, more = sorted(set(rows) - set(now[table])), sorted(set(now[table]) - set(rows))
            done.wrong.append(f"{table}: {len(now[table])} rows for {len(rows)}; lost {lost[:1]}, more {more[:1]}")
    return done if not books else _with_books(done, home)


def _with_books(done: Round, home: Path) -> Round:
    done.wrong += whole(home)
    return done


def _line(ended: Ended) -> list[str]:
    """Give what is wrong with what a disturbed command said: it ends by itself, with a line, and no trace."""
    wrong = [f"died: {ended.status}: {ended.said[-600:]}"] if ended.killed else []
    wrong += [f"{t}: {ended.said[-900:]}" for t in _TRACES if t in ended.said][:1]
    if ended.status and not ended.said.strip():
        wrong.append(f"status {ended.status} without a word")
    return wrong


def _spoil(file: Path, chance: random.Random, span: int = 16) -> None:
    held_ = bytearray(file.read_bytes())
    at = chance.randrange(len(held_) // 4, max(len(held_) // 4 + 1, len(held_) - span))
    for n in range(at, min(at + span, len(held_))):
        held_[n] ^= chance.randrange(1, 256)
    file.write_bytes(bytes(held_))


class _Small:
    """A home on a file system of so many bytes; on leaving, it is back in its folder as it was left."""

    def __init__(self, home: Path, size: int) -> None:
        self.home, self.size = home, size
        self.place = home.with_name("small") / "home"

    def __enter__(self) -> tuple[Path, bool]:
        self.place.parent.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={self.size + 200_000}", "tmpfs", str(self.place.parent)]
        self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
        if not self.mounted:
            return self.home, True
        shutil.copytree(self.home, self.place)
        return self.place, False

    def __exit__(self, *_: object) -> None:
        if not self.mounted:
            return
        shutil.rmtree(self.home)
        shutil.copytree(self.place, self.home)
        release = released(self.place)
        if release.exists():
            shutil.copytree(release, released(self.home))
        subprocess.run(["umount", str(self.place.parent)], check=True, capture_output=True)
