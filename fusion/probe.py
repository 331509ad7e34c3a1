"""Probes: logistic functions of a passage's vector, learned from sentences that readers marked.

Words do not tell a scene from news; a passage's vector does, by a linear probe (Alain and Bengio
2016), once the mean of its story is taken away: what a story is about is no matter of style.

The parameters are learned by `benchmarks/colour.py --fit` from sentences of our own stories, and
kept in `NAME.json` with the hash of the marks and the embedder's name.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def probability(
    features: NDArray[np.float64], beta: NDArray[np.float64] | list[float]
) -> NDArray[np.float64]:
    """What the parameters `beta`, the bias first, make of `features`, shape (n, len(beta) - 1)."""
    score = beta[0] + features @ np.asarray(beta[1:])
    return np.asarray(1 / (1 + np.exp(-score)), dtype=np.float64)


@cache
def parameters(name: str) -> dict[str, Any]:
    """`beta`, the bias first, the `embedder` it is for, and the SHA-256 of the `marks`."""
    return dict(json.loads((files("fusion") / f"{name}.json").read_text(encoding="utf-8")))
