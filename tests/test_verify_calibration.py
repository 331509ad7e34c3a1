from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion import prompts
from fusion.verify.calibration import Calibration, calibration_for, fit
from fusion.verify.entailment import FEATURES, breaks, features

STORED = json.loads((files("fusion.verify") / "calibration.json").read_text(encoding="utf-8"))
WORDS = st.sampled_from(["port", "rain", "closed", "the", "will", "Kestrel", "14", "stay"])
PASSAGE = "The port of Kestrel will stay closed until 14 March, said Ivo Lund."


def test_fit_finds_the_curve_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20_000, 2))
    odds = 0.5 + x @ np.array([2.0, -1.0])
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    beta = fit(x, labels, np.ones(20_000))
    assert beta == pytest.approx([0.5, 2.0, -1.0], abs=0.1)


def test_fit_stays_finite_where_the_labels_are_separable() -> None:
    x = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    beta = fit(x, np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4))
    assert np.isfinite(beta).all()
    assert beta[1] > 0


def test_weights_count_like_repeated_rows() -> None:
    x, labels = np.array([[0.0], [1.0], [1.0]]), np.array([0.0, 1.0, 0.0])
    weighted = fit(x, labels, np.array([1.0, 3.0, 1.0]))
    repeated = fit(x[[0, 1, 1, 1, 2]], labels[[0, 1, 1, 1, 2]], np.ones(5))
    assert weighted == pytest.approx(repeated)


def test_a_failed_check_caps_the_support() -> None:
    calibration = Calibration(9.0, dict.fromkeys(FEATURES, 0.0), 0.5, failing=0.2)
    found = features(PASSAGE, [PASSAGE], 0.99)
    assert calibration.probability(found, passes=True) > 0.99
    assert calibration.probability(found, passes=False) == 0.2


@pytest.mark.parametrize("sha256", [None, "unknown", *STORED["models"]])
def test_parameters_are_whole_and_in_range(sha256: str | None) -> None:
    calibration = calibration_for(sha256)
    assert set(calibration.weights) == set(FEATURES)
    assert 0 < calibration.failing < calibration.threshold < 1


def test_a_model_that_was_not_measured_is_held_to_more() -> None:
    fallback = calibration_for("unknown")
    assert fallback.weights["entailed"] == 0
    assert all(fallback.threshold > calibration_for(sha).threshold for sha in STORED["models"])


@pytest.mark.parametrize("sha256", STORED["models"])
def test_parameters_belong_to_the_prompts_of_today(sha256: str) -> None:
    # After a change of these prompts: python -m benchmarks.verifier --fit
    measured_with = STORED["models"][sha256]["prompts"]
    assert measured_with == {name: prompts.load(name).sha256 for name in measured_with}


def test_features_of_a_copy_and_of_something_else() -> None:
    copy = dict(zip(FEATURES, features(PASSAGE, [PASSAGE], 0.5), strict=True))
    assert copy == {"entailed": 0, "copied": 1, "breaks": 0}
    other = dict(zip(FEATURES, features("Snow blocked roads.", [PASSAGE], 0.5), strict=True))
    assert other == {"entailed": 0, "copied": 0, "breaks": 1}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Kestrel will stay closed.", 0),
        ("The port will stay closed.", 0.5 / 5),  # words left out
        ("The port of Kestrel will not stay closed.", 0.5 / 8),  # a small word put in
        ("The port of Kestrel will soon stay closed.", 1 / 8),  # another word put in
        ("The port of Kestrel will reopen.", 1 / 6),
        ("Said Ivo Lund, the port will stay.", (1 + 0.5) / 7),  # back, then words left out
        ("Ivo Lund told sailors.", 1 / 4),  # on to another passage
        ("Ivo Lund named the port.", (1 + 1) / 5),  # another word, then back
    ],
)
def test_breaks_are_counted_where_a_sentence_leaves_its_passages(
    sentence: str, expected: float
) -> None:
    assert breaks(sentence, [PASSAGE, "Petra Voss told sailors to wait."]) == pytest.approx(
        expected
    )


def test_the_end_of_a_passage_does_not_run_on_into_the_next() -> None:
    assert breaks("Rain fell. Roads flooded.", ["Rain fell.", "Roads flooded."]) == 1 / 4
    assert breaks("Rain fell. Roads flooded.", ["Rain fell. Roads flooded."]) == 0


@given(st.lists(WORDS, min_size=1, max_size=8), st.lists(st.lists(WORDS, max_size=8), max_size=3))
def test_breaks_are_a_share_that_more_passages_never_raise(
    sentence: list[str], passages: list[list[str]]
) -> None:
    ours, theirs = " ".join(sentence), [" ".join(passage) for passage in passages]
    found = breaks(ours, theirs)
    assert 0 <= found <= 1
    assert breaks(ours, [*theirs, ours]) == 0
    assert breaks(ours, [*theirs, "port rain"]) <= found
