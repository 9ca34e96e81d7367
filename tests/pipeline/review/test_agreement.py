"""The figures of agreement against those of kept libraries, on verdicts drawn at random."""

import random
from importlib import import_module
from typing import Any

import pytest

from pipeline.review import agreement

VERDICTS = ("right", "wrong", "unsure")


@pytest.mark.parametrize("seed", range(12))
def test_kappas_and_alpha_are_those_of_scikit_learn_statsmodels_and_krippendorff(seed: int) -> None:
    dice = random.Random(seed)
    truth = [dice.choice(VERDICTS) for _ in range(40)]
    readers = [[t if dice.random() < 0.7 else dice.choice(VERDICTS) for t in truth] for _ in range(4)]
    cohen: Any = import_module("sklearn.metrics").cohen_kappa_score
    assert agreement.cohen(readers[0], readers[1]) == pytest.approx(cohen(readers[0], readers[1]))
    raters: Any = import_module("statsmodels.stats.inter_rater")
    per_item = list(zip(*readers, strict=True))
    counts = [[item.count(v) for v in VERDICTS] for item in per_item]
    assert agreement.fleiss(per_item) == pytest.approx(raters.fleiss_kappa(counts))
    # Not every reader judges every item: alpha alone takes that.
    there = [[v if dice.random() < 0.7 else None for v in row] for row in readers]
    alpha: Any = import_module("krippendorff").alpha
    coded = [[float("nan") if v is None else VERDICTS.index(v) for v in row] for row in there]
    sets = [[v for v in item if v is not None] for item in zip(*there, strict=True)]
    assert agreement.alpha(sets) == pytest.approx(alpha(coded, level_of_measurement="nominal"))


def test_the_table_of_a_field_is_the_mean_over_pairs_and_fleiss_over_what_all_judged() -> None:
    dice = random.Random(7)
    names = ("a", "b", "c")
    judged = {str(n): {r: dice.choice(VERDICTS) for r in names} for n in range(30)}
    judged["lone"] = {"a": "right"}
    row = agreement.table(judged)
    whole = [by for by in judged.values() if len(by) == 3]
    cohen: Any = import_module("sklearn.metrics").cohen_kappa_score
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    mean = sum(cohen([by[x] for by in whole], [by[y] for by in whole]) for x, y in pairs) / 3
    assert (row["items"], row["reviewers"]) == (31, 3)
    assert row["cohen"] == pytest.approx(mean)
    assert row["fleiss"] == pytest.approx(agreement.fleiss([[by[r] for r in names] for by in whole]))


def test_where_all_say_the_same_of_everything_kappa_is_not_defined() -> None:
    assert agreement.cohen(["right"] * 3, ["right"] * 3) is None
    assert agreement.fleiss([["right", "right"]] * 3) is None
    assert agreement.alpha([["right", "right"]] * 3) is None
