"""Shares corrected for the errors of the reader who counted them, with the doubt of both samples in the interval.

Rogan & Gladen 1978, Am J Epidemiol 107:71: of persons that a test calls positive, with known sensitivity and
specificity. The interval is a percentile bootstrap (Efron & Tibshirani 1993) over persons and validation sample.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

SEED = 19780107
DRAWS = 2000
_USABLE = 0.95  # of the draws must have an answer, else an interval would hide those that have none


@dataclass(frozen=True, slots=True)
class Corrected:
    """A share, 0 to 1, and its interval; None where there is none, and then reason says why."""

    share: float | None
    low: float | None
    high: float | None
    reason: str | None


def rogan_gladen(apparent: Any, sensitivity: Any, specificity: Any) -> Any:
    """Give the true share behind an apparent one, cut to 0 to 1; NaN where sensitivity + specificity is not above 1."""
    power = np.asarray(sensitivity, dtype=float) + specificity - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(power > 0, np.clip((apparent + specificity - 1) / power, 0, 1), np.nan)


def resampled(counts: Any, draws: int = DRAWS) -> Any:
    """Draw posts with replacement; give the sums of their counts, a row a draw. counts: one row a post."""
    n = len(counts)
    return np.random.default_rng(SEED).multinomial(n, [1 / n] * n, size=draws) @ counts


def drawn_share(hits: Any, others: Any) -> Any:
    """Give hits of hits + others in each draw. hits, others: sums of `resampled`, one a draw.

    Where a sample shows no hit, or nothing else, neither does any draw of it; a percentile interval would be a point.
    There the draws are Beta(hits + 1/2, others + 1/2) instead (Jeffreys; Brown, Cai & DasGupta 2001).
    """
    if hits.any() and others.any():
        with np.errstate(invalid="ignore"):
            return hits / (hits + others)
    n = float(np.median(hits + others))
    return jeffreys(n if hits.any() else 0.0, n, "validation", len(hits))


def jeffreys(k: float, n: float, key: str, draws: int) -> Any:
    """Draw shares from the posterior of k of n with Jeffreys' prior. key: names what is drawn."""
    return np.random.default_rng([SEED, zlib.crc32(key.encode())]).beta(k + 0.5, n - k + 0.5, size=draws)


def interval(values: Any, confidence: float = 0.95) -> tuple[float | None, float | None]:
    """Give the percentile interval of bootstrap values; (None, None) where too many draws have no answer."""
    there = values[~np.isnan(values)]
    if len(there) < _USABLE * len(values):
        return None, None
    tail = (1 - confidence) / 2
    low, high = np.quantile(there, [tail, 1 - tail])
    return float(low), float(high)


def corrected(
    numerator: int,
    denominator: int,
    sensitivity: float,
    specificity: float,
    drawn: tuple[Any, Any],
    *,
    key: str,
    confidence: float = 0.95,
) -> Corrected:
    """Correct numerator of denominator persons.

    drawn: arrays, or lists, of sensitivity and specificity in each draw of the validation sample. key: names the cell,
    so that its draws are the same whatever other cells there are.
    """
    share = float(rogan_gladen(numerator / denominator, sensitivity, specificity))
    if np.isnan(share):
        return Corrected(
            None, None, None, "recall + specificity is not above 1: no better than chance, nothing to correct by"
        )
    if 0 < numerator < denominator:
        dice = np.random.default_rng([SEED, zlib.crc32(key.encode())])
        persons = dice.binomial(denominator, numerator / denominator, size=len(drawn[0])) / denominator
    else:
        persons = jeffreys(numerator, denominator, key, len(drawn[0]))
    low, high = interval(rogan_gladen(persons, np.asarray(drawn[0]), np.asarray(drawn[1])), confidence)
    if low is None:
        return Corrected(share, None, None, "no interval: in over 5 % of the draws recall + specificity is not above 1")
    raw = (numerator / denominator + specificity - 1) / (sensitivity + specificity - 1)
    cut = (
        None
        if 0 <= raw <= 1
        else f"cut to {share:g}: errors alone would explain {'more' if raw < 0 else 'less'} than was counted"
    )
    return Corrected(share, low, high, cut)
