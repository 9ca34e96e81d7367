"""doselore for analysts: open a corpus read-only, take its tables as pandas or Arrow, and look behind any number.

    >>> import doselore
    >>> corpus = doselore.open("doselore-home")
    >>> corpus.table("outcome_by_dose").head()
    >>> corpus.evidence("outcome_by_dose", substance="baclofen", dose_band="80-150 mg", domain="craving")

Units: doses are milligrams per day, times are days since the start of a course, moments are UTC, shares go from 0 to 1
with 95 % intervals (low, high) and their numerator and denominator beside them. What each table and column means:
``corpus.tables()``, ``corpus.columns("outcome_by_dose")``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline import cells, tables
from pipeline import corpus as _corpus
from pipeline import home as _homes
from pipeline.errors import CorpusError, DoseloreError
from pipeline.home import Home

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["Corpus", "CorpusError", "DoseloreError", "evidence", "load", "open", "report"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that is open for reading. Each call opens the file, reads and lets go, so no crawl is kept waiting."""

    home: Home

    def tables(self) -> dict[str, str]:
        """Give every table and view, and what one row of it is."""
        return dict(tables.described())

    def columns(self, name: str) -> pd.DataFrame:
        """Give the columns of a table: column, type, and comment (meaning and unit)."""
        self._known(name)
        sql = (
            "select column_name as column, data_type as type, comment from duckdb_columns() "
            "where table_name = ? and not internal order by column_index"
        )
        with _corpus.reading(self.home) as con:
            return pd.DataFrame(con.execute(sql, [name]).fetchall(), columns=["column", "type", "comment"])

    def arrow(self, name: str) -> Any:
        """Give a table or view whole, as a pyarrow.Table. Raises CorpusError if there is none such."""
        self._known(name)
        with _corpus.reading(self.home) as con:
            return tables.arrow(con, name)

    def table(self, name: str) -> pd.DataFrame:
        """Give a table or view whole, as pandas; counts stay whole numbers where some are missing."""
        return self.arrow(name).to_pandas()

    def query(self, sql: str, *, seconds: float = 60.0) -> pd.DataFrame:
        """Give the rows of one SQL statement, which can neither write nor reach files or the network.

        seconds: the longest it may take. Raises CorpusError with DuckDB's first line.
        """
        with _corpus.reading(self.home) as con:
            names, rows = _corpus.query(con, sql, seconds=seconds)
        return pd.DataFrame(rows, columns=names)

    def evidence(self, name: str, cell: Mapping[str, Any] | None = None, **columns: Any) -> pd.DataFrame:
        """Give the claims behind a cell of a table: post, address, words, cue, and the text around them.

        cell, columns: what marks the row, e.g. substance="baclofen", dose_band="80-150 mg", domain="craving".
        """
        names, rows = cells.evidence(self.home, name, {**(cell or {}), **columns})
        return pd.DataFrame(rows, columns=names)

    def _known(self, name: str) -> None:
        if name not in tables.described():
            tables.rows(self.home, name, limit=0)  # raises the line that names what there is


def open(home: str | Path | None = None) -> Corpus:
    """Open the corpus in a folder (else DOSELORE_HOME, else ./doselore-home) for reading.

    Raises CorpusError if there is none, Locked if another process holds it, Outdated if another version wrote it.
    """
    where = _homes.find(Path(home) if home is not None else None)
    with _corpus.reading(where):
        pass
    return Corpus(where)


def evidence(
    name: str, cell: Mapping[str, Any] | None = None, *, home: str | Path | None = None, **columns: Any
) -> pd.DataFrame:
    """Give the claims behind a cell of a table of the corpus in a folder, as `Corpus.evidence` does.

    >>> doselore.evidence("side_effect_rate", home="baclofen", substance="baclofen", concept="somnolence")
    """
    return open(home).evidence(name, cell, **columns)


def report(home: str | Path | None = None, out: str | Path | None = None, *, level: str | None = None) -> Path:
    """Write the report of a corpus, one self-contained HTML page; give the file.

    home: its folder, as for `open`. out: the file, else report.html in the home. level: of privacy, "internal",
    "shareable" or "public", else the study's. Raises CorpusError if there is no corpus, ExportError for an unknown
    level or a file that cannot be written.
    """
    from pipeline import report as reporting

    return reporting.write(_homes.find(home), None, Path(out) if out is not None else None, level=level)


def load(config: Mapping[str, Any] | None = None, **options: Any) -> "Language":
    """Give the spaCy pipeline that reads posts; this is what `spacy.load("doselore")` calls.

    config: what is to be otherwise, with dots or nested: `{"components.substances.index": "naltrexone",
    "components.links.index": "naltrexone"}`. options: the others of `spacy.load` (vocab, disable, enable, exclude).
    """
    from spacy import util
    from thinc.api import Config

    import nlp

    built = nlp.load()
    asked = Config().from_str(built.config.to_str(), overrides=util.dict_to_dot(dict(config or {})))
    loaded = util.load_model_from_config(asked, auto_fill=True, **options)
    loaded.meta.update({key: built.meta[key] for key in ("name", "description", "license")})
    return loaded
