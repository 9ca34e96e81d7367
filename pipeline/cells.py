"""From a cell of any table to what stands behind it: the claims, with post, words, cue and address.

A cell is named by the columns that mark its row, e.g. ``{"substance": "baclofen", "dose_band": "80-150 mg"}``.
"""

from collections.abc import Mapping
from typing import Any

from pipeline import corpus, tables
from pipeline.errors import CorpusError, near
from pipeline.home import Home

ALIASES = {
    "treatment": "substance",
    "band": "dose_band",
    "source": "source_id",
    "side_effect": "concept",
    "person": "person_id",
}
_PERSON = "(e.person_id, e.substance) in (select (person_id, substance) from "
_CLAUSES = {
    "substance": "e.substance = $substance",
    "comparator": "e.substance in ($comparator, (select index_substance from study))",
    "person_id": "e.person_id = $person_id",
    "source_id": "e.source_id = $source_id",
    "year": "year(e.posted_at) = $year::bigint",
    "reporter": "e.reporter = $reporter",
    "condition": _PERSON + "kept_course where condition = $condition)",
    "effect": _PERSON + "kept_course where condition = 'any' and effect = $effect)",
    "dose_band": _PERSON + "person_band where condition = 'any' and dose_band = $dose_band)",
    "domain": "case e.fact when 'outcome' then starts_with(e.value, $domain || ' ') "
    "when 'treatment' then $domain = 'effect' else e.fact = 'dose' end",
    "concept": "(e.fact = 'side_effect' and starts_with(e.value, $concept || ' ') or e.fact = 'dose')",
    "direction": "(e.fact <> 'outcome' or ends_with(e.value, ' ' || $direction))",
}
_STRATUM = _PERSON + "person_stratum where stratum = $stratum and value = $value)"
_FACTS = {
    "outcome_by_treatment": ("treatment",),
    "outcome_by_domain": ("outcome",),
    "outcome_by_dose": ("treatment", "outcome", "dose"),
    "outcome_by_stratum": ("treatment", "outcome"),
    "side_effect_rate": ("side_effect",),
    "side_effect_by_dose": ("side_effect", "dose"),
    "disproportionality": ("side_effect",),
    "dose_trajectory": ("dose",),
    "dose_by_time": ("dose",),
    "comparison": ("treatment",),
}


def parse(cell: str) -> dict[str, str]:
    """Give the columns of a cell that was typed, e.g. "treatment=baclofen,band=80-150 mg". Raises CorpusError."""
    parts = [p.strip() for p in cell.split(",") if p.strip()]
    wrong = [p for p in parts if "=" not in p]
    if wrong or not parts:
        raise CorpusError(
            f'cell "{cell}": write COLUMN=VALUE, several with commas, e.g. "treatment=baclofen,domain=craving"'
        )
    pairs = (p.split("=", 1) for p in parts)
    return {k.strip(): v.strip() for k, v in pairs}


def evidence(home: Home, name: str, cell: Mapping[str, Any]) -> tuple[list[str], tables.Rows]:
    """Give the rows of `evidence` behind a cell of a table: claims that count, of the persons in it.

    Beside an effect or an outcome by dose stand the doses of the same persons. Raises CorpusError for a table or column
    that is not there.
    """
    if name not in tables.described():
        raise CorpusError(f'no table "{name}"{near(name, list(tables.described()))}')
    asked = {ALIASES.get(k, k): str(v) for k, v in cell.items()}
    clauses: list[str] = ["e.counted"]
    if ("stratum" in asked) != ("value" in asked):
        raise CorpusError("a stratum needs both, e.g. stratum=sex,value=female")
    for key in asked:
        if key in ("stratum", "value"):
            continue
        if key not in _CLAUSES:
            known = [*_CLAUSES, *ALIASES, "stratum", "value"]
            raise CorpusError(
                f'no column "{key}" to choose evidence by{near(key, known)}. There are: {", ".join(known)}'
            )
        clauses.append(f"({_CLAUSES[key]})")
    if "stratum" in asked:
        clauses.append(_STRATUM)
    if name in _FACTS:
        listed = ", ".join(f"'{f}'" for f in _FACTS[name])
        clauses.append(f"e.fact in ({listed})")
    sql = (
        f"select e.* from evidence e where {' and '.join(clauses)} order by e.person_id, e.posted_at, e.post_id, e.fact"
    )
    with corpus.reading(home) as con:
        cursor = con.execute(sql, asked)
        return [d[0] for d in cursor.description or []], cursor.fetchall()
