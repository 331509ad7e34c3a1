"""LexRank: the sentences that most others resemble (Erkan & Radev 2004).

With the paper's reranker in its simplest form: a sentence that repeats a chosen one is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion.central import centrality, word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME = 0.5  # cosine from which two sentences say the same, after MEAD's redundancy threshold
MIN_WORDS = 5  # shorter "sentences" are captions and credits


def lexrank(sentences: Sequence[str], count: int) -> list[int]:
    """Indices of at most `count` central sentences, in the order of the text."""
    candidates = [i for i, text in enumerate(sentences) if len(text.split()) >= MIN_WORDS]
    if not candidates:
        return []
    vectors = word_vectors([sentences[i] for i in candidates])
    chosen: list[int] = []
    for best in np.argsort(-centrality(vectors), kind="stable"):
        likeness = (vectors[chosen] @ vectors[[best]].T).toarray()
        if len(chosen) < count and (likeness < SAME).all():
            chosen.append(int(best))
    return sorted(candidates[i] for i in chosen)
