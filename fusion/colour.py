"""Whether a passage is colour: a scene, a gesture, an anecdote, the writer's irony.

An editor spends no sentence of a summary on it, and the newest report may be a feature that is full
of it. See `fusion.probe`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion.probe import parameters, probability

if TYPE_CHECKING:
    from numpy.typing import NDArray


def colour(vectors: NDArray[np.float32], story: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability, 0..1, that each passage is colour: shape (len(vectors),).

    `vectors` are the passages', `story` those of all passages of their story. English only.
    """
    centred = (vectors - story.mean(axis=0)).astype(np.float64)
    return probability(centred, parameters("colour")["beta"])
