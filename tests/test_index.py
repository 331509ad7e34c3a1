from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from fusion.chunk import text_key
from fusion.embed import DIMENSIONS, E5Embedder
from fusion.index import Index
from fusion.vectors import BATCH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

TEXTS = ["The bridge is shut.", "Ferries run.", "Cracks were found in two pillars."]


class Counting:
    """Fixed unit vectors, one for each text, and a note of every text that was asked for."""

    version = "counting/1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.stack([vector_of(text) for text in texts])


def vector_of(text: str) -> NDArray[np.float32]:
    seed = int(text_key(text)[:8], 16)
    vector = np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)
    return cast("NDArray[np.float32]", vector / np.linalg.norm(vector))


def index_of(folder: Path, embedder: Counting) -> Index:
    return Index(folder, cast("E5Embedder", embedder))


@pytest.fixture
def embedder() -> Counting:
    return Counting()


def test_vectors_come_in_the_order_asked(tmp_path: Path, embedder: Counting) -> None:
    asked = [TEXTS[2], TEXTS[0], TEXTS[2]]
    with index_of(tmp_path / "chroma", embedder) as index:
        vectors = index.passages(asked)
        assert index.passages([]).shape[0] == 0
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, [vector_of(text) for text in asked], atol=1e-6)
    assert sorted(embedder.asked) == sorted(set(asked))


def test_only_new_words_are_embedded_in_a_later_run(tmp_path: Path, embedder: Counting) -> None:
    with index_of(tmp_path / "chroma", embedder) as index:
        first = index.passages(TEXTS[:2])
    embedder.asked.clear()
    with index_of(tmp_path / "chroma", embedder) as index:
        again = index.passages([*TEXTS, "The  bridge is\nshut."])  # its spacing is no other text
    assert embedder.asked == [TEXTS[2]]
    assert np.array_equal(first, again[:2])
    assert np.array_equal(again[3], again[0])


def test_what_is_in_no_report_any_more_is_deleted(tmp_path: Path, embedder: Counting) -> None:
    with index_of(tmp_path / "chroma", embedder) as index:
        index.passages(TEXTS)
        index.keep_only([text_key(TEXTS[1])])
        assert index.nearest(vector_of(TEXTS[0]), 5) == [text_key(TEXTS[1])]
    with index_of(tmp_path / "chroma", embedder) as index:
        index.passages(TEXTS[:1])
        index.keep_only([text_key(TEXTS[0])])
    embedder.asked.clear()
    with index_of(tmp_path / "chroma", embedder) as index:
        index.passages(TEXTS[:2])
    assert embedder.asked == TEXTS[1:2]


def test_what_was_compared_but_is_not_cited_is_not_embedded_again(
    tmp_path: Path, embedder: Counting
) -> None:
    for _ in range(2):
        with index_of(tmp_path / "chroma", embedder) as index:
            index.passages(TEXTS)  # by dedup, of which only one is cited in the end
            index.keep_only([text_key(TEXTS[1])])
            assert index.nearest(vector_of(TEXTS[0]), 5) == [text_key(TEXTS[1])]
    assert sorted(embedder.asked) == sorted(TEXTS)


def test_the_nearest_come_first(tmp_path: Path, embedder: Counting) -> None:
    with index_of(tmp_path / "chroma", embedder) as index:
        assert index.nearest(vector_of("Any."), 3) == []
        index.passages(TEXTS)
        for text in TEXTS:
            found = index.nearest(vector_of(text), 2)
            assert found[0] == text_key(text)
            assert len(found) == 2


def test_more_texts_than_a_batch_are_reported_as_they_go(
    tmp_path: Path, embedder: Counting
) -> None:
    texts = [f"Boat {number} sailed." for number in range(BATCH * 2 + 1)]
    steps: list[tuple[int, int]] = []
    with index_of(tmp_path / "chroma", embedder) as index:
        assert index.passages(texts, lambda done, total: steps.append((done, total))).shape == (
            len(texts), DIMENSIONS,
        )  # fmt: skip
    assert steps == [(0, len(texts)), (BATCH, len(texts)), (2 * BATCH, len(texts))]


@pytest.mark.parametrize("garbage", [b"", b"garbage " * 2000, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_store_is_made_anew(tmp_path: Path, embedder: Counting, garbage: bytes) -> None:
    with index_of(tmp_path / "chroma", embedder) as index:
        index.passages(TEXTS)
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(garbage)
    with index_of(tmp_path / "chroma", embedder) as index:
        vectors = index.passages(TEXTS)
        assert index.nearest(vector_of(TEXTS[1]), 1) == [text_key(TEXTS[1])]
    assert np.allclose(vectors, [vector_of(text) for text in TEXTS], atol=1e-6)
    assert sorted(embedder.asked) == sorted(TEXTS)  # the vectors lie beside the store


def test_a_file_where_the_store_should_be(tmp_path: Path, embedder: Counting) -> None:
    with index_of(tmp_path / "chroma", embedder) as index:
        index.passages(TEXTS)
    for path in (tmp_path / "chroma").rglob("*.bin"):
        path.write_bytes(b"garbage")
    with index_of(tmp_path / "chroma", embedder) as index:
        assert index.passages(TEXTS).shape == (3, DIMENSIONS)
        assert len(index.nearest(vector_of(TEXTS[0]), 3)) == 3


def test_another_build_of_the_embedder_begins_anew(tmp_path: Path, embedder: Counting) -> None:
    with index_of(tmp_path / "chroma", embedder) as index:
        index.passages(TEXTS)
    embedder.version = "counting/2"
    embedder.asked.clear()
    with index_of(tmp_path / "chroma", embedder) as index:
        assert index.nearest(vector_of(TEXTS[0]), 3) == []
        index.passages(TEXTS)
    assert len(embedder.asked) == 3
