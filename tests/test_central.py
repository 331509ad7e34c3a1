"""Tests of centrality: LexRank without a matrix of all pairs."""

from __future__ import annotations

import numpy as np

from fusion.central import DAMPING, centrality, word_vectors

TEXTS = [
    "The bridge was shut after a ship hit its pier.",
    "A ship hit the bridge and its pier cracked.",
    "The bridge was shut after a ship hit its pier.",
    "After a year the lilies grew on its ponds.",
    "",
]


def test_centrality_is_the_stationary_distribution_of_the_walk() -> None:
    vectors = word_vectors(TEXTS[:4])
    likeness = (vectors @ vectors.T).toarray()
    step = DAMPING / 4 + (1 - DAMPING) * likeness / likeness.sum(axis=1, keepdims=True)
    values, walks = np.linalg.eig(step.T)
    walk = np.real(walks[:, np.argmax(np.real(values))])
    assert np.allclose(centrality(vectors), walk / walk.sum(), atol=1e-9)


def test_what_resembles_much_is_central_and_copies_are_alike() -> None:
    first, second, copy, apart, _ = centrality(word_vectors(TEXTS))
    assert first == copy > second > apart


def test_texts_without_words_are_no_error() -> None:
    assert centrality(word_vectors(["", "…"])).tolist() == [0.075, 0.075]
    assert centrality(word_vectors([])).tolist() == []
