"""Whether a passage is colour: a scene, a gesture, an anecdote, the writer's irony.

An editor spends no sentence of a summary on it, and the newest report may be a feature that is full
of it. Words do not tell it; the passage's vector does, by a linear probe (Alain and Bengio 2016),
once the mean of its story is taken away: what a story is about is no matter of style.

The parameters are learned by `benchmarks/colour.py --fit` from sentences of our own stories that
readers have marked, and kept in `colour.json` with the hash of these and the embedder's name.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def colour(vectors: NDArray[np.float32], story: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability, 0..1, that each passage is colour: shape (len(vectors),).

    `vectors` are the passages', `story` those of all passages of their story. English only.
    """
    learned = parameters()
    return probability(vectors - story.mean(axis=0), [learned["bias"], *learned["weights"]])


def probability(
    centred: NDArray[np.float32], beta: NDArray[np.float64] | list[float]
) -> NDArray[np.float64]:
    """What the parameters `beta`, the bias first, make of vectors without their story's mean."""
    score = beta[0] + np.asarray(centred, dtype=np.float64) @ np.asarray(beta[1:])
    return np.asarray(1 / (1 + np.exp(-score)), dtype=np.float64)


@cache
def parameters() -> dict[str, Any]:
    """`bias`, `weights`, the `embedder` they are for, and the SHA-256 of the `marks`."""
    return dict(json.loads((files("fusion") / "colour.json").read_text(encoding="utf-8")))
