"""The numbers of the views beside those of statsmodels, lifelines, SciPy and vigipy, on one invented corpus."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from scipy.stats import norm
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from vigipy import bcpnn, convert, gps, prr, ror

from pipeline import corpus
from pipeline.home import Home
from tests.pipeline.simulated import Told, ask, write

NEAR = 1e-9
EFFECTS = ["worked", "partly", "no_effect", "harmful", "unclear"]
CONCEPTS = ["nausea", "dizziness", "headache", "insomnia", "fatigue", "weakness"]


def _persons() -> list[tuple[str, Told]]:
    rng = random.Random(5)
    told: list[tuple[str, Told]] = []
    for n in range(260):
        substance = rng.choice(["baclofen", "baclofen", "naltrexone", "acamprosate"])
        mg = rng.choice([20, 60, 100, 200, 400])
        days = sorted(rng.sample(range(1, 300), rng.randint(1, 3)))
        for k, day in enumerate([0, *days]):
            last = k == len(days)
            effect = rng.choices(EFFECTS, [mg / 50, 1, 2, 0.5, 3])[0] if k else "unclear"
            effects = tuple((c, True) for c in CONCEPTS if k == 0 and rng.random() < 0.35)
            told.append(
                (
                    f"sample_{n}",
                    Told(day, substance, effect, mg, (last and rng.random() < 0.4) or None, side_effects=effects),
                )
            )
    return told


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("statistics"))
    write(made, _persons())
    return made


@pytest.mark.parametrize(
    ("table", "k", "n"),
    [
        ("outcome_by_treatment", "benefit", "denominator"),
        ("outcome_by_dose", "improved", "denominator"),
        ("outcome_by_stratum", "improved", "denominator"),
        ("side_effect_rate", "persons_present", "denominator"),
        ("side_effect_by_dose", "persons_present", "denominator"),
        ("bias", "numerator", "denominator"),
    ],
)
def test_intervals_are_wilsons(home: Home, table: str, k: str, n: str) -> None:
    rows = [r for r in ask(home, f"from {table}") if r[n]]
    assert rows
    for row in rows:
        assert (row["low"], row["high"]) == pytest.approx(proportion_confint(row[k], row[n], method="wilson"), abs=NEAR)


def test_a_difference_has_newcombes_interval(home: Home) -> None:
    rows = {r["substance"]: r for r in ask(home, "from outcome_by_treatment where condition = 'any'")}
    index, other = rows["baclofen"], rows["naltrexone"]
    low, high = confint_proportions_2indep(
        other["benefit"], other["denominator"], index["benefit"], index["denominator"], method="newcomb", compare="diff"
    )
    assert (other["difference_low"], other["difference_high"]) == pytest.approx((low, high), abs=NEAR)


def test_the_trend_over_dose_bands_is_that_of_cochran_and_armitage(home: Home) -> None:
    rows = ask(home, "from outcome_by_dose where substance = 'baclofen' and domain = 'effect' order by band")
    assert len(rows) > 3
    counts = np.array([[r["denominator"] - r["improved"], r["improved"]] for r in rows])
    found: Any = Table(counts, shift_zeros=False).test_ordinal_association(
        row_scores=np.array([r["band"] for r in rows]), col_scores=np.array([0, 1])
    )
    # statsmodels takes the variance with n - 1, Cochran and Armitage with n.
    z = found.zscore * np.sqrt(counts.sum() / (counts.sum() - 1))
    assert rows[0]["trend_z"] == pytest.approx(z, abs=NEAR)
    assert rows[0]["trend_p"] == pytest.approx(2 * norm.sf(abs(z)), abs=NEAR)


@pytest.mark.parametrize("z", [0.0, 1e-6, 0.3, 1.96, 3.9999, 4.0, 7.5, 20.0])
def test_p_values_are_scipys(home: Home, z: float) -> None:
    (row,) = ask(home, f"select p_two_sided({z!r}::double) as p")
    assert row["p"] == pytest.approx(2 * norm.sf(z), abs=1e-12)
    if z >= 4:
        assert row["p"] == pytest.approx(2 * norm.sf(z), rel=1e-9)


@pytest.mark.parametrize(
    ("table", "days", "seen", "by_then"),
    [
        ("time_to_effect", "days_to_effect", "effect_observed", True),
        ("time_on_treatment", "days_on_treatment", "stop_observed", False),
    ],
)
def test_times_are_those_of_kaplan_and_meier(home: Home, table: str, days: str, seen: str, by_then: bool) -> None:
    def share(survival: float) -> float:
        return 1 - survival if by_then else survival

    course = f"select {days} as day, {seen} as seen from course where condition = 'any' and substance = 'baclofen'"
    persons = [r for r in ask(home, course) if r["day"] is not None]
    fitted = KaplanMeierFitter().fit([round(p["day"]) for p in persons], [p["seen"] for p in persons])
    bounds = fitted.confidence_interval_
    rows = ask(home, f"from {table} where condition = 'any' and substance = 'baclofen'")
    assert len(rows) > 20
    for row in rows:
        day = float(row["day"])
        assert row["share"] == pytest.approx(share(fitted.survival_function_.loc[day].iloc[0]), abs=NEAR)
        if 0 < row["share"] < 1:
            expected = sorted(share(float(v)) for v in bounds.loc[day])
            assert [row["low"], row["high"]] == pytest.approx(expected, abs=NEAR)
    median = fitted.median_survival_time_
    assert rows[0]["median_days"] == (None if np.isinf(median) else median)


@pytest.fixture(scope="module")
def signals(home: Home) -> tuple[list[dict[str, Any]], Any]:
    rows = ask(home, "from disproportionality order by substance, concept")
    frame = pd.DataFrame(
        {
            "name": [r["substance"] for r in rows],
            "AE": [r["concept"] for r in rows],
            "count": [r["events"] for r in rows],
        }
    )
    return rows, convert(frame)


def _of(result: Any, column: str) -> list[float]:
    frame = result.all_signals.sort_values(["Product", "Adverse Event"])
    return frame[column].tolist()


@pytest.mark.parametrize(
    ("method", "column", "ours"),
    [
        (prr, "PRR", "prr"),
        (prr, "CI Lower", "prr_low"),
        (prr, "CI Upper", "prr_high"),
        (ror, "ROR", "ror"),
        (ror, "CI Lower", "ror_low"),
        (bcpnn, "quantile", "ic025"),
        (gps, "EBGM", "ebgm"),
    ],
)
def test_disproportionality_is_vigipys(signals: Any, method: Any, column: str, ours: str) -> None:
    rows, container = signals
    assert len(rows) == 18
    assert [r[ours] for r in rows] == pytest.approx(_of(method(container, min_events=1), column), abs=NEAR)


def test_points_of_the_shrinker_lie_where_vigipys_search_ends(signals: Any) -> None:
    rows, container = signals
    found = gps(container, min_events=1)
    for ours, theirs in (("eb05", "LowerBound"), ("eb95", "UpperBound")):
        assert [r[ours] for r in rows] == pytest.approx(
            _of(found, theirs), rel=1e-3
        )  # it stops its search at 1e-5 of p


def test_every_line_of_disproportionality_says_that_it_is_a_hypothesis(signals: Any) -> None:
    assert {r["reading"] for r in signals[0]} == {"hypothesis only"}


def test_persons_are_standardised_by_condition_and_source(tmp_path: Path) -> None:
    home = Home(tmp_path)
    share = {
        ("board", "baclofen"): (8, 10),
        ("board", "naltrexone"): (1, 2),
        ("other", "baclofen"): (1, 2),
        ("other", "naltrexone"): (2, 8),
    }
    number = 0
    for (source, substance), (k, n) in share.items():
        told = [(f"{source}{number + i}", Told(0, substance, "worked" if i < k else "no_effect")) for i in range(n)]
        write(home, told, number, source)
        number += n
    (row,) = ask(home, "from comparison where kind = 'between persons' and condition = 'any'")
    assert (row["strata"], row["covered"], row["comparator_denominator"]) == (2, 12, 10)
    assert row["index_share"] == pytest.approx(9 / 12, abs=NEAR)
    assert row["comparator_share"] == pytest.approx((10 * 1 / 2 + 2 * 2 / 8) / 12, abs=NEAR)
    variance = (10 * 0.8 * 0.2 + 2 * 0.25 + 10**2 * 0.25 / 2 + 2**2 * 0.25 * 0.75 / 8) / 144
    assert row["difference_high"] - row["difference"] == pytest.approx(norm.ppf(0.975) * np.sqrt(variance), abs=NEAR)


def test_one_person_on_two_treatments_is_their_own_control(tmp_path: Path) -> None:
    home = Home(tmp_path)
    told = [("heron", Told(0, "naltrexone", "no_effect")), ("heron", Told(9, "baclofen", "worked"))]
    told += [("wren", Told(0, "naltrexone", "worked")), ("wren", Told(9, "baclofen", "partly"))]
    told += [("owl", Told(0, "naltrexone", "worked")), ("owl", Told(9, "baclofen"))]
    write(home, told)
    (row,) = ask(home, "from comparison where kind = 'same person' and condition = 'any'")
    assert (row["persons"], row["missing"], row["index_better"], row["comparator_better"]) == (3, 1, 1, 1)
    assert (row["denominator"], row["share"]) == (2, 0.5)


def test_a_result_outside_the_published_range_raises_an_alarm(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write(home, [(f"sample_{n}", Told(0, effect="worked")) for n in range(40)])
    sql = "select alarm, reading, result, low, high from benchmark where fact = 'expected range of success'"
    assert ask(home, sql) == [{"alarm": True, "reading": "outside", "result": 1.0, "low": 0.2, "high": 0.8}]
    with corpus.writing(home) as con:
        con.execute("update study set minimum_cell = 41")
    assert [r["reading"] for r in ask(home, sql)] == ["too few persons"]
