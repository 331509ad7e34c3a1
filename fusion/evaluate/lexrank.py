"""LexRank: the sentences that most others resemble (Erkan & Radev 2004).

Continuous LexRank over TF-IDF cosines, with the paper's damping, and the paper's reranker in its
simplest form: a sentence that repeats a chosen one is passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DAMPING = 0.15  # the chance of a jump to any sentence; the paper's d is 0.1 to 0.2
SAME = 0.5  # cosine from which two sentences say the same, after MEAD's redundancy threshold
MIN_WORDS = 5  # shorter "sentences" are captions and credits


def lexrank(sentences: Sequence[str], count: int) -> list[int]:
    """Indices of at most `count` central sentences, in the order of the text."""
    candidates = [i for i, text in enumerate(sentences) if len(text.split()) >= MIN_WORDS]
    if not candidates:
        return []
    likeness = _cosines([sentences[i] for i in candidates])
    chosen: list[int] = []
    for best in np.argsort(-_centrality(likeness), kind="stable"):
        if len(chosen) < count and all(likeness[best, other] < SAME for other in chosen):
            chosen.append(int(best))
    return sorted(candidates[i] for i in chosen)


def _cosines(texts: Sequence[str]) -> NDArray[np.float64]:
    bags = [Counter(re.findall(r"\w+", text.lower())) for text in texts]
    known = {word: i for i, word in enumerate(sorted({word for bag in bags for word in bag}))}
    counts = np.zeros((len(bags), len(known)))
    for row, bag in enumerate(bags):
        for word, times in bag.items():
            counts[row, known[word]] = times
    weighted = counts * np.log(1 + len(bags) / (counts > 0).sum(axis=0))
    lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit = weighted / np.where(lengths > 0, lengths, 1)
    return np.asarray(unit @ unit.T)


def _centrality(likeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stationary distribution of the random walk over the sentences, by power iteration."""
    size = len(likeness)
    rows = np.maximum(likeness.sum(axis=1, keepdims=True), 1e-12)
    step = DAMPING / size + (1 - DAMPING) * likeness / rows
    ranks = np.full(size, 1 / size)
    for _ in range(100):  # each leaves at most 0.85 of the error: 1e-7 of it at the end
        ranks = ranks @ step
    return ranks
