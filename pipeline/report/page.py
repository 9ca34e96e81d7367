"""The page itself: what was gathered, put into templates in which everything from outside is text and can never run."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline import corpus, tables
from pipeline.errors import CorpusError, ExportError, near
from pipeline.home import Home
from pipeline.report import gather, methods, said, words
from pipeline.report.gather import Figure
from pipeline.study import Privacy, Study

LEVELS: tuple[str, ...] = get_args(Privacy.model_fields["level"].annotation)
LONGEST_TABLE = 300  # rows of a table on the page; all of them are in the corpus

_FOLDER = Path(__file__).parent / "templates"
# What is not seen and turns the text around it: control characters, marks of direction, line separators.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SHARE = re.compile(r"(^|_)(share|low|high)$")
_SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("posts", "Which posts", ("flow",)),
    ("outcome", "What came of it", ("outcome_by_treatment", "outcome_by_condition", "outcome_by_domain", "comparison")),
    ("dose", "Dose", ("dose_response", "dose_by_time", "dose_trajectory")),
    ("time", "Time", ("time_to_effect", "time_on_treatment", "stopping")),
    ("side-effects", "Side effects", ("side_effect_rate", "side_effect_by_dose", "disproportionality")),
    ("who", "Who is in it", ("sources", "years", "persons")),
    ("trust", "What to doubt", ("bias", "benchmark")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page. slug: its name in addresses within the page."""

    slug: str
    title: str
    figures: tuple[Figure, ...]


def write(home: Home, study: Study | None = None, out: Path | None = None, *, level: str | None = None) -> Path:
    """Write the report of a corpus; give the file.

    study: whose treatments, bands and thresholds hold; None: the one that the corpus was last used for. out: the file;
    None: report.html beside the corpus. level: of privacy, "internal", "shareable" or "public"; None: the study's.
    The same corpus gives the same bytes. Raises CorpusError if there is no corpus, ExportError for an unknown level or
    a file that cannot be written.
    """
    file = out or home.root / "report.html"
    content = html(home, study, level=level).encode()
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ExportError(f"{file}: cannot be written: {error.strerror or error}") from error
    return file


def html(home: Home, study: Study | None = None, *, level: str | None = None) -> str:
    """Give the report as one HTML page; in and errors as for `write`."""
    if level is not None and level not in LEVELS:
        raise ExportError(f'no level "{level}"{near(level, LEVELS)}. There are: {", ".join(LEVELS)}')
    chosen = _published(home, study)
    shown = level or chosen.privacy.level
    least = chosen.thresholds.minimum_cell
    with corpus.reading(home) as con:
        con.execute("begin transaction")  # one state of the corpus for the whole page
        figures = gather.everything(con, shown, least)
        ran = methods.ran(con)
        quotes = said.said(con, shown, least)
        row = con.execute("select count(*), count(*) filter (not invented) from source").fetchone() or (0, 0)
        posts = con.execute("select count(*) from post").fetchone() or (0,)
    sections = [Section(slug, title, tuple(figures[k] for k in keys)) for slug, title, keys in _SECTIONS]
    environment = _environment()
    style = (_FOLDER / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html").render(
        study=chosen,
        level=shown,
        least=least,
        empty=posts[0] == 0,
        invented=row[0] > 0 and row[1] == 0,
        answers=words.answers(figures, chosen.index, chosen.thresholds.confidence),
        sections=sections,
        charts={},
        ran=ran,
        scores=methods.scores(),
        quotes=quotes,
        longest=LONGEST_TABLE,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        meanings=_meanings(),
    )


def _published(home: Home, study: Study | None) -> Study:
    """Give the study that the corpus's views use; the one that was named is made it."""
    if not home.corpus.exists():
        raise CorpusError(f"{home.corpus}: no corpus there yet; make one with `doselore run` or `doselore import`")
    held = corpus.study_settings(home)
    if study is None:
        study = Study.model_validate_json(held) if held else corpus.study_of(home, None)
    if held != study.model_dump_json(by_alias=True, exclude={"sources"}):
        with corpus.writing(home) as con:
            corpus.publish(con, study)
    return study


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(name=words.name, percent=words.percent, cell=cell, head=lambda c: str(c).replace("_", " "))
    return made


def clean(value: Any) -> Any:
    """Give a text without what is not seen and turns the text around it; anything else as it is."""
    return _UNSEEN.sub("", value) if isinstance(value, str) and not isinstance(value, Markup) else value


def cell(value: Any, column: str = "") -> str:
    """Give a value of a table as a person reads it; shares as percentages."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if column not in ("year", "line", "step") else str(value)
    if isinstance(value, float):
        return (
            words.percent(value) if _SHARE.search(column) else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
        )
    return tables.cell(value)


def _meanings() -> dict[str, str]:
    lines = (corpus.SQL / "columns.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)
