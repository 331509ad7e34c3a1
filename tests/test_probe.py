from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from fusion.embed import DIMENSIONS, E5Embedder
from fusion.probe import parameters, probability

MARKS = Path(__file__).parents[1] / "benchmarks" / "data" / "colour.tsv"


@pytest.mark.parametrize(("name", "others"), [("colour", 0), ("dependence", 9)])
def test_parameters_are_for_the_embedder_in_use_and_of_the_marks_kept(
    name: str, others: int
) -> None:
    learned = parameters(name)
    assert learned["embedder"] == E5Embedder().version
    assert learned["marks"] == hashlib.sha256(MARKS.read_bytes()).hexdigest()
    assert len(learned["beta"]) == 1 + others + DIMENSIONS


def test_the_bias_comes_first_and_more_is_likelier() -> None:
    found = probability(np.array([[0.0], [1.0], [-1.0]]), [0.0, 2.0])
    assert found.tolist() == pytest.approx([0.5, 0.881, 0.119], abs=1e-3)
