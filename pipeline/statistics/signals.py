"""Figures of disproportionality that need special functions or a fit: IC (BCPNN) and EBGM (gamma-Poisson shrinker).

Numbers in: one pair of a treatment and an effect each, with its events, the treatment's and the effect's totals, and
the total of all pairs. Numbers out describe reporting, never risk.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import betainc, digamma, gammainc, gammaln, polygamma
from scipy.stats import norm

_LEAST_PAIRS = 6  # a prior of five parameters cannot be fitted to fewer
_START = (0.2041, 0.05816, 1.415, 1.838, 0.0969)  # DuMouchel 1999
_EPS = float(np.finfo(np.float32).eps)
_BOUNDS = ((_EPS, 20), (_EPS, 10), (_EPS, 20), (_EPS, 10), (0, 1))
_TINY = 1e-10


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What the shrinker says of each pair, in the pairs' order. ebgm: geometric mean; eb05, eb95: 5 and 95 % points."""

    prior: tuple[float, ...]
    ebgm: Any
    eb05: Any
    eb95: Any


def information_component(events: Any, of_treatment: Any, of_effect: Any, total: float) -> tuple[Any, Any]:
    """Give IC and IC025 of each pair, in bits: 0 is no more than expected, 1 twice as much.

    Bate 1998 with the moments in closed form of Gould 2003; IC025: the lower bound of the 95 % interval.
    """
    p1, p2 = 1 + of_treatment, 1 + total - of_treatment
    q1, q2 = 1 + of_effect, 1 + total - of_effect
    r1 = 1 + events
    r2 = total - events - 1 + (2 + total) ** 2 / (q1 * p1)
    ic = digamma(r1) - digamma(r1 + r2) - (digamma(p1) - digamma(p1 + p2) + digamma(q1) - digamma(q1 + q2))
    variance = polygamma(1, r1) - polygamma(1, r1 + r2)
    variance += polygamma(1, p1) - polygamma(1, p1 + p2) + polygamma(1, q1) - polygamma(1, q1 + q2)
    ic, deviation = ic / math.log(2), np.sqrt(variance) / math.log(2)
    return ic, ic + norm.ppf(0.025) * deviation


def shrunk(events: Any, expected: Any) -> Shrunk | None:
    """Give EBGM of each pair that was told of at least once; None where there are too few pairs for a prior.

    DuMouchel 1999: a mixture of two gamma priors, fitted by maximum likelihood to the counts above 0.
    """
    if len(events) < _LEAST_PAIRS:
        return None
    fitted = minimize(
        _unlikelihood,
        x0=np.asarray(_START),
        args=(events, expected, gammaln(events + 1)),
        method="Nelder-Mead",
        bounds=_BOUNDS,
        options={"maxiter": 500},
    )
    a1, b1, a2, b2, weight = (float(v) for v in fitted.x)
    first, second = (_log_mass(events, expected, gammaln(events + 1), a, b) for a, b in ((a1, b1), (a2, b2)))
    top = np.maximum(first, second)
    share = weight * np.exp(first - top)
    share = share / (share + (1 - weight) * np.exp(second - top))
    mean = share * (digamma(a1 + events) - np.log(b1 + expected))
    mean += (1 - share) * (digamma(a2 + events) - np.log(b2 + expected))
    points = [
        np.array([
            _quantile(p, float(s), a1 + n, b1 + e, a2 + n, b2 + e)
            for s, n, e in zip(share, events, expected, strict=True)
        ])
        for p in (0.05, 0.95)
    ]  # fmt: skip
    return Shrunk((a1, b1, a2, b2, weight), np.exp(mean), *points)


def _log_mass(n: Any, expected: Any, log_factorial: Any, shape: float, rate: float) -> Any:
    p = np.clip(rate / (rate + expected + _TINY), _TINY, 1 - _TINY)
    return gammaln(n + shape) - log_factorial - gammaln(shape) + shape * np.log(p) + n * np.log(1 - p)


def _unlikelihood(prior: Any, n: Any, expected: Any, log_factorial: Any) -> float:
    a1, b1, a2, b2, weight = prior
    first, second = (_log_mass(n, expected, log_factorial, a, b) for a, b in ((a1, b1), (a2, b2)))
    top = np.maximum(first, second)
    log = top + np.log(np.maximum(weight * np.exp(first - top) + (1 - weight) * np.exp(second - top), 1e-300))
    zero = [betainc(a, 1, np.clip(b / (b + expected + _TINY), _TINY, 1 - _TINY)) for a, b in ((a1, b1), (a2, b2))]
    seen = 1 - (weight * zero[0] + (1 - weight) * zero[1])  # pairs that nobody told of are not in the counts
    return float(np.sum(-log + np.log(np.maximum(seen, 1e-7))))


def _quantile(p: float, share: float, a1: float, b1: float, a2: float, b2: float) -> float:
    def off(x: float) -> float:
        return float(share * gammainc(a1, b1 * x) + (1 - share) * gammainc(a2, b2 * x)) - p

    high = 1.0
    while off(high) < 0:
        high *= 2
    root: Any = brentq(off, 0, high, xtol=1e-12)
    return float(root)
