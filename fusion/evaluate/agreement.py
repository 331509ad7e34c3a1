"""How far a score agrees with people's labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def auc(labels: Array, scores: Array) -> float:
    """Probability that a supported claim scores above an unsupported one; ties count half."""
    good, bad = scores[labels == 1], scores[labels == 0]
    above = (good[:, None] > bad).mean() + (good[:, None] == bad).mean() / 2
    return float(above)


def balanced(labels: Array, kept: Mask) -> float:
    """Mean of the shares of supported and of unsupported claims that are told right."""
    return float((kept[labels == 1].mean() + (~kept)[labels == 0].mean()) / 2)


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


def calibration_error(labels: Array, scores: Array, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width (Guo et al. 2017), 0..1."""
    which = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(labels[which == b].mean() - scores[which == b].mean()) * (which == b).mean()
        for b in np.unique(which)
    ]
    return float(np.sum(gaps))
