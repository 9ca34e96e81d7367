"""From a cell of any table to what stands behind it: the claims, with post, words, cue and address.

A cell is named by the columns that mark its row, e.g. ``{"substance": "baclofen", "dose_band": "80-150 mg"}``.
"""

import re
from collections.abc import Mapping
from typing import Any

import duckdb

from pipeline import corpus, tables
from pipeline.errors import CorpusError, near
from pipeline.home import Home

ALIASES = {
    "treatment": "substance",
    "source": "source_id",
    "side_effect": "concept",
    "person": "person_id",
}
_PERSON = "(e.person_id, e.substance) in (select (person_id, substance) from "
_COURSE = _PERSON + "kept_course where condition = coalesce($condition, 'any') and "
_WINDOW = (
    "(select distinct from_day as low, to_day as high from dose_by_time where from_day = $from_day::bigint) w "
    "on days_since_start >= low and (high is null or days_since_start < high)"
)
# A column of a cell, and the claims that it lets through; $condition is the cell's condition, null where it names none.
_CLAUSES = {
    "substance": "e.substance = $substance",
    "comparator": "e.substance in ($comparator, (select index_substance from study))",
    "person_id": "e.person_id = $person_id",
    "source_id": "e.source_id = $source_id",
    "year": "year(e.posted_at) = $year::bigint",
    "reporter": "e.reporter = $reporter",
    "post_id": "e.post_id = $post_id",
    # As in course: reports that name the condition, or none, of persons who named it in one of theirs.
    "condition": "($condition = 'any' or (" + _PERSON + "kept_course where condition = $condition) and e.post_id in "
    "(select post_id from kept_report where len(conditions) = 0 or list_contains(conditions, $condition))))",
    "effect": _COURSE + "effect = $effect)",
    "dose_band": _PERSON + "person_band where condition = coalesce($condition, 'any') and dose_band = $dose_band)",
    "band": _PERSON + "person_band where condition = coalesce($condition, 'any') and band = $band::bigint)",
    "domain": "case e.fact when 'outcome' then starts_with(e.value, $domain || ' ') "
    "when 'treatment' then $domain = 'effect' else e.fact = 'dose' end",
    "concept": "(e.fact = 'side_effect' and starts_with(e.value, $concept || ' ') or e.fact = 'dose')",
    "direction": "(e.fact <> 'outcome' or ends_with(e.value, ' ' || $direction))",
    "stratum": _PERSON + "person_stratum where stratum = $stratum and value = $value)",
    "step": "(e.person_id, e.substance, e.post_id) in "
    "(select (person_id, substance, post_id) from kept_dose where step = $step::bigint)",
    "from_day": "(e.person_id, e.substance, e.post_id) in (select (person_id, substance, post_id) from kept_dose "
    f"join {_WINDOW})",
    "kind": "case $kind when 'between persons' then true else e.person_id in (select i.person_id from kept_course i "
    "join kept_course o using (person_id, condition) join study on i.substance = study.index_substance "
    "where i.condition = coalesce($condition, 'any') and o.substance = coalesce($comparator, o.substance) "
    "and o.substance <> i.substance) end and ($kind <> 'head to head' or e.post_id in ("
    "select a.post_id from treatment a join study on a.substance = study.index_substance "
    "join treatment b using (post_id) "
    "where b.substance = coalesce($comparator, b.substance) and b.substance <> a.substance and a.status = 'taken' "
    "and b.status = 'taken' and a.effect <> 'unclear' and b.effect <> 'unclear'))",
    "measure": "case $measure when 'improved' then e.fact in ('treatment', 'outcome') when 'stopped' then "
    "e.fact = 'treatment' and ends_with(e.value, ', stopped') when 'side_effect' then e.fact = 'side_effect' "
    "else true end",
    "fact": "e.fact = $fact",
}
# The same columns mean something else in these tables.
_OWN = {
    ("time_to_effect", "day"): _COURSE + "round(days_to_effect) = $day::double)",
    ("time_on_treatment", "day"): _COURSE + "round(days_on_treatment) = $day::double)",
    (
        "side_effect_by_dose",
        "dose_band",
    ): "(e.fact = 'dose' or (e.person_id, e.substance, split_part(e.value, ' ', 1)) in "
    "(select (k.person_id, k.substance, k.concept) from kept_side_effect k join dose_band b "
    "on b.substance = k.substance and k.mg_per_day > b.low and (b.high is null or k.mg_per_day <= b.high) "
    "where k.condition = 'any' and k.present and b.label = $dose_band))",
}
_FACTS = {
    "outcome_by_treatment": ("treatment", "outcome"),
    "outcome_by_domain": ("outcome",),
    "outcome_by_dose": ("treatment", "outcome", "dose"),
    "outcome_by_stratum": ("treatment", "outcome"),
    "side_effect_rate": ("side_effect",),
    "side_effect_by_dose": ("side_effect", "dose"),
    "disproportionality": ("side_effect",),
    "dose_trajectory": ("dose",),
    "dose_by_time": ("dose",),
    "comparison": ("treatment", "outcome"),
    "time_to_effect": ("treatment", "outcome"),
    "time_on_treatment": ("treatment",),
}
_TAKEN = "(e.fact not in ('treatment', 'dose') or starts_with(e.value, 'taken'))"
# What marks rows that are no claims, and the SQL that leads to what they are.
_POSTS = {
    "flow": "select post_id, url, left_out from counted_post where left_out is not null",
    "bias": "from kept_report",
    "coverage": "from crawl",
    "benchmark": "from published",
}


def parse(cell: str) -> dict[str, str]:
    """Give the columns of a cell that was typed, e.g. "treatment=baclofen,dose_band=80-150 mg". Raises CorpusError."""
    parts = [p.strip() for p in cell.split(",") if p.strip()]
    wrong = [p for p in parts if "=" not in p]
    if wrong or not parts:
        raise CorpusError(
            f'cell "{cell}": write COLUMN=VALUE, several with commas, e.g. "treatment=baclofen,domain=craving"'
        )
    pairs = (p.split("=", 1) for p in parts)
    return {k.strip(): v.strip().strip("\"'") for k, v in pairs}


def evidence(home: Home, name: str, cell: Mapping[str, Any]) -> tuple[list[str], tables.Rows]:
    """Give the rows of `evidence` behind a cell of a table: claims that count, of the persons in it.

    cell: column to value; beside the table's own columns any other that claims can be chosen by narrows it down. Beside
    an effect or an outcome by dose stand the doses of the same persons. Raises CorpusError, with what there is, for a
    table or column that is not there, a value that the table does not have, and a table whose rows are no claims.
    """
    if name not in tables.described():
        raise CorpusError(f'no table "{name}"{near(name, list(tables.described()))}')
    if name in _POSTS:
        raise CorpusError(f'a cell of {name} counts no claims; what it counts: doselore query "{_POSTS[name]}"')
    asked = {ALIASES.get(k, k): str(v) for k, v in cell.items()}
    if "band" in asked and not asked["band"].isdigit():
        asked["dose_band"] = asked.pop("band")
    if ("stratum" in asked) != ("value" in asked):
        raise CorpusError("a stratum needs both, e.g. stratum=sex,value=female")
    with corpus.reading(home) as con:
        _there(con, name, asked)
        where = ["e.counted"]
        chosen = [k for k in asked if k != "value" and not (k == "substance" and "comparator" in asked)]
        where += [f"({_OWN.get((name, k)) or _CLAUSES[k]})" for k in chosen]
        if name in _FACTS:
            where += [f"e.fact in ({', '.join(repr(f) for f in _FACTS[name])})", _TAKEN]
        order = "e.person_id, e.posted_at, e.post_id, e.fact, e.span_start, e.value"
        sql = f"select e.* from evidence e where {' and '.join(where)} order by {order}"
        bound = {"condition": None, "comparator": None, **asked}
        used = {k: v for k, v in bound.items() if re.search(rf"\${k}\b", sql)}
        cursor = con.execute(sql, used)
        return [d[0] for d in cursor.description or []], cursor.fetchall()


def _there(con: duckdb.DuckDBPyConnection, name: str, asked: Mapping[str, str]) -> None:
    """See that a cell can be: its columns are known, and the table has the values that it names."""
    own = [str(r[0]) for r in con.execute(f'describe "{name}"').fetchall()]
    able = [c for c in own if c in _CLAUSES or (name, c) in _OWN or (c == "value" and "stratum" in own)]
    for key in asked:
        if key not in able and key not in _CLAUSES and key != "value":
            also = [k for k in [*_CLAUSES, *ALIASES, "value"] if k not in able]
            why = "does not mark a row" if key in own else "is not there"
            raise CorpusError(
                f'{name}: column "{key}" {why}, no evidence can be chosen by it{near(key, [*able, *also])}. '
                f"A row is marked by: {', '.join(able)}; narrowed by: {', '.join(also)}"
            )
    held = {k: v for k, v in asked.items() if k in able}
    for key, value in held.items():
        if con.execute(f'select 1 from "{name}" where "{key}"::varchar = ? limit 1', [value]).fetchone() is None:
            rows = con.execute(
                f'select distinct "{key}"::varchar from "{name}" where "{key}" is not null order by 1'
            ).fetchall()
            values = [str(r[0]) for r in rows]
            listed = ", ".join(values[:20]) + (" …" if len(values) > 20 else "") if values else "nothing, it is empty"
            raise CorpusError(f'{name}: no row with {key} "{value}"{near(value, values)}. There is: {listed}')
    marks = " and ".join(f'"{k}"::varchar = ?' for k in held)
    if held and con.execute(f'select 1 from "{name}" where {marks} limit 1', list(held.values())).fetchone() is None:
        said = ", ".join(f"{k}={v}" for k, v in held.items())
        raise CorpusError(f"{name}: each of {said} is there, but no row has them all; leave one out")
