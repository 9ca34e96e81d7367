"""The headline answers in plain words, each with its denominator; what went badly stands beside what went well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.report.gather import Figure, Row

FEW = "too few persons to say"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what the posts answer. number: as read; says: sentences; figure: where shown."""

    question: str
    number: str
    says: tuple[str, ...]
    figure: str


def name(word: Any) -> str:
    """Give a word of the vocabulary as a person reads it."""
    return str(word).replace("_", " ")


def percent(share: Any) -> str:
    """Give a share of 0 to 1 as a percentage, "" if there is none."""
    return "" if share is None else f"{100 * float(share):.0f} %"


def count(n: int, one: str, many: str = "") -> str:
    """Give a number with its noun: "1 person", "12,000 persons"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def of(k: int, n: int, low: Any, high: Any, confidence: float) -> str:
    """Give "11 of 17 (65 %; 95 % interval 41 to 83 %)"."""
    interval = "" if low is None else f"; {100 * confidence:g} % interval {100 * low:.0f} to {100 * high:.0f} %"
    return f"{k:,} of {n:,} ({percent(k / n)}{interval})" if n else f"{k:,} of {n:,}"


def answers(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    """Give the headline answers on the treatment studied."""
    made = (_benefit, _no_benefit, _stopped, _side_effects, _dose, _time, _beside, _published)
    return [answer for make in made for answer in make(figures, index, confidence)]


def _of_index(figure: Figure, index: str) -> Row | None:
    return next((r for r in figure.rows if r.get("substance") == index), None)


def _there(row: Row | None, *columns: str) -> bool:
    return row is not None and all(row[c] is not None for c in columns)


def _benefit(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    row, question = _of_index(figures["outcome_by_treatment"], index), f"Did {name(index)} help?"
    if row is None:
        return [
            Answer(question, "", (f"Nobody in this corpus tells of taking {name(index)}.",), "outcome_by_treatment")
        ]
    if not _there(row, "persons", "denominator"):
        return [Answer(question, FEW, (), "outcome_by_treatment")]
    says = [f"{count(row['persons'], 'person took', 'persons took')} it; {row['denominator']:,} say how it did."]
    if row["denominator"]:
        told = of(row["benefit"], row["denominator"], row["low"], row["high"], confidence)
        says.append(f"A benefit: {told}. It worked for {row['worked']:,}, in part for {row['partly']:,}.")
        missing = f"{row['missing']:,} do not say"
        says.append(
            f"{missing}, and {count(row['contradicted'], 'person contradicts', 'persons contradict')} themselves."
        )
    return [Answer(question, percent(row["share"]), tuple(says), "outcome_by_treatment")]


def _no_benefit(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    row = _of_index(figures["outcome_by_treatment"], index)
    if row is None or not row.get("denominator"):
        return []
    told = of(row["no_benefit"], row["denominator"], row["no_benefit_low"], row["no_benefit_high"], confidence)
    says = (f"No benefit: {told}.", f"It did nothing for {row['no_effect']:,}, and did harm to {row['harmful']:,}.")
    return [Answer("Did it fail, or do harm?", percent(row["no_benefit_share"]), says, "outcome_by_treatment")]


def _stopped(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    row = _of_index(figures["stopping"], index)
    if row is None:
        return []
    if not _there(row, "stopped", "persons"):
        return [Answer("Did they stop?", FEW, (), "stopping")]
    told = of(row["stopped"], row["persons"], row["low"], row["high"], confidence)
    says = [f"Stopped: {told} of all who took it."]
    if row["stopped"]:
        says.append(
            f"With it they tell of side effects ({row['with_side_effects']:,}), no effect or harm"
            f" ({row['without_benefit']:,}), a benefit ({row['with_benefit']:,}), or nothing ({row['no_reason']:,})."
        )
    return [Answer("Did they stop?", percent(row["share"]), tuple(says), "stopping")]


def _side_effects(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    del confidence
    row = _of_index(figures["stopping"], index)
    if row is None:
        return []
    if not _there(row, "persons", "any_side_effect"):
        return [Answer("Which side effects?", FEW, (), "side_effect_rate")]
    k, n = row["any_side_effect"], row["persons"]
    top = [r for r in figures["side_effect_rate"].rows if r["persons_present"]][:6]
    says = [f"{k:,} of {n:,} persons tell of one or more. Who says nothing of it is not known to be free of it."]
    if top:
        listed = ", ".join(f"{name(r['concept'])} ({r['persons_present']:,}; {percent(r['share'])})" for r in top)
        says.append(f"Most told of: {listed}.")
    return [Answer("Which side effects?", percent(k / n) if n else "", tuple(says), "side_effect_rate")]


def _dose(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    del confidence
    rows = [r for r in figures["dose_response"].rows if r["substance"] == index]
    told = [r for r in rows if r["denominator"]]
    if not told:
        return (
            [Answer("At which dose?", "", ("Nobody states both a daily dose and how it did.",), "dose_response")]
            if rows
            else []
        )
    parts = [f"{r['dose_band']}: {r['benefit']:,} of {r['denominator']:,} ({percent(r['share'])})" for r in told]
    says = [f"With a benefit, by the highest daily dose taken: {'; '.join(parts)}."]
    p = told[0]["trend_p"]
    if p is not None:
        chance = "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
        way = "more at higher doses" if (told[0]["trend_z"] or 0) > 0 else "fewer at higher doses"
        says.append(f"Trend over the bands: {way if p < 0.05 else 'none that chance would not make'} ({chance}).")
    return [Answer("At which dose?", "", tuple(says), "dose_response")]


def _time(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    del confidence
    row = _of_index(figures["time_to_effect"], index)
    if row is None:
        return []
    median = row["median_days"]
    says = [
        f"Half have told of a benefit by day {median:,}."
        if median is not None
        else "Fewer than half ever told of a benefit.",
    ]
    if row["persons"] is not None and row["missing"] is not None:
        says.append(
            f"Of {row['persons'] - row['missing']:,} persons whose time is known; of {row['missing']:,} it is not."
        )
    return [
        Answer(
            "How long until it helped?", f"{median:,} days" if median is not None else "", tuple(says), "time_to_effect"
        )
    ]


def _beside(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    del confidence
    rows = [r for r in figures["outcome_by_treatment"].rows if r["substance"] != index and r["denominator"]]
    pairs = [r for r in figures["comparison"].rows if r["kind"] == "same person" and r["denominator"]]
    if not rows:
        return []
    listed = "; ".join(
        f"{name(r['substance'])} {r['benefit']:,} of {r['denominator']:,} ({percent(r['share'])})" for r in rows
    )
    says = [f"With a benefit: {listed}."]
    says += [
        f"Of {r['denominator']:,} who took both and tell a difference, {r['index_better']:,} found {name(index)} better"
        f" than {name(r['comparator'])}, {r['comparator_better']:,} the other way round."
        for r in pairs
    ]
    return [Answer("And the other treatments?", "", tuple(says), "comparison")]


def _published(figures: Mapping[str, Figure], index: str, confidence: float) -> list[Answer]:
    del index, confidence
    rows: Sequence[Row] = [r for r in figures["benchmark"].rows if r["result"] is not None and r["alarm"] is not None]
    rows = [r for r in rows if r["reading"] not in ("no result", "too few persons")]
    if not rows:
        return []
    outside = [r for r in rows if r["alarm"]]
    says = [
        f"{len(outside):,} of {len(rows):,} figures that can be set beside trials, cohorts and labels lie outside them."
    ]
    if outside:
        says.append("That is first of all a sign of who writes, or of an error of ours.")
    return [
        Answer(
            "Does it fit what is published?",
            f"{len(outside)} alarms" if outside else "no alarm",
            tuple(says),
            "benchmark",
        )
    ]
