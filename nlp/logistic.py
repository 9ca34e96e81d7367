"""Yes or no by logistic regression: weights of named features from a file, in plain Python.

A post has a handful of cases, each with some dozen features: a loop over them costs less than an array.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import data

FOLDER = "models"


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """weights: by feature; a case counts where bias and weighted features add up to at least `least`."""

    weights: Mapping[str, float]
    bias: float
    least: float

    def holds(self, features: Mapping[str, float]) -> bool:
        """Say whether a case counts. Features without a weight are passed over."""
        weights = self.weights
        return self.bias + sum([weights[name] * features[name] for name in features if name in weights]) >= self.least


@cache
def load(name: str) -> Mapping[str, Logistic] | None:
    """Give the models of data/models/<name>.json.gz by what they decide; None where the file is absent."""
    path = data.path(FOLDER) / f"{name}.json.gz"
    if not path.is_file():
        return None
    held = json.loads(gzip.decompress(path.read_bytes()))
    return {what: Logistic(m["weights"], m["bias"], m["least"]) for what, m in held.items()}
