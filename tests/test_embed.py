from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fusion.embed import DIMENSIONS, E5Embedder, Remembered
from fusion.embeddings import E5Embeddings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TEXTS = [
    "The swing bridge at Ostwick was closed on Monday after cracks were found in two pillars.",
    "Cracks in two pillars have shut Ostwick's swing bridge, the harbour office said on Monday.",
    "Merrow's under-19 side won the island chess cup for the third year running.",
]


@pytest.fixture(scope="module")
def embedder() -> E5Embedder:
    return E5Embedder()


def test_vectors_are_unit_length_float32(embedder: E5Embedder) -> None:
    vectors = embedder.passages(TEXTS)
    assert vectors.shape == (3, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_the_same_event_is_nearer_than_another(embedder: E5Embedder) -> None:
    bridge, same_bridge, chess = embedder.passages(TEXTS)
    assert bridge @ same_bridge > bridge @ chess + 0.05


def test_a_text_has_one_vector_in_any_batch(embedder: E5Embedder) -> None:
    together = embedder.passages(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.array_equal(embedder.passages([text])[0], vector)


def test_queries_and_passages_are_prefixed_differently(embedder: E5Embedder) -> None:
    assert not np.allclose(embedder.queries(TEXTS), embedder.passages(TEXTS))


def test_langchain_methods_give_the_same_numbers(embedder: E5Embedder) -> None:
    wrapped = E5Embeddings(embedder)
    assert wrapped.embed_documents(TEXTS) == embedder.passages(TEXTS).tolist()
    assert wrapped.embed_query(TEXTS[0]) == embedder.queries(TEXTS[:1])[0].tolist()


def test_nothing_to_embed(embedder: E5Embedder) -> None:
    assert embedder.passages([]).shape == (0, DIMENSIONS)


def test_a_nul_or_a_lone_surrogate_does_not_end_the_text(embedder: E5Embedder) -> None:
    whole = embedder.passages(["Cracks were found.\0Ferries run. \ud800"])[0]
    cut = embedder.passages(["Cracks were found."])[0]
    assert not np.allclose(whole, cut)


def test_the_end_of_a_very_long_text_counts(embedder: E5Embedder) -> None:
    long = TEXTS[0] * 25  # some 600 tokens
    one, other = embedder.passages([long + TEXTS[1], long + TEXTS[2] * 20])
    assert not np.allclose(one, other)


def test_threads_share_one_model(embedder: E5Embedder) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: embedder.passages(TEXTS), range(4)))
    assert all(np.array_equal(result, results[0]) for result in results)


def test_a_remembered_text_is_embedded_once(embedder: E5Embedder) -> None:
    class Counting:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            self.asked += texts
            return embedder.passages(texts)

    counting = Counting()
    remembered = Remembered(counting)
    first = remembered.passages([TEXTS[0], TEXTS[1], TEXTS[0]])
    second = remembered.passages([TEXTS[1], TEXTS[2]])
    assert counting.asked == [TEXTS[0], TEXTS[1], TEXTS[2]]
    assert np.array_equal(first, embedder.passages([TEXTS[0], TEXTS[1], TEXTS[0]]))
    assert np.array_equal(second, embedder.passages([TEXTS[1], TEXTS[2]]))
    assert remembered.passages([]).shape == (0, DIMENSIONS)
