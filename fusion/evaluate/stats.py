"""Means with intervals, and differences of systems on the same stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

RESAMPLES = 2000  # the ends of a 95 % interval then move by about 1 % of its width between seeds
SEED = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `stories` stories with its 95 % interval; no interval for a single story."""

    mean: float
    low: float | None
    high: float | None
    stories: int


def estimate(values: Mapping[str, float]) -> Estimate | None:
    """Mean of one value a story, and its interval by the bootstrap; None without a value.

    The story is what is drawn again: its sentences and its summary come and go together, so this
    is the bootstrap clustered by story (percentile method; Efron & Tibshirani 1993, ch. 13).
    """
    if not values:
        return None
    known = np.array([values[story] for story in sorted(values)], dtype=np.float64)
    if len(known) == 1:
        return Estimate(float(known[0]), None, None, 1)
    drawn = np.random.default_rng(SEED).integers(len(known), size=(RESAMPLES, len(known)))
    low, high = np.percentile(known[drawn].mean(axis=1), [2.5, 97.5])
    return Estimate(float(known.mean()), float(low), float(high), len(known))


def difference(ours: Mapping[str, float], theirs: Mapping[str, float]) -> Estimate | None:
    """Mean of `ours` minus `theirs` on the stories that both have, paired, with its interval."""
    shared = ours.keys() & theirs.keys()
    return estimate({story: ours[story] - theirs[story] for story in shared})


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval; no interval where too few draws have the figure."""

    value: float
    low: float | None
    high: float | None


def interval(clusters: Sequence[str], measure: Callable[[NDArray[np.intp]], float]) -> Interval:
    """A figure of all rows, and its interval by the bootstrap clustered by `clusters`.

    `clusters` names the cluster of each row, such as its document; whole clusters are drawn again
    (Efron & Tibshirani 1993, ch. 13; percentile method). `measure` gets the numbers of the rows
    that it is to look at, some of them several times, and returns NaN where they do not have the
    figure, as when all labels are one: such a draw is left out.
    """
    names, which = np.unique(np.asarray(clusters), return_inverse=True)
    rows = [np.flatnonzero(which == number) for number in range(len(names))]
    value = measure(np.arange(len(which)))
    random = np.random.default_rng(SEED)
    draws = np.array(
        [
            measure(np.concatenate([rows[i] for i in random.integers(len(rows), size=len(rows))]))
            for _ in range(RESAMPLES if len(rows) > 1 else 0)
        ]
    )
    known = draws[~np.isnan(draws)]
    if len(known) < RESAMPLES / 2:
        return Interval(float(value), None, None)
    low, high = np.percentile(known, [2.5, 97.5])
    return Interval(float(value), float(low), float(high))
