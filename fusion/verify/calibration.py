"""From raw features to a probability that means what it says, for each model.

The parameters are fitted by `benchmarks/verifier.py --fit` on sentences that people have labelled,
and kept in `calibration.json` by the model file's SHA-256, with the hash of the data. A model that
is not there gets the fallback: how far the sentence is a copy and the checks only, weighed without
regard to the model's answer, and a stricter threshold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fusion.verify.entailment import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over `FEATURES`, for sentences that pass the checks.

    `threshold` is the least support to print a sentence at. `failing` is the share of sentences
    failing a check that people call supported all the same: no such sentence gets more.
    """

    bias: float
    weights: Mapping[str, float]
    threshold: float
    failing: float

    @property
    def weighs_the_model(self) -> bool:
        """Whether the model's answer counts: false for the fallback, which sees only copies."""
        return self.weights["entailed"] > 0

    def probability(self, features: Sequence[float], passes: bool) -> float:
        """Probability, 0..1, that people would call the sentence supported."""
        named = zip(FEATURES, features, strict=True)
        score = self.bias + sum(self.weights[name] * value for name, value in named)
        probability = float(1 / (1 + np.exp(-score)))
        return probability if passes else min(probability, self.failing)


def calibration_for(model_sha256: str | None) -> Calibration:
    """The parameters of the model with this SHA-256, or the fallback for one not measured."""
    measured = _measured()
    entry = measured["models"].get(model_sha256) or measured["fallback"]
    return Calibration(entry["bias"], entry["weights"], entry["threshold"], entry["failing"])


def fit(features: Array, labels: Array, weights: Array, ridge: float = 1.0) -> Array:
    """Weighted logistic regression: features (n, k), labels 0/1 (n,), weights (n,) → (k + 1,).

    The first number is the bias, which `ridge` leaves alone. Newton's method (iteratively
    reweighted least squares; Hastie et al., Elements of Statistical Learning, 4.4.1).
    """
    x = np.column_stack([np.ones(len(features)), features])
    penalty = ridge * np.eye(x.shape[1])
    penalty[0, 0] = 0.0
    beta = np.zeros(x.shape[1])
    for _ in range(50):  # converges in under ten
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (weights * (labels - p)) - penalty @ beta
        hessian = (x.T * (weights * p * (1 - p))) @ x + penalty
        step = np.linalg.solve(hessian, gradient)
        beta = beta + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return beta


@cache
def _measured() -> dict[str, Any]:
    text = (files("fusion.verify") / "calibration.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
