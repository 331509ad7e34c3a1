"""Means with intervals, and differences of systems on the same stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

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
