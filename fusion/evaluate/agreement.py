"""How far scores agree with people's labels and grades.

Where labels, scores or grades do not vary, a measure that needs it is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def auc(labels: Array, scores: Array) -> float:
    """Probability that a supported claim scores above an unsupported one; ties count half."""
    good = int((labels == 1).sum())
    bad = len(labels) - good
    if not good or not bad:
        return float("nan")
    # Mann & Whitney 1947: pairs won are the good ones' ranks above those they have by themselves.
    return float((ranks(scores)[labels == 1].sum() - good * (good + 1) / 2) / (good * bad))


def balanced(labels: Array, kept: Mask) -> float:
    """Mean of the shares of supported and of unsupported claims that are told right."""
    good = labels == 1
    if good.all() or not good.any():
        return float("nan")
    return float((kept[good].mean() + (~kept)[~good].mean()) / 2)


def best_threshold(labels: Array, scores: Array, sets: Array) -> float:
    """The middle of the thresholds whose balanced accuracy, on average over the sets, is best.

    Within 0.01 of the best counts as best: one claim more or less is chance.
    """
    grid = np.unique(np.round(scores, 2))
    means = np.array(
        [
            np.mean([balanced(labels[sets == s], scores[sets == s] >= t) for s in np.unique(sets)])
            for t in grid
        ]
    )
    return float(np.median(grid[means >= means.max() - 0.01]))


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims whose score is in [low, high): the mean score, and the share supported."""

    low: float
    high: float
    claims: int
    predicted: float
    observed: float


def reliability(labels: Array, scores: Array, bins: int = 10) -> list[Bin]:
    """The reliability curve: bins of equal width over 0..1, without the empty ones.

    A score of 1 is in the last bin.
    """
    which = _bins(scores, bins)
    return [
        Bin(
            low=int(b) / bins,
            high=(int(b) + 1) / bins,
            claims=int((which == b).sum()),
            predicted=float(scores[which == b].mean()),
            observed=float(labels[which == b].mean()),
        )
        for b in np.unique(which)
    ]


def calibration_error(labels: Array, scores: Array, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Guo et al. 2017), 0..1."""
    gaps = np.bincount(_bins(scores, bins), weights=labels - scores)  # times the bin's claims
    return float(np.abs(gaps).sum() / len(labels))


def _bins(scores: Array, bins: int) -> NDArray[np.intp]:
    return np.minimum((scores * bins).astype(np.intp), bins - 1)


def ranks(values: Array) -> Array:
    """The place of each value in order, 1 for the least; equal values share their mean place."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - (counts - 1) / 2)[which])


def pearson(a: Array, b: Array) -> float:
    """The linear correlation, -1..1."""
    if a.min() == a.max() or b.min() == b.max():
        return float("nan")
    a, b = a - a.mean(), b - b.mean()
    return float((a @ b) / np.sqrt((a @ a) * (b @ b)))


def spearman(a: Array, b: Array) -> float:
    """The correlation of ranks, -1..1."""
    return pearson(ranks(a), ranks(b))


def kendall(a: Array, b: Array) -> float:
    """Pairs in the same order less pairs in the opposite one, -1..1; tau-b, for ties."""
    above = np.triu_indices(len(a), 1)
    one, other = (np.sign(np.subtract.outer(each, each))[above] for each in (a, b))
    varying = np.sqrt((one != 0).sum() * (other != 0).sum())
    return float((one * other).sum() / varying) if varying else float("nan")
