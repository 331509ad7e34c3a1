from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_index import TEXTS, Counting, vector_of

from fusion.vectors import BATCH, VectorFile


@pytest.fixture
def embedder() -> Counting:
    return Counting()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "story" / "vectors.sqlite3"


def test_a_text_is_embedded_once_in_all_runs(file: Path, embedder: Counting) -> None:
    with VectorFile(file, embedder) as vectors:
        first = vectors.passages([TEXTS[0], TEXTS[1], TEXTS[0]])
    with VectorFile(file, embedder) as vectors:
        again = vectors.passages([TEXTS[2], TEXTS[0], "The  bridge is\nshut."])
        assert vectors.passages([]).shape[0] == 0
    assert embedder.asked == [TEXTS[0], TEXTS[1], TEXTS[2]]
    assert np.array_equal(first[0], vector_of(TEXTS[0]))  # bit for bit
    assert np.array_equal(again[1], first[0])
    assert np.array_equal(again[2], first[0])  # spacing makes no other text


def test_what_nobody_asks_for_any_more_is_forgotten(file: Path, embedder: Counting) -> None:
    with VectorFile(file, embedder) as vectors:
        vectors.passages(TEXTS)
    with VectorFile(file, embedder) as vectors:
        vectors.passages(TEXTS[:1])
        vectors.forget_unasked()
    embedder.asked.clear()
    with VectorFile(file, embedder) as vectors:
        vectors.passages(TEXTS)
    assert embedder.asked == TEXTS[1:]


def test_another_build_of_the_embedder_begins_anew(file: Path, embedder: Counting) -> None:
    with VectorFile(file, embedder) as vectors:
        vectors.passages(TEXTS)
    embedder.version = "counting/2"
    with VectorFile(file, embedder) as vectors:
        vectors.passages(TEXTS)
    assert embedder.asked == [*TEXTS, *TEXTS]


@pytest.mark.parametrize("garbage", [b"garbage " * 2000, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_file_is_begun_anew(file: Path, embedder: Counting, garbage: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(garbage)
    for _ in range(2):
        with VectorFile(file, embedder) as vectors:
            vectors.passages(TEXTS)
    assert embedder.asked == TEXTS


def test_a_place_that_cannot_be_written_costs_only_the_memory(
    tmp_path: Path, embedder: Counting
) -> None:
    (tmp_path / "file").touch()
    with VectorFile(tmp_path / "file" / "vectors.sqlite3", embedder) as vectors:
        vectors.passages(TEXTS)
        assert np.array_equal(vectors.passages(TEXTS)[1], vector_of(TEXTS[1]))
    assert embedder.asked == TEXTS


def test_a_file_that_another_process_writes_to_is_only_not_added_to(
    file: Path, embedder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fusion.vectors._BUSY_S", 0.01)
    with VectorFile(file, embedder) as vectors:
        other = sqlite3.connect(file)
        other.execute("BEGIN IMMEDIATE")
        assert np.array_equal(vectors.passages(TEXTS)[2], vector_of(TEXTS[2]))
        other.rollback()
        other.close()


def test_steps_are_told_as_new_texts_are_embedded(file: Path, embedder: Counting) -> None:
    texts = [f"Boat {number} sailed." for number in range(BATCH + 1)]
    steps: list[tuple[int, int]] = []
    with VectorFile(file, embedder) as vectors:
        vectors.passages(texts, lambda done, total: steps.append((done, total)))
        vectors.passages(texts, lambda done, total: steps.append((done, total)))
    assert steps == [(0, len(texts)), (BATCH, len(texts))]


@given(st.lists(st.text(max_size=8), max_size=20))
def test_any_texts_in_any_order_have_their_own_vectors(texts: list[str]) -> None:
    with VectorFile(Path("/dev/null/vectors.sqlite3"), Counting()) as vectors:
        found = vectors.passages(texts)
    assert [row.tolist() for row in found] == [vector_of(text).tolist() for text in texts]
