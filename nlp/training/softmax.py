"""Multinomial logistic regression whose truth may be uncertain: a probability for each class, a weight for each row."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize


@dataclass(frozen=True, slots=True)
class Softmax:
    """weights: a row a column of the design, a column a class; biases: a class each."""

    weights: Any
    biases: Any

    def probabilities(self, design: Any) -> Any:
        """Give a row of class probabilities for each row of the design."""
        return _normal(design @ self.weights + self.biases)


def fitted(design: Any, truth: Any, counts: Any, penalty: float, steps: int = 80) -> Softmax:
    """Fit.

    design: sparse, a row a case. truth: probabilities, a row a case, a column a class. counts: how much each case
    counts. penalty: on half the squared weights.
    """
    columns, classes = design.shape[1], truth.shape[1]
    turned = design.T.tocsr()
    size = columns * classes

    def loss(flat: Any) -> tuple[float, Any]:
        weights, biases = flat[:size].reshape(columns, classes), flat[size:]
        found = _normal(design @ weights + biases)
        rest = counts[:, None] * (found - truth)
        miss = -(counts[:, None] * truth * np.log(found + 1e-12)).sum()
        slope = np.concatenate([(turned @ rest + penalty * weights).ravel(), rest.sum(0)])
        return float(miss + penalty * (weights**2).sum() / 2), slope

    minimize: Any = optimize.minimize
    found = minimize(loss, np.zeros(size + classes), jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return Softmax(found.x[:size].reshape(columns, classes), found.x[size:])


def _normal(points: Any) -> Any:
    raised = np.exp(points - points.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
