"""The study: what is asked, where it is looked for, and every threshold that decides. One TOML file.

`load("baclofen")` reads a bundled study, `load("path/to/mine.toml")` one of your own.
"""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

import data
from pipeline.errors import StudyError, near

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Substance = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]


def _rising(bounds: tuple[float, ...]) -> tuple[float, ...]:
    if list(bounds) != sorted(set(bounds)) or any(b <= 0 for b in bounds):
        raise ValueError("dose bands are bounds in mg per day that rise from above 0, e.g. [30, 80, 150]")
    return bounds


def _firing(line: str) -> str:
    from pipeline import cron

    if wrong := cron.fault(line):
        raise ValueError(f'"{line}": {wrong}')
    return line


def _known_zone(name: str) -> str:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        close = near(name, sorted(zoneinfo.available_timezones()))
        raise ValueError(f'"{name}": no such time zone, e.g. "Europe/Berlin"{close}') from error
    return name


Bands = Annotated[tuple[float, ...], AfterValidator(_rising)]
Cron = Annotated[str, AfterValidator(_firing)]
Zone = Annotated[str, AfterValidator(_known_zone)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Approval(_Part):
    """The recorded permission to collect from a source. basis: who allowed what, in words; date: when."""

    basis: str = Field(min_length=3)
    date: date
    reference: str = ""


class Source(_Part):
    """One place that posts come from.

    kind: "board" (any forum engine), "reviews" (a review site), "reddit" (the API), "lemmy", "dump" (Reddit's monthly
        files), "file" (JSONL, CSV, Parquet).
    urls: where a crawl starts; paths: the files of a dump or file source; subreddits, queries: for Reddit.
    delay_seconds: least time between two requests to a host; the longest of this, robots' and ours holds.
    approval: needed where the source's terms ask for one (Reddit always).
    allow_private: may be fetched though its address is private or loopback.
    invented: its posts were made up for trying the tool; they leave every table as soon as real posts are there.
    retention_days: how long captures are kept; None: until erased.
    drug, condition: what every post of the source is about, where the source says so.
    timezone: IANA name of the zone in which the source prints times that have none.
    """

    name: Name
    kind: Literal["board", "reviews", "reddit", "lemmy", "dump", "file"]
    urls: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    subreddits: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    limit: int | None = Field(default=None, ge=1)
    delay_seconds: float | None = Field(default=None, ge=0)
    terms: str | None = None
    approval: Approval | None = None
    allow_private: bool = False
    invented: bool = False
    retention_days: int | None = Field(default=None, ge=0)
    drug: Substance | None = None
    condition: str | None = None
    timezone: Zone = "UTC"
    map: dict[str, str] = Field(default_factory=dict)
    _port: int | None = PrivateAttr(default=None)

    @property
    def port(self) -> int | None:
        """The port that its host answers on, where that is another than its addresses say."""
        return self._port

    def on_port(self, port: int) -> Self:
        """Give the source as one whose host answers on this port, whatever its addresses say; they stay as they are."""
        moved = self.model_copy()
        moved._port = port
        return moved

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs = {
            "board": "urls",
            "reviews": "urls",
            "lemmy": "urls",
            "reddit": "subreddits",
            "dump": "paths",
            "file": "paths",
        }
        need = needs.get(self.kind)
        if need and not getattr(self, need):
            raise ValueError(f'a source of kind "{self.kind}" needs "{need}"')
        return self


class ExtraSubstance(_Part):
    """A treatment that the bundled lexicon lacks. id: its generic name; names: brands, short names, misspellings."""

    id: Substance
    names: tuple[str, ...] = Field(min_length=1)


class Schedule(_Part):
    """When a flow runs by itself under `doselore schedule`: by cron (with its time zone) or every so many hours.

    paused: it is there, and waits to be switched on.
    """

    flow: Literal["refresh", "collect", "extract", "sweep", "tabulate", "report"] = "refresh"
    cron: Cron | None = None
    every_hours: float | None = Field(default=None, gt=0, le=87_600)
    timezone: Zone = "UTC"
    paused: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.cron is None) == (self.every_hours is None):
            raise ValueError('a schedule needs either "cron" or "every_hours"')
        return self


class Run(_Part):
    """Where posts are read, and how long a run insists. The records are the same bytes whichever engine is chosen.

    engine: "here" (this process), "processes" (of this machine), "dask" (a Dask cluster, through Prefect's own task
        runner; the extra `doselore[dask]`); "auto": processes where there are many posts.
    workers: processes; None: one a core.
    address: of a Dask scheduler that runs already, "tcp://host:8786"; None: a cluster on this machine for the run.
    batch_posts: posts handed to a worker of the cluster at a time.
    retries: how often a source that fails on its way (network, 429, 503) is tried again within a run, after
        `retry_seconds` (at first; twice as long each time, give or take a third).
    source_hours, read_hours: the longest that one source, and the reading of posts, may take in one run; the next goes
        on where it stopped.
    """

    engine: Literal["auto", "here", "processes", "dask"] = "auto"
    workers: int | None = Field(default=None, ge=1)
    address: str | None = None
    batch_posts: int = Field(default=2000, ge=1)
    retries: int = Field(default=2, ge=0, le=20)
    retry_seconds: float = Field(default=10, gt=0)
    source_hours: float = Field(default=20, gt=0)
    read_hours: float = Field(default=48, gt=0)

    @model_validator(mode="after")
    def _needed(self) -> Self:
        if self.address is not None and self.engine != "dask":
            raise ValueError('an "address" goes with engine = "dask"')
        return self


class Notices(_Part):
    """Of what a person is told while schedules run, and where.

    webhook_env: the environment variable that holds the address to tell (a secret, so it stands in no file).
    quiet_days: a source that gave nothing new for so many days is told of.
    """

    webhook_env: str = Field(default="DOSELORE_NOTICE_URL", pattern=r"^[A-Z_][A-Z0-9_]*$")
    quiet_days: float = Field(default=14, gt=0)


class Thresholds(_Part):
    """What decides in the tables. minimum_cell: least persons in a published cell; confidence: of the intervals."""

    minimum_cell: int = Field(default=5, ge=1)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    near_copy: float = Field(default=0.9, gt=0, le=1)


class Privacy(_Part):
    """level: how much of a post the report and explorer show; mask_text: names, addresses, links in text are masked."""

    level: Literal["internal", "shareable", "public"] = "internal"
    mask_text: bool = True


class Study(_Part):
    """What is asked. index: the treatment studied; comparators: set beside it in every table."""

    name: Name
    title: str
    index: Substance
    comparators: tuple[Substance, ...] = ()
    conditions: tuple[Substance, ...] = ()
    dose_bands: dict[Substance, Bands] = Field(default_factory=dict)
    thresholds: Thresholds = Thresholds()
    privacy: Privacy = Privacy()
    run: Run = Run()
    notices: Notices = Notices()
    substances: tuple[ExtraSubstance, ...] = Field(default=(), alias="substance")
    sources: tuple[Source, ...] = Field(default=(), alias="source")
    schedules: tuple[Schedule, ...] = Field(default=(), alias="schedule")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [s.name for s in self.sources]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"source {twice[0]} is given twice; names must differ")
        if self.index in self.comparators:
            raise ValueError(f"{self.index} is the index treatment and a comparator; keep one")
        return self

    @cached_property
    def treatments(self) -> tuple[str, ...]:
        """The index treatment and then its comparators."""
        return (self.index, *self.comparators)

    def source(self, name: str) -> Source:
        """Give the source of that name; raises StudyError, naming those there are."""
        for source in self.sources:
            if source.name == name:
                return source
        known = ", ".join(s.name for s in self.sources) or "none"
        raise StudyError(
            f'study {self.name} has no source "{name}" (it has: {known}){near(name, [s.name for s in self.sources])}'
        )


def bundled() -> tuple[str, ...]:
    """Names of the studies that come with doselore."""
    return tuple(sorted(p.stem for p in data.path("studies").glob("*.toml")))


def load(name: str) -> Study:
    """Read a bundled study by name, or a study file by path.

    Raises StudyError with file, line and what to do: no such file, not TOML, an unknown key, a wrong value.
    """
    path = Path(name)
    if not name.endswith(".toml") and name in bundled():
        path = data.path(f"studies/{name}.toml")
    elif not path.is_file():
        hint = f"; bundled studies: {', '.join(bundled())}" if not name.endswith(".toml") else ""
        raise StudyError(f"{name}: no such study file{hint}{near(name, bundled())}")
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        return Study.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{name}: not valid TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{name}: cannot be read: {error}") from error
    except ValidationError as error:
        raise StudyError(_one_line(name, text, error)) from error


def stored(settings: str, where: str) -> Study:
    """Read a study from the settings that a corpus keeps. where: named in the StudyError if it can be used no more."""
    try:
        return Study.model_validate_json(settings)
    except ValidationError as error:
        wrong = _one_line(f"{where}: the study that it was made for", "", error)
        raise StudyError(f"{wrong}; mend its file and name it with --study") from error


def _one_line(name: str, text: str, error: ValidationError) -> str:
    first = error.errors()[0]
    keys = [str(k) for k in first["loc"]]
    where = ".".join(keys) or "the file"
    line = _line_of(text, first["loc"])
    at = f", line {line}" if line else ""
    more = f" (and {len(error.errors()) - 1} more)" if len(error.errors()) > 1 else ""
    if first["type"] == "extra_forbidden":
        return f'{name}{at}: unknown key "{keys[-1]}"{near(keys[-1], _keys_beside(first["loc"]))}{more}'
    if first["type"] == "missing":
        return f'{name}{at}: the key "{where}" is missing{more}'
    message = first["msg"].removeprefix("Value error, ")
    return f"{name}{at}: {where}: {message}{more}"


def _keys_beside(loc: Sequence[str | int]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "source": Source,
        "substance": ExtraSubstance,
        "thresholds": Thresholds,
        "privacy": Privacy,
        "run": Run,
        "notices": Notices,
        "schedule": Schedule,
        "approval": Approval,
    }
    parents = [str(k) for k in loc[:-1] if isinstance(k, str)]
    model = models.get(parents[-1], Study) if parents else Study
    return [f.alias or n for n, f in model.model_fields.items()]


def _line_of(text: str, loc: Sequence[Any]) -> int | None:
    """Find the line of a key, by walking the path of tables that leads to it; None if it cannot be told."""
    lines, start = text.splitlines(), 0
    for position, part in enumerate(loc[:-1]):
        if isinstance(part, int):
            continue
        following = loc[position + 1]
        nth = following + 1 if isinstance(following, int) else 1
        header = re.compile(rf"^\s*\[+\s*(?:[\w-]+\.)*{re.escape(str(part))}\s*\]+")
        for number in range(start, len(lines)):
            if header.match(lines[number]):
                nth -= 1
                if nth == 0:
                    start = number
                    break
    last = next((k for k in reversed(loc) if isinstance(k, str)), None)
    key = re.compile(rf"""^\s*\[*\s*["']?{re.escape(str(last))}["']?\s*[=\].]|\b{re.escape(str(last))}\s*=""")
    return next((n + 1 for n in range(start, len(lines)) if key.search(lines[n])), start + 1 if start else None)
